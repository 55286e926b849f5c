"""What did CloudTrail see of a time? Asked through the readers that may only read."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.aws.answers import many
from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.prices import Prices
from collectors.aws.reader import Reader
from collectors.aws.sessions import Sessions
from collectors.threads import Threads
from console.audit.record import Record

BEFORE, AFTER = timedelta(minutes=5), timedelta(minutes=20)  # AWS tells of a change within 15 minutes, on the average
ASKED_EVERY_S = 0.5  # AWS answers two a second in each region
_ARN = re.compile(r"arn:[^:]+:[^:]+:([a-z0-9-]+):\d{12}:.+")


class CloudTrail(ABC):
    """What AWS keeps of changes.

    `events` are those of all regions between the two times, as `LookupEvents` answers, in no order. Reads are left out.
    It raises `CannotCollect` where one region does not answer: a part would be taken for all.
    """

    @abstractmethod
    async def events(self, since: datetime, until: datetime) -> list[Mapping[str, Any]]: ...


class OfReaders(CloudTrail):
    def __init__(self, readers: Iterable[Reader]) -> None:
        self._readers = tuple(readers)

    async def events(self, since: datetime, until: datetime) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        only_changes = [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
        asked = {"StartTime": since, "EndTime": until, "LookupAttributes": only_changes}
        for reader in self._readers:
            async for page in reader.pages("cloudtrail", "LookupEvents", **asked):
                found += many(page, "Events")
                await asyncio.sleep(ASKED_EVERY_S if "NextToken" in page else 0)
        return found


def span(records: Iterable[Record]) -> tuple[datetime, datetime] | None:
    """The time about which AWS is to be asked; None where there are no records."""
    times = [record.at for record in records]
    return (min(times) - BEFORE, max(times) + AFTER) if times else None


def regions(records: Iterable[Record]) -> tuple[str, ...]:
    """Where the resources are that the records are about."""
    return tuple(sorted({found[1] for record in records if (found := _ARN.fullmatch(record.res))}))


async def asked(
    profile: str | None, regions_: tuple[str, ...], since: datetime, until: datetime
) -> list[Mapping[str, Any]]:
    """As the AWS CLI would be asked, in these regions or in the one that it would take."""
    sessions = Sessions(Threads(4), Meter(Prices(), lambda: datetime.now(UTC)))
    try:
        account = Account(profile or "default", profile=profile)
        places = [Place(account, region) for region in regions_ or await sessions.regions(account)]
        return await OfReaders(map(sessions.reader, places)).events(since, until)
    finally:
        sessions.close()
