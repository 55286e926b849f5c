"""What was sent, and whose answer never came: it is looked for, and not sent again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.engine.acting.conftest import Stage
from tests.rig.acting.losing import CALLS, Call, confirmed, lost
from tests.rig.aws_proxy import Fate


async def begin_anew(stage: Stage, later: timedelta) -> list[str]:
    """Another engine, so much later; what it has to watch, which is over by then."""
    await asyncio.to_thread(stage.console.kill)
    last = {record.op: record.ev for record in stage.console.records() if record.op}
    stage.console.later(later)
    await asyncio.to_thread(stage.console.start)
    return [op for op, event in last.items() if event in ("SENT", "ACCEPTED", "UNKNOWN", "PROGRESS")]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.sends)
async def test_an_answer_that_is_lost_leaves_it_unknown_until_two_looks_later(admin: Stage, call: Call) -> None:
    async with admin.console.joined() as person:
        found = await lost(person, admin.proxy, call)
    assert found.faults == []
    assert admin.console.told(found.op.id)[:4] == ["CONFIRM", "INTENT", "SENT", "UNKNOWN"]


@pytest.mark.parametrize("fate", [Fate.DROPPED, Fate.UNAVAILABLE])
async def test_what_did_not_arrive_is_unknown_and_then_known_not_to_have_arrived(admin: Stage, fate: Fate) -> None:
    """All of them at once, and the end is found by the engine that comes five minutes later."""
    before = await begin_anew(admin, timedelta(minutes=20))
    for call in CALLS:
        admin.proxy.let(fate, call.sends)
    async with admin.console.joined() as person:
        for name in before:
            await person.op(name, "done")
            await person.did("act.acknowledge", op=name)
        ops = await asyncio.gather(*(confirmed(person, call) for call in CALLS))
        for op in ops:
            await person.op(op.id, "unknown")
    assert sorted(each.operation for each in admin.proxy.mutations()) == sorted(call.sends for call in CALLS)
    await begin_anew(admin, timedelta(minutes=5))
    async with admin.console.joined() as person:
        for op in ops:
            ended = await person.op(op.id, "failed")
            assert "the request did not arrive" in ended.outcome
            await person.did("act.acknowledge", op=op.id)
    assert len(admin.proxy.mutations()) == len(CALLS), "something was sent again"


async def test_one_that_is_throttled_is_refused_and_may_be_asked_for_at_once(admin: Stage) -> None:
    admin.proxy.let(Fate.THROTTLED, "Create*", times=1)
    async with admin.console.joined() as person:
        op = await confirmed(person, CALLS[3])
        assert "Throttling" in (await person.op(op.id, "rejected")).outcome
        again = await confirmed(person, CALLS[3])
        assert next(each for each in again.checks if each.name == "cool-down").verdict == "pass"
        await person.op(again.id, "in-flight", "done")
    assert len(admin.proxy.mutations()) == 2


async def test_one_that_aws_denies_is_locked_from_then_on(admin: Stage) -> None:
    admin.proxy.let(Fate.DENIED, "CreateDBSnapshot", times=1)
    async with admin.console.joined() as person:
        op = await confirmed(person, Call("CreateDBSnapshot", "reporting", ""))
        assert "AccessDenied" in (await person.op(op.id, "rejected")).outcome
        refused = await person.plan("reporting")
        assert (refused.state, refused.outcome) == (
            "refused",
            "Locked for this session: AWS refused it although it was said to be allowed.",
        )
        assert "AccessDenied" in refused.seen
        assert refused.mend
    assert len(admin.proxy.mutations()) == 1
