from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from console.estate.estate import Estate
from console.estate.resource import Latest
from console.estate.states import Health, Source, state_of, states
from tests.estate.builders import CPU, ORDERS, START_MS, described, lag, metric

UNIT = Safe("Percent")
FIVE_SECONDS, MINUTE = timedelta(seconds=5), timedelta(minutes=1)
HEALTHS: tuple[Health, ...] = ("ok", "late", "failing", "denied", "pending")


def state(name: str, value: float | None, age_s: float, every: timedelta, health: Health) -> str:
    return state_of(Latest(value, START_MS, UNIT), name, START_MS + int(age_s * 1000), Source(every, health))


@pytest.mark.parametrize("health", HEALTHS)
def test_a_value_is_fresh_for_two_turns_of_its_collector(health: Health) -> None:
    assert state("wait.WRITELOG", 640, 10, FIVE_SECONDS, health) == "fresh"
    assert state("wait.WRITELOG", 0, 11, FIVE_SECONDS, health) != "fresh"


def test_a_counter_is_as_fresh_as_the_collector_of_counters_brings_it() -> None:
    estate = Estate()
    estate.fold(described())
    estate.fold(metric(0, 5.0, "counter.Batch Requests/sec"))
    resource = estate.resources[ORDERS]
    sources = {"counters": Source(timedelta(seconds=15), "ok"), "waits": Source(timedelta(days=1), "ok")}
    ages = {age: states(resource, START_MS + age * 1000, sources)["counter.Batch Requests/sec"] for age in (30, 31)}  # type: ignore[index]
    assert ages == {30: "fresh", 31: "stale"}


@pytest.mark.parametrize(
    ("health", "expected"),
    [("ok", "stale"), ("late", "stale"), ("pending", "stale"), ("failing", "error"), ("denied", "error")],
)
def test_an_old_value_says_whether_its_collector_is_to_blame(health: Health, expected: str) -> None:
    assert state("wait.WRITELOG", 640, 60, FIVE_SECONDS, health) == expected


def test_cloudwatch_may_be_late_without_being_stale_and_some_metrics_come_every_five_minutes() -> None:
    assert state(CPU, 40, 300, MINUTE, "ok") == "fresh"
    assert state(CPU, 40, 301, MINUTE, "ok") == "stale"
    assert state("cloudwatch.CPUCreditBalance", 40, 780, MINUTE, "ok") == "fresh"
    assert state("cloudwatch.CPUCreditBalance", 40, 781, MINUTE, "ok") == "stale"


def test_the_newest_point_that_comes_two_minutes_late_in_a_slow_pass_does_not_flicker() -> None:
    """A minute ends, its point is there two minutes later, a pass brings it a minute after that, and takes a while."""
    oldest_before_the_next_comes = 60 + 120 + 60 + 30
    assert state(CPU, 40, oldest_before_the_next_comes, MINUTE, "ok") == "fresh"


def test_a_source_that_answered_without_data_is_neither_zero_nor_stale() -> None:
    assert state(CPU, None, 0, MINUTE, "ok") == "none"
    assert state(CPU, None, 9999, MINUTE, "ok") == "none"
    assert state(CPU, None, 9999, MINUTE, "denied") == "error"


def test_a_value_that_nobody_asks_for_any_more_is_stale_however_young() -> None:
    assert state_of(Latest(1.0, START_MS, UNIT), "wait.WRITELOG", START_MS, None) == "stale"


@pytest.mark.parametrize(
    ("health", "expected"), [("pending", "pending"), ("failing", "error"), ("denied", "error"), ("late", "pending")]
)
def test_a_first_sample_is_pending_or_its_collector_fails(health: Health, expected: str) -> None:
    estate = Estate()
    estate.fold(described())
    estate.fold(lag(0, 0.2))
    sources = {"cloudwatch": Source(MINUTE, health), "replica-lag": Source(FIVE_SECONDS, "ok")}
    assert states(estate.resources[ORDERS], START_MS, sources) == {"replica.lag_s": "fresh", CPU: expected}
    estate.fold(metric(0, 40))
    assert states(estate.resources[ORDERS], START_MS, sources)[CPU] == "fresh"


def test_a_collector_that_answered_and_had_nothing_leaves_nothing_pending() -> None:
    estate = Estate()
    estate.fold(described())
    assert states(estate.resources[ORDERS], START_MS, {"replica-lag": Source(FIVE_SECONDS, "ok")}) == {}


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from(HEALTHS), st.none() | st.floats(0, 100))
def test_a_value_never_grows_fresher_by_waiting(one: int, other: int, health: Health, value: float | None) -> None:
    young, old = sorted((one, other))
    if state("wait.X", value, old, FIVE_SECONDS, health) == "fresh":
        assert state("wait.X", value, young, FIVE_SECONDS, health) == "fresh"


def test_a_lag_that_aws_tells_may_be_as_late_as_its_metrics() -> None:
    estate = Estate()
    estate.fold(described())
    estate.fold(replace(lag(0, 0.25), direct=False))
    resource, name = estate.resources[ORDERS], Safe("replica.lag_s")
    alone = {"replication-aws": Source(MINUTE, "ok")}
    both = {**alone, "replica-lag": Source(FIVE_SECONDS, "denied")}
    for sources in (alone, both):
        at = {age: states(resource, START_MS + age * 1000, sources)[name] for age in (300, 301)}
        assert at == {300: "fresh", 301: "stale"}
    estate.fold(lag(0, 0.25))
    assert states(estate.resources[ORDERS], START_MS + 11_000, both)[name] == "error"


def test_what_would_be_lost_is_as_fresh_as_what_the_collector_of_backups_told() -> None:
    estate = Estate()
    estate.fold(described())
    estate.fold(metric(0, 240.0, "backup.rpo_s"))
    resource = estate.resources[ORDERS]
    for name, expected in (("backups", "fresh"), ("waits", "stale")):
        found = states(resource, START_MS + 119_000, {name: Source(MINUTE, "ok")})
        assert found == {"backup.rpo_s": expected}
