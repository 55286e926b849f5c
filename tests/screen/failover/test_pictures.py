"""What a failover looks like from its plan to its end, in the manner of `tests/screen/test_snapshots.py`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.safe import NO_TEXT
from console.environment import SymbolSet
from tests.rig.screens import SIZES, SPLIT
from tests.screen.acting.stage import gated
from tests.screen.failover import runs
from tests.screen.failover.offers import ADMIN, FORMERS, GOING, failing_over
from tests.screen.failover.stage import opened, tell
from tests.screen.test_snapshots import compare_in, sheet

SNAPSHOTS = Path(__file__).parent / "snapshots"
EACH_SIZE = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
COURSE = {
    "requested": runs.REQUESTED,
    "down": runs.IS_DOWN,
    "overdue": runs.LATE,
    "back": runs.BACK,
    "ended": runs.ENDED,
    "refused": runs.REFUSED,
    "unmeasured": runs.UNMEASURED,
}


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        yield Path(name)


def name_of(what: str, size: tuple[int, int], *more: str) -> str:
    return "-".join((what, f"{size[0]}x{size[1]}", *more))


@EACH_SIZE
async def test_the_screen(size: tuple[int, int], folder: Path) -> None:
    async with gated(folder, size, offers=ADMIN, mode="view") as (seen, _):
        for what, run in COURSE.items():
            await opened(seen, run) if what == "requested" else await tell(seen, run)
            seen.app.say(NO_TEXT)  # without what is news
            await seen.until_still()
            compare_in(SNAPSHOTS, name_of(what, size), await sheet(seen))


@pytest.mark.parametrize("symbols", ["ascii"])
async def test_the_screen_in_half_a_window_and_in_ascii(symbols: SymbolSet, folder: Path) -> None:
    async with gated(folder, SPLIT, symbols=symbols) as (seen, _):
        await opened(seen, runs.LATE)
        seen.app.say(NO_TEXT)  # without what is news
        await seen.until_still()
        text = await sheet(seen)
        assert text.partition("==")[0].isascii()
        compare_in(SNAPSHOTS, name_of("overdue", SPLIT, symbols), text)


@EACH_SIZE
async def test_the_dialog(size: tuple[int, int], folder: Path) -> None:
    async with gated(folder, size, offers=ADMIN) as (seen, gate):
        gate.plan, gate.formers = failing_over(), FORMERS
        await seen.press("F")
        await seen.until(lambda text: "Last three" in text and "Keys count" not in text)
        compare_in(SNAPSHOTS, name_of("planned", size), await sheet(seen))
        gate.tell(GOING)
        await tell(seen, runs.IS_DOWN)
        await seen.until(lambda text: "Down for 42 s" in text)
        compare_in(SNAPSHOTS, name_of("under-way", size), await sheet(seen))


def test_no_picture_is_kept_of_what_is_not_there_any_more() -> None:
    names = {name_of(what, size) for what in (*COURSE, "planned", "under-way") for size in SIZES}
    names.add(name_of("overdue", SPLIT, "ascii"))
    assert {path.stem for path in SNAPSHOTS.glob("*.txt")} == names
