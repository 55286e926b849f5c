from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """For all files of one console; short, because a socket's path may not be long."""
    with tempfile.TemporaryDirectory(prefix="dbc-") as name:
        yield Path(name)
