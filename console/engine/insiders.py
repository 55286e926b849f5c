"""Which databases are looked into? Those that the inventory lists, each by the collectors of its engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from collectors.collector import Collector
from collectors.readings import ResourceId
from collectors.schedule.schedule import Schedule
from collectors.sqlserver.all import collectors
from collectors.sqlserver.asking import Servers
from collectors.sqlserver.waits.collector import WaitStats
from collectors.sqlserver.waits.judged import Judge
from console import profiles
from console.engine.core import Core
from profiles.model import Profile

FEW = 20  # databases, which are all asked as often as usual
PASSES_PER_S = 20.0  # of all that nobody looks at, together
RARELY = timedelta(minutes=1)  # or rarer
Every = Callable[[str], timedelta | None]
"""How often the profile wants a collector to ask; None: as often as it asks by itself."""


class Insiders:
    """Keeps the schedule to what is there: a database that is gone is asked no more."""

    def __init__(self, schedule: Schedule, collectors: Iterable[Collector[Any]], every: Every) -> None:
        self._schedule = schedule
        self._collectors = tuple(collectors)
        self._every = every
        self._there: frozenset[ResourceId] = frozenset()

    def look_into(self, databases: Iterable[ResourceId]) -> None:
        """All of them; one that was there before and is not named is left."""
        now = frozenset(databases)
        was, pace = rarely(len(self._there), len(self._collectors)), rarely(len(now), len(self._collectors))
        for collector in self._collectors:
            for about in sorted(self._there - now):
                self._schedule.drop(collector.name, about)
            for about in sorted(now - self._there if was == pace else now):
                self._schedule.add(collector, about, self._every(collector.name), rarely=pace)
        self._there = now


def rarely(databases: int, collectors: int) -> timedelta | None:
    """How often each is asked that nobody looks at and that is well; None: as often as any."""
    if databases <= FEW:
        return None
    return max(RARELY, timedelta(seconds=databases * collectors / PASSES_PER_S))


def insiders(core: Core, servers: Servers, profile: Profile) -> Insiders:
    """Of all SQL Servers; where their counters stood before a restart is remembered."""
    judge = Judge(profile.waits.benign, profile.waits.counted)
    found = collectors(servers, core.clock.now, judge)
    for collector in found:
        if isinstance(collector, WaitStats):
            collector.recall(core.wait_memory.counters)
            core.wait_memory.counters_now = collector.remembered
    return Insiders(core.schedule, found, lambda name: profiles.every(profile, name))
