"""The day's budget is never overspent, and what matters is the last to be slowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collectors.aws.cloudwatch.pace import (
    FULL,
    HOUR,
    MINUTE,
    NEVER,
    PATH,
    RUNGS,
    Demand,
    Intervals,
    left_of_day,
    reserved,
    step,
    tier,
)

FLOORS = st.sampled_from([MINUTE, 5 * MINUTE, 30 * MINUTE])
DEMAND = st.lists(st.dictionaries(FLOORS, st.integers(1, 20_000), max_size=3), min_size=4, max_size=4)
STEPS = st.integers(0, len(PATH) - 1)
SECONDS = st.floats(60, 86_400)
PRICE = 0.00001
DAY_S = 86_400.0


def costs(demand: Demand, chosen: Intervals, seconds: float) -> float:
    asked = 0.0
    for of_tier, interval in zip(demand, chosen, strict=True):
        for floor, count in of_tier.items():
            asked += 0.0 if interval == NEVER else count * seconds / max(floor, interval).total_seconds()
    return asked * PRICE


@given(DEMAND, st.floats(0, 1000), SECONDS, STEPS)
def test_at_no_budget_does_the_pace_spend_more_than_is_left(
    demand: Demand, usd: float, seconds: float, now: int
) -> None:
    chosen = PATH[step(demand, usd, PRICE, seconds, now)]
    assert costs(demand, chosen, seconds) <= usd + 1e-9


@given(DEMAND, SECONDS, STEPS)
def test_with_money_enough_everything_is_asked_each_minute(demand: Demand, seconds: float, now: int) -> None:
    enough = 1.5 * costs(demand, FULL, seconds)
    assert step(demand, enough, PRICE, seconds, now) == 0


@given(DEMAND, st.floats(0, 100), st.floats(1, 10), SECONDS)
def test_more_money_never_makes_anything_slower(demand: Demand, usd: float, more: float, seconds: float) -> None:
    assert step(demand, usd * more, PRICE, seconds) <= step(demand, usd, PRICE, seconds)


def test_a_little_more_or_less_money_does_not_make_the_pace_go_to_and_fro() -> None:
    demand: Demand = [{MINUTE: 100}, {MINUTE: 300}, {MINUTE: 1000}, {MINUTE: 3000, 5 * MINUTE: 200}]
    for number, chosen in enumerate(PATH[:-1]):
        enough = 1.001 * costs(demand, chosen, DAY_S) / 0.9
        assert step(demand, enough, PRICE, DAY_S, number) == number
        slower = step(demand, enough * 0.995, PRICE, DAY_S, number)
        assert slower == number + 1
        assert step(demand, enough * 1.02, PRICE, DAY_S, slower) == slower
        assert step(demand, enough * 1.3, PRICE, DAY_S, slower) <= number


def test_on_the_way_to_nothing_what_matters_is_the_last_to_be_slowed() -> None:
    assert PATH[0] == (MINUTE,) * 4
    assert PATH[-1] == (NEVER,) * 4
    for before, after in pairwise(PATH):
        assert sum(old != new for old, new in zip(before, after, strict=True)) == 1
        assert all(old <= new for old, new in zip(before, after, strict=True))
    for chosen in PATH:
        assert list(chosen) == sorted(chosen)
        assert all(interval in (*RUNGS, NEVER) for interval in chosen)
        if chosen[0] > MINUTE:
            assert chosen[1] >= HOUR
            assert chosen[2:] == (NEVER, NEVER)
        if chosen[1] > MINUTE:
            assert chosen[2] >= HOUR
            assert chosen[3] == NEVER


@given(DEMAND, STEPS, SECONDS)
def test_with_what_is_reserved_for_all_the_pace_can_be_kept_and_a_tier_reserves_for_those_before_it(
    demand: Demand, now: int, seconds: float
) -> None:
    kept = reserved(demand, PATH[now], PRICE, seconds)
    assert kept[0] == 0
    assert list(kept) == sorted(kept)
    assert costs(demand, PATH[now], seconds) <= kept[-1] * (1 + 1e-9)
    assert step(demand, kept[-1] * (1 + 1e-9), PRICE, seconds, now) <= now


def test_without_a_price_there_is_nothing_to_save() -> None:
    assert step([{MINUTE: 1}] * 4, 0.0, 0.0, DAY_S, 3) == 0


def test_no_money_means_no_metric() -> None:
    assert PATH[step([{MINUTE: 1}] * 4, 0.0, PRICE, DAY_S)] == (NEVER,) * 4


def test_what_comes_every_five_minutes_costs_a_fifth() -> None:
    usd = 1.2 * costs([{}, {}, {}, {5 * MINUTE: 1000}], FULL, DAY_S)
    assert step([{}, {}, {}, {5 * MINUTE: 1000}], usd, PRICE, DAY_S) == 0
    assert step([{}, {}, {}, {MINUTE: 1000}], usd, PRICE, DAY_S) > 0


def test_the_tiers_are_in_the_order_of_what_matters() -> None:
    order = [(True, True), (True, False), (False, True), (False, False)]
    assert [tier(first=first, essential=essential) for first, essential in order] == [0, 1, 2, 3]


def test_a_day_ends_at_midnight_of_utc() -> None:
    assert left_of_day(datetime(2026, 3, 11, 23, 59, 30, tzinfo=UTC)) == 30
    assert left_of_day(datetime(2026, 3, 11, tzinfo=UTC)) == DAY_S
    assert timedelta(minutes=1) == MINUTE
