"""How far is each copy of a place behind, as AWS tells it? One pass puts together what others have asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from collectors.aws.cloudwatch.desk import Desk
from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.aws.replication import caches, clusters, rds, tables
from collectors.aws.replication.edges import Edge, Estate, Key
from collectors.aws.replication.judging import NOT_YET, Heard, Verdict
from collectors.aws.replication.told import Papers
from collectors.collector import Collector
from collectors.inside.replication import ReplicationByAws
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.safe import Safe, sanitise

PRIMARY, REPLICA, BOTH, NOT_SAID = Safe("primary"), Safe("replica"), Safe("both"), Safe("not told")
NO_ROLE = Safe("AWS does not tell which node of a sharded group is its primary")


@dataclass(slots=True)
class _Ends:
    upstream: list[Edge] = field(default_factory=list)
    downstream: list[Edge] = field(default_factory=list)


class ReplicationAsAwsTells(Collector[Place]):
    """One ReplicationByAws for each resource that has a source or copies, one ReplicaLag for each that is a copy.

    It reads what the inventory found and what CloudWatch's collector keeps, and asks nothing itself: what is in the way
    of those, they tell. A link of which CloudWatch may not be read is UNKNOWN, with the grant that is missing.
    """

    name = "replication-aws"
    every = timedelta(minutes=1)

    def __init__(self, known: Known, desk: Desk, now: Callable[[], datetime]) -> None:
        self._known = known
        self._desk = desk
        self._now = now
        self._heard: dict[Key, Heard] = {}
        self._told: dict[ResourceId, datetime] = {}  # of each copy, of when its last lag was
        self._linked: dict[Place, set[ResourceId]] = {}  # of which links were told

    async def collect(self, target: Place) -> AsyncIterator[Reading]:
        now = self._now()
        found = self._known.everywhere()
        estate = Estate(found, Papers(self._desk, now), self._heard)
        edges = list(_edges(estate))
        self._forget(edges, found)
        ends = _by_resource(edges)
        here = {each.id: each for each in found if each.place == target}
        linked = {about for about, each in here.items() if about in ends or not caches.keeps_its_role(each)}
        for about in linked | (self._linked.get(target, set()) & here.keys()):
            yield _fact(here[about], ends.get(about, _Ends()), now)
        self._linked[target] = linked
        for about in here:
            if about in ends and (lag := self._lag(about, ends[about], now)) is not None:
                yield lag

    def _lag(self, about: ResourceId, ends: _Ends, now: datetime) -> ReplicaLag | None:
        """Of the link that it follows; of a table, of the region that is farthest behind. None: nothing is told yet."""
        measured = ends.upstream or [edge for edge in ends.downstream if edge.copy is None]
        edges = [(edge, edge.verdict) for edge in measured if edge.verdict is not None]
        if not edges:
            return None
        edge, verdict = max(edges, key=lambda each: _how_bad(each[1]))
        seconds = verdict.seconds
        if verdict.why == NOT_YET and about not in self._told:
            return None
        at = verdict.heard.at if seconds is not None and verdict.heard else now
        self._told[about] = at = max(at, self._told.get(about, at))
        source = edge.source.id if edge.source and edge.source.id != about else None
        lag = None if seconds is None else timedelta(seconds=seconds)
        return ReplicaLag(about, at, source, lag, sanitise(verdict.state), direct=False)

    def _forget(self, edges: Iterable[Edge], found: Iterable[Found]) -> None:
        """What is no longer there."""
        keys = {(edge.link.source, edge.link.copy) for edge in edges}
        self._heard = {key: heard for key, heard in self._heard.items() if key in keys}
        there = {each.id for each in found}
        self._told = {about: at for about, at in self._told.items() if about in there}


def _edges(estate: Estate) -> Iterator[Edge]:
    return chain(
        rds.replicas(estate),
        rds.standbys(estate),
        clusters.readers(estate),
        caches.replicas(estate),
        tables.replicas(estate),
    )


def _by_resource(edges: Iterable[Edge]) -> dict[ResourceId, _Ends]:
    found: dict[ResourceId, _Ends] = {}
    for edge in edges:
        if edge.source is not None:
            found.setdefault(edge.source.id, _Ends()).downstream.append(edge)
        if edge.copy is not None:
            found.setdefault(edge.copy.id, _Ends()).upstream.append(edge)
    return found


def _fact(found: Found, ends: _Ends, now: datetime) -> ReplicationByAws:
    up, down = ends.upstream, ends.downstream
    role = PRIMARY if not up else BOTH if any(edge.verdict for edge in down) else REPLICA
    keeps = caches.keeps_its_role(found)
    return ReplicationByAws(
        about=found.id,
        observed=now,
        role=role if keeps else NOT_SAID,
        upstream=tuple(edge.link for edge in up),
        downstream=tuple(edge.link for edge in down),
        notes=tuple(_notes(up + down, keeps=keeps)),
    )


def _notes(edges: Sequence[Edge], *, keeps: bool) -> Iterator[Safe]:
    if not keeps:
        yield NO_ROLE
    yield from dict.fromkeys(edge.verdict.why for edge in edges if edge.verdict and edge.verdict.lacks_grant)


def _how_bad(verdict: Verdict) -> tuple[bool, float]:
    """No number is worse than any."""
    return verdict.seconds is None and not verdict.is_idle, verdict.seconds or 0.0
