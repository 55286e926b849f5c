"""Plans are thrown out through the gate, over TDS: once or not at all, and only those that were asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from console.actions.craft import Way
from console.actions.life import State
from tests.actions.flushes.plan_stage import Stage, staged, statement
from tests.rig import tds
from tests.rig.plan_server import FLUSHER, ONE, OTHER, Cached, PlanServer

REASON = "the plan is for a table that is much larger by now"
CASES: tuple[tuple[str, str, str, set[str]], ...] = (
    ("flush.plan", f"plan:{ONE}", ONE, {OTHER, "0x05000600" + "EF" * 40}),
    ("flush.plans", "plans:shop", "shop", {"0x05000600" + "EF" * 40}),
    ("flush.plans", "plans:odd ]; name", "odd ]; name", {ONE, OTHER}),
    ("flush.all-plans", "all-plans", "all", set()),
)


@pytest.fixture(params=tds.DRIVERS)
def driver(request: pytest.FixtureRequest) -> tds.Driver:
    return tds.driver(request.param)


@pytest.fixture
def stage(driver: tds.Driver, tmp_path: Path) -> Iterator[Stage]:
    with staged(driver, tmp_path) as found:
        yield found


def statements(stage: Stage) -> list[str]:
    """What was sent by whoever flushes, but for what only asks and enters."""
    tags = ("dbconsole:flush_server", "dbconsole:flush_enter", "dbconsole:prologue")
    theirs = [each.text for each in stage.server.asked if each.login.user == FLUSHER]
    return [text for text in theirs if not any(tag in text for tag in tags)]


@pytest.mark.parametrize(("name", "scope", "flushed", "left"), CASES)
async def test_only_what_was_asked_for_goes_and_goes_once(
    stage: Stage, name: str, scope: str, flushed: str, left: set[str]
) -> None:
    plan = await stage.plan(name, scope)
    assert {check: told for check, told in plan.checks if told != "pass"} == {"permission": "warn"}
    assert (await stage.proof(plan, is_accepted=False)).way is Way.ABSENT
    assert (await stage.sent(plan)).state is State.ACCEPTED
    assert stage.server.flushed == [flushed]
    assert {each.handle for each in stage.server.plans} == left
    assert len(statements(stage)) == 1
    assert stage.events == ["CONFIRM", "INTENT", "SENT", "ACCEPTED"]
    assert (await stage.proof(plan)).way is Way.DONE


async def test_what_goes_is_kept_first_without_the_values_in_it(stage: Stage) -> None:
    plan = await stage.plan("flush.all-plans", "all-plans")
    reference = dict(plan.parameters)["saved"]
    kept = (stage.folder / "evidence" / reference.removeprefix("sha256:")).read_bytes()
    plans = orjson.loads(kept)["plans"]
    assert {each["plan_handle"] for each in plans} == {each.handle for each in stage.server.plans}
    assert all(each["query_plan"].startswith("<ShowPlanXML") for each in plans)
    assert b"4711" not in kept
    assert b"someone@example.com" not in kept
    assert not stage.server.flushed


async def test_where_it_cannot_be_kept_it_goes_only_for_a_reason(stage: Stage) -> None:
    stage.server.knows_xml = False
    plan = await stage.plan("flush.all-plans", "all-plans")
    assert dict(plan.checks)["saved"] == "block"
    refused = await stage.sent(plan)
    assert (refused.state, refused.said) == (State.REFUSED, "The plans could not be kept first.")
    assert not stage.server.flushed
    assert (await stage.sent(plan, "saved", reason=REASON)).state is State.ACCEPTED
    assert stage.server.flushed == ["all"]


@pytest.mark.parametrize(("name", "scope", "flushed", "left"), CASES[1:])
async def test_who_may_not_is_told_the_grant_and_nothing_is_sent(
    stage: Stage, name: str, scope: str, flushed: str, left: set[str]
) -> None:
    stage.server.may_server = stage.server.may_database = False
    told = await stage.sent(await stage.plan(name, scope))
    grant = "ALTER ANY DATABASE SCOPED CONFIGURATION" if scope.startswith("plans:") else "ALTER SERVER STATE"
    assert told.state is State.REFUSED
    assert told.said == f"dbconsole_flush may not throw plans out: it lacks {grant}. Nothing was sent."
    assert statements(stage) == []
    assert "SENT" not in stage.events
    assert stage.around.lock_.given_back == 1


@pytest.mark.parametrize(("name", "scope", "flushed", "left"), CASES[1:])
async def test_a_refusal_by_the_server_is_a_clear_line(
    stage: Stage, name: str, scope: str, flushed: str, left: set[str]
) -> None:
    stage.server.lets = False
    told = await stage.sent(await stage.plan(name, scope))
    number = 15247 if scope.startswith("plans:") else 2571
    assert told.state is State.REJECTED
    assert told.said.startswith(f"The server refused it ({number}): the login may not. Nothing was thrown out. Grant ")
    assert stage.server.flushed == []


async def test_a_handle_that_is_gone_is_refused_before_or_rejected_at_the_last_moment(stage: Stage) -> None:
    plan = await stage.plan("flush.plan", f"plan:{ONE}")

    def gone(tag: str, when: str) -> None:
        if tag == "flush_one_plan" and when == "before":
            stage.server.plans = [each for each in stage.server.plans if each.handle != ONE]

    stage.server.met = gone
    assert (await stage.sent(plan)).state is State.REJECTED
    assert stage.server.flushed == []
    refused = await stage.sent(plan)
    assert (refused.state, refused.said) == (State.REFUSED, "The server has no such plan any more.")
    assert len(statements(stage)) == 1


async def test_a_handle_that_stands_for_another_statement_is_refused(stage: Stage) -> None:
    plan = await stage.plan("flush.plan", f"plan:{ONE}")
    moved = [replace(each, text="SELECT 2", created=datetime.now(UTC)) for each in stage.server.plans]
    stage.server.plans = moved
    told = await stage.sent(plan)
    assert told.state is State.REFUSED
    assert "created was" in told.seen
    assert "text was" in told.seen
    stage.inside.of_queries["billing"] = replace(
        stage.inside.of_queries["billing"], rows=(statement(ONE, "0x" + "0B" * 8),)
    )
    other = await stage.plan("flush.plan", f"plan:{ONE}")
    assert dict(other.checks)["handle"] == "block"
    assert stage.server.flushed == []


@pytest.mark.parametrize(("name", "scope", "flushed", "left"), CASES[:2])
async def test_another_server_behind_the_same_name_gets_nothing(
    stage: Stage, name: str, scope: str, flushed: str, left: set[str]
) -> None:
    plan = await stage.plan(name, scope)
    stage.server.node = "EC2AMAZ-FFFFFFF"
    told = await stage.sent(plan)
    assert (told.state, told.said) == (State.REFUSED, "Another server answers than the one on the screen.")
    assert stage.server.flushed == []


async def test_a_failover_between_the_looks_and_the_line_is_found_on_the_line_itself(
    driver: tds.Driver, tmp_path: Path
) -> None:
    with staged(driver, tmp_path) as stage, tds.serving(PlanServer(node="EC2AMAZ-FFFFFFF")) as standby:
        plan = await stage.plan("flush.all-plans", "all-plans")
        stage.line.lead(standby.port)
        told = await stage.sent(plan)
        assert told.said == "Another server answers than the one that was looked at. Nothing was sent."
        assert "SENT" not in stage.events


@pytest.mark.parametrize("name", ["nowhere", "copy", "rdsadmin", "master", "SHOP", "shop]; DROP TABLE x --"])
async def test_a_database_that_is_not_there_or_takes_nothing_is_refused(stage: Stage, name: str) -> None:
    plan = await stage.plan("flush.plans", f"plans:{name}")
    assert dict(plan.checks)["database"] == "block"
    assert (await stage.sent(plan)).state is State.REFUSED
    assert statements(stage) == []


async def test_who_is_not_in_the_database_by_then_sends_nothing(stage: Stage) -> None:
    stage.server.stays = True
    told = await stage.sent(await stage.plan("flush.plans", "plans:shop"))
    assert told.said == "The database shop was not entered. Nothing was sent."
    assert statements(stage) == []


@pytest.mark.parametrize("step", ["flush_enter", "flush_server"])
async def test_a_line_that_is_cut_before_it_is_sent_sends_nothing(stage: Stage, step: str) -> None:
    plan = await stage.plan("flush.plans", "plans:shop")

    def cut(tag: str, when: str) -> None:
        if tag == step and stage.server.asked[-1].login.user == FLUSHER:
            stage.line.cut()

    stage.server.met = cut
    assert (await stage.sent(plan)).state is State.REFUSED
    assert "SENT" not in stage.events
    assert stage.server.flushed == []


async def test_nobody_to_connect_to_is_a_refusal(stage: Stage) -> None:
    plan = await stage.plan("flush.all-plans", "all-plans")
    stage.line.cut()
    assert (await stage.sent(plan)).state is State.REFUSED
    assert stage.server.flushed == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1][:12])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_answer_that_is_lost_is_unknown_and_the_server_proves_what_became_of_it(
    stage: Stage, case: tuple[str, str, str, set[str]], when: str
) -> None:
    name, scope, flushed, _ = case
    plan = await stage.plan(name, scope)
    tag = {"plan": "flush_one_plan", "plans": "flush_database_plans"}.get(scope.partition(":")[0], "flush_all_plans")

    def cut(met: str, now: str) -> None:
        if (met, now) == (tag, when):
            stage.line.cut()
            if now == "before":
                raise ConnectionError("it never arrived")

    stage.server.met = cut
    told = await stage.sent(plan)
    assert told.state is State.UNKNOWN
    assert stage.events[-1] == "UNKNOWN"
    assert stage.server.flushed == ([flushed] if when == "after" else [])
    proved = await stage.proof(plan, is_accepted=False)
    assert proved.way is (Way.DONE if when == "after" else Way.ABSENT)
    assert len(statements(stage)) == 1


async def test_plans_that_come_back_do_not_hide_that_the_old_ones_went(stage: Stage) -> None:
    plan = await stage.plan("flush.all-plans", "all-plans")
    await stage.sent(plan)
    stage.server.plans = [Cached(ONE, "SELECT 1", created=datetime.now(UTC))]
    proved = await stage.proof(plan)
    assert proved.way is Way.DONE
    assert "3 plans before, none of them left" in proved.said
    assert "hold 1 entries, and held 3" in proved.proof[0]


async def test_after_a_restart_there_is_nothing_left_to_prove_and_after_a_failover_nothing_can_be(stage: Stage) -> None:
    plan = await stage.plan("flush.all-plans", "all-plans")
    stage.server.started += timedelta(days=3)
    assert (await stage.proof(plan, is_accepted=False)).way is Way.DONE
    stage.server.started -= timedelta(days=30)
    assert (await stage.proof(plan, is_accepted=False)).way is Way.UNDER_WAY


async def test_what_is_still_at_work_or_comes_late_is_not_said_to_have_never_begun(stage: Stage) -> None:
    plan = await stage.plan("flush.all-plans", "all-plans")
    stage.server.running = 1
    assert (await stage.proof(plan, is_accepted=False)).way is Way.UNDER_WAY

    def late(tag: str, when: str) -> None:
        if tag == "flush_running":
            stage.server.plans = []

    stage.server.met = late
    assert (await stage.proof(plan, is_accepted=False)).way is Way.DONE


async def test_without_a_login_of_its_own_nothing_is_flushed(stage: Stage) -> None:
    stage.hands.way = None
    plan = await stage.plan("flush.all-plans", "all-plans")
    told = await stage.sent(plan)
    assert told.said == "Nobody may log in for it: The profile names no login for it."
    assert told.mend == "Name flush_user and flush_secret."
