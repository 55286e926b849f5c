from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.aws.metrics import metrics
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.inventory import MACHINES
from console.demo.load import DAY, day_curve
from console.demo.model import Model
from tests.demo.played import NOON
from tests.rig.model_sources import NAMESPACES

T = NOON.timestamp()
MIDNIGHT = T - 12 * 3600
MODEL = Model(1, T)
NAMES = [machine.id for machine in MACHINES]


def named(name: str) -> ResourceId:
    return ResourceId(Safe(name))


ORDERS, REPLICA, BILLING = named("orders-primary"), named("orders-replica-1"), named("billing")


def number(about: ResourceId, name: str, t: float, model: Model = MODEL) -> float:
    value = model.metrics(about, t)[name]
    assert value is not None
    return value


@pytest.mark.parametrize("about", NAMES)
def test_every_metric_is_one_that_cloudwatch_has_for_such_a_machine(about: ResourceId) -> None:
    namespace = NAMESPACES.get(MODEL.machines[about].kind, "AWS/RDS")
    for name in MODEL.metrics(about, T):
        assert (namespace, name) in metrics()


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**31), st.integers(946_684_800, 4_102_444_800), st.floats(0, 30 * DAY))
def test_every_number_of_every_machine_is_possible(seed: int, start: int, later: float) -> None:
    model, t = Model(seed, start), start - 3 * 3600 + later
    for machine in MACHINES:
        facts = NAMESPACES.get(machine.kind, "AWS/RDS")
        for name, value in model.metrics(machine.id, t).items():
            assert value is None or (math.isfinite(value) and value >= 0), name
            if value is not None and metrics()[facts, name].unit == "Percent":
                assert value <= 100, name
        if machine.engine.startswith("sqlserver"):
            for name, rate in model.waits(machine.id, t).items():
                assert 0 < rate.ms_per_s < machine.sessions * 1000, name  # no more than everybody at once
                assert 0 <= rate.signal_percent <= 100
        lag = model.lag(machine.id, t)
        assert (lag is None) is (machine.source is None)
        assert lag is None or 0 <= lag < 600


@given(st.lists(st.floats(T - DAY, T + DAY), min_size=2, max_size=4), st.sampled_from(NAMES))
@settings(deadline=None, max_examples=25)
def test_the_model_answers_the_same_in_any_order(times: list[float], about: ResourceId) -> None:
    forth = {t: MODEL.metrics(about, t) for t in times}
    back = {t: Model(1, T).metrics(about, t) for t in reversed(times)}
    assert forth == back
    assert Model(2, T).metrics(about, times[0]) != forth[times[0]]


@pytest.mark.parametrize("about", NAMES)
def test_a_machine_tells_the_same_metrics_at_any_time(about: ResourceId) -> None:
    told = {frozenset(MODEL.metrics(about, MIDNIGHT + 1800 * n)) for n in range(48)}
    assert len(told) == 1


def test_the_day_is_busy_the_night_is_not_and_the_weekend_is_between() -> None:
    assert 0.9 < max(day_curve(MIDNIGHT + 60 * n) for n in range(1440)) < 1.1
    assert day_curve(MIDNIGHT + 3 * 3600) < 0.3 * day_curve(MIDNIGHT + 11 * 3600)
    saturday = MIDNIGHT + 3 * DAY + 11 * 3600
    assert day_curve(saturday) < 0.7 * day_curve(MIDNIGHT + 11 * 3600)


@pytest.mark.parametrize("about", [ORDERS, BILLING, named("customers")])
def test_waiting_for_the_log_is_what_commits_and_write_latency_make_it(about: ResourceId) -> None:
    times = [MIDNIGHT + 977 * n for n in range(60)]
    waited = [MODEL.waits(about, t)["WRITELOG"] for t in times]
    for t, wait in zip(times, waited, strict=True):
        latency_ms = 1000 * number(about, "WriteLatency", t)
        assert wait.ms_per_s / wait.tasks_per_s == pytest.approx(latency_ms, rel=0.01)
    writes = [number(about, "WriteIOPS", t) for t in times]
    assert statistics.correlation([wait.ms_per_s for wait in waited], writes) > 0.9


@pytest.mark.parametrize("about", [ORDERS, REPLICA, BILLING])
def test_scheduler_waits_follow_the_processor_and_page_waits_the_reads(about: ResourceId) -> None:
    times = [MIDNIGHT + 977 * n for n in range(60)]
    at = [MODEL.waits(about, t) for t in times]
    cpu, reads = ([number(about, name, t) for t in times] for name in ("CPUUtilization", "ReadIOPS"))
    assert statistics.correlation([w["SOS_SCHEDULER_YIELD"].ms_per_s for w in at], cpu) > 0.9
    assert statistics.correlation([w["PAGEIOLATCH_SH"].ms_per_s for w in at], reads) > 0.9


def test_some_types_are_waited_for_only_now_and_then() -> None:
    seen = [MODEL.waits(ORDERS, MIDNIGHT + 30 * n) for n in range(2880)]
    blocked = sum("LCK_M_S" in waits for waits in seen)
    assert 0 < blocked < len(seen) / 5
    assert all("BACKUPIO" in waits for waits in seen if waits.keys() & {"BACKUPIO"})
    assert 0 < sum("BACKUPIO" in waits for waits in seen) < 60


def test_a_replica_is_farther_behind_when_its_source_writes_a_lot_and_recovers() -> None:
    times = [MIDNIGHT + 30 * n for n in range(2880)]
    lags = [lag for t in times if (lag := MODEL.lag(REPLICA, t)) is not None]
    written = [number(ORDERS, "WriteIOPS", t) for t in times]
    assert statistics.median(lags) < 1
    assert 2 * statistics.median(lags) < max(lags) < 5
    worst = lags.index(max(lags))
    assert max(written[max(0, worst - 10) : worst + 1]) > 1.5 * statistics.median(written)
    assert number(REPLICA, "ReplicaLag", times[worst]) == pytest.approx(lags[worst], abs=0.001)


def test_free_storage_falls_slowly_and_a_volume_grows_before_it_is_full() -> None:
    hours = [T + 600 * n for n in range(30)]
    free, later = (statistics.mean(number(ORDERS, "FreeStorageSpace", t + d) for t in hours) for d in (0, 3 * DAY))
    assert 0.8 * free < later < free
    months = [T + 5 * DAY * n for n in range(60)]
    allocated = [MODEL.allocated_gib(ORDERS, t) or 0 for t in months]
    assert allocated == sorted(allocated)
    assert allocated[-1] > allocated[0] == 2000
    assert min(number(ORDERS, "FreeStorageSpace", t) for t in months) > 100 * 1024**3


def test_the_burst_balance_is_spent_in_the_busy_hours_and_comes_back_at_night() -> None:
    balance = [number(BILLING, "BurstBalance", MIDNIGHT + 3600 * hour) for hour in range(24)]
    assert balance[6] == 100
    assert 50 < min(balance[10:18]) < 99


def test_backups_run_in_the_night_and_are_seen_in_status_metrics_and_events() -> None:
    plan = MODEL.plan(ORDERS)
    begins, ends = plan.night(math.floor(T / DAY))
    assert 3 * 3600 <= begins - MIDNIGHT < 4 * 3600
    middle = (begins + ends) / 2
    assert MODEL.status(ORDERS, middle) == "backing-up"
    assert [MODEL.status(ORDERS, t) for t in (begins - 1, ends + 1)] == ["available", "available"]
    assert number(ORDERS, "ReadIOPS", middle) > number(ORDERS, "ReadIOPS", begins - 60) + 1000
    told = [(h.t, h.text) for h in MODEL.happenings(begins - 1, ends) if h.machine.id == ORDERS]
    assert told == [(begins, "Backing up DB instance"), (ends, "Finished DB Instance backup")]


@given(st.floats(T - DAY, T + 3 * DAY), st.sampled_from([m.id for m in MACHINES if m.retention_days]))
def test_what_could_be_restored_is_recent_and_a_snapshot_is_of_the_last_night(t: float, about: ResourceId) -> None:
    plan = MODEL.plan(about)
    until, snapshot = plan.restorable_until(t), plan.newest_snapshot(t)
    if until is not None:
        assert 0 < t - until < 600
    if snapshot is not None:
        assert 0 < t - snapshot < DAY + 3600
        assert 3 * 3600 <= snapshot % DAY < 4 * 3600
    assert until is not None or snapshot is not None


def test_the_restorable_time_moves_in_steps_of_five_minutes() -> None:
    moves = {MODEL.plan(ORDERS).restorable_until(T + 10 * n) for n in range(360)}
    assert len(moves) in (12, 13)
    assert {moment % 300 for moment in moves if moment is not None} == {0}


@given(st.floats(T - DAY, T + DAY), st.floats(0, DAY), st.floats(0, 1))
@settings(deadline=None, max_examples=50)
def test_what_happened_is_told_once_however_the_time_is_cut(since: float, length: float, cut: float) -> None:
    until, between = since + length, since + cut * length
    assert MODEL.happenings(since, between) + MODEL.happenings(between, until) == MODEL.happenings(since, until)
