"""Whole days: whatever happens, none costs more than its budget, and what matters is served as long as money lasts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.attention import Attention
from collectors.aws.cloudwatch.collectors import CloudWatch, CloudWatchHistory
from collectors.aws.cloudwatch.till import Till
from collectors.aws.cloudwatch.wanted import wanted
from collectors.aws.place import Place
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.safe import Safe
from tests.collectors.aws.cloudwatch.cloud import PLACE, PRICE, START, Cloud, Purse, Stage, found, readings

MIDNIGHT = START.replace(hour=0, second=0)
USUAL = wanted(found("x"))
ESSENTIAL = sum(each.essential for each in USUAL)
DAY = 1440


def about(n: int) -> ResourceId:
    return ResourceId(Safe(f"db-{n:03}"))


@dataclass
class Day:
    """One day of UTC, whose money outlives the desks: an engine may be started anew."""

    usd: float
    count: int
    cloud: Cloud

    def __post_init__(self) -> None:
        self.cloud.now = MIDNIGHT
        self.opened()

    def opened(self) -> None:
        self.stage = Stage(self.cloud)
        self.stage.purse.usd = self.usd
        self.stage.known.put(PLACE, [found(about(n)) for n in range(self.count)])

    async def minute(self, visible: set[int]) -> bool:
        """Whether there was anything to be had."""
        self.stage.attention = Attention(frozenset(map(about, visible)))
        try:
            await readings(CloudWatch(self.stage.desk).collect(PLACE))
        except CannotCollect:
            return False
        finally:
            await readings(CloudWatchHistory(self.stage.desk).collect(PLACE))
        return True

    @property
    def spent(self) -> float:
        return self.cloud.metrics * PRICE


@dataclass
class Brief(Cloud):
    """Answers with one point each: a day of them is soon told."""

    def _result(self, query: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        at = self.now.replace(second=0, microsecond=0) - timedelta(minutes=3)
        return {"Id": query["Id"], "Timestamps": [at], "Values": [1.0], "StatusCode": "Complete"}


EVENTS = st.tuples(
    st.sampled_from(["look", "look", "start", "back", "sleep", "grow"]), st.integers(0, DAY), st.integers(0, 11)
)


@settings(max_examples=15, deadline=None)
@given(usd=st.floats(0, 0.4), count=st.integers(1, 12), events=st.lists(EVENTS, max_size=12))
async def test_no_day_costs_more_than_its_budget(usd: float, count: int, events: list[tuple[str, int, int]]) -> None:
    """Step by step, with looks elsewhere, restarts, clocks that are set back, sleep, and new resources."""
    day, visible = Day(usd, count, Brief()), {0}
    for minute in range(0, DAY, 11):
        for what, at, n in events:
            if at // 11 == minute // 11:
                visible = {n, n // 2} if what == "look" else visible
                day.cloud.now += timedelta(minutes={"back": -10 * n, "sleep": 5 * n}.get(what, 0))
                day.count = min(20, day.count + n) if what == "grow" else day.count
                if what in ("start", "grow"):
                    day.opened()
        await day.minute(visible)
        day.cloud.now += timedelta(minutes=11)
        assert day.spent <= usd + 1e-9


@settings(max_examples=5, deadline=None)
@given(more=st.floats(1.3, 3.0), count=st.integers(2, 25), restarts=st.lists(st.integers(1, DAY - 1), max_size=6))
async def test_what_is_looked_at_is_asked_each_minute_of_a_day_that_has_the_money_for_it(
    more: float, count: int, restarts: list[int]
) -> None:
    """However large the rest is, and however often everything begins anew and is asked for the first time."""
    alone = (ESSENTIAL * DAY + len(USUAL) * 4 * (len(restarts) + 1)) * PRICE  # and what each start costs, with its past
    day = Day(alone * more, count, Brief())
    for minute in range(DAY):
        if minute in restarts:
            day.opened()
        assert await day.minute({0})
        day.cloud.now += timedelta(minutes=1)
    assert day.cloud.asked[about(0), "CPUUtilization"] >= DAY
    assert day.spent <= day.usd + 1e-9


@pytest.mark.parametrize("more", [1.2, 1.5, 2.0, 3.0, 6.0])
async def test_what_was_never_asked_does_not_take_the_money_of_what_is_looked_at_late_in_the_day(more: float) -> None:
    """An engine that begins half an hour before midnight is to ask for all of a large estate for the first time."""
    day = Day(more * ESSENTIAL * 30 * PRICE, 80, Brief())
    day.cloud.now += timedelta(hours=23, minutes=30)
    for _ in range(30):
        await day.minute({0})
        day.cloud.now += timedelta(minutes=1)
    assert day.cloud.asked[about(0), "CPUUtilization"] >= 29  # the last one might have to be sent twice


async def test_what_is_looked_at_now_is_never_asked_less_often_than_the_rest() -> None:
    for usd in (0.005, 0.02, 0.05, 0.1, 0.3):
        day = Day(usd, 10, Brief())
        for _ in range(0, DAY, 15):
            await day.minute({0, 1})
            day.cloud.now += timedelta(minutes=15)
        asked = day.cloud.asked
        for metric in ("CPUUtilization", "ReadIOPS"):
            seen, unseen = min(asked[about(n), metric] for n in (0, 1)), max(asked[about(n), metric] for n in (2, 9))
            assert seen >= unseen
            assert asked[about(2), "CPUUtilization"] >= asked[about(2), "ReadIOPS"]
        assert day.spent <= usd


async def test_what_a_day_has_is_not_kept_for_nothing() -> None:
    """Where it is too little for everything, most of it is spent by midnight."""
    day = Day(0.25, 10, Brief())
    for _ in range(DAY):
        await day.minute({0})
        day.cloud.now += timedelta(minutes=1)
    assert 0.7 * day.usd < day.spent <= day.usd


async def test_whoever_looks_at_something_else_has_its_metrics_in_the_next_pass() -> None:
    day = Day((2 * len(USUAL) * DAY + 1000) * PRICE, 50, Brief())
    for _ in range(30):
        await day.minute({0})
        day.cloud.now += timedelta(minutes=1)
    before = day.cloud.asked[about(7), "ReadIOPS"]
    await day.minute({7})
    assert day.cloud.asked[about(7), "ReadIOPS"] > before
    assert all(day.cloud.asked[about(7), each.metric] for each in USUAL)


async def test_without_money_it_says_so_and_asks_for_nothing() -> None:
    day = Day(0.0, 3, Brief())
    with pytest.raises(CannotCollect) as trouble:
        await readings(CloudWatch(day.stage.desk).collect(PLACE))
    assert "budget_usd_per_day" in trouble.value.mend
    assert day.cloud.requests == []
    assert day.stage.desk.interval(about(0)) == timedelta(minutes=1)  # what came before is soon stale


async def test_where_the_money_does_not_reach_for_an_hourly_look_at_what_is_seen_it_says_so() -> None:
    day = Day(100 * PRICE, 50, Brief())
    assert not await day.minute(set(range(50)))
    assert day.spent == 0


async def test_money_for_what_is_looked_at_alone_is_kept_for_it_while_nobody_looks() -> None:
    day = Day(ESSENTIAL * DAY * 1.5 * PRICE, 1000, Brief())
    assert await day.minute(set())  # no trouble: whoever looks is served
    assert day.spent == 0
    assert await day.minute({0})
    assert day.spent > 0


async def test_another_region_that_is_found_later_does_not_take_what_is_kept_for_this_one() -> None:
    day = Day(ESSENTIAL * DAY * 1.5 * PRICE, 1, Brief())
    assert await day.minute({0})
    before, abroad = day.spent, Place(PLACE.account, "us-east-1")
    day.stage.known.put(abroad, [found(f"abroad-{n}") for n in range(1000)])
    await readings(CloudWatch(day.stage.desk).collect(abroad))
    assert day.spent == before


async def test_a_new_day_has_new_money() -> None:
    day = Day(0.0, 3, Brief())
    assert not await day.minute(set())
    day.stage.purse.usd = 5.0
    day.cloud.now += timedelta(minutes=1)
    assert await day.minute(set())
    assert day.spent > 0


async def test_without_a_budget_everything_is_asked_each_minute() -> None:
    day = Day(float("inf"), 30, Brief())
    for _ in range(10):
        await day.minute(set())
        day.cloud.now += timedelta(minutes=1)
    assert day.cloud.asked[about(29), "ReadIOPS"] >= 10


async def test_an_answer_in_pages_is_paid_page_by_page_and_ends_with_the_money() -> None:
    stage = Stage(Cloud(page=2))
    stage.known.put(PLACE, [found("orders")])
    stage.purse.usd = len(USUAL) * PRICE * 3.5
    stage.cloud.now = MIDNIGHT + timedelta(hours=23, minutes=59, seconds=30)
    given_ = await readings(CloudWatch(stage.desk).collect(PLACE))
    assert stage.cloud.metrics * PRICE <= stage.purse.usd
    assert given_
    assert all(reading.value is not None for reading in given_)  # what was not told is no gap


def test_money_for_a_request_that_nobody_waits_for_any_more_is_kept_while_it_may_be_sent_again() -> None:
    cloud = Cloud()
    till = Till(Purse(cloud, usd=100 * PRICE), lambda: cloud.now)

    def given_up() -> None:
        with till.paying(40, 0.0) as may:
            assert may
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        given_up()
    with till.paying(40, 0.0) as may:
        assert not may
    cloud.now += timedelta(minutes=2)
    with till.paying(40, 0.0) as may:
        assert may
        with till.paying(40, 0.0) as another:
            assert not another
