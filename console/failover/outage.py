"""When was nobody let in? Folded from knocks, one after the other. Pure.

An outage is from the begin of the first knock that was not let in to the end of the first that was again, where no
other fails within `STEADY` of it: a door that opens and shuts within seconds was not open. One that shuts later than
that has been shut twice. A single lost knock counts only while nothing came after it, or beside another sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collectors.knock.knock import Door, Knock

STEADY = timedelta(seconds=5)
MOST = 50  # kept: the first, and the newest
_RANK = {door: rank for rank, door in enumerate(Door)}


@dataclass(frozen=True, slots=True)
class Shut:
    """Once. ``login``: since when one may log in again; ``up``: since when all is as before."""

    down: datetime
    failed: int
    last: datetime  # the end of the last knock that failed
    door: Door  # as it was found last while it was shut
    since: datetime  # it has been found so
    login: datetime | None = None
    up: datetime | None = None

    def lasts(self, now: datetime) -> timedelta:
        return (self.up or now) - self.down

    def is_steady(self, now: datetime) -> bool:
        return self.up is not None and now - self.up >= STEADY


def is_as_open(door: Door, wanted: Door) -> bool:
    return _RANK[door] >= _RANK[wanted]


def knocked(before: tuple[Shut, ...], knock: Knock, *, usual: Door, wanted: Door) -> tuple[Shut, ...]:
    """``usual``: less open than that is shut. ``wanted``: once it was shut, what ends that."""
    current = before[-1] if before else None
    goes_on = current is not None and (current.up is None or knock.began - current.up < STEADY)
    bar = wanted if current is not None and current.up is None else usual
    if is_as_open(knock.door, bar):
        return before if current is None or current.up is not None else (*before[:-1], _opened(current, knock))
    if current is None or not goes_on:
        return _bounded((*before, _first(knock)))
    return (*before[:-1], _still(current, knock))


def _first(knock: Knock) -> Shut:
    login = knock.ended if is_as_open(knock.door, Door.READ_ONLY) else None
    return Shut(knock.began, 1, knock.ended, knock.door, knock.began, login)


def _still(current: Shut, knock: Knock) -> Shut:
    may_log_in = is_as_open(knock.door, Door.READ_ONLY)
    return replace(
        current,
        failed=current.failed + 1,
        last=knock.ended,
        door=knock.door,
        since=current.since if knock.door is current.door and current.up is None else knock.began,
        login=(current.login or knock.ended) if may_log_in else None,
        up=None,
    )


def _opened(current: Shut, knock: Knock) -> Shut:
    return replace(current, login=current.login or knock.ended, up=knock.ended)


def _bounded(shuts: tuple[Shut, ...]) -> tuple[Shut, ...]:
    return shuts if len(shuts) <= MOST else (shuts[0], *shuts[-(MOST - 1) :])


def counting(shuts: Sequence[Shut], since: datetime, *, is_sure: bool) -> tuple[Shut, ...]:
    """Those that are outages of what began at ``since``. ``is_sure``: something else than a knock tells of it too."""
    return tuple(
        shut
        for shut in shuts
        if (shut.up is None or shut.up > since) and (shut.up is None or shut.failed > 1 or is_sure)
    )


def told(shuts: Sequence[Shut], now: datetime) -> Shut | None:
    """Which one the stopwatch shows: the one that goes on, else the longest."""
    if shuts and shuts[-1].up is None:
        return shuts[-1]
    return max(shuts, key=lambda shut: shut.lasts(now), default=None)
