"""How often may each metric be asked for, so that the money lasts the day? Pure.

Four tiers: what is looked at or sick before the rest, and in each what tells that it is not well before what tells why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
RUNGS = tuple(MINUTE * n for n in (1, 2, 5, 10, 15, 30, 60))
NEVER = timedelta.max
TIERS = 4
KEPT_BACK = 0.1  # of the rate: whoever looks at something else now must find money left
FASTER_ONLY_BELOW = 0.8  # of the rate, so that intervals do not change their mind each minute

Intervals = tuple[timedelta, ...]
"""By tier; a later one is never shorter."""

FULL: Intervals = (MINUTE,) * TIERS


def tier(*, first: bool, essential: bool) -> int:
    """0 is the last to be slowed."""
    return (0 if first else 2) + (0 if essential else 1)


def intervals(counts: Sequence[int], usd: float, price: float, seconds: float, now: Intervals = FULL) -> Intervals:
    """``counts``: series by tier; ``usd`` may be spent in the ``seconds`` that are left; ``now``: as they are."""
    if price <= 0:
        return FULL
    rate = usd / price / max(seconds, 60.0) * (1 - KEPT_BACK)  # series a second
    slow = _fitting(counts, rate)
    if all(new >= old for new, old in zip(slow, now, strict=True)):
        return slow
    quick = _fitting(counts, rate * FASTER_ONLY_BELOW)
    return _ordered(
        new if new >= old else max(new, min(old, sure)) for new, old, sure in zip(slow, now, quick, strict=True)
    )


def left_of_day(now: datetime) -> float:
    """Seconds until midnight of UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - now).total_seconds()


def _fitting(counts: Sequence[int], rate: float) -> Intervals:
    """The last tier is slowed to an hour, then the one before it; only then is any left out, the last one first."""
    chosen = list(FULL)
    for each in reversed(range(TIERS)):
        for rung in RUNGS:
            chosen[each] = rung
            if _asked(counts, chosen) <= rate:
                return tuple(chosen)
    for each in reversed(range(TIERS)):
        if _asked(counts, chosen) <= rate:
            break
        chosen[each] = NEVER
    return tuple(chosen)


def _asked(counts: Sequence[int], chosen: Sequence[timedelta]) -> float:
    """Series a second."""
    pairs = zip(counts, chosen, strict=True)
    return sum(count / interval.total_seconds() for count, interval in pairs if interval != NEVER)


def _ordered(chosen: Iterable[timedelta]) -> Intervals:
    """A later tier waits at least as long as the one before."""
    longest, found = MINUTE, []
    for interval in chosen:
        longest = max(longest, interval)
        found.append(longest)
    return tuple(found)
