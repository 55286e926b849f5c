"""How far behind are the copies of a SQL Server, or is it itself? Asked of whichever end can be logged in to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from collectors.errors import CannotCollect, Denied
from collectors.inside.replication import DEAD, Link, LinkState, Replication
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.safe import Safe, sanitise
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Question, Servers, text_of
from collectors.sqlserver.collector import Now, SqlServerCollector
from collectors.sqlserver.replication import groups, judge, mirrors
from collectors.sqlserver.replication.ends import Sources
from collectors.sqlserver.replication.groups import Asked
from collectors.sqlserver.replication.names import Heard, Names
from collectors.sqlserver.replication.rows import HeadRow, MirrorRow, ReplicaRow

HEAD = Question("replication", text_of("replication"), ("VIEW ANY DATABASE",))
REPLICAS = Question("replicas", text_of("replicas"), (VIEW_SERVER_STATE, "VIEW ANY DEFINITION"))
MIRRORING = Question("mirroring", text_of("mirroring"), (VIEW_SERVER_STATE, "VIEW ANY DATABASE"))
PRIMARY = Safe("primary")
NO_NAMES = Safe("The copies' names and modes are not shown: that needs VIEW ANY DEFINITION.")
NO_MIRROR_CLOCK = Safe("Mirroring tells how many bytes its copy is behind, and no time.")


class ReplicaDistance(SqlServerCollector):
    """One Replication for each pass, and of a server that follows another, or did, one ReplicaLag."""

    name: ClassVar[str] = "replica-lag"
    asks = ("replication", "replicas", "mirroring")
    every: ClassVar[timedelta] = timedelta(seconds=5)
    needs: ClassVar[tuple[str, ...]] = (VIEW_SERVER_STATE,)

    def __init__(self, servers: Servers, now: Now) -> None:
        super().__init__(servers, now)
        self._names, self._heard, self._sources = Names(), Heard(), Sources()
        self._copies: set[ResourceId] = set()  # that followed somebody when they were looked at

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        server = self._servers.of(target)
        head = next(iter((await server.ask(HEAD))[0].as_(HeadRow)), None)
        if head is None:
            raise CannotCollect("The server did not say who it is.", mend="Look whether it is starting.")
        self._names.learn(target, head.names)
        try:
            replicas = (await server.ask(REPLICAS))[0].as_(ReplicaRow) if head.grouped else ()
            mirrored = (await server.ask(MIRRORING))[0].as_(MirrorRow) if head.mirrored else ()
        except Denied as denied:
            yield _hidden(target, self._now(), denied)
            raise
        asked = Asked(target, head, self._names, self._heard, self._sources, self._now())
        found = _told(asked, replicas, mirrored)
        yield found
        for link in found.upstream[:1]:
            self._copies.add(target)
            yield _lag(found, link, self._names)
        if not found.upstream and target in self._copies:
            yield ReplicaLag(target, found.observed, None, None, PRIMARY)


def _told(asked: Asked, replicas: tuple[ReplicaRow, ...], mirrored: tuple[MirrorRow, ...]) -> Replication:
    follows, followed = groups.links(asked, replicas)
    mirrors_of, mirrored_by = mirrors.links(asked, mirrored)
    upstream, downstream = (*follows, *mirrors_of), (*followed, *mirrored_by)
    return Replication(
        asked.about,
        asked.at,
        role=_role(upstream, downstream),
        upstream=upstream,
        downstream=downstream,
        role_changes=mirrors.role_changes(mirrored),
        notes=tuple(_notes(asked, replicas, mirrored)),
    )


def _hidden(about: ResourceId, now: datetime, denied: Denied) -> Replication:
    """There are copies, and nothing may be known of them: what was known before holds no longer."""
    why = sanitise(f"Not shown: that needs {denied.grant}.")
    state = judge.link_state(judge.HIDDEN, now)
    return Replication(
        about, now, Safe("not told"), downstream=(Link(about, Safe("not told"), state, why=why),), notes=(why,)
    )


def _role(upstream: tuple[Link, ...], downstream: tuple[Link, ...]) -> Safe:
    if upstream:
        return Safe("both") if downstream else Safe("replica")
    return PRIMARY


def _notes(asked: Asked, replicas: tuple[ReplicaRow, ...], mirrored: tuple[MirrorRow, ...]) -> Iterable[Safe]:
    if replicas and not asked.head.sees_names:
        yield NO_NAMES
    if mirrored:
        yield NO_MIRROR_CLOCK


def _lag(found: Replication, link: Link, names: Names) -> ReplicaLag:
    """Of a dead link no lag is told: how long it has been dead is the link's to tell."""
    seconds = None if link.state in DEAD or link.state is LinkState.UNKNOWN else link.lag.seconds
    lag = None if seconds is None else timedelta(seconds=seconds)
    source = names.known(link.source)
    return ReplicaLag(found.about, found.observed, source, lag, Safe(link.state.value))
