"""What each screen looks like, as text that can be read in a diff: its words first, then how they are coloured.

`UPDATE_SNAPSHOTS=1 ./dev test tests/screen/test_snapshots.py` writes them anew: read the diff.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.environment import SymbolSet
from tests.rig import written
from tests.rig.coloured import MODES, wear
from tests.rig.screens import HOME, IN_SPLIT, SCREENS, SIZES, SPLIT, Shown
from tests.rig.stage import Seen, screen

SNAPSHOTS = Path(__file__).parent / "snapshots"
EACH = [(shown, size) for shown in SCREENS for size in SIZES]
EACH += [(shown, SPLIT) for shown in SCREENS if shown.name in IN_SPLIT]


def lasting(text: str) -> str:
    """Without what the machine's own clock and folders put into it."""
    text = re.sub(r"data \d+s(?:  x1e-09)?", "data 0s", text)
    return re.sub(r"dbconsole view \S+", "dbconsole view …", text)


async def sheet(seen: Seen) -> str:
    """The screen as it is, in every way to colour it."""
    words, layers = "", {}
    for mode in MODES:
        await wear(seen, mode)
        drawn = written.canvas(seen.app, mode.system)
        layers[mode.name] = written.layer(drawn)
        text = lasting(written.text(drawn))
        assert not words or text == words, f"its words are others in {mode.name}"
        words = text
    return written.sheet(words, layers)


def compare_in(folder: Path, name: str, text: str) -> None:
    path = folder / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def compare(name: str, text: str) -> None:
    compare_in(SNAPSHOTS, name, text)


@pytest.fixture
def folder() -> Iterator[Path]:
    """With a name that is as long each time: the help shows where the socket is."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        yield Path(name)


@pytest.mark.parametrize(
    ("shown", "size"), EACH, ids=lambda value: getattr(value, "name", None) or "x".join(map(str, value))
)
async def test_each_screen_at_each_size(shown: Shown, size: tuple[int, int], folder: Path) -> None:
    async with screen(folder, size) as seen:
        await seen.press(*shown.keys)
        await seen.until_still()
        compare(f"{shown.name}-{size[0]}x{size[1]}", await sheet(seen))


@pytest.mark.parametrize("symbols", ["block", "ascii"])
async def test_the_other_symbols(symbols: SymbolSet, folder: Path) -> None:
    async with screen(folder, (80, 24), symbols=symbols) as seen:
        await seen.until_still()
        compare(f"{HOME.name}-80x24-{symbols}", await sheet(seen))


def test_no_picture_is_kept_of_what_is_not_there_any_more() -> None:
    """A screen that was renamed would leave its old ones behind, and nobody would read them."""
    names = {f"{shown.name}-{size[0]}x{size[1]}" for shown, size in EACH}
    names |= {f"{HOME.name}-80x24-{symbols}" for symbols in ("block", "ascii")}
    assert {path.stem for path in SNAPSHOTS.glob("*.txt")} == names
