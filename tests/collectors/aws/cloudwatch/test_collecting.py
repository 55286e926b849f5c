"""Metrics as they come: late, missing, in pages, refused; the newest first, the past after."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from collectors.attention import Attention
from collectors.aws.cloudwatch.collectors import CloudWatch
from collectors.aws.cloudwatch.wanted import wanted
from collectors.errors import CannotCollect, Denied, Throttled
from collectors.readings import Metric, ResourceId
from collectors.safe import Safe
from tests.collectors.aws.cloudwatch.cloud import PLACE, START, Cloud, Stage, found, readings

CPU = Safe("cloudwatch.CPUUtilization")
SERIES = len(wanted(found("orders")))


def stage(*names: str, **cloud: object) -> Stage:
    staged = Stage(Cloud(**cloud))  # type: ignore[arg-type]
    staged.known.put(PLACE, [found(name) for name in names])
    return staged


async def one_pass(staged: Stage) -> list[Metric]:
    return await readings(CloudWatch(staged.desk).collect(PLACE))


def of(given: list[Metric], name: str = CPU) -> list[tuple[float, float | None]]:
    """Minutes since the start of the hour, and values."""
    return [((m.observed - START.replace(second=0)).total_seconds() / 60, m.value) for m in given if m.name == name]


async def test_the_first_pass_brings_the_newest_quarter_of_an_hour() -> None:
    staged = stage("orders", value=lambda name, metric, at: float(at.minute))
    cpu = of(await one_pass(staged))
    assert [cpu[0], cpu[-1]] == [(-14, 45.0), (-2, 57.0)]  # to the end of the minute that ended two minutes ago
    assert all(value is not None for _, value in cpu)


async def test_afterwards_only_what_is_new_comes_and_nothing_twice() -> None:
    staged = stage("orders")
    await one_pass(staged)
    staged.later(minutes=1)
    assert of(await one_pass(staged)) == [(-1, 1.0)]
    staged.later(seconds=20)
    assert await one_pass(staged) == []  # nothing is due
    request = staged.cloud.requests[-1]
    assert request["EndTime"] - request["StartTime"] <= timedelta(minutes=7)


async def test_a_late_point_fills_its_gap_and_a_corrected_one_its_place() -> None:
    late: dict[int, float | None] = {57: None}
    staged = stage("orders", value=lambda name, metric, at: late.get(at.minute, 1.0))
    assert (-2, 1.0) not in of(await one_pass(staged))
    late[57], late[56] = 7.0, 9.0
    staged.later(minutes=1)
    assert (-2, 7.0) in (new := of(await one_pass(staged)))
    assert (-3, 9.0) in new


async def test_a_point_that_never_comes_is_a_gap_once_its_time_has_passed() -> None:
    staged = stage("orders", value=lambda name, metric, at: None if at.minute == 57 else 1.0)
    assert (-2, None) not in of(await one_pass(staged))
    told = []
    for _ in range(4):
        staged.later(minutes=1)
        told += of(await one_pass(staged))
    assert told.count((-2, None)) == 1


async def test_what_is_looked_at_or_sick_is_in_the_first_request() -> None:
    staged = stage(*(f"db-{n:03}" for n in range(100)))
    seen = ResourceId(Safe("db-099"))
    staged.attention = Attention(visible=frozenset({seen}), sick=frozenset({ResourceId(Safe("db-050"))}))
    await one_pass(staged)
    first = {q["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for q in staged.cloud.requests[0]["MetricDataQueries"]}
    assert first == {"db-099", "db-050"}
    assert sum(len(r["MetricDataQueries"]) for r in staged.cloud.requests) == 100 * SERIES


async def test_an_answer_in_pages_is_read_to_its_end() -> None:
    staged = stage("orders", "billing", page=5)
    given = await one_pass(staged)
    assert {m.about for m in given if m.name == CPU} == {"orders", "billing"}
    assert len({m.name for m in given}) == SERIES


async def test_a_result_that_is_not_complete_is_kept_and_asked_again_and_leaves_no_gap() -> None:
    staged = stage("orders", value=lambda n, m, at: None if at.minute < 55 else 1.0)
    staged.cloud.codes = {"CPUUtilization": "PartialData"}
    given = of(await one_pass(staged))
    assert given
    assert all(value is not None for _, value in given)
    staged.cloud.codes = {}
    await one_pass(staged)
    assert staged.cloud.asked["orders", "CPUUtilization"] == 2
    assert staged.cloud.asked["orders", "ReadIOPS"] == 1


async def failing_pass(staged: Stage) -> tuple[list[Metric], CannotCollect]:
    given: list[Metric] = []
    try:
        async for reading in CloudWatch(staged.desk).collect(PLACE):
            assert isinstance(reading, Metric)
            given.append(reading)
    except CannotCollect as trouble:
        return given, trouble
    raise AssertionError("nothing was in the way")


async def test_what_may_not_be_read_is_named_once_and_the_rest_goes_on_each_minute() -> None:
    staged = stage("orders", codes={"ReadIOPS": "Forbidden"}, said="User dbconsole\x1b[2J may not.")
    given, trouble = await failing_pass(staged)
    assert isinstance(trouble, Denied)
    assert trouble.grant == "cloudwatch:GetMetricData"
    assert (trouble.what, trouble.seen) == ("1 metric may not be read.", "User dbconsole\u241b[2J may not.")
    assert of(given)
    for _ in range(20):
        staged.later(minutes=1)
        assert of(await one_pass(staged))
    assert staged.cloud.asked["orders", "ReadIOPS"] == 1
    staged.later(minutes=10)
    staged.cloud.codes = {}
    assert of(await one_pass(staged), Safe("cloudwatch.ReadIOPS"))  # it was granted meanwhile
    staged.later(minutes=1)
    assert of(await one_pass(staged), Safe("cloudwatch.ReadIOPS"))


async def test_what_cloudwatch_fails_to_answer_is_told_after_everything_else_and_asked_again() -> None:
    staged = stage(*(f"db-{n:03}" for n in range(100)), codes={"ReadIOPS": "InternalError"})
    given, trouble = await failing_pass(staged)
    assert trouble.what == "CloudWatch has no answer for 100 metrics now."
    assert {m.about for m in given if m.name == CPU} == {f"db-{n:03}" for n in range(100)}
    staged.cloud.codes = {}
    await one_pass(staged)
    assert (staged.cloud.asked["db-001", "ReadIOPS"], staged.cloud.asked["db-001", "WriteIOPS"]) == (2, 1)


async def test_a_throttled_request_ends_the_pass_and_what_was_asked_is_due_again() -> None:
    staged = stage("orders", error=Throttled("slow down"))
    with pytest.raises(Throttled):
        await one_pass(staged)
    staged.cloud.error = None
    assert of(await one_pass(staged))


async def test_a_failed_request_brings_no_gaps() -> None:
    staged = stage("orders")
    await one_pass(staged)
    staged.later(minutes=10)
    staged.cloud.error = CannotCollect("no answer")
    with pytest.raises(CannotCollect):
        await one_pass(staged)
    staged.cloud.error = None
    assert all(value is not None for _, value in of(await one_pass(staged)))


async def test_after_a_long_silence_all_that_was_missed_is_asked_for() -> None:
    staged = stage("orders")
    await one_pass(staged)
    staged.later(hours=2)
    assert len(of(await one_pass(staged))) == 120


async def test_a_clock_that_is_set_back_stops_nothing() -> None:
    staged = stage("orders")
    await one_pass(staged)
    staged.later(hours=-5)
    assert of(await one_pass(staged))
    staged.later(minutes=1)
    assert of(await one_pass(staged))


async def test_a_metric_that_a_resource_does_not_have_is_hardly_asked_for_any_more() -> None:
    staged = stage("orders", value=lambda name, metric, at: None if metric == "DiskQueueDepth" else 1.0)
    for _ in range(180):
        await one_pass(staged)
        staged.later(minutes=1)
    assert staged.cloud.asked["orders", "CPUUtilization"] == 180
    assert staged.cloud.asked["orders", "DiskQueueDepth"] <= 66


async def test_a_table_that_was_never_throttled_is_asked_on_for_the_day_it_is() -> None:
    staged = Stage(Cloud(value=lambda name, metric, at: None if "Throttle" in metric else 1.0))
    staged.known.put(PLACE, [found("carts", "table")])
    for _ in range(120):
        await one_pass(staged)
        staged.later(minutes=1)
    assert staged.cloud.asked["carts", "WriteThrottleEvents"] == 120


async def test_a_resource_that_is_gone_is_asked_no_more_and_one_with_another_role_for_other_metrics() -> None:
    staged = stage("orders", "billing")
    await one_pass(staged)
    staged.known.put(PLACE, [replace(found("orders"), role="replica")])
    staged.later(minutes=1)
    await one_pass(staged)
    assert staged.cloud.asked["billing", "CPUUtilization"] == 1
    assert staged.cloud.asked["orders", "ReplicaLag"] == 1
    assert staged.cloud.asked["orders", "CPUUtilization"] == 2


async def test_a_threshold_may_ask_for_another_metric_and_for_a_percentile() -> None:
    staged = stage("orders")
    staged.extra = ("cloudwatch.SwapUsage", "cloudwatch.ReadLatency.p99", "cloudwatch.Evictions", "wait.WRITELOG")
    names = {m.name for m in await one_pass(staged)}
    assert {"cloudwatch.SwapUsage", "cloudwatch.ReadLatency.p99"} <= names
    assert "cloudwatch.Evictions" not in names  # RDS has none
    stats = [q["MetricStat"]["Stat"] for r in staged.cloud.requests for q in r["MetricDataQueries"]]
    assert "p99" in stats


async def test_metrics_of_five_minutes_are_asked_every_five_minutes() -> None:
    staged = Stage()
    staged.known.put(PLACE, [found("carts", "table", "dynamodb")])
    for _ in range(20):
        await one_pass(staged)
        staged.later(minutes=1)
    assert staged.cloud.asked["carts", "ProvisionedReadCapacityUnits"] == 4
    assert staged.cloud.asked["carts", "ConsumedReadCapacityUnits"] == 20


async def test_series_of_many_ages_share_a_request_and_none_is_told_anything_twice() -> None:
    staged = stage("orders")
    staged.later(minutes=-30)
    await one_pass(staged)
    staged.later(minutes=20)
    staged.known.put(PLACE, [found("orders"), found("billing"), found("carts", "table")])
    staged.cloud.codes = {"ReadIOPS": "PartialData"}
    seen = [(m.about, m.name, m.observed) for m in await one_pass(staged)]
    staged.later(minutes=3)
    staged.cloud.codes = {}
    requests = len(staged.cloud.requests)
    seen += [(m.about, m.name, m.observed) for m in await one_pass(staged)]
    assert len(staged.cloud.requests) == requests + 1
    assert len(seen) == len(set(seen))


async def test_a_pass_that_is_always_cut_short_leaves_out_others_each_time() -> None:
    staged = stage(*(f"db-{n:03}" for n in range(300)))
    requests = 0
    for _ in range(4):
        staged.cloud.error_after = requests + 1  # only one gets through: of 1,200 series that matter more, 500
        with pytest.raises(CannotCollect):
            await one_pass(staged)
        requests = len(staged.cloud.requests)
        staged.later(minutes=1)
    assert len({name for name, metric in staged.cloud.answered if metric == "CPUUtilization"}) == 300


async def test_who_is_looked_at_in_the_middle_of_a_pass_goes_next() -> None:
    staged = stage(*(f"db-{n:03}" for n in range(300)))
    late = ResourceId(Safe("db-299"))
    passing = CloudWatch(staged.desk).collect(PLACE)
    await anext(passing)
    staged.attention = Attention(visible=frozenset({late}))
    before = len(staged.cloud.requests)
    given = await readings(passing)
    queries = staged.cloud.requests[before]["MetricDataQueries"]
    assert {q["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for q in queries} == {"db-299"}
    assert {m.about for m in given} >= {late}
    assert set(staged.cloud.asked.values()) == {1}


async def test_a_pass_that_is_cancelled_leaves_no_request_behind() -> None:
    staged = stage("orders", hangs=True)
    passing = asyncio.create_task(one_pass(staged))
    await staged.cloud.hanging.wait()
    passing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await passing
    assert staged.cloud.under_way == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}
    staged.cloud.hangs = False
    assert of(await one_pass(staged))


async def test_what_is_answered_beside_the_question_or_off_the_grid_is_left_out() -> None:
    staged = stage("orders", stray=True)
    given = await one_pass(staged)
    assert {m.name for m in given} == {each.name for each in wanted(found("orders"))}
    assert all(m.observed.second == 0 for m in given)
