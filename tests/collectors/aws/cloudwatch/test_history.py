"""The hours before: what a chart shows of them, once."""

from __future__ import annotations

import pytest

from collectors.attention import Attention
from collectors.aws.cloudwatch.collectors import CloudWatch, CloudWatchHistory
from collectors.errors import CannotCollect, Denied, Throttled
from collectors.readings import Metric, ResourceId
from collectors.safe import Safe
from tests.collectors.aws.cloudwatch.cloud import PLACE, START, Cloud, Stage, found, readings

CPU = Safe("cloudwatch.CPUUtilization")


def stage(*names: str, **cloud: object) -> Stage:
    staged = Stage(Cloud(**cloud))  # type: ignore[arg-type]
    staged.known.put(PLACE, [found(name) for name in names])
    return staged


async def one_pass(staged: Stage) -> list[Metric]:
    return await readings(CloudWatch(staged.desk).collect(PLACE))


async def past(staged: Stage) -> list[Metric]:
    return await readings(CloudWatchHistory(staged.desk).collect(PLACE))


def of(given: list[Metric], name: str = CPU) -> list[tuple[float, float | None]]:
    """Minutes since the start of the hour, and values."""
    return [((m.observed - START.replace(second=0)).total_seconds() / 60, m.value) for m in given if m.name == name]


async def test_the_past_of_three_hours_comes_by_single_requests_and_then_costs_nothing() -> None:
    staged = stage("orders")
    assert await past(staged) == []  # before anything is known there is no past to ask for
    first = of(await one_pass(staged))
    before = len(staged.cloud.requests)
    told = of(await past(staged))
    assert len(staged.cloud.requests) == before + 1
    assert [at for at, _ in told] == list(range(-179, -14))
    assert told[-1][0] + 1 == first[0][0]  # the one begins where the other ends
    for _ in range(3):
        assert await past(staged) == []
    assert len(staged.cloud.requests) == before + 1


async def test_one_request_has_no_more_series_than_aws_takes_and_those_that_matter_first() -> None:
    staged = stage(*(f"db-{n:03}" for n in range(60)))
    staged.attention = Attention(sick=frozenset({ResourceId(Safe("db-059"))}))
    await one_pass(staged)
    told = await past(staged)
    assert told[0].about == "db-059"
    assert len({(m.about, m.name) for m in told}) == 500
    told += await past(staged)
    assert len({(m.about, m.name) for m in told}) == len(staged.cloud.asked)
    assert len(told) == len({(m.about, m.name, m.observed) for m in told})


async def test_of_the_past_only_what_is_between_two_points_is_a_gap() -> None:
    staged = stage("orders", value=lambda name, metric, at: None if at.hour < 8 or at.minute == 30 else 1.0)
    await one_pass(staged)
    told = of(await past(staged))
    assert told[0] == (-119.0, 1.0)
    gaps = [at for at, value in told if value is None]
    assert gaps == [-89, -29]


async def test_metrics_of_five_minutes_have_their_own_grid() -> None:
    staged = Stage()
    staged.known.put(PLACE, [found("carts", "table")])
    await one_pass(staged)
    told = await past(staged)
    assert [at for at, _ in of(told, "cloudwatch.ProvisionedReadCapacityUnits")] == list(range(-175, -14, 5))
    assert len(of(told, "cloudwatch.ConsumedReadCapacityUnits")) == 165


async def test_what_is_refused_or_half_told_is_not_asked_for_again_and_again() -> None:
    staged = stage("orders")
    await one_pass(staged)
    staged.cloud.codes = {"ReadIOPS": "Forbidden", "WriteIOPS": "PartialData"}
    with pytest.raises(Denied):
        await past(staged)
    staged.cloud.codes = {}
    requests = len(staged.cloud.requests)
    for _ in range(60):
        assert await past(staged) == []
        staged.later(seconds=5)
    assert len(staged.cloud.requests) == requests
    staged.later(minutes=30)
    assert {m.name for m in await past(staged)} == {"cloudwatch.ReadIOPS", "cloudwatch.WriteIOPS"}


async def test_a_failed_request_is_made_again_when_the_schedule_says_so() -> None:
    staged = stage("orders")
    await one_pass(staged)
    staged.cloud.error = Throttled("slow down")
    with pytest.raises(Throttled):
        await past(staged)
    staged.cloud.error = None
    assert of(await past(staged))


async def test_what_was_found_too_long_ago_has_no_past_left_to_ask_for() -> None:
    staged = stage("orders")
    await one_pass(staged)
    staged.later(hours=4)
    requests = len(staged.cloud.requests)
    assert await past(staged) == []
    assert len(staged.cloud.requests) == requests


async def test_a_chart_is_not_worth_what_is_left_of_the_day() -> None:
    staged = stage("orders", "billing")
    staged.attention = Attention(visible=frozenset({ResourceId(Safe("orders"))}))
    await one_pass(staged)
    staged.purse.usd = staged.cloud.metrics * staged.purse.price_per_metric * 1.1
    requests = len(staged.cloud.requests)
    assert await past(staged) == []
    assert len(staged.cloud.requests) == requests


async def test_what_is_not_read_for_want_of_money_has_no_past_either() -> None:
    staged = stage(*(f"db-{n:02}" for n in range(20)))
    await one_pass(staged)
    staged.purse.usd = 0.02  # enough for a few an hour
    staged.later(minutes=1)
    await one_pass(staged)
    told = await past(staged)
    assert told
    assert {m.name for m in told} >= {CPU}
    assert "cloudwatch.ReadIOPS" not in {m.name for m in told}


async def test_a_metric_that_a_resource_does_not_have_has_no_past() -> None:
    staged = stage("orders", value=lambda name, metric, at: None if metric == "DiskQueueDepth" else 1.0)
    await one_pass(staged)
    assert of(await past(staged), "cloudwatch.DiskQueueDepth") == []
    staged.later(minutes=1)
    assert await past(staged) == []


async def test_an_error_of_the_newest_does_not_keep_the_past_away() -> None:
    staged = stage("orders")
    await one_pass(staged)
    staged.later(minutes=1)
    staged.cloud.error = CannotCollect("no answer")
    with pytest.raises(CannotCollect):
        await one_pass(staged)
    staged.cloud.error = None
    assert of(await past(staged))
