"""What was asked of AWS and what it cost, to the last request."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.aws.meter import PACE_OVER, Meter
from collectors.aws.prices import Prices, Spent
from collectors.job import Job, running
from collectors.threads import Threads

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
METRICS = ("cloudwatch", "GetMetricData")
ALARMS = ("cloudwatch", "DescribeAlarms")
FREE = ("rds", "DescribeDBInstances")


class Now:
    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


def meter(now: Now | None = None) -> Meter:
    return Meter(Prices(), now or Now())


def test_metrics_are_paid_for_by_the_metric_and_not_by_the_request() -> None:
    counted = meter()
    counted.count(*METRICS, metrics=500)
    assert counted.spent() == Spent(requests=1, metrics=500, usd=0.005)


def test_alarms_are_paid_for_by_the_request_and_descriptions_are_free() -> None:
    counted = meter()
    counted.count(*ALARMS)
    for service, operation in (FREE, ("dynamodb", "DescribeTable"), ("sts", "GetCallerIdentity")):
        counted.count(service, operation)
    assert counted.spent() == Spent(requests=4, metrics=0, usd=0.00001)


def test_a_profile_may_say_other_prices() -> None:
    counted = Meter(Prices(per_1000_metrics=0.02, per_1000_requests=0.03), Now())
    counted.count(*METRICS, metrics=1000)
    counted.count(*ALARMS)
    assert counted.spent().usd == 0.02003


@given(st.lists(st.tuples(st.sampled_from((METRICS, ALARMS, FREE)), st.integers(0, 500)), max_size=60))
def test_the_sum_is_exact_whatever_the_order(sent: list[tuple[tuple[str, str], int]]) -> None:
    counted = meter()
    for operation, metrics in sent:
        counted.count(*operation, metrics=metrics if operation == METRICS else 0)
    metrics = sum(n for operation, n in sent if operation == METRICS)
    alarms = sum(operation == ALARMS for operation, _ in sent)
    assert counted.spent() == Spent(len(sent), metrics, (metrics + alarms) / 100_000)
    assert counted.today() == counted.spent()


def test_a_million_small_sums_are_what_they_come_to() -> None:
    counted = meter()
    for _ in range(30_000):
        counted.count(*METRICS, metrics=1)
    assert counted.spent().usd == 0.3  # and not 0.30000000000000004


def test_a_new_day_begins_at_midnight_of_utc() -> None:
    now = Now(datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC))
    counted = meter(now)
    counted.count(*ALARMS)
    now.later(seconds=1)
    assert counted.today() == Spent()
    counted.count(*METRICS, metrics=3)
    assert counted.today() == Spent(1, 3, 0.00003)
    assert counted.spent() == Spent(2, 3, 0.00004)


def test_a_clock_that_is_set_back_begins_no_day() -> None:
    now = Now(datetime(2026, 11, 21, 0, 5, tzinfo=UTC))
    counted = meter(now)
    counted.count(*ALARMS)
    now.later(minutes=-10)
    assert counted.today().requests == 1


async def test_each_pass_is_charged_with_its_own_in_whatever_thread() -> None:
    counted, threads = meter(), Threads(4)

    async def work(job: Job, times: int) -> None:
        running.set(job)
        for _ in range(times):
            await threads.call("cloudwatch", lambda: counted.count(*METRICS, metrics=10))

    jobs = {Job("cloudwatch", "eu-west-1.live"): 3, Job("history", "eu-west-1.live"): 5}
    await asyncio.gather(*(work(job, times) for job, times in jobs.items()))
    for job, times in jobs.items():
        assert counted.of(*job) == Spent(times, times * 10, times / 10_000)
    assert counted.of("alarms", "eu-west-1.live") == Spent()
    assert counted.spent().requests == 8


def test_there_is_no_pace_before_two_minutes_have_passed() -> None:
    now = Now()
    counted = meter(now)
    assert counted.rate_per_day() is None
    counted.count(*METRICS, metrics=500)
    now.later(minutes=1)
    assert counted.rate_per_day() is None
    now.later(minutes=1)
    assert counted.rate_per_day() == pytest.approx(0.005 * 720)


def test_the_pace_is_that_of_the_last_quarter_of_an_hour() -> None:
    now = Now()
    counted = meter(now)
    for _ in range(60):  # an hour at 1,000 metrics a minute, then a tenth of that
        counted.count(*METRICS, metrics=1000)
        now.later(minutes=1)
    for _ in range(16):
        counted.count(*METRICS, metrics=100)
        now.later(minutes=1)
    now.later(seconds=-30)
    assert counted.rate_per_day() == pytest.approx(0.001 * 15 * (timedelta(days=1) / PACE_OVER))


def test_nothing_asked_for_a_while_costs_nothing() -> None:
    now = Now()
    counted = meter(now)
    counted.count(*METRICS, metrics=500)
    now.later(hours=1)
    assert counted.rate_per_day() == 0


def through_a_file(remembered: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(remembered))  # type: ignore[no-any-return]


def test_the_day_outlives_the_engine() -> None:
    now = Now()
    first = meter(now)
    first.count(*METRICS, metrics=123)
    first.count(*FREE)
    second = meter(now)
    second.restore(through_a_file(first.remember()))
    second.count(*ALARMS)
    assert second.today() == Spent(3, 123, 0.00124)
    assert second.spent() == Spent(1, 0, 0.00001)


def test_what_was_spent_yesterday_is_not_of_today() -> None:
    now = Now()
    first = meter(now)
    first.count(*ALARMS)
    now.later(days=1)
    second = meter(now)
    second.restore(through_a_file(first.remember()))
    assert second.today() == Spent()


def test_a_format_of_another_version_is_let_alone() -> None:
    first = meter()
    first.count(*ALARMS)
    second = meter()
    second.restore({**first.remember(), "format": 2})
    assert second.today() == Spent()


@pytest.mark.parametrize(
    "counted",
    [[["cloudwatch", "GetMetricData", "metrics", -5]], [["cloudwatch", "GetMetricData", "dollars", 5]], [["a"]], 7,
     [["cloudwatch", "GetMetricData", "requests", "9"]]],
)  # fmt: skip
def test_what_no_meter_has_remembered_is_refused(counted: object) -> None:
    second = meter()
    with pytest.raises((ValueError, KeyError, TypeError)):
        second.restore({**second.remember(), "counted": counted})
    assert second.today() == Spent()


def test_a_file_that_is_no_memory_at_all_is_refused() -> None:
    wrongs: list[Any] = [{}, [], "spent", {"format": 1}]
    for wrong in wrongs:
        with pytest.raises((ValueError, KeyError, TypeError)):
            meter().restore(wrong)
