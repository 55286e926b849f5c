"""What reads AWS for one profile: which collectors, in which accounts and regions, how often."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from collectors.attention import Attention
from collectors.aws.alarms import AlarmStates
from collectors.aws.cloudwatch.collectors import CloudWatch, CloudWatchHistory
from collectors.aws.cloudwatch.desk import Desk
from collectors.aws.events import Events
from collectors.aws.inventory.collector import Inventory
from collectors.aws.known import Known
from collectors.aws.place import Account, Place
from collectors.aws.sessions import Sessions
from collectors.collector import Collector
from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.schedule.schedule import Schedule
from console.engine.spending import Spending
from console.profiles import accounts, refresh, selection, watched_metrics
from console.specs import AwsOptions
from profiles.model import Profile

log = logging.getLogger(__name__)


class Aws:
    """The collectors of AWS. `find` puts them on the schedule, once it is known where to look."""

    def __init__(
        self,
        profile: Profile,
        sessions: Sessions,
        schedule: Schedule,
        spending: Spending,
        attention: Callable[[], Attention],
        now: Callable[[], datetime],
        seen_before: Iterable[ResourceId] = (),
    ) -> None:
        self._sessions, self._schedule = sessions, schedule
        self._refresh = refresh(profile)
        self.known = Known(self._news)
        readers, known = sessions.reader, self.known
        self.desk = Desk(readers, known, attention, spending, now, extra=watched_metrics(profile))
        self._collectors: tuple[Collector[Place], ...] = (
            Inventory(readers, known, selection(profile), now, seen_before=seen_before),
            CloudWatch(self.desk),
            CloudWatchHistory(self.desk),
            Events(readers, known, now),
            AlarmStates(readers, known, now),
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
        return troubles

    def place_of(self, about: ResourceId) -> Place | None:
        found = self.known.find(about)
        return found.place if found else None

    def _add(self, place: Place) -> None:
        for collector in self._collectors:
            self._schedule.add(collector, place, self._refresh.get(collector.name))

    def _news(self, place: Place) -> None:
        """Resources that were not there before are asked for now, not when it is due."""
        for name in (CloudWatch.name, CloudWatchHistory.name, AlarmStates.name):
            self._schedule.hasten(name, str(place))


def chosen(profile: Profile, options: AwsOptions) -> list[tuple[Account, tuple[str, ...]]]:
    """The accounts of the profile, with AWS's own options before what it says."""
    return [
        (
            replace(account, profile=options.profile or account.profile),
            (options.region,) if options.region else regions,
        )
        for account, regions in accounts(profile)
    ]


def every(refresh_s: float) -> timedelta:
    return timedelta(seconds=refresh_s)
