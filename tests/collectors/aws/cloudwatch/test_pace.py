"""The day's budget is never overspent, and what matters is the last to be slowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors.aws.cloudwatch.pace import FULL, MINUTE, NEVER, RUNGS, Intervals, intervals, left_of_day, tier

COUNTS = st.lists(st.integers(0, 20_000), min_size=4, max_size=4)
BEFORE = st.lists(st.sampled_from([*RUNGS, NEVER]), min_size=4, max_size=4)
PRICE = 0.00001
DAY_S = 86_400.0


def spent_by(counts: list[int], chosen: Intervals, seconds: float) -> float:
    rate = sum(n / i.total_seconds() for n, i in zip(counts, chosen, strict=True) if i != NEVER)
    return rate * seconds * PRICE


@given(COUNTS, st.floats(0, 1000), st.floats(60, DAY_S))
def test_at_no_budget_does_the_pace_spend_more_than_is_left(counts: list[int], usd: float, seconds: float) -> None:
    assert spent_by(counts, intervals(counts, usd, PRICE, seconds), seconds) <= usd + 1e-9


@given(COUNTS, st.floats(0, 1000), st.floats(60, DAY_S), BEFORE)
def test_what_is_looked_at_or_sick_is_never_asked_less_than_the_rest(
    counts: list[int], usd: float, seconds: float, before: list[timedelta]
) -> None:
    chosen = intervals(counts, usd, PRICE, seconds, tuple(sorted(before)))
    assert list(chosen) == sorted(chosen)
    assert spent_by(counts, chosen, seconds) <= usd + 1e-9


@given(COUNTS, st.floats(60, DAY_S))
def test_with_money_enough_everything_is_asked_each_minute(counts: list[int], seconds: float) -> None:
    enough = 2 * spent_by(counts, FULL, seconds)
    assert intervals(counts, enough, PRICE, seconds) == FULL


@given(COUNTS, st.floats(0.01, 100), st.floats(600, DAY_S))
def test_more_money_never_makes_anything_slower(counts: list[int], usd: float, seconds: float) -> None:
    poor, rich = intervals(counts, usd, PRICE, seconds), intervals(counts, 2 * usd, PRICE, seconds)
    assert all(r <= p for r, p in zip(rich, poor, strict=True))


@given(COUNTS, st.floats(0.01, 100))
def test_the_pace_does_not_change_its_mind_while_nothing_else_does(counts: list[int], usd: float) -> None:
    """Spent at the pace that was chosen, what is left a minute later asks for no other; it may become quicker once."""
    chosen = intervals(counts, usd, PRICE, DAY_S / 2)
    later = usd - spent_by(counts, chosen, 60)
    again = intervals(counts, later, PRICE, DAY_S / 2 - 60, chosen)
    assert all(a <= c for a, c in zip(again, chosen, strict=True))


def test_without_a_price_there_is_nothing_to_save() -> None:
    assert intervals([1, 2, 3, 4], 0.0, 0.0, DAY_S) == FULL


def test_no_money_means_no_metric() -> None:
    assert intervals([1, 1, 1, 1], 0.0, PRICE, DAY_S) == (NEVER,) * 4


def test_the_tiers_are_in_the_order_of_what_matters() -> None:
    order = [(True, True), (True, False), (False, True), (False, False)]
    assert [tier(first=first, essential=essential) for first, essential in order] == [0, 1, 2, 3]


def test_a_day_ends_at_midnight_of_utc() -> None:
    assert left_of_day(datetime(2026, 3, 11, 23, 59, 30, tzinfo=UTC)) == 30
    assert left_of_day(datetime(2026, 3, 11, tzinfo=UTC)) == DAY_S
    assert timedelta(minutes=1) == MINUTE
