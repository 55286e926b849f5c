from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import Alarm, Alarms, Reading, Severity
from collectors.safe import Safe
from console.estate.estate import Estate
from console.estate.levels import RANK, WELL, Concern, Judgement, Limit, Limits
from console.estate.render import res_body
from console.estate.resource import Resource
from tests.estate.builders import CPU, ORDERS, START, START_MS, described, metric

HIGH_CPU = Limit(CPU, Severity.HIGH, 80.0, above=True)
FULL_CPU = Limit(CPU, Severity.CRITICAL, 95.0, above=True)
STORAGE = Safe("cloudwatch.FreeStorageSpace")
LOW_STORAGE = Limit(STORAGE, Severity.WARNING, 20.0, above=False)


def resource(*readings: Reading, status: str = "available") -> Resource:
    estate = Estate()
    for reading in (described(status=status), *readings):
        estate.fold(reading)
    return estate.resources[ORDERS]


def judged(
    *readings: Reading, limits: tuple[Limit, ...] = (HIGH_CPU, FULL_CPU), status: str = "available"
) -> Judgement:
    return Limits(limits).judge(resource(*readings, status=status))


@pytest.mark.parametrize(
    ("cpu", "worst"), [(79.9, None), (80.0, Severity.HIGH), (94.9, Severity.HIGH), (95.0, Severity.CRITICAL)]
)
def test_the_gravest_threshold_that_is_crossed_counts(cpu: float, worst: Severity | None) -> None:
    assert judged(metric(0, cpu)).worst == worst


def test_a_threshold_may_be_one_not_to_fall_under() -> None:
    assert judged(metric(0, 19.0, STORAGE), limits=(LOW_STORAGE,)).worst == Severity.WARNING
    assert judged(metric(0, 21.0, STORAGE), limits=(LOW_STORAGE,)) == WELL


def test_no_data_is_beyond_no_threshold() -> None:
    assert judged(metric(0, None), limits=(LOW_STORAGE, Limit(CPU, Severity.HIGH, 5.0, above=False))) == WELL
    assert judged() == WELL


def test_a_threshold_concerns_only_what_its_patterns_name() -> None:
    for limit in (
        Limit(CPU, Severity.HIGH, 80.0, above=True, concern=Concern(ids=("billing*",))),
        Limit(CPU, Severity.HIGH, 80.0, above=True, concern=Concern(engines=("aurora-*", "redis"))),
        Limit(CPU, Severity.HIGH, 80.0, above=True, concern=Concern(kinds=("cache",))),
    ):
        assert judged(metric(0, 99.0), limits=(limit,)) == WELL
    concern = Concern(ids=("orders-*",), engines=("sqlserver-*",), kinds=("instance",))
    fits = Limit(CPU, Severity.HIGH, 80.0, above=True, concern=concern)
    assert judged(metric(0, 99.0), limits=(fits,)).worst == Severity.HIGH


def test_what_aws_says_of_a_resource_counts_without_a_threshold() -> None:
    assert judged(status="storage-full").worst == Severity.CRITICAL
    assert judged(status="failing-over").worst == Severity.WARNING
    assert judged(status="backing-up") == WELL


def test_an_alarm_of_the_team_is_a_reason_to_look() -> None:
    def alarms(state: str) -> Alarms:
        return Alarms(ORDERS, START, (Alarm(Safe("orders-cpu"), Safe(state), START, Safe("above"), Safe("CPU")),))

    assert judged(alarms("ALARM")).why == (Safe("alarm orders-cpu"),)
    assert judged(alarms("OK")) == WELL
    assert judged(alarms("INSUFFICIENT_DATA")) == WELL


def test_the_resource_is_told_with_its_level_and_each_value_that_is_beyond() -> None:
    known = resource(metric(0, 97.0), metric(0, 10.0, STORAGE))
    told = res_body(known, START_MS, {}, Limits((HIGH_CPU, FULL_CPU, LOW_STORAGE)).judge(known))
    assert told.level == Severity.CRITICAL
    assert told.why == (Safe("CPUUtilization over 95.0%"), Safe("FreeStorageSpace under 20.0%"))
    assert told.values[CPU].b == Severity.CRITICAL
    assert told.values[STORAGE].b == Severity.WARNING


def test_a_value_that_is_old_keeps_its_level() -> None:
    known = resource(metric(0, 97.0))
    later = START_MS + round(timedelta(hours=1).total_seconds() * 1000)
    told = res_body(known, later, {}, Limits((HIGH_CPU,)).judge(known))
    assert (told.values[CPU].s, told.level) == ("stale", Severity.HIGH)


@given(
    st.lists(st.builds(Limit, st.just(CPU), st.sampled_from(Severity), st.floats(0, 100), st.booleans()), max_size=6),
    st.floats(0, 100),
)
def test_the_worst_is_the_gravest_of_what_is_crossed_in_any_order(limits: list[Limit], cpu: float) -> None:
    crossed = [limit.severity for limit in limits if limit.is_crossed(cpu)]
    worst = max(crossed, key=lambda severity: RANK[severity], default=None)
    assert judged(metric(0, cpu), limits=tuple(limits)).worst == worst
    assert judged(metric(0, cpu), limits=tuple(reversed(limits))).worst == worst
