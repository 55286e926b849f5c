"""A flush that a person asks for at a console: sent once, watched to its verdict, also by the engine after a kill."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from console.audit.record import Record
from console.protocol.flush import Flush, FlushFigure
from console.protocol.op import Op
from console.specs import Play
from tests.rig.acting.console import PATIENCE_S, Console, Person, comes, past
from tests.rig.emulated import emulated

CACHE = "sessions-001"
SPEED = 10.0


@contextmanager
def started(folder: Path, play: Play) -> Iterator[Console]:
    """A console whose engine looks into its caches."""
    console = Console(folder, play, module="tests.rig.acting.whole_engine")
    console.start()
    try:
        yield console
    finally:
        console.kill()


async def planned(person: Person, scope: str) -> Op:
    """As soon as what it must know is known."""
    await person.begun(CACHE)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        told = await person.did("act.plan", action="flush", id=CACHE, scope=scope)
        op = await person.op(str(told.rows[1][0]), "planned", "refused")
        if op.state == "planned" or time.monotonic() > deadline:
            return op


async def watched(person: Person, op: str, holds: Callable[[Flush], bool] = lambda _: True) -> Flush:
    flushes = person.client.mirror

    def there() -> bool:
        return op in flushes.flushes and holds(flushes.flushes[op])

    await person.until(there, f"the time after {op}")
    return flushes.flushes[op]


def verified(console: Console, op: str) -> list[Record]:
    return [record for record in console.records(op) if record.ev == "VERIFIED"]


def hit_rate(flush: Flush) -> FlushFigure | None:
    return next((each for each in flush.figures if each.what == "hit rate"), None)


async def test_its_watch_outlives_the_engine_and_its_verdict_is_in_the_audit_once(tmp_path: Path) -> None:
    with emulated("admin", speed=SPEED) as world, started(tmp_path, world.play) as console:
        async with console.joined() as person:
            op = await planned(person, "database:0")
            await person.confirmed(op, **past(op))
            done = await person.op(op.id, "done", "failed", "rejected", "refused", seconds=60)
            assert done.state == "done", f"{done.outcome} {done.seen}"
            told = await watched(person, op.id, lambda f: hit_rate(f) is not None)
            assert (told.resource, told.by, told.until - told.done) == (CACHE, op.by, 900_000)
        console.kill()
        console.later(timedelta(minutes=14))
        console.start()
        async with console.joined() as person:
            again = await watched(person, op.id)
            assert abs(again.done - told.done) < 5_000
            assert op.id not in person.client.mirror.ops, "it is over, and is only watched"
            over = await watched(person, op.id, lambda f: f.ended is not None)
            assert over.outcome
            assert await comes(lambda: bool(verified(console, op.id)))
        console.kill()
        console.start()
        async with console.joined() as person:
            await person.until(lambda: person.client.mirror.offers is not None, "what may be done")
            assert person.client.mirror.flushes == {}
        (record,) = verified(console, op.id)
        assert record.data["said"] == over.outcome
        assert console.told(op.id).count("SENT") == 1
