"""When is a freeze a record? When it begins, when it ends, and not each time that somebody looks."""

from __future__ import annotations

from pathlib import Path

from collectors.aws.place import Account, Place
from collectors.safe import Safe
from console.access.freeze import Freeze, State
from console.audit.read import records
from console.engine.acting.book import Book
from tests.audit.keeping import kept

HERE, THERE = (Place(Account("default"), region) for region in ("eu-west-1", "us-east-1"))
OPEN, FROZEN = Freeze(State.OPEN), Freeze(State.FROZEN, name=Safe("Q4 close"), source=Safe("the profile"))


def unknown(age: int) -> Freeze:
    seen = Safe(f"It timed out. Last known: open {age} s ago.")
    return Freeze(State.UNKNOWN, source=Safe("the calendar x"), seen=seen)


async def noted(folder: Path, *seen: tuple[Place, Freeze]) -> list[tuple[str, str]]:
    with kept(folder) as trail:
        book = Book(trail, "orders")
        for place, freeze in seen:
            await book.is_frozen(place, freeze)
    return [(str(r.data["place"]), str(r.data["state"])) for r in records(folder) if r.ev == "FREEZE"]


async def test_one_that_begins_and_ends_is_two_records_and_no_freeze_is_none(tmp_path: Path) -> None:
    seen = [(HERE, each) for each in (OPEN, OPEN, FROZEN, FROZEN, OPEN, OPEN)]
    assert await noted(tmp_path, *seen) == [(str(HERE), "frozen"), (str(HERE), "open")]


async def test_a_calendar_that_does_not_answer_is_one_record_however_old_its_last_word_is(tmp_path: Path) -> None:
    assert await noted(tmp_path, *((HERE, unknown(age)) for age in range(5))) == [(str(HERE), "unknown")]


async def test_each_place_has_its_own(tmp_path: Path) -> None:
    seen = [(HERE, FROZEN), (THERE, OPEN), (HERE, FROZEN), (THERE, OPEN)]
    assert await noted(tmp_path, *seen) == [(str(HERE), "frozen")]
