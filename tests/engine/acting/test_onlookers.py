"""An action that is asked from a terminal which others see: is it proved anew, and does the gate see to it?"""

from __future__ import annotations

import asyncio
from pathlib import Path

from console.access.role import Role
from console.actions.life import State
from console.actions.order import Order, Turn
from console.actions.plan import Plan
from console.actions.preflight import Given
from console.engine.acting.onlookers import Onlookers
from console.engine.acting.targets import target
from tests.engine.acting.conftest import Stage
from tests.rig.acting.console import past
from tests.rig.acting.inside import forged, inside


async def test_on_a_shared_terminal_the_name_is_not_enough_and_the_word_behind_it_is(admin: Stage) -> None:
    async with admin.console.joined() as person:
        op = await person.plan("carts", watchers=3)
        check = next(each for each in op.checks if each.name == "shared-terminal")
        assert (check.verdict, check.seen) == ("warn", "3 people see it")
        assert op.word == "carts shared"
        for typed in ("carts", "shared", "carts  shared", "carts shared "):
            refused = await person.confirm(op, **past(op) | {"typed": typed, "watchers": 3})
            assert not refused.ok
            assert refused.error is not None
            assert "Type carts shared." in refused.error.mend
        assert admin.proxy.mutations() == []
        await person.confirmed(op, **past(op) | {"typed": op.word, "watchers": 3})
        await person.op(op.id, "done")
    assert [each.operation for each in admin.proxy.mutations()] == ["CreateBackup"]
    by_event = {each.ev: each.who.shared for each in admin.console.records(op.id)}
    assert by_event["SENT"] == 3


async def test_whoever_joins_after_the_plan_makes_it_be_planned_anew(admin: Stage) -> None:
    async with admin.console.joined() as person:
        op = await person.plan("reporting")
        assert op.word == "reporting"
        refused = await person.confirm(op, **past(op) | {"typed": "reporting", "watchers": 2})
        assert refused.error is not None
        assert refused.error.what == "Others see this terminal since it was planned. Nothing was sent."
        assert refused.error.seen == "2 people see it"
        assert (await person.op(op.id)).state == "planned"
    assert admin.proxy.mutations() == []


async def test_the_gate_itself_sends_nothing_that_was_not_proved(admin: Stage, tmp_path: Path) -> None:
    async with inside(admin.console.play, tmp_path) as actor:
        gate, company = actor._desk._gate, actor._acting._by
        craft = company.crafts["snapshot.table"]
        carts = next(each for each in company.known.everywhere() if each.id == "carts")
        company.onlookers.planned("01K", 0)
        meant = target(carts, company.known)
        plan = await forged(gate, craft, Plan("01K", craft.action.name, meant, (), (), (), "x", 1))
        told: list[Turn] = []
        given = Given(Role.ADMIN, frozenset({"shared-terminal", "cool-down"}), "a reason that is long", True)
        await gate.execute(craft, Order(plan, plan.hash, given), told.append, asyncio.Event())
    assert [turn.state for turn in told] == [State.REFUSED]
    assert told[0].said == "This terminal is shared, and nobody proved who confirms it."
    assert admin.proxy.mutations() == []


def test_where_a_code_can_be_typed_it_is_a_code_that_is_asked_for_and_it_counts_for_one_operation() -> None:
    seen = Onlookers()
    for op in ("one", "two"):
        seen.planned(op, 2)
        seen.takes_code(op, by_code=True)
    asked = seen.why_not("one", sends=False)
    assert asked is not None
    assert "code" in asked.mend
    seen.proved("one")
    assert seen.why_not("one", sends=True) is None
    assert seen.why_not("two", sends=True) is not None


def test_it_remembers_no_more_operations_than_it_may() -> None:
    seen = Onlookers()
    for number in range(Onlookers.MOST + 5):
        seen.planned(str(number), 2)
    assert seen.watchers("4") == 1
    assert seen.watchers("5") == 2
