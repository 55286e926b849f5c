"""Who plays which part at a time, who follows whom, and how is each door? The part of the model that turns change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from console.demo.backups import BackupPlan
from console.demo.by_itself import by_itself
from console.demo.cast import Eras, Machines, as_they_are
from console.demo.flushes import Flush, Flushes, Gap, Run, emptied, missing
from console.demo.instances import Instance, none_at
from console.demo.inventory import Machine
from console.demo.metrics import HITS, ITEMS, asked_of_cache, fills_s, memory_of_cache
from console.demo.redis.keys import FAMILIES
from console.demo.scenario.causes import strain
from console.demo.scenario.script import Script
from console.demo.troupe import Troupe
from console.demo.turns import Turn, Turns

FOLLOWS = ("replica", "reader")
SAME_TIMES = 256


class Parts:
    """``machines``: as they are when the play begins."""

    def __init__(self, seed: int, start: float, machines: Iterable[Machine], script: Script) -> None:
        self._seed, self._script = seed, script
        self.start = start
        self.machines: Mapping[ResourceId, Machine] = {machine.id: machine for machine in machines}
        self._plans = {machine.id: BackupPlan.of(seed, start, machine) for machine in self.machines.values()}
        self._by_itself = tuple(by_itself(script, self.machines))
        self._before = {  # what each database has caches for
            about: [each for each in self.machines.values() if each.kind == "cache" and each.origin == about]
            for about in {each.origin for each in self.machines.values()}
        }
        self._gone = lru_cache(SAME_TIMES)(self._missing)
        self.flushes = Flushes()
        self.take(())

    def take(self, turns: Iterable[Turn]) -> None:
        """What was asked of the API until now: all of it, in place of what was taken before."""
        self.turns = Turns((*self._by_itself, *turns))
        self._cast()

    def learn(self, flushes: Iterable[Flush]) -> None:
        """What was flushed, of whomever it is known; what is known already stays as it is."""
        joined = self.flushes.joined(flush for flush in flushes if flush.about in self.machines)
        if joined is not self.flushes:
            self.flushes = joined
            self._cast()

    def _cast(self) -> None:
        """Whatever was worked out before is worked out anew."""
        self._gone.cache_clear()
        self._gaps: dict[ResourceId, tuple[Gap, ...]] = {}
        for flush in self.flushes.all:
            if flush.runs:
                whole = self.data_of(flush.about)
                gap = Gap(flush.at, flush.runs, fills_s(self._hits(whole, flush.at)))
                self._gaps[whole] = (*self._gaps.get(whole, ()), gap)
        make = partial(Troupe.of, self._instance)
        self._troupes: Eras[Troupe] = Eras(self.machines, self.turns, lambda turn: turn.moved, make)
        self._shown: Eras[Machines] = Eras(self.machines, self.turns, lambda turn: turn.shown, as_they_are)

    def as_at(self, about: ResourceId, t: float) -> Machine:
        """With the role that it has then, and with whom it follows."""
        return self._troupes.at(t).machines[about]

    def all_at(self, t: float) -> Machines:
        return self._troupes.at(t).machines

    def shown_at(self, t: float) -> Machines:
        """As AWS shows them, which is a little later."""
        return self._shown.at(t)

    def followers(self, about: ResourceId, t: float) -> list[Machine]:
        return [each for each in self.all_at(t).values() if each.source == about]

    def door(self, endpoint: ResourceId, t: float) -> Door:
        """Of an instance, a node, a cluster, or a replication group."""
        if (door := self.turns.door(endpoint, t)) is not None:
            return door
        machine = self.all_at(t).get(endpoint)
        return Door.READ_ONLY if machine is not None and machine.role in FOLLOWS else Door.OPEN

    def data_of(self, about: ResourceId) -> ResourceId:
        """By which what a cache holds is known: all nodes of a group hold the same."""
        return self.machines[about].cluster or about

    def gaps(self, about: ResourceId) -> tuple[Gap, ...]:
        """What was flushed of a cache and its group."""
        return self._gaps.get(self.data_of(about), ())

    def items(self, about: ResourceId, t: float) -> float:
        """How many keys it would hold if nothing had been flushed."""
        return ITEMS * memory_of_cache(self.machines[about], self._seed, t, strain(self._script, about, t))

    def gone(self, about: ResourceId, t: float, within: Run | None = None) -> float:
        """The share of its keys that was flushed and is not back yet."""
        gaps = self.gaps(about)
        if not any(gap.is_open(t) for gap in gaps):
            return 0.0
        return self._gone(about, t) if within is None else missing(gaps, within, t)

    def _missing(self, about: ResourceId, t: float) -> float:
        items, gaps = self.items(about, t), self.gaps(about)
        return min(1.0, sum(each.share * missing(gaps, each.held(items), t) for each in FAMILIES))

    def emptied(self, about: ResourceId, t: float) -> float:
        """The share of a SQL Server's plans that was thrown out and is not compiled again yet."""
        return emptied(self.flushes.of(about), t)

    def flood(self, about: ResourceId, t: float) -> float:
        """Queries per second that reach a database because its caches have lost what they held."""
        found = 0.0
        for cache in self._before.get(about, ()):
            if gone := self.gone(cache.id, t):
                found += gone * HITS * self._asked(cache, t)
        return found

    def _hits(self, whole: ResourceId, t: float) -> float:
        nodes = (each for each in self.machines.values() if whole in (each.cluster, each.id) and each.kind == "cache")
        return HITS * sum(self._asked(node, t) for node in nodes)

    def _asked(self, cache: Machine, t: float) -> float:
        return cache.reads * asked_of_cache(cache, self._seed, t, strain(self._script, cache.id, t))

    def _troupe(self, t: float) -> Troupe:
        return self._troupes.at(t)

    def _instance(self, machine: Machine, source: Instance | None) -> Instance:
        plan = self._plans[machine.id]
        return Instance(
            self._seed,
            machine,
            plan,
            source,
            script=self._script,
            turns=self.turns,
            flood=partial(self.flood, machine.id) if machine.id in self._before else none_at,
            emptied=partial(self.emptied, machine.id),
        )
