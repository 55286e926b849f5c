"""What is set of a resource at a time does not depend on who asked what before."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.inventory import MACHINES, machines
from console.demo.model import Model
from console.demo.scenario.causes import CAUSES, OF_BACKUPS
from console.demo.scenario.script import Entry, Given, Missing, Noise, Ramp, Script, Setting, Times

START = 1_773_223_200.0  # a Wednesday at ten
BILLING = ResourceId(Safe("billing"))
CPU = "cloudwatch.CPUUtilization"

SETTINGS = st.one_of(
    st.builds(Given, st.floats(0, 100)),
    st.builds(Ramp, st.floats(0, 100), st.floats(0, 300), st.one_of(st.none(), st.floats(0, 100))),
    st.builds(Noise, st.floats(0, 100), st.floats(0, 10)),
    st.builds(Times, st.floats(0, 5)),
    st.just(Missing()),
)
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.floats(0, 600).map(lambda s: START + s),
        st.just(BILLING),
        st.dictionaries(st.sampled_from([CPU, "cloudwatch.ReadIOPS"]), SETTINGS, max_size=2),
        cause=st.one_of(st.none(), st.sampled_from(["cpu-saturation", "log-write-throttle"])),
        clears=st.one_of(st.booleans(), st.just((CPU,))),
    ),
    max_size=8,
)


def model(*entries: Entry) -> Model:
    return Model(1, START, MACHINES, Script(entries))


def cpu(played: Model, seconds: float) -> float | None:
    return played.metrics(BILLING, START + seconds)["CPUUtilization"]


@given(ENTRIES, st.lists(st.floats(0, 900), min_size=2, max_size=12))
def test_the_same_question_has_the_same_answer_in_any_order(entries: list[Entry], asked: list[float]) -> None:
    played = model(*entries)
    first = {t: played.metrics(BILLING, START + t) for t in asked}
    random.Random(0).shuffle(asked)
    assert {t: model(*entries).metrics(BILLING, START + t) for t in asked} == first


@given(ENTRIES)
def test_what_is_cleared_is_as_the_model_has_it(entries: list[Entry]) -> None:
    played = model(*entries, Entry(START + 700, BILLING, clears=True))
    now, usual = played.metrics(BILLING, START + 701), model().metrics(BILLING, START + 701)
    now["BurstBalance"] = usual["BurstBalance"]  # credits remember what was taken from them
    assert now == usual


@given(ENTRIES)
def test_nobody_else_is_touched(entries: list[Entry]) -> None:
    other = ResourceId(Safe("customers"))
    assert model(*entries).metrics(other, START + 650) == model().metrics(other, START + 650)


def test_of_two_at_one_time_the_later_in_the_file_wins() -> None:
    played = model(Entry(START + 5, BILLING, {CPU: Given(1.0)}), Entry(START + 5, BILLING, {CPU: Given(2.0)}))
    assert cpu(played, 6) == 2.0


def test_a_ramp_begins_where_the_value_was_and_stays_where_it_ends() -> None:
    played = model(Entry(START, BILLING, {CPU: Given(40.0)}), Entry(START + 60, BILLING, {CPU: Ramp(90.0, 100.0)}))
    assert cpu(played, 60) == 40.0
    assert cpu(played, 110) == 65.0
    assert cpu(played, 999) == 90.0


def test_a_ramp_without_a_past_begins_at_what_the_model_says() -> None:
    played = model(Entry(START + 60, BILLING, {CPU: Ramp(90.0, 100.0)}))
    assert cpu(played, 60) == cpu(model(), 60)


def test_a_value_may_be_a_multiple_of_what_the_model_says_or_missing() -> None:
    usual = cpu(model(), 30)
    assert usual is not None
    assert cpu(model(Entry(START, BILLING, {CPU: Times(3.0)})), 30) == usual * 3
    assert cpu(model(Entry(START, BILLING, {CPU: Missing()})), 30) is None


def test_noise_stays_near_what_it_is_about() -> None:
    played = model(Entry(START, BILLING, {CPU: Noise(50.0, 5.0)}))
    values = {cpu(played, t) for t in range(0, 600, 7)}
    assert len(values) > 20
    assert all(value is not None and 45 <= value <= 55 for value in values)


def test_waits_are_set_with_their_counts_and_their_signal() -> None:
    sets = {"wait.WRITELOG": Given(900), "wait.WRITELOG.tasks": Given(30), "wait.WRITELOG.signal": Given(2)}
    rate = model(Entry(START, BILLING, sets)).waits(BILLING, START + 1)["WRITELOG"]
    assert (rate.ms_per_s, rate.tasks_per_s, rate.signal_percent) == (900, 30, 2)


MOVES = [  # a cause, whose, which metric, and at least how many times as much of it
    ("log-write-throttle", "billing", "WriteLatency", 5.0),
    ("log-write-throttle", "billing", "DatabaseConnections", 1.5),
    ("cpu-saturation", "billing", "CPUUtilization", 1.2),
    ("cpu-saturation", "sessions-001", "EngineCPUUtilization", 1.5),
    ("connection-storm", "billing", "DatabaseConnections", 3.0),
    ("connection-storm", "sessions-001", "NewConnections", 10.0),
    ("replica-behind", "orders-replica-1", "ReplicaLag", 100.0),
    ("replica-behind", "sessions-002", "ReplicationLag", 100.0),
    ("blocking", "billing", "DatabaseConnections", 1.5),
    ("cache-memory-pressure", "sessions-001", "DatabaseMemoryUsagePercentage", 1.3),
    ("cache-memory-pressure", "sessions-001", "CacheMisses", 5.0),
    ("cache-memory-pressure", "sessions-001", "Evictions", 1.0),
    ("rush-hour", "orders-primary", "CPUUtilization", 1.05),
    ("rush-hour", "sessions-001", "CacheHits", 1.05),
    ("table-throttled", "carts", "WriteThrottleEvents", 1.0),
]


@pytest.mark.parametrize(("cause", "name", "metric", "times"), MOVES)
def test_a_cause_moves_what_is_measured_and_clears_back(cause: str, name: str, metric: str, times: float) -> None:
    about = ResourceId(Safe(name))
    assert CAUSES[cause].fits(model().machines[about])
    played = model(Entry(START, about, cause=cause), Entry(START + 610, about, clears=(cause,)))
    during, usual = (m.metrics(about, START + 600)[metric] or 0.0 for m in (played, model()))
    assert during > max(0.01, usual * times)
    assert played.metrics(about, START + 611)[metric] == model().metrics(about, START + 611)[metric]


def test_each_cause_is_seen_in_metrics_or_in_who_is_there() -> None:
    assert set(CAUSES) - set(OF_BACKUPS) - {cause for cause, *_ in MOVES} == {
        "storage-filling",
        "failover",
        "instance-gone",
        "instance-created",
        "cache-is-store",  # each with a test of its own
    }


def test_a_volume_fills_until_it_is_full_and_that_is_told() -> None:
    played = model(Entry(START, BILLING, cause="storage-filling"))
    free = [played.metrics(BILLING, START + t)["FreeStorageSpace"] or 0.0 for t in (0, 300, 900, 1150, 1201)]
    assert free == sorted(free, reverse=True)
    assert free[-1] == 0
    assert played.status(BILLING, START + 1201) == "storage-full"
    texts = [h.text for h in played.happenings(START, START + 1300) if "storage" in h.text]
    assert texts == [
        "The free storage capacity for DB Instance: billing is low",
        "Allocated storage has been exhausted",
    ]
    stopped = model(Entry(START, BILLING, cause="storage-filling"), Entry(START + 900, BILLING, clears=True))
    assert not [h for h in stopped.happenings(START, START + 1300) if "storage" in h.text]


def test_blocked_sessions_wait_for_locks() -> None:
    blocked, usual = model(Entry(START, BILLING, cause="blocking")), model()
    assert blocked.waits(BILLING, START + 60)["LCK_M_S"].ms_per_s > 1000
    assert "LCK_M_S" not in usual.waits(BILLING, START + 60)


def test_a_failover_is_dark_then_the_zones_are_swapped_and_it_is_told() -> None:
    about = ResourceId(Safe("orders-primary"))
    played = model(Entry(START + 10, about, cause="failover"))
    assert played.status(about, START + 30) == "failing-over"
    assert played.metrics(about, START + 30)["DatabaseConnections"] == 0
    assert (played.az(about, START + 90), played.status(about, START + 90)) == ("eu-west-1a", "available")
    assert (played.az(about, START + 200), played.standby_az(about, START + 200)) == ("eu-west-1b", "eu-west-1a")
    texts = [h.text for h in played.happenings(START, START + 300) if "failover" in h.text]
    assert texts == ["Multi-AZ instance failover started.", "Multi-AZ instance failover completed"]


def test_each_failover_is_told_and_a_second_one_goes_back() -> None:
    about = ResourceId(Safe("orders-primary"))
    twice = [Entry(START + 10, about, cause="failover"), Entry(START + 400, about, clears=True)]
    played = model(*twice, Entry(START + 500, about, cause="failover"))
    assert played.az(about, START + 450) == "eu-west-1b"  # a clear is no third failover
    assert played.az(about, START + 700) == "eu-west-1a"
    assert sum("completed" in h.text for h in played.happenings(START, START + 700)) == 2


def test_who_was_deleted_may_be_made_again() -> None:
    played = model(
        Entry(START + 10, BILLING, cause="instance-gone"), Entry(START + 300, BILLING, cause="instance-created")
    )
    there = [played.exists(BILLING, START + t) for t in (0, 20, 100, 299, 301, 900)]
    assert there == [True, True, False, False, True, True]
    assert [played.status(BILLING, START + t) for t in (20, 301, 900)] == ["deleting", "creating", "available"]
    texts = [h.text for h in played.happenings(START, START + 600) if h.machine.id == BILLING]
    assert texts == ["DB instance deleted", "DB instance created"]


def test_a_number_of_the_describe_call_may_be_relative_to_what_was_bought() -> None:
    sets: dict[str, Setting] = {
        "api.AllocatedStorage": Times(2.0),
        "api.Iops": Ramp(6000.0, 100.0),
        "api.StorageType": Missing(),
    }
    played = model(Entry(START, BILLING, sets))
    assert played.api(BILLING, START + 50) == {"AllocatedStorage": 1000.0, "Iops": 4500.0, "StorageType": None}


def test_a_resource_may_go_and_another_come() -> None:
    carts = ResourceId(Safe("carts"))
    gone, made = Entry(START + 10, BILLING, cause="instance-gone"), Entry(START + 50, carts, cause="instance-created")
    played = model(gone, made)
    assert played.exists(BILLING, START + 20)
    assert played.status(BILLING, START + 20) == "deleting"
    assert not played.exists(BILLING, START + 100)
    assert not played.exists(carts, START + 20)
    assert played.status(carts, START + 60) == "creating"
    assert played.status(carts, START + 200) == "active"


@given(st.integers(1, 200))
def test_an_estate_of_any_size_is_whole(size: int) -> None:
    there = machines(size)
    names = [machine.id for machine in there]
    assert len(there) == size
    assert len(set(names)) == size
    assert all(machine.source is None or machine.source in names for machine in there)
    assert all(machine.cluster is None or machine.kind == "cache" or machine.cluster in names for machine in there)
    assert machines(12) == MACHINES
