"""How far are Aurora's readers behind its writer? Storage is shared: only what is held in memory has to follow.

Any instance tells of all; of itself it may not say when that was updated.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel

from collectors.inside.replication import DEAD, NOT_MEASURED, Distance, Link, LinkState, Replication
from collectors.postgres.asking import Question, text_of
from collectors.postgres.collector import PostgresCollector
from collectors.postgres.told import seconds_between, words
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise

WRITER = "MASTER_SESSION_ID"
FRESH_S = 30.0  # each instance tells several times a second
SHARED = Distance(bytes=0)  # the writer's log is in the storage that the reader has too


class AuroraRow(BaseModel):
    """One instance of the cluster, as `aurora_replica_status()` has it."""

    asked: datetime
    ours: str  # the instance that answers
    server_id: str
    session_id: str
    durable_lsn: int | None = None
    highest_lsn_rcvd: int | None = None
    current_read_lsn: int | None = None
    replica_lag_in_msec: float | None = None
    last_update_timestamp: datetime | None = None
    last_transport_error: int | None = None

    @property
    def is_writer(self) -> bool:
        return self.session_id == WRITER


class AuroraLag(PostgresCollector):
    """One Replication for each pass and, of a reader, one ReplicaLag."""

    name = "replica-lag"
    asks = ("aurora_replicas",)
    every = timedelta(seconds=5)

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        question = Question("aurora_replicas", text_of("aurora_replicas"), grants=())
        rows = (await self._servers.of(target).ask(question)).as_(AuroraRow)
        now, known_as = self._now(), self._servers.known_as
        told = replication(target, now, rows, known_as)
        yield told
        for link in told.upstream:
            alive = link.state not in DEAD and link.lag.seconds is not None
            lag = timedelta(seconds=link.lag.seconds or 0.0) if alive else None
            writer = next((known_as(row.server_id) for row in rows if row.is_writer), None)
            yield ReplicaLag(target, now, writer, lag, sanitise(link.state))


def replication(
    about: ResourceId, now: datetime, rows: Sequence[AuroraRow], known_as: Callable[[str], ResourceId | None]
) -> Replication:
    """Pure. Of a writer all its readers; of a reader the link that it follows."""

    def named(row: AuroraRow) -> Safe:
        return about if row.server_id == row.ours else known_as(row.server_id) or words(row.server_id)

    writer = next((row for row in rows if row.is_writer), None)
    is_writer = writer is not None and writer.server_id == writer.ours
    source = NO_TEXT if writer is None else named(writer)
    readers = [row for row in rows if not row.is_writer and (is_writer or row.server_id == row.ours)]
    found = tuple(_link(row, writer, source, named(row)) for row in readers)
    return Replication(
        about,
        now,
        role=Safe("writer") if is_writer else Safe("reader"),
        upstream=() if is_writer else found,
        downstream=found if is_writer else (),
    )


def _link(row: AuroraRow, writer: AuroraRow | None, source: Safe, copy: Safe) -> Link:
    state, lag, why = judged(row, writer)
    return Link(
        source=source,
        copy=copy,
        state=state,
        mode=Safe("shared storage"),
        lag=lag,
        unsent=SHARED,
        heard=row.last_update_timestamp,
        why=why,
    )


def judged(row: AuroraRow, writer: AuroraRow | None) -> tuple[LinkState, Distance, Safe]:
    """Of one reader."""
    if writer is None:
        return LinkState.BROKEN, NOT_MEASURED, Safe("No instance is the writer: a failover may be under way.")
    if row.last_update_timestamp is not None:
        quiet = seconds_between(row.last_update_timestamp, row.asked)
        if quiet > FRESH_S:
            return LinkState.SILENT, Distance(seconds=quiet, at_least=True), Safe("It has told nothing of itself.")
    if row.replica_lag_in_msec is None:
        return LinkState.UNKNOWN, NOT_MEASURED, Safe("It does not say how far it is behind.")
    lag = Distance(seconds=max(0.0, row.replica_lag_in_msec) / 1000, fine=True)
    read, written = row.current_read_lsn, writer.durable_lsn
    has_all = read is not None and written is not None and read >= written
    return (LinkState.IN_STEP if has_all or lag.seconds == 0 else LinkState.BEHIND), lag, NO_TEXT
