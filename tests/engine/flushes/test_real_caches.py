"""A flush of a cache of the demo that is a real redis-server: proved by its own statistics, and true in CloudWatch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from console.demo.redis.real import PROGRAM
from tests.demo.test_flushes_heard import hearing, until
from tests.engine.flushes.test_acting import CACHE, planned, started
from tests.rig.acting.console import past
from tests.rig.emulated import START, emulated
from tests.rig.needs import need


async def test_it_is_executed_once_and_every_console_hears_of_it(tmp_path: Path) -> None:
    need(PROGRAM)
    with emulated("admin", speed=1.0) as world, started(tmp_path, replace(world.play, wire=True)) as console:
        async with console.joined() as person, hearing(world) as other:
            op = await planned(person, "database:0")
            await person.confirmed(op, **past(op))
            done = await person.op(op.id, "done", "failed", "rejected", "refused", seconds=60)
            assert "executed once on 1 primary" in done.outcome, f"{done.state} {done.outcome} {done.seen}"
            await until(other, 1)
            (flush,) = other.flushes.all
            assert (flush.about, flush.operation, flush.calls) == (CACHE, "FLUSHDB", 1)
            assert (other.metrics(flush.about, flush.at + 1)["CacheHitRate"] or 0) < 10
            assert flush.at > START.timestamp()
