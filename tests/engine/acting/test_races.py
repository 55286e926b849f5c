"""Several who want the same at once: one request is sent, and whoever lost is told who has it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.engine.acting.conftest import Stage
from tests.rig.acting.console import comes, past
from tests.rig.acting.racing import APART_S, racing
from tests.rig.battery import battery

ROUNDS = 4  # `./dev bench gate` does 100


async def test_of_two_consoles_that_confirm_at_once_one_sends_and_the_other_is_told_whose_it_is(tmp_path: Path) -> None:
    async with racing(tmp_path, seed=1) as race:
        rounds = [await race.round(number) for number in range(battery(ROUNDS))]
    assert [(each.about, fault) for each in rounds for fault in each.faults] == []
    assert all(each.apart_s < 2 * APART_S for each in rounds)


async def test_two_screens_of_one_console_that_confirm_the_same_send_it_once(admin: Stage) -> None:
    async with admin.console.joined() as one, admin.console.joined() as other:
        op = await one.plan("customers", "fail-over")
        told = await asyncio.gather(*(person.confirm(op) for person in (one, other, one, other)))
        await one.op(op.id, "in-flight", "done")
    assert sum(each.ok for each in told) == 1
    assert [each.operation for each in admin.proxy.mutations()] == ["RebootDBInstance"]
    assert admin.console.told(op.id)[:4] == ["CONFIRM", "INTENT", "SENT", "ACCEPTED"]


async def test_what_is_withdrawn_before_it_counts_down_leaves_nothing_behind(admin: Stage) -> None:
    async with admin.console.joined() as person:
        op = await person.plan("carts")
        await person.confirmed(op)
        await person.did("act.abort", op=op.id)
        await person.op(op.id, "withdrawn")
        assert await comes(lambda: "WITHDRAWN" in admin.console.told(op.id))
        assert "SENT" not in admin.console.told(op.id)
        again = await person.plan("carts")
        await person.confirmed(again)
        await person.op(again.id, "in-flight", "done")
    assert len(admin.proxy.mutations()) == 1


async def test_what_is_withdrawn_while_it_counts_down_is_not_sent_and_frees_its_lock(admin: Stage) -> None:
    async with admin.console.joined() as person:
        op = await person.plan("reporting")
        await person.confirmed(op, **past(op))
        await person.op(op.id, "intent")
        await person.did("act.abort", op=op.id)
        await person.op(op.id, "withdrawn")
        again = await person.plan("reporting")
        await person.confirmed(again, **past(again))
        await person.op(again.id, "in-flight", "done")
    assert len(admin.proxy.mutations()) == 1
    assert admin.console.told(op.id) == ["CONFIRM", "INTENT", "WITHDRAWN"]


async def test_what_has_left_is_not_withdrawn_any_more(admin: Stage) -> None:
    async with admin.console.joined() as person:
        op = await person.plan("billing")
        await person.confirmed(op, **past(op))
        await person.op(op.id, "accepted", "in-flight")
        told = await person.asked("act.abort", op=op.id)
        assert told.error is not None
        assert told.error.what == "It has been sent: AWS takes nothing back."
        assert (await person.op(op.id)).state in ("accepted", "in-flight")
