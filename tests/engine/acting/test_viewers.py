"""A viewer whose interface is bypassed: every action, every entry, every forged word, and nothing is sent."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.errors import Trouble
from console.access.role import Role
from console.actions.desk import Confirmation
from console.actions.gate import Gate
from console.actions.life import State
from console.actions.order import Order, Turn
from console.actions.plan import Plan
from console.actions.preflight import Given
from console.engine.acting.targets import target
from console.protocol.requests import Access
from tests.engine.acting.conftest import Stage
from tests.rig.acting.console import comes, past
from tests.rig.acting.inside import forged, inside

TARGETS = ("billing", "catalogue", "sessions-002", "carts")  # one of each kind
OFFERED = {"snapshot": TARGETS, "fail-over": TARGETS[:3], "promote": ("orders-replica-1",), "flush": TARGETS[2:3]}
SCOPES = {
    "database": "database:0", "prefix": "prefix:0:session:", "all": "all",
    "plan": "plan:0x06", "plans": "plans:billing", "all-plans": "all-plans",
}
ACTS = sorted(name for name in Access.CONTROL.value if name.startswith("act.") or name == "approve")
HARMLESS = ("act.plan", "act.acknowledge", "act.unlock", "act.here")  # looks at it, has seen its end, is still here
ALL_CHECKS = frozenset({"role", "audit", "live", "account", "freeze", "approval", "mfa", "pause", "memory", "replica"})
FORGED = Given(Role.ADMIN, ALL_CHECKS, "a reason that is long enough", has_broken_glass=True)


async def test_whatever_a_viewer_says_at_the_control_socket_nothing_is_sent(viewer: Stage) -> None:
    async with viewer.console.joined() as person:
        offers = await person.offers(lambda offers: bool(offers.actions))
        assert {offer.name for offer in offers.actions} == set(OFFERED)
        assert all("you are viewer" in offer.locked for offer in offers.actions)
        for offer in offers.actions:
            for about in OFFERED[offer.name]:
                op = await person.plan(about, offer.name, SCOPES["database"] if offer.name == "flush" else "")
                assert op.state == "refused"
                assert "you are viewer" in op.outcome
                assert op.seen
                assert op.mend
                forged = {"typed": about, "reason": FORGED.reason, "overrides": sorted(ALL_CHECKS), "incident": "INC-1"}
                for more in ({}, forged, forged | {"plan": "sha256:" + "0" * 64}):
                    assert not (await person.confirm(op, **{"typed": about} | more)).ok
                for name in ACTS:
                    args = {"op": op.id, "plan": op.plan, "typed": about, "text": "-----BEGIN SSH SIGNATURE-----"}
                    if name not in HARMLESS:
                        assert not (await person.asked(name, **args)).ok
    assert viewer.proxy.mutations() == []


async def test_at_the_viewers_socket_nobody_acts_whatever_aws_lets_the_engine_do(admin: Stage) -> None:
    async with admin.console.joined() as person, admin.console.joined("view") as looker:
        op = await person.plan("carts")
        args = {"op": op.id, "plan": op.plan, "typed": op.word, "action": "snapshot", "id": "carts", "text": "x"}
        for name in [*ACTS, "audit"]:
            told = await looker.asked(name, **args)
            assert told.error is not None
            assert name == "approve" or told.error.what == f"A viewer may not send `{name}`."
        assert (await person.op(op.id)).state == "planned"
    assert admin.proxy.mutations() == []


async def test_without_the_whole_name_and_this_very_plan_nothing_is_confirmed(admin: Stage) -> None:
    async with admin.console.joined() as person:
        op = await person.plan("reporting")
        for typed in ("", "REPORTING", "reportin", "reporting ", " reporting", "reporting\n", "billing"):
            assert not (await person.confirm(op, **{**past(op), "typed": typed})).ok, typed
        for plan in ("", "sha256:" + "0" * 64, op.plan.upper(), op.plan[:-1]):
            assert not (await person.confirm(op, **{**past(op), "plan": plan})).ok, plan
        assert (await person.op(op.id)).state == "planned"
    assert admin.proxy.mutations() == []


async def test_the_gate_itself_called_with_forged_words_sends_nothing_for_a_viewer(
    viewer: Stage, tmp_path: Path
) -> None:
    async with inside(viewer.console.play, tmp_path) as actor:
        gate, company = actor._desk._gate, actor._acting._by
        for craft in company.crafts.values():
            kind = craft.action.kind
            found = next(each for each in company.known.everywhere() if each.kind == kind and each.id in TARGETS)
            op = f"01K000000000000000000000{kind[:2].upper()}"
            meant = target(found, company.known, scope=SCOPES.get(craft.action.scope, ""))
            bare = Plan(op, craft.action.name, meant, (), (), (), "mallory", 1)
            plan = await forged(gate, craft, bare)
            turns: list[Turn] = []
            await gate.execute(craft, Order(plan, plan.hash, FORGED), turns.append, asyncio.Event())
            assert [turn.state for turn in turns] == [State.REFUSED]
            assert "viewer" in turns[0].said
            lines = (turns[0].said, turns[0].seen, turns[0].mend)
            assert all(lines), lines
    assert viewer.proxy.mutations() == []


async def test_the_desk_run_past_its_confirmation_sends_nothing_for_a_viewer(viewer: Stage, tmp_path: Path) -> None:
    async with inside(viewer.console.play, tmp_path) as actor:
        desk, company = actor._desk, actor._acting._by
        found = next(each for each in company.known.everywhere() if each.id == "billing")
        op = desk.plan(company.crafts["snapshot.instance"], target(found, company.known), company.person, Role.ADMIN)
        operation = desk.known(op)
        assert await comes(lambda: operation.state is State.REFUSED)
        assert operation.plan is not None
        with pytest.raises(Trouble, match="nothing to confirm"):
            desk.confirm(op, Confirmation(operation.plan.hash, "billing", FORGED))
        operation.state, operation.given = State.PLANNED, FORGED  # as if it had been let through
        desk.run(op)
        assert await comes(lambda: operation.state is State.REFUSED)
    assert viewer.proxy.mutations() == []


async def test_a_plan_that_was_changed_after_it_was_confirmed_is_not_sent(admin: Stage, tmp_path: Path) -> None:
    async with inside(admin.console.play, tmp_path) as actor:
        gate, company = actor._desk._gate, actor._acting._by
        craft = company.crafts["snapshot.table"]
        found = next(each for each in company.known.everywhere() if each.id == "carts")
        meant = target(found, company.known)
        plan = await forged(gate, craft, Plan("01K", craft.action.name, meant, (), (), (), "mallory", 1))
        for changed in (
            replace(plan, parameters=(("TableName", "another"),)),
            replace(plan, op="01KOTHER"),
            replace(plan, expected=(("TableStatus", "UPDATING"),)),
        ):
            confirmed = plan.hash if changed.expected == plan.expected else changed.hash
            turns: list[Turn] = []
            await gate.execute(craft, Order(changed, confirmed, Given(Role.ADMIN)), turns.append, asyncio.Event())
            assert [turn.state for turn in turns] == [State.REFUSED]
            assert turns[0].said == "The estate changed since you confirmed. Nothing was sent."
    assert admin.proxy.mutations() == []


def test_the_gate_has_nothing_that_would_force_it() -> None:
    assert set(inspect.signature(Gate.execute).parameters) == {"self", "craft", "order", "says", "abort"}
