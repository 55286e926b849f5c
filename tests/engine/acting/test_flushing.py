"""Which flushes of before are still to be watched? Those of which the audit has an end and no verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from collectors.safe import Safe
from console.actions.plan import Plan
from console.engine.acting.book import Book
from console.engine.acting.flushing import flushed, unwatched
from console.engine.acting.remembered import remembered
from tests.actions.given import TARGET, plan
from tests.audit.keeping import BEGIN, kept

ESTATE, MINUTE = "orders", timedelta(minutes=1)
CACHE = replace(TARGET, about="sessions-001", name="sessions-001", kind="cache", engine="redis", scope="database:0")


def flush(number: int, action: str = "flush.database") -> Plan:
    return plan(op=f"01K000000000000000000000{number:02}", action=action, target=CACHE)


async def written(folder: Path, *told: tuple[Plan, tuple[str, ...]]) -> None:
    """What an engine that is gone has left."""
    with kept(folder) as trail:
        book = Book(trail, ESTATE)
        for each, events in told:
            await book.record("INTENT", each, {"plan": each.told()})
            for event in events:
                await book.record(event, each, {"said": event.lower()})


def left(folder: Path, since: datetime = BEGIN, estate: str = ESTATE) -> list[str]:
    return [each.op for each in unwatched(remembered(folder, BEGIN + MINUTE), since, "another session", estate)]


async def test_one_that_is_over_and_has_no_verdict_is_left(tmp_path: Path) -> None:
    done, failed, seen, going, refused, other = (flush(number) for number in range(6))
    await written(
        tmp_path,
        (done, ("SENT", "ACCEPTED", "DONE")),
        (failed, ("SENT", "ACCEPTED", "FAILED")),
        (seen, ("SENT", "ACCEPTED", "DONE", "VERIFIED")),
        (going, ("SENT", "ACCEPTED")),
        (refused, ("SENT", "REJECTED")),
        (replace(other, action="snapshot.cache"), ("SENT", "ACCEPTED", "DONE")),
    )
    assert left(tmp_path) == [done.op, failed.op]
    assert left(tmp_path, estate="another") == []
    assert left(tmp_path, since=BEGIN + MINUTE) == []


async def test_what_an_engine_that_lives_has_done_is_its_own_to_watch(tmp_path: Path) -> None:
    done = flush(1)
    with kept(tmp_path) as trail:
        book = Book(trail, ESTATE)
        await book.record("INTENT", done, {"plan": done.told()})
        for event in ("SENT", "ACCEPTED", "DONE"):
            await book.record(event, done, {})
        found = remembered(tmp_path, BEGIN + MINUTE)
        (tale,) = found.tales
        assert list(unwatched(found, tale.began, "another session", ESTATE)) == []
        (ours,) = unwatched(found, tale.began, tale.session, ESTATE)
        assert ours.op == done.op


async def test_it_is_watched_as_the_audit_tells_it(tmp_path: Path) -> None:
    done = flush(1)
    await written(tmp_path, (done, ("SENT", "ACCEPTED", "FAILED")))
    (tale,) = unwatched(remembered(tmp_path, BEGIN + MINUTE), BEGIN, "another", ESTATE)
    told = flushed(tale, Safe("Flush"))
    assert (told.op, told.resource, told.by, told.has_failed) == (done.op, "sessions-001", "alice", True)
    assert told.sent == tale.sent
    assert told.done == tale.ended
