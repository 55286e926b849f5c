"""A server that takes the statement and says nothing: nobody waits for ever, and what comes back late is closed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.errors import CannotCollect
from collectors.safe import NO_TEXT
from collectors.threads import Threads
from console.actions.flushes.plan_line import PlanLine
from console.actions.life import State
from console.actions.line import Heard
from console.actions.plan import Plan
from console.actions.surroundings import Keys
from console.demo.tds.faults import Frozen, Silent, WrongPassword
from tests.actions.flushes.plan_stage import Stage, staged
from tests.rig import tds

SEND_S = 1.0


@pytest.fixture(params=tds.DRIVERS)
def driver(request: pytest.FixtureRequest) -> tds.Driver:
    return tds.driver(request.param)


async def narrowed(grants: tuple[str, ...], arns: tuple[str, ...]) -> Keys:
    return Keys("", "", None, NO_TEXT)


def line(stage: Stage, plan: Plan) -> PlanLine:
    assert stage.hands.way is not None
    return PlanLine(stage.hands.way, narrowed, plan, Threads(), send_s=SEND_S)


async def hear(_: Heard) -> None:
    """It does not take long."""


async def test_a_server_that_freezes_leaves_it_unknown_in_bounded_time(driver: tds.Driver, tmp_path: Path) -> None:
    with staged(driver, tmp_path) as stage:
        plan = await stage.plan("flush.all-plans", "all-plans")
        out = line(stage, plan)
        await out.open()
        with stage.serving.faults.during(Frozen("flush_all_plans")):
            begun = time.monotonic()
            told = await out.send(plan, hear, asyncio.Event())
            await out.close()
        assert told.state is State.UNKNOWN
        assert time.monotonic() - begun < 4 * SEND_S
        assert stage.server.flushed == []


@pytest.mark.parametrize("fault", [Silent(), WrongPassword()])
async def test_who_is_not_let_in_has_sent_nothing(
    driver: tds.Driver, tmp_path: Path, fault: Silent | WrongPassword
) -> None:
    with staged(driver, tmp_path) as stage:
        plan = await stage.plan("flush.all-plans", "all-plans")
        out = line(stage, plan)
        with stage.serving.faults.during(fault), pytest.raises(CannotCollect):
            await out.open()
        await out.close()
        assert (await out.send(plan, hear, asyncio.Event())).state is State.REJECTED
        assert stage.server.flushed == []


async def test_one_that_is_closed_sends_nothing_and_may_be_closed_again(driver: tds.Driver, tmp_path: Path) -> None:
    with staged(driver, tmp_path) as stage:
        plan = await stage.plan("flush.all-plans", "all-plans")
        out = line(stage, plan)
        await out.open()
        await out.close()
        await out.close()
        assert (await out.send(plan, hear, asyncio.Event())).state is State.REJECTED
        assert stage.server.flushed == []


async def test_it_never_goes_with_read_only_intent_or_into_another_database(driver: tds.Driver, tmp_path: Path) -> None:
    with staged(driver, tmp_path) as stage:
        plan = await stage.plan("flush.all-plans", "all-plans")
        assert stage.hands.way is not None
        stage.hands.way = replace(stage.hands.way, target=replace(stage.hands.way.target, read_only=True, database="x"))
        out = line(stage, plan)
        await out.open()
        await out.close()
        logins = {each.login for each in stage.server.asked if each.login.user == "dbconsole_flush"}
        assert {(login.database, login.read_only, login.program) for login in logins} == {
            ("master", False, "dbconsole")
        }
