"""What every engine is, with or without sockets: collectors into an estate, the estate into a hub."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from collectors.aws.prices import Spent
from collectors.clock import Clock
from collectors.errors import Trouble
from collectors.inside.backups import Backups, DatabaseBackups
from collectors.inside.replication import Replication
from collectors.inside.waits import Waits
from collectors.job import Job
from collectors.readings import BackupStatus, Described, Gone, Happened, Reading, ReplicaLag, ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.schedule.health import Health
from collectors.schedule.schedule import Schedule
from console import __version__
from console.engine.chronicle import Chronicle
from console.engine.naming import Named, named
from console.engine.publisher import Publisher
from console.engine.teller import Teller
from console.engine.wait_memory import WaitMemory
from console.estate import news
from console.estate.declared import Intent
from console.estate.estate import Estate
from console.estate.levels import Limit, Limits
from console.estate.states import Source, Sources
from console.estate.times import from_ms, to_ms
from console.protocol.hub import Hub
from console.protocol.message import VERSION
from console.protocol.meta import BoardLayout, Meta, Objective, Threshold, Tier
from console.protocol.scribe import Scribe
from console.protocol.status import CollectorState, Cost, Status
from console.protocol.status import Spending as SpendingRow
from console.protocol.ulid import ENTROPY_BYTES, ulid
from console.triage.beside import Beside
from console.triage.finding import Finding
from console.triage.frame import Frame
from console.triage.news import told
from console.triage.promises import Promise, bounds, promised
from console.triage.watch import Watch

if TYPE_CHECKING:
    from console.engine.aws import Aws
    from console.engine.databases import Databases
    from console.engine.spending import Spending


GAP = timedelta(minutes=10)  # after a longer one nobody knows what has happened in between
INVENTORY = "inventory"
MOST_SERVERS = 100  # that a status names, those first that are asked the most
LOOKED_AT = (Replication, Backups, DatabaseBackups, BackupStatus, ReplicaLag)
"""What rules are about: whenever one comes, its resource is looked at."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which estate this engine speaks of, and how."""

    estate: str
    mode: Literal["live", "demo"]
    speed: float = 1.0
    notices: tuple[str, ...] = ()
    board: BoardLayout | None = None
    objectives: tuple[Objective, ...] = ()
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldOfSharing:
    """``shared``: where, and with how many; ``notices``: what is wrong with that."""

    shared: Safe = NO_TEXT
    notices: tuple[Safe, ...] = ()


class Core:
    """One epoch of one engine."""

    def __init__(
        self,
        identity: Identity,
        clock: Clock,
        limits: Iterable[Limit] = (),
        *,
        intents: Iterable[Intent] = (),
        chronicle: Chronicle | None = None,
        wait_memory: WaitMemory | None = None,
        promises: Iterable[Promise] = (),
    ) -> None:
        self._identity = identity
        self._aws: Aws | None = None
        self._spending: Spending | None = None
        self._databases: Databases | None = None
        self._endpoint: str | None = None
        self._hindrances: tuple[str, ...] = ()
        self._was_whole: dict[str, bool] = {}  # regions, as far as their inventories are as they were
        self._started = to_ms(clock.now())
        limits = tuple(limits)
        self._thresholds = tuple(map(_threshold, limits))
        self.clock = clock
        self.estate = Estate()
        self._limits = Limits(limits)
        self._watch, self._beside, self._promises = Watch(), Beside(), tuple(promises)
        self.on_reading: Callable[[Reading, Described | None], object] = lambda _, __: None
        self.on_health: Callable[[Health], object] = lambda _: None
        self.sharing: Callable[[], ToldOfSharing] = ToldOfSharing
        self.wait_memory = wait_memory or WaitMemory()
        self.hub = Hub()
        self.schedule = Schedule(clock, self._take, self._health_changed, rank=self._rank)
        self.epoch = ulid(self._started, os.urandom(ENTROPY_BYTES))
        self.scribe = Scribe(identity.estate, "engine", self.epoch, self.now_ms)
        self.teller = Teller(identity.estate, self.hub, self.scribe, chronicle)
        self.publisher = Publisher(
            self.estate,
            self.teller,
            meta=self._meta,
            status=self._status,
            pulse=self._pulse,
            sources=self._sources,
            now_ms=self.now_ms,
            limits=self._limits,
            intents=intents,
        )

    @property
    def estate_name(self) -> str:
        return self._identity.estate

    def recalled(self) -> None:
        """The estate holds what was known before a restart: findings of a moment ago stand, older ones are history."""
        now = self.clock.now()
        for about, resource in self.estate.resources.items():
            if now - from_ms(resource.seen) < GAP:
                by_rules = tuple(sight for sight in resource.findings if not sight.finding.id.startswith("failover-"))
                self._watch.recall(about, by_rules, now)  # who watches a failover says anew what is so
            else:
                resource.findings = ()

    def joined_with(self, aws: Aws, spending: Spending, databases: Databases, endpoint: str | None) -> None:
        """What it reads, which it tells of: where a resource is, what is spent, where the demo's AWS answers."""
        self._aws, self._spending, self._databases, self._endpoint = aws, spending, databases, endpoint

    def looks_elsewhere(self) -> None:
        """Where it looks, or as whom, is otherwise known than before."""
        self._was_whole.clear()
        self.publisher.want_meta()

    def hindered_by(self, troubles: Iterable[Trouble]) -> None:
        """What keeps it from reading some of the estate."""
        self._hindrances = tuple(trouble.line() for trouble in troubles)

    def _take(self, reading: Reading) -> None:
        if isinstance(reading, Happened):
            self.teller.happened(reading)
            self.on_reading(reading, None)
            return
        if isinstance(reading, Waits):
            self.wait_memory.take(reading)
        before = self.estate.resources.get(reading.about)
        described = before.described if before else None
        has_changed = self.estate.fold(reading) is not None
        if isinstance(reading, LOOKED_AT):
            self._conclude(reading.about)
        for happened in self._news(described, reading) if has_changed else ():
            self.teller.happened(happened)
        self.on_reading(reading, described)

    def found(self, about: ResourceId, finding: Finding) -> None:
        """By somebody who watches it, and not by a rule: it stands until `cleared`."""
        if self._beside.found(about, finding, self.clock.now()):
            self._show_findings(about)

    def cleared(self, about: ResourceId, finding: str) -> None:
        if self._beside.cleared(about, finding, self.clock.now()):
            self._show_findings(about)

    def promised(self, about: ResourceId, measure: str) -> float | None:
        """What the profile promises of it."""
        resource = self.estate.resources.get(about)
        return None if resource is None else promised(self._promises, resource).get(measure)

    def _show_findings(self, about: ResourceId) -> None:
        resource = self.estate.resources.get(about)
        if resource is None:
            return
        before, resource.findings = resource.findings, (*self._watch.of(about), *self._beside.of(about))
        if [sight.told for sight in before] != [sight.told for sight in resource.findings]:
            self.publisher.want_whole(about)

    def _conclude(self, about: ResourceId) -> None:
        """Something was learnt of it that rules look at."""
        resource = self.estate.resources.get(about)
        if resource is None:
            return
        frame = Frame(
            resource,
            self.clock.now(),
            self.estate.resources,
            promised(self._promises, resource),
            bounds(self._limits, resource),
        )
        changes = self._watch.look(frame)
        self._show_findings(about)
        for sight in changes:
            self.teller.happened(told(about, sight, frame.now))

    def _news(self, before: Described | None, reading: Reading) -> Iterable[Happened]:
        match reading:
            case Described() if before is not None:
                return news.changed(before, reading)
            case Described() if self._was_listed(reading.region):
                return (news.appeared(reading),)
            case Gone():
                self._watch.forget(reading.about)
                self._beside.forget(reading.about)
                return (news.vanished(reading),)
        return ()

    def _was_listed(self, region: str) -> bool:
        """Whether that region was listed whole before: what is found by then is new."""
        if region not in self._was_whole:
            jobs = (job for job in self.schedule.jobs() if job.collector == INVENTORY)
            places = [job.target for job in jobs if job.target.startswith(f"{region}.")]
            lists = [self.schedule.of(place)[INVENTORY] for place in places]
            self._was_whole[region] = bool(lists) and all(health.last is not None for health in lists)
        return self._was_whole[region]

    def _spent(self, health: Health) -> Spent:
        return self._spending.of(health.name, health.target) if self._spending else Spent()

    def _health_changed(self, health: Health) -> None:
        """Of a place that concerns many; each is told at its next review."""
        if health.name == INVENTORY:
            self._was_whole.clear()
        if health.target in self.estate.resources:
            self.publisher.want_whole(ResourceId(health.target))
        self.on_health(health)

    def _rank(self, job: Job) -> int:
        """What is looked at or sick goes first; and what brings a whole place, as that is in it."""
        about = ResourceId(sanitise(job.target))
        return 1 if about in self.estate.resources and not self.publisher.matters(about) else 0

    def now_ms(self) -> int:
        return to_ms(self.clock.now())

    def _sources(self, about: ResourceId) -> Sources:
        """The collectors of the resource itself, and those of the place where it is."""
        place = self._aws.place_of(about) if self._aws else None
        found = self.schedule.of(about) | (self.schedule.of(str(place)) if place else {})
        return {name: Source(self._every(about, health), health.state) for name, health in found.items()}

    def _every(self, about: ResourceId, health: Health) -> timedelta:
        return self._aws.interval(about, health.name, health.every) if self._aws else health.every

    def _meta(self) -> Meta:
        where = self._aws.whereabouts if self._aws else None
        return Meta(
            schema_version=VERSION,
            started=self._started,
            version=sanitise(__version__),
            estate=sanitise(self._identity.estate),
            mode=self._identity.mode,
            speed=self._identity.speed,
            names={name: name for name in self.estate.resources},
            endpoint=None if self._endpoint is None else sanitise(self._endpoint),
            accounts=where.accounts if where else (),
            caller=(where.caller or None) if where else None,
            regions=where.regions if where else (),
            thresholds=self._thresholds,
            objectives=self._identity.objectives,
            board=self._identity.board,
            tiers=self._identity.tiers,
            capabilities=self._databases.capabilities if self._databases else (),
        )

    def _bill(self) -> tuple[SpendingRow, ...]:
        if self._aws is None or self._spending is None:
            return ()
        rows = (resource.alarms.rows for resource in self.estate.resources.values() if resource.alarms)
        alarms = len({alarm.name for of_one in rows for alarm in of_one})
        return self._spending.bill(replace(self._aws.asked, alarms=alarms))

    @property
    def _notice(self) -> str:
        return self._databases.notice if self._databases else ""

    def _notices(self) -> tuple[str, ...]:
        return (*self._identity.notices, self._notice, *self._hindrances, *self.sharing().notices)

    def _pulse(self) -> Hashable:
        """What of the status cannot wait until it is told anyway. Asked at each step, so it builds no message."""
        each = ((h.name, h.target, h.state, h.error, h.breaker.state, h.paused) for h in self._named().healths)
        return self._hindrances, self.sharing(), self.schedule.paused_all, tuple(each)

    def _named(self) -> Named:
        """The collectors that the status is about, one by one."""
        resources, is_seen = self.estate.resources, self.publisher.is_seen
        return named(self.schedule.health.values(), lambda target: target not in resources, is_seen)

    def _status(self) -> Status:
        of = self._named()
        return Status(
            online=True,
            collectors=tuple(_told(each, self._spent(each)) for each in of.healths),
            unnamed=dict(of.unnamed),
            cost=self._spending.told() if self._spending else Cost(),
            paused=self.schedule.paused_all,
            spending=self._bill(),
            servers=self._databases.told(MOST_SERVERS) if self._databases else (),
            notices=tuple(map(sanitise, filter(None, self._notices()))),
            shared=self.sharing().shared,
        )


def _threshold(limit: Limit) -> Threshold:
    concern = limit.concern
    return Threshold(
        value=limit.value,
        severity=limit.severity,
        bound=limit.bound,
        above=limit.above,
        ids=tuple(map(sanitise, concern.ids)),
        engines=tuple(map(sanitise, concern.engines)),
        kinds=tuple(map(sanitise, concern.kinds)),
    )


def _told(health: Health, spent: Spent) -> CollectorState:
    return CollectorState(
        name=health.name,
        target=health.target,
        state=health.state,
        last=to_ms(health.last) if health.last else None,
        next=to_ms(health.due) if health.due else None,
        took_ms=health.took_ms,
        error=health.error,
        mend=health.mend,
        since=to_ms(health.since) if health.since else None,
        every_s=health.every.total_seconds(),
        breaker=health.breaker.state,
        paused=health.paused,
        grant=health.grant,
        requests=spent.requests,
        metrics=spent.metrics,
        usd=spent.usd,
    )
