"""The demo's wait counters as the collector meets them: they fit the model, and fall only where they are cleared."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from collectors.database.rows import Rows
from collectors.inside.waits import Mark, Wait, Waits
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.waits.collector import WaitStats
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.script import Entry, Given, Ramp, Script, Setting
from console.demo.sqlserver.answers import ANSWERS
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.server import ModelServers
from console.demo.sqlserver.sessions import waiting_now

START = 1_773_223_200.0
BILLING = ResourceId(Safe("billing"))
LOCK = "LCK_M_X"


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(START + seconds, UTC)


def model(*entries: Entry) -> Model:
    return Model(1, START, MACHINES, Script(entries))


def setting(seconds: float, **sets: Setting | float) -> Entry:
    named = {name.replace("__", "."): value for name, value in sets.items()}
    return Entry(
        START + seconds,
        BILLING,
        sets={name: Given(value) if isinstance(value, int | float) else value for name, value in named.items()},
    )


def clear(seconds: float) -> Entry:
    return Entry(START + seconds, BILLING, clears=True)


async def played(of: Model, until: float, step: float = 5.0) -> list[Waits]:
    now = START

    def clock() -> datetime:
        return datetime.fromtimestamp(now, UTC)

    collector = WaitStats(ModelServers(of, clock), clock)
    found: list[Waits] = []
    while now <= START + until:
        if of.serves(BILLING, now):
            found += [reading async for reading in collector.collect(BILLING) if isinstance(reading, Waits)]
        now += step
    return found


def row(waits: Waits, name: str) -> Wait | None:
    return next((each for each in waits.rows if each.type == name), None)


def rate(waits: Waits, name: str) -> float:
    found = row(waits, name)
    return found.ms_per_s if found else 0.0


async def test_what_is_told_is_what_the_model_waits() -> None:
    of = model()
    for waits in (await played(of, 60))[1:]:
        t = waits.observed.timestamp()
        for name, usual in of.waits(BILLING, t - 2.5).items():
            if usual.ms_per_s > 50:
                assert rate(waits, name) == pytest.approx(usual.ms_per_s, rel=0.25), name
        assert waits.cores == 8
        assert waits.interval_s == 5.0
        assert any(each.benign for each in waits.rows)
        assert not any(each.benign for each in waits.counted)


async def test_a_set_rate_is_told_with_its_tasks_and_its_signal() -> None:
    sets = {"wait__WRITELOG": 9000.0, "wait__WRITELOG__tasks": 300.0, "wait__WRITELOG__signal": 40.0}
    found = row((await played(model(setting(10, **sets)), 40))[-1], "WRITELOG")
    assert found is not None
    assert found.ms_per_s == pytest.approx(9000, rel=0.01)
    assert found.tasks_per_s == pytest.approx(300, rel=0.01)
    assert found.average_ms == pytest.approx(30, rel=0.02)
    assert found.signal_percent == pytest.approx(40, rel=0.02)
    assert found.waiting == 9


@pytest.mark.parametrize(
    "held", [Ramp(1_200_000, 1200, 0), Given(600_000)], ids=["as time passes", "said to have lasted long"]
)
async def test_a_lock_that_lasts_is_told_while_it_does_and_its_end_is_no_spike(held: Setting) -> None:
    told = await played(model(setting(20, waiting__LCK_M_X=held), clear(320)), 400)
    usual = max(rate(waits, LOCK) for waits in told[1:4])
    during = [waits for waits in told if 40 <= waits.observed.timestamp() - START <= 320]
    for waits in during:
        assert rate(waits, LOCK) == pytest.approx(1000, abs=250 + usual)
    longest = row(during[-2], LOCK)
    assert longest is not None
    assert longest.waiting >= 1
    assert longest.longest_ms >= 280_000
    assert max(rate(waits, LOCK) for waits in told) <= 1000 + 250 + usual
    assert {waits.mark for waits in told[1:]} == {Mark.NONE}


@pytest.mark.parametrize(
    ("entry", "mark"),
    [
        (Entry(START + 32, BILLING, cause="failover"), Mark.FAILED_OVER),
        (Entry(START + 32, BILLING, sets={"server.ComputerNamePhysicalNetBIOS": Given("OTHER")}), Mark.FAILED_OVER),
        (setting(32, server__wait_stats_cleared=1.0), Mark.CLEARED),
        (Entry(START + 32, BILLING, sets={"server.sqlserver_start_time": Given(at(30))}), Mark.RESTARTED),
    ],
    ids=["failover", "another node", "cleared", "restarted"],
)  # fmt: skip
async def test_a_reset_leaves_a_mark_and_no_spike(entry: Entry, mark: Mark) -> None:
    told = await played(model(entry, clear(200)), 260)
    marks = [waits.mark for waits in told[1:] if waits.mark is not Mark.NONE]
    assert marks[0] is mark
    assert len(marks) == 1 if entry.cause else len(marks) == 2  # cleared entries give the first node back
    usual = max(waits.ms_per_s for waits in told if waits.observed.timestamp() < START + 32)
    for waits in told:
        assert all(each.ms_per_s >= 0 for each in waits.rows)
        assert waits.ms_per_s <= 3 * usual
        if waits.mark is not Mark.NONE:
            assert (waits.interval_s, waits.ms_per_s) == (None, 0.0)


def counted(of: Model, t: float) -> dict[object, tuple[object, ...]]:
    _, rows, _ = ANSWERS["waits"](Moment.of(of, BILLING, t), ())
    assert isinstance(rows, Rows)
    return {values[0]: tuple(values[1:]) for values in rows.values}


def busy() -> Model:
    return model(
        setting(5, waiting__LCK_M_X=Ramp(60_000, 30, 0), wait__PAGELATCH_UP=500.0),
        setting(20, waiting__LCK_M_X=1.0),
        clear(30),
    )


def test_counters_never_fall_and_the_order_of_asking_changes_nothing() -> None:
    times = [START + 0.37 * n for n in range(110)]
    one = busy()
    asked = {t: counted(one, t) for t in times}
    for before, after in pairwise(times):
        for name, numbers in asked[before].items():
            assert all(a <= b for a, b in zip(numbers, asked[after][name], strict=True)), (name, before - START)  # type: ignore[operator]
    other = busy()
    shuffled = times[::7]
    random.Random(1).shuffle(shuffled)
    for t in shuffled:
        assert counted(other, t) == asked[t]


def test_waits_and_sessions_tell_of_the_same_who_wait_long_behind_a_forgotten_lock() -> None:
    of = model(Entry(START + 60, BILLING, cause="blocking"))
    moment = Moment.of(of, BILLING, START + 360)
    by_type = {wait: longest for wait, _, _, longest in ANSWERS["waits"](moment, ())[2].values}
    sessions = [each for each in waiting_now(moment) if each.type.startswith("LCK_")]
    longest = max(sessions, key=lambda each: each.wait_ms)
    assert longest.wait_ms > 290_000
    assert by_type[longest.type] == pytest.approx(longest.wait_ms, abs=3_000)
