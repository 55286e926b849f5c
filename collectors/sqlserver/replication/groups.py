"""What do the rows about availability groups make: the copies of a primary, or the link that a secondary follows?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from collectors.inside.replication import DEAD, Link, LinkState, Part
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.sqlserver.replication import judge
from collectors.sqlserver.replication.ends import Sources, completed
from collectors.sqlserver.replication.judge import Seen
from collectors.sqlserver.replication.names import STANDBY, Heard, Names
from collectors.sqlserver.replication.rows import HeadRow, ReplicaRow, utc, words

IDLE = Safe("idle")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked, when, and what is known of others."""

    about: ResourceId
    head: HeadRow
    names: Names
    heard: Heard
    sources: Sources
    at: datetime  # by our own clock; `now` is by the server's

    @property
    def now(self) -> datetime:
        return self.head.now

    def called(self, name: str | None, instead: str) -> Safe:
        """By its resource's id where that is known."""
        found = self.names.resource(name)
        return sanitise(found or name or instead)


def links(asked: Asked, rows: Sequence[ReplicaRow]) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Upstream and downstream. A primary lists all copies, a secondary only itself."""
    upstream, downstream = [], []
    own = [row for row in rows if row.is_local and row.is_primary]
    commits = {_database(row): utc(row.last_commit) for row in own if row.last_commit is not None}
    for _, found in groupby(sorted(rows, key=lambda row: row.replica_id), key=lambda row: row.replica_id):
        of_one = list(found)
        replica_id = of_one[0].replica_id
        if not of_one[0].is_local:
            downstream.append(_link(asked, of_one, commits))
            asked.sources.tell(replica_id, downstream[-1], asked.at)
        elif not of_one[0].is_primary:
            link, source = _link(asked, of_one, {}), asked.sources.of(replica_id, asked.at)
            upstream.append(link if source is None else completed(link, source))
    return tuple(upstream), tuple(sorted(downstream, key=lambda link: link.copy))


def _database(row: ReplicaRow) -> tuple[str | None, int | None]:
    return row.group_name, row.database_id


def _link(asked: Asked, rows: Sequence[ReplicaRow], commits: Mapping[tuple[str | None, int | None], datetime]) -> Link:
    first = rows[0]
    told_of = max((row.heard for row in rows if row.heard is not None), default=None)
    heard = asked.heard.of(asked.about, first.replica_id, asked.now, lives=first.connected is not False, told=told_of)
    databases = [row for row in rows if row.database_id is not None]
    parts = tuple(_part(asked, row, commits.get(_database(row))) for row in databases)
    state = judge.worst((part.state for part in parts), _bare(first))
    return Link(
        source=asked.called(first.primary_replica, "not known") if first.is_local else asked.about,
        copy=asked.about if first.is_local else _copy(asked, first),
        state=state,
        told=_told(state, databases, first),
        mode=words(first.availability_mode_desc),
        lag=judge.together(part.lag for part in parts),
        unsent=judge.together(part.unsent for part in parts),
        unapplied=judge.together(part.unapplied for part in parts),
        heard=heard,
        why=_why(state, parts, first),
        parts=parts,
        more=tuple(_more(asked, first, databases)),
    )


def _bare(first: ReplicaRow) -> LinkState:
    """Of a copy that no database is at yet."""
    return LinkState.BROKEN if first.connected is False else LinkState.UNKNOWN


def _is_standby(asked: Asked, row: ReplicaRow) -> bool:
    """On RDS whoever wants to read is given a read replica: what admits nobody is the other half of Multi-AZ."""
    return bool(asked.head.is_rds) and row.secondary_role_allow_connections_desc == "NO"


def _copy(asked: Asked, row: ReplicaRow) -> Safe:
    if _is_standby(asked, row):
        return Safe(STANDBY)
    return asked.called(row.replica_server_name, f"replica {row.replica_id[:8]}")


def _part(asked: Asked, row: ReplicaRow, committed_there: datetime | None) -> Part:
    seen = Seen(
        connected=row.connected,
        synchronisation=row.synchronization_state_desc,
        suspended=None if row.is_suspended is None else bool(row.is_suspended),
        unsent_kb=row.log_send_queue_size,
        unapplied_kb=row.redo_queue_size,
        redo_kb_s=row.redo_rate,
        sent=None if row.last_sent is None else utc(row.last_sent),
        committed_here=None if row.last_commit is None else utc(row.last_commit),
        committed_there=committed_there,
        lag_s=row.secondary_lag_seconds,
    )
    state, link = judge.link_state(seen, asked.now), f"{row.replica_id} {row.database_id}"
    heard = asked.heard.of(asked.about, link, asked.now, lives=state not in DEAD, told=row.heard)
    return Part(
        name=sanitise(row.database_name or f"database {row.database_id}"),
        state=state,
        told=words(row.synchronization_state_desc),
        lag=judge.lag(seen, state, heard, asked.now),
        unsent=judge.unsent(seen, state),
        unapplied=judge.unapplied(seen),
        why=words(row.suspend_reason_desc) if seen.suspended else NO_TEXT,
    )


def _told(state: LinkState, databases: Iterable[ReplicaRow], first: ReplicaRow) -> Safe:
    if first.connected is False:
        return words(first.connected_state_desc)
    said = dict.fromkeys(str(words(row.synchronization_state_desc)) for row in databases)
    return sanitise(", ".join(filter(None, said)))


def _why(state: LinkState, parts: Sequence[Part], first: ReplicaRow) -> Safe:
    if first.connected is False and first.last_connect_error_description:
        return sanitise(first.last_connect_error_description, 300)
    return next((part.why for part in parts if part.state is state and part.why), NO_TEXT)


def _more(asked: Asked, first: ReplicaRow, databases: Sequence[ReplicaRow]) -> Iterable[tuple[Safe, Safe]]:
    if first.group_name:
        yield Safe("group"), sanitise(first.group_name)
    if not first.is_local and first.replica_server_name:
        yield Safe("node"), sanitise(first.replica_server_name)
    if not first.is_local and _is_standby(asked, first):
        yield Safe("logins"), Safe("none: it takes over, and is never read from")
    if first.failover_mode_desc:
        yield Safe("failover"), words(first.failover_mode_desc)
    yield from _rates(databases)


def _rates(databases: Sequence[ReplicaRow]) -> Iterable[tuple[Safe, Safe]]:
    """How fast a queue is worked off, and until when: where nothing moves nobody can reckon that."""
    for name, queues, rates in (
        (Safe("send"), [row.log_send_queue_size for row in databases], [row.log_send_rate for row in databases]),
        (Safe("redo"), [row.redo_queue_size for row in databases], [row.redo_rate for row in databases]),
    ):
        known = [rate for rate in rates if rate is not None]
        if not known:
            continue
        waits = max((queue / rate for queue, rate in zip(queues, rates, strict=True) if queue and rate), default=None)
        until = "" if waits is None else f", {waits:.0f}s left"
        yield name, sanitise(f"{sum(known)} KB/s{until}") if any(known) else IDLE
