"""Two consoles on one emulated AWS, as their users start them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.whole.running import demo, listening
from tests.whole.test_aws_as_seen import told


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "a", tmp_path / "b"
    for each in (first, second):
        each.mkdir()
    return first, second


def test_a_second_console_shows_the_estate_of_the_first(folders: tuple[Path, Path]) -> None:
    first, second = folders
    with demo(first, "--role", "admin", "--speed", "2"):
        endpoint = told(first)["endpoint"]
        with demo(second, "--join", endpoint):
            joined = told(second)
            assert joined["endpoint"] == endpoint
            assert {each["id"] for each in joined["resources"]} == {each["id"] for each in told(first)["resources"]}
            assert listening(second) != listening(first)
