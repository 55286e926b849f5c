"""The last failovers of one resource: from our own runs and audit, from AWS's events, and from CloudTrail."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from collectors.aws.answers import many, text, within
from collectors.aws.events import KEPT_BY_AWS
from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from console.engine.failovers import concerned
from console.engine.failovers.failovers import Failovers
from console.estate.resource import Resource
from console.failover.history import Former, Witness, by_events, merged, rows
from console.failover.observed import Kind
from console.protocol.requests import Said

log = logging.getLogger(__name__)

REMEMBERED_FOR = timedelta(seconds=30)  # CloudTrail answers two questions a second, and nothing old changes
PAGES = 5  # of CloudTrail, for one name
_NAMES = {
    Kind.STANDBY: ("RebootDBInstance",),
    Kind.CLUSTER: ("FailoverDBCluster",),
    Kind.CACHE: ("TestFailover",),
    Kind.PROMOTION: ("PromoteReadReplica",),
}
_TITLES = {"RebootDBInstance": "reboot", "FailoverDBCluster": "failover", "TestFailover": "test failover",
           "PromoteReadReplica": "promotion"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sources:
    known: Known
    reader: Callable[[Place], Reader]
    resources: Callable[[], Mapping[ResourceId, Resource]]
    now: Callable[[], datetime]


class Past:
    def __init__(self, failovers: Failovers, sources: Sources) -> None:
        self._failovers, self._sources = failovers, sources
        self._asked: dict[ResourceId, tuple[datetime, tuple[Former, ...]]] = {}

    async def rows(self, about: ResourceId) -> Said:
        """Titles first, the newest first. What does not answer is left out, and logged."""
        resource = self._sources.resources().get(about)
        if resource is None:
            raise Trouble("There is no such resource.", seen=about, mend="Refresh with Ctrl+R.")
        kind = concerned.kind_of(resource.described)
        cluster = resource.described.cluster
        if resource.described.kind == "instance" and cluster in self._sources.resources():
            kind, about = Kind.CLUSTER, cluster or about
            resource = self._sources.resources()[about]
        names = concerned.about(resource, kind or Kind.STANDBY, self._sources.resources())
        hand = self._failovers.hand
        audited = await hand.formers(names) if hand is not None else ()
        return rows(merged([*self._ours(names), *audited, *await self._of_aws(about, names, kind)]))

    def _ours(self, names: Sequence[ResourceId]) -> Iterable[Former]:
        now = self._sources.now()
        for one in self._failovers.ones:
            run = one.run
            if run.case.resource not in names or run.start is None or run.has_failed:
                continue
            shut = run.outage(now)
            took = shut.lasts(now) if shut is not None and shut.up is not None else None
            yield Former(run.start, _what(run.case.kind), run.case.by, took, (Witness.PROBE,))

    async def _of_aws(self, about: ResourceId, names: Sequence[ResourceId], kind: Kind | None) -> tuple[Former, ...]:
        now = self._sources.now()
        asked = self._asked.get(about)
        if asked is not None and now - asked[0] < REMEMBERED_FOR:
            return asked[1]
        found = [each for name in names if (each := self._sources.known.find(name)) is not None]
        told: list[Former] = []
        for question in (_events(self._sources.reader, found, now), _trail(self._sources.reader, found, kind, now)):
            try:
                told += await question
            except Trouble as trouble:
                log.info("former failovers of %s: %s", about, trouble.line())
        self._asked[about] = now, tuple(told)
        return tuple(told)


async def _events(reader: Callable[[Place], Reader], found: Sequence[Found], now: datetime) -> list[Former]:
    """Of all concerned: a member's event may tell of its group."""
    told: list[tuple[datetime, Safe]] = []
    for each in found:
        service, source = ("elasticache", "cache-cluster") if each.kind == "cache" else ("rds", f"db-{each.kind}")
        asked = {"StartTime": now - KEPT_BY_AWS + timedelta(minutes=5), "EndTime": now}
        pages = reader(each.place).pages(
            service, "DescribeEvents", SourceIdentifier=each.name, SourceType=source, **asked
        )
        async for page in pages:
            dated = ((within(event, "Date"), sanitise(text(event, "Message"))) for event in many(page, "Events"))
            told += [(at, words) for at, words in dated if isinstance(at, datetime)]
    return by_events(told)


async def _trail(
    reader: Callable[[Place], Reader], found: Sequence[Found], kind: Kind | None, now: datetime
) -> list[Former]:
    """Who asked AWS for one, whichever console they used."""
    told: list[Former] = []
    names = {each.name for each in found} | {each.ties.group for each in found if each.ties.group}
    for place in {each.place for each in found}:
        for name in _NAMES.get(kind, ()) if kind else ():
            only = [{"AttributeKey": "EventName", "AttributeValue": name}]
            pages = reader(place).pages(
                "cloudtrail", "LookupEvents", StartTime=now - KEPT_BY_AWS, EndTime=now, LookupAttributes=only
            )
            count = 0
            async for page in pages:
                told += [one for event in many(page, "Events") if (one := _asked(event, name, names)) is not None]
                count += 1
                if count == PAGES:
                    break
                await asyncio.sleep(0.5 if "NextToken" in page else 0)
    return told


def _asked(event: Mapping[str, Any], name: str, names: set[str]) -> Former | None:
    """None for what is of another, was refused, or is a reboot without a failover."""
    try:
        whole = orjson.loads(text(event, "CloudTrailEvent") or b"{}")
    except orjson.JSONDecodeError:
        return None
    about = {text(each, "ResourceName") for each in many(event, "Resources")}
    asked = within(whole, "requestParameters")
    asked = asked if isinstance(asked, dict) else {}
    about |= {value for value in asked.values() if isinstance(value, str)}
    at = within(event, "EventTime")
    is_plain_reboot = name == "RebootDBInstance" and str(asked.get("forceFailover", "")).lower() != "true"
    if not isinstance(at, datetime) or not names & about or text(whole, "errorCode") or is_plain_reboot:
        return None
    who = text(whole, "userIdentity", "arn").rpartition("/")[2] or text(event, "Username")
    return Former(at, sanitise(_TITLES[name]), sanitise(who), None, (Witness.CLOUDTRAIL,))


def _what(kind: Kind) -> Safe:
    return Safe("promotion" if kind is Kind.PROMOTION else "failover")
