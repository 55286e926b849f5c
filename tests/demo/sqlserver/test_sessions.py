"""The demo's sessions: of one workload with its waits, as a scenario has them, and told as a server tells them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from statistics import fmean

import pytest
import sqlglot

from collectors.errors import Denied
from collectors.inside.blocking import chains
from collectors.inside.sessions import Sessions
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.activity import Activity
from collectors.sqlserver.asking import text_of
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.keys import Unknown, check
from console.demo.scenario.script import Entry, Given, Ramp, Script, Setting
from console.demo.scenario.session_fields import fault_of
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.server import ModelServers
from console.demo.sqlserver.sessions import ANSWERS, sessions_at, waiting_now

START = 1_773_223_200.0  # a Wednesday at ten
ORDERS, REPORTING, BILLING = (ResourceId(Safe(name)) for name in ("orders-primary", "reporting", "billing"))


def model(*entries: Entry) -> Model:
    return Model(1, START, MACHINES, Script(entries))


async def told(played: Model, t: float, about: ResourceId = ORDERS) -> Sessions:
    def now() -> datetime:
        return datetime.fromtimestamp(t, UTC)

    (found,) = [reading async for reading in Activity(ModelServers(played, now), now).collect(about)]
    assert isinstance(found, Sessions)
    return found


@pytest.mark.parametrize(("about", "after"), [(ORDERS, 0.0), (BILLING, 52_283.0)], ids=["by day", "nobody at night"])
def test_the_answer_has_the_columns_that_the_statement_asks_for(about: ResourceId, after: float) -> None:
    moment = Moment.of(model(), about, START + after)
    assert bool(sessions_at(moment)) == (after == 0)
    answered = ANSWERS["sessions"](moment, ())
    asked = sqlglot.parse(text_of("sessions"), read="tsql")
    assert [set(rows.columns) for rows in answered] == [set(each.named_selects) for each in asked if each]  # type: ignore[attr-defined]


def test_as_many_wait_as_the_counters_say_on_average() -> None:
    played = model()
    found: Counter[str] = Counter()
    for second in range(200):
        found.update(each.type for each in waiting_now(Moment.of(played, ORDERS, START + second)))
    for wait in ("WRITELOG", "HADR_SYNC_COMMIT", "PAGEIOLATCH_SH"):
        average = fmean(played.waits(ORDERS, START + second)[wait].ms_per_s / 1000 for second in range(200))
        assert found[wait] / 200 == pytest.approx(average, rel=0.25, abs=0.1)


def test_the_same_moment_is_the_same_whatever_was_asked_before() -> None:
    first = sessions_at(Moment.of(model(), ORDERS, START + 100))
    played = model()
    for t in (500, 3, 90):
        sessions_at(Moment.of(played, ORDERS, START + t))
    assert sessions_at(Moment.of(played, ORDERS, START + 100)) == first


async def test_blocking_has_an_idle_head_for_as_long_as_it_lasts_and_goes_with_it() -> None:
    played = model(Entry(START + 60, ORDERS, cause="blocking"), Entry(START + 400, ORDERS, clears=True))
    early, late = await told(played, START + 130), await told(played, START + 360)
    (before,), (head,) = chains(early.rows), chains(late.rows)
    assert before.id == head.id == late.rows[0].id
    assert head.session is not None
    assert (head.session.status, head.session.elapsed_ms, head.session.transactions) == ("sleeping", None, 1)
    assert head.session.idle_ms == pytest.approx(298_000)
    assert head.session.transaction_began == datetime.fromtimestamp(START + 60, UTC)
    assert head.longest_ms > before.longest_ms > 50_000
    assert any(child.behind for child in head.behind)
    assert head.total > 20
    waits = played.waits(ORDERS, START + 360)
    locks = sum(rate.ms_per_s for name, rate in waits.items() if name.startswith("LCK_")) / 1000
    assert head.total == pytest.approx(locks, rel=0.2)
    assert not any(row.id == head.id for row in (await told(played, START + 430)).rows)


async def test_reports_run_long_and_wait_for_nobody_but_themselves() -> None:
    played = model()
    reports = [
        row
        for t in range(0, 7200, 300)
        for row in (await told(played, START + t, REPORTING)).rows
        if "Report" in row.program
    ]
    assert {row.wait for row in reports} == {"", "CXPACKET"}
    assert all(row.blocked_by == 0 and row.granted_kb and row.tempdb_kb for row in reports)
    assert max(row.elapsed_ms or 0 for row in reports) > 300_000


async def test_the_backup_of_the_night_tells_how_far_it_is() -> None:
    played = model()
    begins, ends = played.plan(ORDERS).night(int(START // 86_400))
    halfway = [row for row in (await told(played, (begins + ends) / 2)).rows if row.task == "backup"]
    assert [row.percent for row in halfway] == [pytest.approx(50, abs=0.1)]
    assert halfway[0].remaining_ms == pytest.approx(500 * (ends - begins), rel=0.01)
    assert not [row for row in (await told(played, ends + 1)).rows if row.task == "backup"]


async def test_indexes_are_cared_for_and_only_one_of_both_ways_tells_how_far_it_is() -> None:
    played = model()
    found = [row for t in range(0, 86_400, 240) for row in (await told(played, START + t)).rows if row.task == "index"]
    assert {row.percent is None for row in found} == {True, False}
    assert {row.command for row in found if row.percent is None} == {"ALTER INDEX"}


async def test_a_clock_that_is_wrong_changes_no_age() -> None:
    entry = Entry(START, ORDERS, sets={"server.clock_offset_s": Given(-300)}, cause="blocking")
    off, right = (
        await told(model(entry), START + 200),
        await told(model(Entry(START, ORDERS, cause="blocking")), START + 200),
    )
    assert off.rows == right.rows


async def test_a_session_of_a_scenario_that_is_not_there_is_made_and_one_that_is_there_is_changed() -> None:
    began = datetime.fromtimestamp(START - 7200, UTC)
    sets: dict[str, Setting] = {
        "session.77.status": Given("sleeping"),
        "session.77.login_name": Given("SHOP\\anna.keller"),
        "session.77.transaction_begin_time": Given(began),
        "session.77.last_request_end_time": Given(began),
        "session.78.blocking_session_id": Given(77),
        "session.78.wait_type": Given("LCK_M_U"),
        "session.78.wait_time": Ramp(60_000, 60, 0),
        "session.78.wait_resource": Given("OBJECT: 5:245575913:0 "),
    }
    (head,) = chains((await told(model(Entry(START, ORDERS, sets=sets)), START + 30)).rows)
    assert head.session is not None
    assert (head.id, head.session.login, head.session.transactions) == (77, "SHOP\\anna.keller", 1)
    assert head.session.idle_ms == pytest.approx(7_230_000)
    assert (head.total, head.longest_ms) == (1, 30_000)
    assert head.behind[0].session is not None
    assert head.behind[0].session.resource == "table 245575913 of orders"
    blocked = Entry(START, ORDERS, cause="blocking")
    renamed = Entry(START, ORDERS, sets={"session.61.program_name": Given("legacy-import")})
    (again,) = chains((await told(model(blocked, renamed), START + 60)).rows)
    assert again.session is not None
    assert again.session.program == "legacy-import"


def test_whom_a_scenario_lets_wait_waits_as_long_as_it_says() -> None:
    played = model(Entry(START, ORDERS, sets={"waiting.RESOURCE_SEMAPHORE": Ramp(90_000, 90, 0)}))
    found = [
        [
            each.wait_ms
            for each in waiting_now(Moment.of(played, ORDERS, START + t))
            if each.type == "RESOURCE_SEMAPHORE"
        ]
        for t in (0, 30, 60)
    ]
    assert found == [[], [30_000], [60_000]]


async def test_a_login_that_may_not_ask_is_told_which_grant_it_lacks() -> None:
    with pytest.raises(Denied) as denied:
        await told(model(Entry(START, ORDERS, fault="access-denied")), START)
    assert denied.value.grant == "VIEW SERVER STATE"


async def test_what_is_not_listed_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.demo.sqlserver.sessions.MOST", 10)
    entry = Entry(START, ORDERS, cause="blocking")
    found = await told(model(entry), START + 200)
    assert len(found.rows) == 10
    assert found.more > 20
    assert found.rows[0].id == 61
    assert found.connected > 400


@pytest.mark.parametrize("name", ["session.7.status", "session.x.status", "session.61.colour", "session.99999.status"])
def test_a_session_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(Unknown):
        check(name, model().machines[ORDERS])


def test_what_is_no_sql_server_has_no_sessions_to_set() -> None:
    with pytest.raises(Unknown, match="no SQL Server"):
        check("session.61.status", model().machines[ResourceId(Safe("catalogue-1"))])
    check("session.61.status", model().machines[ORDERS])


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("wait_time", "long", "number"),
        ("wait_time", True, "number"),
        ("wait_time", 4.5, ""),
        ("transaction_begin_time", 5, "time"),
        ("login_name", 5, "text"),
        ("login_name", "sa", ""),
    ],
)
def test_a_value_that_cannot_be_is_refused(column: str, value: object, fault: str) -> None:
    said = fault_of(column, Given(value))
    assert fault in said
    assert bool(said) == bool(fault)
