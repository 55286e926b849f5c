"""What a screen keeps goes into the test's own folder."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"DBCONSOLE_{kind}_DIR", str(tmp_path / kind.lower()))
