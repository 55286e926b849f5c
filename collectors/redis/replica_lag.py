"""How far is a replica behind its primary, and does the link between them live? Asked of both ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from collectors.collector import Collector
from collectors.errors import CannotCollect, Denied, Throttled
from collectors.inside.replication import DEAD, Link, LinkState, Replication
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.redis.asking import INFO, Caches, Fields, Question
from collectors.redis.info import SECTIONS, Follower, Node, address, followers, node
from collectors.redis.links import downstream, gone, unseen, upstream
from collectors.redis.remembered import Left, Memory, Remembered, primary_of, written_of
from collectors.redis.written import Written
from collectors.safe import Safe, sanitise

Now = Callable[[], datetime]
PRIMARY, REPLICA, BOTH, NOT_TOLD = Safe("primary"), Safe("replica"), Safe("both"), Safe("not told")
FRESH_S = 15.0  # so long it is believed how far a primary has written
UNMEASURED = frozenset((LinkState.SEEDING, LinkState.UNKNOWN, *DEAD))
ASKED = Question("replica-lag", SECTIONS)


class RedisLag(Collector[ResourceId]):
    """One `Replication` for each pass over a node, and of a replica, or what was one, its `ReplicaLag` too.

    Where a node that was known cannot be asked, its links are told as unknown before the error is raised.
    """

    name = "replica-lag"
    every = timedelta(seconds=5)
    needs = (INFO,)

    def __init__(self, caches: Caches, now: Now) -> None:
        self._caches, self._now = caches, now
        self._memory: Memory = {}
        self._copies: set[ResourceId] = set()  # that followed somebody when they were looked at

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        try:
            fields = await self._caches.of(target).ask(ASKED)
            found = node(fields)
        except Throttled:
            raise
        except CannotCollect as trouble:
            for reading in self._unseen(target, trouble):
                yield reading
            raise
        for reading in self._told(target, found, fields, self._now()):
            yield reading

    def _told(self, about: ResourceId, found: Node, fields: Fields, now: datetime) -> Iterator[Reading]:
        known = self._memory.setdefault(about, Remembered())
        known.note(found, now.timestamp())
        below = self._downstream(about, known, found, followers(fields), now)
        above: tuple[Link, ...] = ()
        if not found.is_primary:
            known.upstream = upstream(about, self._source(about, found), found, self._written(found, now), now)
            above = (known.upstream,)
        role = PRIMARY if found.is_primary else BOTH if below else REPLICA
        yield Replication(about, now, role, above, below, role_changes=known.role_changes)
        for link in above:
            self._copies.add(about)
            yield _lag(about, link, now, self._resource(link))
        if found.is_primary and about in self._copies:
            yield ReplicaLag(about, now, None, None, PRIMARY)

    def _downstream(
        self, about: ResourceId, known: Remembered, found: Node, listed: tuple[Follower, ...], now: datetime
    ) -> tuple[Link, ...]:
        written = known.written if found.is_primary else self._written(found, now) or known.written
        there: dict[str, Left] = {}
        for each in listed:
            link = downstream(about, each, found, copy=self._named(each.ip, each.port), written=written, now=now)
            there[each.address] = Left(link, each.ip, each.port, each.offset, found.master_replid)
        copies = {left.link.copy for left in there.values()}
        for place, left in known.downstream.items():
            copy = self._named(left.ip, left.port)
            if place not in there and copy not in copies and (link_now := _gone(left, copy, found, now)) is not None:
                there[place] = replace(left, link=link_now)
        known.downstream = there
        return tuple(left.link for left in there.values())

    def _named(self, host: str, port: int) -> Safe:
        return self._caches.whose(host, port) or sanitise(address(host, port), 200)

    def _source(self, about: ResourceId, found: Node) -> Safe:
        by_address = self._caches.whose(found.master_host, found.master_port)
        named = sanitise(address(found.master_host, found.master_port), 200)
        return by_address or primary_of(self._memory, about) or named

    def _resource(self, link: Link) -> ResourceId | None:
        return ResourceId(link.source) if link.source in self._memory else None

    def _written(self, found: Node, now: datetime) -> Written | None:
        """None where the primary was not asked of late: then nobody knows how far it has gone on."""
        written = written_of(self._memory, found.master_replid)
        if written is None or written.newest is None or now.timestamp() - written.newest.t > FRESH_S:
            return None
        return written

    def _unseen(self, about: ResourceId, trouble: CannotCollect) -> Iterator[Reading]:
        known, now = self._memory.get(about), self._now()
        grant = sanitise(f"{trouble.grant} is missing", 200) if isinstance(trouble, Denied) else None
        why = grant or sanitise(trouble.what, 300)
        if known is None or known.node is None:
            if grant:
                yield Replication(about, now, NOT_TOLD, notes=(why,))
            return
        above = () if known.upstream is None else (unseen(known.upstream, why),)
        below = tuple(unseen(left.link, why) for left in known.downstream.values())
        role = PRIMARY if known.node.is_primary else BOTH if below else REPLICA
        yield Replication(about, now, role, above, below, role_changes=known.role_changes, notes=(why,))
        for link in above:
            yield _lag(about, link, now, self._resource(link))


def _lag(about: ResourceId, link: Link, now: datetime, source: ResourceId | None) -> ReplicaLag:
    """A number only where the link lives and the copy has one."""
    seconds = None if link.state in UNMEASURED else link.lag.seconds
    lag = None if seconds is None else timedelta(seconds=seconds)
    return ReplicaLag(about, now, source, lag, sanitise(link.state))


def _gone(was: Left, copy: Safe, found: Node, now: datetime) -> Link | None:
    offset = was.offset if was.history == found.master_replid else None
    return gone(replace(was.link, copy=copy), found, offset, now)
