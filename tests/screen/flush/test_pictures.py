"""What a flush looks like from the key to its verdict, in the manner of `tests/screen/test_snapshots.py`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.inside.cache import Keys
from collectors.safe import NO_TEXT
from tests.screen.acting.plans import PASSED
from tests.screen.acting.stage import gated
from tests.screen.flush.given import ADMIN, DELETING, DONE, HEAD_ROOM, HOT, STORE, flushing, use
from tests.screen.flush.stage import ask, know, tell
from tests.screen.test_snapshots import compare_in, sheet

SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = ((80, 24), (120, 40))
EACH_SIZE = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        yield Path(name)


def name_of(what: str, size: tuple[int, int]) -> str:
    return f"{what}-{size[0]}x{size[1]}"


@EACH_SIZE
async def test_from_the_plan_to_the_time_after(size: tuple[int, int], folder: Path) -> None:
    async with gated(folder, size, offers=ADMIN) as (seen, gate):
        gate.plan = flushing(checks=(*PASSED, HEAD_ROOM, STORE))
        await know(seen, use(Keys(0, 1_203_334, 1_203_000), Keys(3, 12, 0)))
        await ask(seen)
        await seen.press(*"one", "enter")
        await seen.until(lambda text: "Type sessions-001" in text and "Keys count" not in text)
        compare_in(SNAPSHOTS, name_of("planned", size), await sheet(seen))
        gate.tell(DELETING)
        await seen.until(lambda text: "s:Stop it here" in text)
        compare_in(SNAPSHOTS, name_of("deleting", size), await sheet(seen))
        gate.tell(DONE)
        await tell(seen, HOT)
        seen.app.say(NO_TEXT)
        await seen.until(lambda text: "went over 90 % CPU" in text and "It is done" in text)
        compare_in(SNAPSHOTS, name_of("watched", size), await sheet(seen))


def test_no_picture_is_kept_of_what_is_not_there_any_more() -> None:
    names = {name_of(what, size) for what in ("planned", "deleting", "watched") for size in SIZES}
    assert {path.stem for path in SNAPSHOTS.glob("*.txt")} == names
