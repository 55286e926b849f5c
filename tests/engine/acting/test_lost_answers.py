"""What was sent, and whose answer never came: it is looked for, and not sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.engine.acting.conftest import Stage
from tests.rig.acting.console import Person
from tests.rig.acting.losing import CALLS, FAILOVERS, Call, confirmed, lost
from tests.rig.aws_proxy import Fate

NOT_YET_PROMOTED = {"orders-replica-1": "orders-replica-2"}


async def begin_anew(stage: Stage, later: timedelta) -> list[str]:
    """Another engine, so much later; what it has to watch, which is over by then."""
    await asyncio.to_thread(stage.console.kill)
    last = {record.op: record.ev for record in stage.console.records() if record.op}
    stage.console.later(later)
    await asyncio.to_thread(stage.console.start)
    return [op for op, event in last.items() if event in ("SENT", "ACCEPTED", "UNKNOWN", "PROGRESS")]


async def over(person: Person, ops: Iterable[str]) -> None:
    for name in ops:
        await person.op(name, "done", "failed")
        await person.did("act.acknowledge", op=name)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.sends)
async def test_an_answer_that_is_lost_leaves_it_unknown_until_two_looks_later(admin: Stage, call: Call) -> None:
    async with admin.console.joined() as person:
        found = await lost(person, admin.proxy, call)
    assert found.faults == []
    assert admin.console.told(found.op.id)[:4] == ["CONFIRM", "INTENT", "SENT", "UNKNOWN"]


async def test_so_it_is_with_a_failover_whose_answer_is_lost_though_no_name_marks_it(admin: Stage) -> None:
    before = await begin_anew(admin, timedelta(minutes=20))
    async with admin.console.joined() as person:
        await over(person, before)
        names = list[str]()
        for call in FAILOVERS:
            found = await lost(person, admin.proxy, call)
            assert found.faults == []
            assert admin.console.told(found.op.id)[:4] == ["CONFIRM", "INTENT", "SENT", "UNKNOWN"]
            names.append(found.op.id)
    later = await begin_anew(admin, timedelta(minutes=20))
    async with admin.console.joined() as person:
        proofs = [(await person.op(name, "done")).proof[-1] for name in later]
        await over(person, later)
    assert all("DONE" in admin.console.told(name) for name in names)
    assert set(proofs) == {"CloudTrail has it as this operation's"}


@pytest.mark.parametrize(
    ("fate", "calls"), [(Fate.DROPPED, CALLS), (Fate.UNAVAILABLE, CALLS), (Fate.DROPPED, FAILOVERS)]
)
async def test_what_did_not_arrive_is_unknown_and_then_known_not_to_have_arrived(
    admin: Stage, fate: Fate, calls: Sequence[Call]
) -> None:
    """All of them at once, and the end is found by the engine that comes eleven minutes later."""
    before = await begin_anew(admin, timedelta(minutes=20))
    for call in calls:
        admin.proxy.let(fate, call.sends)
    async with admin.console.joined() as person:
        await over(person, before)
        calls = [replace(call, about=NOT_YET_PROMOTED.get(call.about, call.about)) for call in calls]
        ops = await asyncio.gather(*(confirmed(person, call) for call in calls))
        for op in ops:
            await person.op(op.id, "unknown")
    assert sorted(each.operation for each in admin.proxy.mutations()) == sorted(call.sends for call in calls)
    await begin_anew(admin, timedelta(minutes=11))
    async with admin.console.joined() as person:
        for op in ops:
            ended = await person.op(op.id, "failed")
            assert "the request did not arrive" in ended.outcome
            await person.did("act.acknowledge", op=op.id)
    assert len(admin.proxy.mutations()) == len(calls), "something was sent again"


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
