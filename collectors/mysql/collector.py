"""How far is a MySQL or MariaDB replica behind, does its link live, and who follows a source?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from pydantic import BaseModel

from collectors.collector import Collector
from collectors.errors import Denied
from collectors.inside.replication import DEAD, Link, LinkState, Replication
from collectors.mysql.asking import REPLICATION_CLIENT, Question, Server, Servers, asked
from collectors.mysql.downstream import downstream
from collectors.mysql.heads import Heads, Said
from collectors.mysql.identity import SERVER, Identity, identity
from collectors.mysql.progress import Position, Track
from collectors.mysql.rows import (
    ChannelRow,
    ConnectionRow,
    FollowerRow,
    HeadRow,
    HeartbeatRow,
    ThreadRow,
    WorkerRow,
)
from collectors.mysql.upstream import Beside, Pass
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.safe import Safe, sanitise

Now = Callable[[], datetime]
Row = TypeVar("Row", bound=BaseModel)
Tracks = dict[str, Track]

PERFORMANCE_SCHEMA = "SELECT ON performance_schema.*"
CONNECTIONS = asked("mysql_connections", PERFORMANCE_SCHEMA)
WORKERS = asked("mysql_workers", PERFORMANCE_SCHEMA)
HEARTBEAT = asked("mysql_heartbeat")
PRIMARY, REPLICA, BOTH = Safe("primary"), Safe("replica"), Safe("both")
WORST = tuple(LinkState)


class ReplicationOfMySql(Collector[ResourceId]):
    """One Replication for each pass, and a ReplicaLag of what is a replica, or was one when it was last looked at."""

    name: ClassVar[str] = "replica-lag"
    every: ClassVar[timedelta] = timedelta(seconds=5)
    needs: ClassVar[tuple[str, ...]] = (REPLICATION_CLIENT,)

    def __init__(self, servers: Servers, now: Now) -> None:
        self._servers, self._now = servers, now
        self._heads = Heads()
        self._sources: dict[tuple[ResourceId, str, int], ResourceId] = {}  # by replica and address
        self._tracks: dict[ResourceId, tuple[str, Tracks]] = {}  # with the node that they are of

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        server = self._servers.of(target)
        who = identity(await server.ask(SERVER))
        looking = _Looking(server)
        try:
            rows = (await server.ask(who.status)).as_(ChannelRow)
        except Denied as refusal:
            for reading in _unseen(target, who, refusal, self._now()):
                yield reading
            raise
        beside = await looking.beside(who, rows)
        head, followers = await looking.head(who), await looking.some(who.followers, FollowerRow)
        now = self._now()
        links = self._links(Pass(target, who, beside, now), rows)
        ids = frozenset(row.server_id for row in followers)
        known = tuple((source, each) for source, each in links if source is not None)
        self._heads.note(target, Said(who, now, head, ids, known))
        upstream = tuple(each for _, each in links)
        below = downstream(target, followers, beside.threads, self._heads, now)
        role = (BOTH if below else REPLICA) if upstream else PRIMARY
        yield Replication(target, now, role, upstream, below, notes=tuple(looking.notes))
        if links:
            yield _lag(target, links, now)
        elif self._was_replica(target):
            yield ReplicaLag(target, now, None, None, PRIMARY)

    def _links(self, at: Pass, rows: Sequence[ChannelRow]) -> list[tuple[ResourceId | None, Link]]:
        """With their sources' ids, where those are known. What another node told before is forgotten."""
        node, before = self._tracks.get(at.about, ("", {}))
        tracks: Tracks = {}
        found = []
        for row in rows:
            source = self._source(at, row)
            head = self._heads.head_of(source, at.now)
            track = at.tracked(before.get(row.channel) if node == at.who.node else None, row, head)
            found.append((source, at.link(row, track, at.seen(row, track, head), source)))
            tracks[row.channel] = track
        if tracks or at.about not in self._tracks:  # one that follows nobody any more was a replica still
            self._tracks[at.about] = at.who.node, tracks
        return found

    def _source(self, at: Pass, row: ChannelRow) -> ResourceId | None:
        """Who it was before, where nobody says it any more: a source forgets a replica as soon as the link is gone."""
        key = at.about, row.host, row.port
        found = self._heads.source_of(at.who, row.server_id, row.uuid) or self._sources.get(key)
        if found is not None:
            self._sources[key] = found
        return found

    def _was_replica(self, target: ResourceId) -> bool:
        return bool(self._tracks[target][1])


class _Looking:
    """One pass over one server. What it may not see is noted, and the rest goes on."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.notes: list[Safe] = []

    async def beside(self, who: Identity, rows: Sequence[ChannelRow]) -> Beside:
        connections: tuple[ConnectionRow, ...] = ()
        workers: tuple[WorkerRow, ...] = ()
        if rows and not who.is_mariadb:
            connections = await self.some(CONNECTIONS, ConnectionRow)
            workers = await self.some(WORKERS, WorkerRow) if who.has_applier_times else ()
        return Beside(
            {row.channel: row for row in connections},
            {row.channel: row for row in workers},
            await self.some(who.threads, ThreadRow),
            await self._heartbeats() if rows else (),
        )

    async def head(self, who: Identity) -> Position | None:
        rows = await self.some(who.head, HeadRow)
        return Position(rows[0].File, rows[0].Position) if rows else None

    async def some(self, question: Question, row: type[Row]) -> tuple[Row, ...]:
        try:
            return (await self._server.ask(question)).as_(row)
        except Denied as refusal:
            self.notes.append(sanitise(f"{refusal.grant} would show more ({question.name.removeprefix('mysql_')})"))
            return ()

    async def _heartbeats(self) -> tuple[HeartbeatRow, ...]:
        table = self._server.heartbeat
        if not table:
            return ()
        text = HEARTBEAT.text.replace("{table}", ".".join(f"`{part}`" for part in table.split(".")))
        return await self.some(replace(HEARTBEAT, text=text, grants=(f"SELECT ON {table}",)), HeartbeatRow)


def _unseen(about: ResourceId, who: Identity, refusal: Denied, now: datetime) -> list[Reading]:
    """A replica is not written to, as a rule: so much can be seen by anybody."""
    why = sanitise(f"{refusal.grant} would show it")
    if not who.is_read_only:
        return [Replication(about, now, PRIMARY, notes=(why,))]
    unknown = Link(Safe("?"), about, LinkState.UNKNOWN, why=why)
    lag = ReplicaLag(about, now, None, None, sanitise(LinkState.UNKNOWN))
    return [Replication(about, now, REPLICA, (unknown,), notes=(why,)), lag]


def _lag(about: ResourceId, links: Sequence[tuple[ResourceId | None, Link]], now: datetime) -> ReplicaLag:
    """Of several sources, the one that is worst off."""
    source, worst = max(links, key=lambda each: (WORST.index(each[1].state), each[1].lag.seconds or 0.0))
    past = None if worst.state in DEAD else worst.lag.seconds
    return ReplicaLag(about, now, source, None if past is None else timedelta(seconds=past), sanitise(worst.state))
