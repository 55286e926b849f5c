"""What have RDS, ElastiCache and CloudTrail told of it? In whatever order it came, perhaps twice, perhaps never."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.aws.answers import many, text, within
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Expired
from console.actions.common import CLOCK_OFF
from console.actions.craft import Sent
from console.actions.plan import Plan
from console.audit.diff import SESSION, Trailed, trailed

DAY = timedelta(days=1)
LAST = "LastFailover"  # in the fingerprint: what was over before is no proof of what comes after
TRAIL_LATE = timedelta(minutes=15)  # AWS tells of a request by then


@dataclass(frozen=True, slots=True)
class Told:
    """One event."""

    at: datetime
    text: str
    about: str  # the name of whom

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%SZ} {self.text}"


Events = tuple[Told, ...] | None
"""By their times; None: they cannot be asked for, which is not that there are none."""


async def events(reader: Reader, service: str, since: datetime, **whose: Any) -> Events:
    """``whose``: as the API asks for it."""
    found = set[Told]()
    try:
        async for page in reader.pages(service, "DescribeEvents", StartTime=since, **whose):
            found.update(filter(None, map(_told, many(page, "Events"))))
    except Expired:
        raise
    except CannotCollect:
        return None
    return tuple(sorted(found, key=lambda each: (each.at, each.text)))


def _told(event: Any) -> Told | None:
    at = within(event, "Date")
    if not isinstance(at, datetime):
        return None
    return Told(at if at.tzinfo else at.replace(tzinfo=UTC), text(event, "Message"), text(event, "SourceIdentifier"))


def first(found: Events, words: re.Pattern[str]) -> Told | None:
    return next((each for each in found or () if words.search(each.text)), None)


def last(found: Events, words: re.Pattern[str]) -> Told | None:
    return next((each for each in reversed(found or ()) if words.search(each.text)), None)


def fingerprint(found: Events, words: re.Pattern[str]) -> dict[str, str]:
    """When the last was over, as far as is told."""
    told = last(found, words)
    return {} if told is None else {LAST: told.at.isoformat()}


async def since(reader: Reader, plan: Plan, sent: Sent, service: str, **whose: Any) -> Events:
    """Those after it was sent, by AWS's clock, which is a minute from ours at most; and after what was over before."""
    found = await events(reader, service, sent.at - CLOCK_OFF, **whose)
    before = dict(plan.expected).get(LAST)
    known = None if before is None else datetime.fromisoformat(before)
    return found if found is None or known is None else tuple(each for each in found if each.at > known)


@dataclass(frozen=True, slots=True)
class Trail:
    """Requests for the same, as CloudTrail has them; it may have none of them yet."""

    ours: Trailed | None = None
    theirs: Trailed | None = None


NO_TRAIL = Trail()


async def trail(reader: Reader, plan: Plan, sent: Sent, operation: str, names: Iterable[str]) -> Trail:
    """``names``: of what is asked about, as AWS calls it. What CloudTrail does not answer is not known."""
    asked = {
        "StartTime": sent.at - CLOCK_OFF,
        "EndTime": min(sent.at + TRAIL_LATE, max(sent.now, sent.at)),
        "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": operation}],
    }
    named, found = frozenset(names), list[Trailed]()
    try:
        async for page in reader.pages("cloudtrail", "LookupEvents", **asked):
            found += filter(None, map(trailed, many(page, "Events")))
    except Expired:
        raise
    except CannotCollect:
        return NO_TRAIL
    about = [each for each in found if named & set(each.about)]
    ours = [each for each in about if _is_ours(each, plan)]
    theirs = (each for each in about if each not in ours and not each.error and each.session != plan.by)
    return Trail(next(iter(ours), None), next(theirs, None))


def _is_ours(each: Trailed, plan: Plan) -> bool:
    session = SESSION.fullmatch(each.session)
    return session is not None and session[1] == plan.op
