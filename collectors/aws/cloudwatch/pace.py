"""How often may each metric be asked for, so that the money lasts the day? Pure.

Four tiers: what is looked at or sick before the rest, and in each what tells that it is not well before what tells why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
RUNGS = tuple(MINUTE * n for n in (1, 2, 5, 10, 15, 30, 60))
NEVER = timedelta.max
_DAY_S = 86_400.0
TIERS = 4
KEPT_BACK = 0.1  # of the rate: whoever looks at something else now must find money left
FASTER_ONLY_BELOW = 0.8  # of the rate, so that intervals do not change their mind each minute
SAVINGS = ((3, HOUR), (2, HOUR), (3, NEVER), (1, HOUR), (2, NEVER), (0, HOUR), (1, NEVER), (0, NEVER))
"""Which tier is slowed next, and how far. What tells why is left out where nobody looks, but that something is not
well is still seen within the hour; what is looked at or sick is slowed once nothing else is asked more often."""

Intervals = tuple[timedelta, ...]
"""By tier; a later one is never shorter."""

Demand = Sequence[Mapping[timedelta, int]]
"""By tier: how many series there are that need not be asked more often than that."""


def _path() -> Iterator[Intervals]:
    chosen = [MINUTE] * TIERS
    yield tuple(chosen)
    for tier, slowest in SAVINGS:
        for rung in (*RUNGS, NEVER):
            if chosen[tier] < rung <= slowest:
                chosen[tier] = rung
                yield tuple(chosen)


PATH = tuple(_path())
"""From everything each minute to nothing at all; each step costs no more than the one before."""

FULL = PATH[0]


def tier(*, first: bool, essential: bool) -> int:
    """0 is the last to be slowed."""
    return (0 if first else 2) + (0 if essential else 1)


def matters(tier: int) -> bool:
    """Whether it is of what is looked at or sick."""
    return tier < 2


def step(demand: Demand, usd: float, price: float, seconds: float, now: int = 0) -> int:
    """Where on the path to be; ``usd`` may be spent in the ``seconds`` that are left; ``now``: where it is."""
    if price <= 0:
        return 0
    rate = usd / price / max(seconds, 60.0) * (1 - KEPT_BACK)  # series a second
    slow = _first_within(demand, rate)
    return slow if slow >= now else min(now, _first_within(demand, rate * FASTER_ONLY_BELOW))


def reserved(demand: Demand, chosen: Intervals, price: float, seconds: float) -> tuple[float, ...]:
    """By tier: the dollars that keep those before it at their pace until the day ends; the last is for all of them."""
    usd = max(seconds, 60.0) * price / (1 - KEPT_BACK)
    each = (_asked(of_tier, interval) * usd for of_tier, interval in zip(demand, chosen, strict=True))
    return tuple(accumulate(each, initial=0.0))


def usd_per_day(of_tier: Mapping[timedelta, int], interval: timedelta, price: float) -> float:
    """What one tier costs at that pace."""
    return _asked(of_tier, interval) * _DAY_S * price


def left_of_day(now: datetime) -> float:
    """Seconds until midnight of UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - now).total_seconds()


def _first_within(demand: Demand, rate: float) -> int:
    for number, chosen in enumerate(PATH):
        if sum(map(_asked, demand, chosen)) <= rate:
            return number
    return len(PATH) - 1


def _asked(demand: Mapping[timedelta, int], interval: timedelta) -> float:
    """Series a second."""
    if interval == NEVER:
        return 0.0
    return sum(count / max(interval, often_enough).total_seconds() for often_enough, count in demand.items())
