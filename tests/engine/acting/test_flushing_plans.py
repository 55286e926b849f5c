"""Plans of the demo are thrown out, from the wish to the proof, though the console that began it is killed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson
import pytest

from console.demo.turns_told import TURNS
from console.protocol.op import Op
from tests.engine.acting.conftest import SPEED
from tests.rig import tds
from tests.rig.acting.console import PATIENCE_S, Console, Person, past
from tests.rig.emulated import emulated

SCOPE = "plans:orders"


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """Its engine looks inside its databases: who is on the screen is asked of what that has found."""
    tds.driver(tds.FREETDS)
    with emulated("admin", speed=SPEED) as world:
        found = Console(tmp_path, world.joined(world.endpoint), module="tests.rig.acting.whole_engine")
        found.start()
        try:
            yield found
        finally:
            found.kill()


async def planned(person: Person, scope: str) -> Op:
    """Once all that it asks for is known: a moment after the start."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        told = await person.asked("act.plan", action="flush", id="orders-primary", scope=scope)
        if told.ok:
            op = await person.op(str(told.rows[1][0]), "planned", "refused")
            if op.state == "planned":
                return op
        assert time.monotonic() < deadline, (told.error, person._shown())
        await asyncio.sleep(0.05)


def flushes(console: Console) -> list[dict[str, Any]]:
    """As the play has them."""
    host, _, port = (console.play.endpoint or "").removeprefix("http://").partition(":")
    asking = HTTPConnection(host, int(port), timeout=20)
    with closing(asking):
        asking.request("GET", TURNS)
        found: list[dict[str, Any]] = orjson.loads(asking.getresponse().read())["flushes"]
    return found


def plans_in(op: Op) -> str:
    return next(str(line) for line in op.radius if line.endswith(" go."))


async def test_the_plans_of_a_database_go_once_and_another_engine_finds_them_gone(console: Console) -> None:
    async with console.joined() as person:
        op = await planned(person, SCOPE)
        assert "of the database orders (orders-primary" in op.sentence
        before = plans_in(op)
        await person.confirmed(op, **past(op))
        done = await person.op(op.id, "done")
        assert "none of them left" in done.outcome
    assert console.told(op.id) == ["CONFIRM", "INTENT", "SENT", "ACCEPTED", "DONE"]
    confirmed = next(record for record in console.records(op.id) if record.ev == "CONFIRM")
    plan: Any = confirmed.data["plan"]
    digest = plan["parameters"]["saved"].removeprefix("sha256:")
    assert (console.trail / "evidence" / digest).is_file()
    await asyncio.to_thread(console.kill)
    console.later(timedelta(minutes=15))
    await asyncio.to_thread(console.start)
    assert [told["what"] for told in await asyncio.to_thread(flushes, console)] == ["orders"]
    async with console.joined() as person:
        again = await planned(person, SCOPE)
        assert plans_in(again) == before, "they are all back by then"
        assert next(check for check in again.checks if check.name == "cool-down").verdict == "pass"


async def test_killed_when_it_was_sent_it_is_proved_by_the_next_and_not_sent_again(console: Console) -> None:
    async with console.joined() as person:
        op = await planned(person, SCOPE)
        await person.confirmed(op, **past(op))
        await person.op(op.id, "sent", "accepted", "in-flight", "done")
    await asyncio.to_thread(console.kill)
    await asyncio.to_thread(console.start)
    async with console.joined() as person:
        ended = await person.op(op.id, "done", "failed")
    times = [told["what"] for told in await asyncio.to_thread(flushes, console)]
    assert times == (["orders"] if ended.state == "done" else [])
    assert console.told(op.id).count("SENT") == 1
