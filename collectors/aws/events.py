"""What happened to the resources, as RDS and ElastiCache tell it?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.aws.answers import Answer, many, text, within, words
from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.aws.troubles import in_one
from collectors.collector import Collector
from collectors.errors import CannotCollect, Expired
from collectors.readings import Happened, Reading, Severity
from collectors.safe import sanitise

AT_FIRST = timedelta(hours=1)
OVERLAP = timedelta(minutes=10)  # an event may be told some minutes after it happened
KEPT_BY_AWS = timedelta(days=14)

CATEGORIES = {  # of RDS, as it writes them; what is not here informs
    "failover": Severity.HIGH,
    "global failover": Severity.HIGH,
    "failure": Severity.HIGH,
    "availability": Severity.WARNING,
    "deletion": Severity.WARNING,
    "low storage": Severity.WARNING,
    "recovery": Severity.WARNING,
}
WORDS = (  # of ElastiCache, which has no categories; the first that fits decides
    (re.compile(r"fail(ed|over|ure)", re.IGNORECASE), Severity.HIGH),
    (re.compile(r"delet|remov|recover|restart|reboot|replac", re.IGNORECASE), Severity.WARNING),
)


def severity(message: str, categories: Iterable[str]) -> Severity:
    """By the worst category; by what is said where there is none."""
    given = [each.lower().replace("-", " ") for each in categories]
    if not given:
        return next((each for pattern, each in WORDS if pattern.search(message)), Severity.INFO)
    order = list(Severity)
    return min((CATEGORIES.get(each, Severity.INFO) for each in given), key=order.index)


Key = tuple[str, str, datetime, str]


@dataclass(slots=True)
class _Told:
    """What one service of one place has told, and until when it was asked."""

    until: datetime | None = None
    keys: set[Key] = field(default_factory=set)

    def since(self, now: datetime) -> datetime:
        begin = now - AT_FIRST if self.until is None else min(self.until, now) - OVERLAP
        return max(begin, now - KEPT_BY_AWS + OVERLAP)

    def asked(self, until: datetime) -> None:
        """What a later question cannot bring again need not be remembered."""
        self.until = until
        self.keys = {key for key in self.keys if key[2] >= until - OVERLAP}


class Events(Collector[Place]):
    """One Happened for each event about a resource of the estate, once; of the last hour in the first pass."""

    name = "events"
    every = timedelta(minutes=1)
    needs = ("rds:DescribeEvents", "elasticache:DescribeEvents")

    def __init__(self, readers: Callable[[Place], Reader], known: Known, now: Callable[[], datetime]) -> None:
        self._readers = readers
        self._known = known
        self._now = now
        self._told: dict[tuple[Place, str], _Told] = {}

    async def collect(self, target: Place) -> AsyncIterator[Reading]:
        """Asks nothing while no resource is known: whatever it was told would be about none."""
        found = self._known.of(target)
        if not found:
            return
        reader, whose, troubles = self._readers(target), _Whose(found), list[CannotCollect]()
        for service in ("rds", "elasticache"):
            told = self._told.setdefault((target, service), _Told())
            now = self._now()
            try:
                async for event in _events(reader, service, told.since(now), now):
                    if (happened := _once(event, service, whose, told)) is not None:
                        yield happened
                told.asked(now)
            except Expired:
                raise
            except CannotCollect as trouble:
                troubles.append(trouble)
        if troubles:
            raise in_one(troubles)


async def _events(reader: Reader, service: str, since: datetime, until: datetime) -> AsyncIterator[Answer]:
    async for page in reader.pages(service, "DescribeEvents", StartTime=since, EndTime=until):
        for event in many(page, "Events"):
            yield event


def _once(event: Answer, service: str, whose: _Whose, told: _Told) -> Happened | None:
    """None for what was told, what is about nothing that is known, and what has no date."""
    about, date, message = whose.find(service, event), _date(within(event, "Date")), text(event, "Message")
    if about is None or date is None:
        return None
    key = (text(event, "SourceType"), text(event, "SourceIdentifier"), date, message)
    if key in told.keys:
        return None
    told.keys.add(key)
    how_bad = severity(message, words(event, "EventCategories"))
    return Happened(about.id, date, sanitise(message), how_bad, sanitise(service))


def _date(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


AUTOMATED = re.compile(r"rds:(?P<name>.+?)-\d{4}(-\d{2}){4}")  # rds:orders-2026-11-21-03-05
MEMBER = re.compile(r"(?P<group>.+?)(-\d{4})?-\d{3}")  # sessions-001, or sessions-0002-001 of the second shard
NODE = re.compile(r"(?P<name>.+)\.\d{4}")  # sessions-001.0001
KINDS = {
    "db-instance": "instance",
    "db-cluster": "cluster",
    "db-snapshot": "instance",
    "db-cluster-snapshot": "cluster",
    "cache-cluster": "cache",
}


class _Whose:
    """Which resource is an event about?"""

    def __init__(self, found: Iterable[Found]) -> None:
        self._by_name: Mapping[tuple[str, str], Found] = {(each.kind, each.name.lower()): each for each in found}
        self._primaries: dict[str, Found] = {}
        for (kind, name), each in sorted(self._by_name.items(), key=lambda item: (item[1].role != "primary", item[0])):
            if kind == "cache" and (member := MEMBER.fullmatch(name)):
                self._primaries.setdefault(member["group"], each)

    def find(self, service: str, event: Answer) -> Found | None:
        """A snapshot that RDS made bears its instance's name; a group's events are its primary's."""
        source, name = text(event, "SourceType"), text(event, "SourceIdentifier").lower()
        if source == "replication-group":
            return self._primaries.get(name)
        if source in ("db-snapshot", "db-cluster-snapshot"):
            snapshot = AUTOMATED.fullmatch(name)
            name = snapshot["name"] if snapshot else ""
        elif service == "elasticache" and (node := NODE.fullmatch(name)):
            name = node["name"]
        return self._by_name.get((KINDS.get(source, ""), name))
