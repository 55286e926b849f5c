"""What reads AWS for one profile: which collectors, in which accounts and regions, how often."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.attention import Attention
from collectors.aws.alarms import AlarmStates
from collectors.aws.answers import NOTHING
from collectors.aws.backups.collector import AwsBackups
from collectors.aws.caller import Caller, caller
from collectors.aws.cloudwatch.collectors import CloudWatch, CloudWatchHistory
from collectors.aws.cloudwatch.desk import Desk
from collectors.aws.events import Events
from collectors.aws.inventory.collector import Inventory
from collectors.aws.known import Found, Known
from collectors.aws.place import Account, Place
from collectors.aws.prices import total
from collectors.aws.replication.collector import ReplicationAsAwsTells
from collectors.aws.sessions import Sessions
from collectors.collector import Collector
from collectors.errors import CannotCollect, Trouble
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from collectors.schedule.schedule import Schedule
from console import profiles
from console.engine.bill import Asked
from console.engine.ghosts import NAME as HAUNTING
from console.engine.spending import Spending
from profiles.model import Profile

log = logging.getLogger(__name__)

AT_NEWS = tuple(kind.name for kind in (CloudWatch, AlarmStates, Events, AwsBackups, ReplicationAsAwsTells))
"""What is asked at once about a resource that was not there before."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where this engine looks, and as whom."""

    accounts: tuple[Safe, ...] = ()
    caller: Safe = NOTHING
    regions: tuple[Safe, ...] = ()


class Aws:
    """The collectors of AWS. `find` puts them on the schedule, once it is known where to look."""

    def __init__(
        self,
        profile: Profile,
        sessions: Sessions,
        schedule: Schedule,
        *,
        spending: Spending,
        attention: Callable[[], Attention],
        now: Callable[[], datetime],
        seen_before: Iterable[ResourceId] = (),
    ) -> None:
        self._profile, self._sessions, self._schedule = profile, sessions, schedule
        self._spending = spending
        self.known = known = Known(self._news)
        self.on_news: Callable[[Iterable[Found]], object] = lambda _: None  # hears of all there is, at each change
        readers = sessions.reader
        metrics = profiles.WatchedMetrics(profile)
        self.desk = Desk(readers, known, attention, purse=spending, now=now, extra=metrics)
        self._places: list[Place] = []
        self._callers: dict[Account, Caller] = {}
        self._inventory = Inventory(readers, known, profiles.selection(profile), now, seen_before=seen_before)
        self._collectors: tuple[Collector[Place], ...] = (
            self._inventory,
            CloudWatch(self.desk),
            CloudWatchHistory(self.desk),
            Events(readers, known, now),
            AlarmStates(readers, known, now, spending.affords),
            ReplicationAsAwsTells(known, self.desk, now),
            AwsBackups(
                readers,
                known,
                now,
                usd_per_gib_month=profile.cost.backup_usd_per_gib_month,
                proofs=profiles.KeptProofs(profile),
            ),
        )

    async def find(self, declared: Iterable[tuple[Account, tuple[str, ...]]]) -> list[Trouble]:
        """Begin to read each account in each of its regions; what is in the way where that is not known."""
        troubles = []
        for account, regions in declared:
            try:
                for region in regions or await self._sessions.regions(account):
                    self._add(Place(account, region))
            except Trouble as trouble:
                log.warning("account %s: %s", account.name, trouble.line())
                troubles.append(trouble)
        if not troubles:
            self._inventory.expect(self._places)
        return troubles

    async def identify(self) -> list[CannotCollect]:
        """Ask who we are in each account where that is not known yet; what is in the way."""
        troubles = []
        for account, place in {place.account: place for place in reversed(self._places)}.items():
            if account not in self._callers:
                try:
                    self._callers[account] = await caller(self._sessions.reader(place))
                except CannotCollect as trouble:
                    troubles.append(trouble)
        return troubles

    @property
    def whereabouts(self) -> Whereabouts:
        """As far as it is known."""
        callers = self._callers.values()
        return Whereabouts(
            accounts=tuple(sorted({caller.account for caller in callers})),
            caller=sanitise(", ".join(sorted({caller.name for caller in callers if caller.name}))),
            regions=tuple(sorted({sanitise(place.region) for place in self._places})),
        )

    @property
    def asked(self) -> Asked:
        """What is asked of CloudWatch at present, and what was asked once."""
        health = self._schedule.health.values()
        targets = {str(place) for place in self._places}
        return Asked(
            paced=tuple(self.desk.paces()),
            alarms_every=tuple(each.every for each in health if each.name == AlarmStates.name),
            history=total(self._spending.of(CloudWatchHistory.name, target) for target in targets),
            ghosts=total(self._spending.of(HAUNTING, target) for target in targets),
        )

    @property
    def places(self) -> tuple[Place, ...]:
        """That are read."""
        return tuple(self._places)

    def place_of(self, about: ResourceId) -> Place | None:
        found = self.known.find(about)
        return found.place if found else None

    def interval(self, about: ResourceId, collector: str, every: timedelta) -> timedelta:
        """How often a value is asked for: of metrics, and of what is made of them, the budget has a say."""
        paced = collector in (CloudWatch.name, ReplicationAsAwsTells.name)
        return max(every, self.desk.interval(about)) if paced else every

    def _add(self, place: Place) -> None:
        if place not in self._places:
            self._places.append(place)
        for collector in self._collectors:
            self._schedule.add(collector, place, profiles.every(self._profile, collector.name))

    def _news(self, place: Place) -> None:
        """What was not there before is asked for now, and not when it is due."""
        for name in AT_NEWS:
            self._schedule.hasten(name, str(place))
        self.on_news([found for each in self._places for found in self.known.of(each)])
