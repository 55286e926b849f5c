"""What each screen looks like, as text that can be read in a diff.

`UPDATE_SNAPSHOTS=1 ./dev test tests/screen/test_snapshots.py` writes them anew: read the diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from console.environment import SymbolSet
from tests.rig.stage import screen

SNAPSHOTS = Path(__file__).parent / "snapshots"
KEYS = {"overview": (), "resource": ("enter",), "filter": ("slash", *"replica"), "help": ("question_mark",)}
SHOWS = {"overview": "sessions-002", "resource": "backups kept", "filter": "/replica", "help": "Keys"}


def lasting(text: str) -> str:
    """Without what the machine's own clock and folders put into it."""
    text = re.sub(r"data \d+s  x1e-09", "data 0s", text)
    return re.sub(r"dbconsole view \S+", "dbconsole view …", text)


def compare(name: str, text: str) -> None:
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text + "\n"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("view", KEYS)
async def test_each_screen_at_each_size(view: str, size: tuple[int, int], tmp_path: Path) -> None:
    async with screen(tmp_path, size) as seen:
        await seen.press(*KEYS[view])
        text = await seen.until(lambda text: SHOWS[view] in text)
        compare(f"{view}-{size[0]}x{size[1]}", lasting(text))


@pytest.mark.parametrize("symbols", ["block", "ascii"])
async def test_the_other_symbols(symbols: SymbolSet, tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24), symbols=symbols) as seen:
        compare(f"overview-80x24-{symbols}", lasting(seen.text))
