"""From the rows of a replica to the links that it follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.inside.replication import Link
from collectors.mysql.identity import Identity
from collectors.mysql.judgement import Io, Seen, judge
from collectors.mysql.progress import Moving, Position, Track, begun, seconds
from collectors.mysql.rows import ChannelRow, ConnectionRow, HeartbeatRow, ThreadRow, WorkerRow
from collectors.mysql.words import applying_failed, reading_failed
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise

HAS_READ_ALL = "has read all relay log"
IDLE_WORKER = "waiting for work"
WORKING = ("Slave_SQL", "Slave_worker")


@dataclass(frozen=True, slots=True)
class Beside:
    """What else a replica tells, by its channels; empty where it may not, or cannot."""

    connections: Mapping[str, ConnectionRow] = field(default_factory=dict)
    workers: Mapping[str, WorkerRow] = field(default_factory=dict)
    threads: tuple[ThreadRow, ...] = ()
    heartbeats: tuple[HeartbeatRow, ...] = ()

    def busy(self, channel: str) -> int | None:
        """Workers that have a transaction; None: not told."""
        if channel in self.workers:
            return self.workers[channel].busy
        states = [thread.state.lower() for thread in self.threads if thread.command in WORKING]
        if not states:
            return None
        return sum(HAS_READ_ALL not in state and IDLE_WORKER not in state for state in states)

    def heartbeat(self, server_id: int) -> float | None:
        """Age of the source's own, else of the newest."""
        own = [row.age for row in self.heartbeats if row.server_id == server_id]
        ages = [age for age in (own or [row.age for row in self.heartbeats]) if age is not None]
        return max(0.0, min(ages)) if ages else None


@dataclass(frozen=True, slots=True)
class Pass:
    """One look at one replica."""

    about: ResourceId
    who: Identity
    beside: Beside
    now: datetime

    def tracked(self, before: Track | None, row: ChannelRow, head: Position | None) -> Track:
        moved = self._moving(row)
        track = begun(moved, self.now) if before is None else before.then(moved, self.now)
        return track.against(head, self.now)

    def seen(self, row: ChannelRow, track: Track, head: Position | None) -> Seen:
        read, applied = track.moving.read, track.moving.applied
        worker = self.beside.workers.get(row.channel)
        return Seen(
            io=_io(row),
            applies=row.sql_running == "Yes",
            io_error=reading_failed(row.io_errno, row.io_error),
            apply_error=applying_failed(row.sql_errno, row.sql_error),
            io_state=sanitise(row.io_state, 200),
            apply_state=sanitise(row.sql_state, 200),
            behind_s=row.behind,
            delay_s=float(row.delay or 0),
            is_left=read != applied,
            left=read.since(applied),
            silent_s=seconds(track.since, self.now),
            patience_s=self._patience_s(row),
            stands_s=seconds(track.left_since, self.now),
            is_ahead=track.ahead_since is not None,
            ahead=None if head is None else (head.since(read) if head.ahead_of(read) else 0),
            ahead_s=seconds(track.ahead_since, self.now),
            applying_s=None if worker is None else worker.behind,
            heartbeat_s=self.beside.heartbeat(row.server_id),
        )

    def link(self, row: ChannelRow, track: Track, was: Seen, source: ResourceId | None) -> Link:
        judged = judge(was)
        return Link(
            source=source or sanitise(f"{row.host}:{row.port}", 300),
            copy=self.about,
            state=judged.state,
            told=sanitise(f"IO {row.io_running or 'No'}, SQL {row.sql_running or 'No'}", 100),
            mode=sanitise(f"asynchronous, {was.delay_s:g} s late on purpose" if was.delay_s else "asynchronous"),
            lag=judged.lag,
            unsent=judged.unsent,
            unapplied=judged.unapplied,
            heard=track.heard,
            why=judged.why,
            more=tuple(self._more(row, was)),
        )

    def _moving(self, row: ChannelRow) -> Moving:
        """Where the server says that nothing is left, nothing is, whatever its two positions are called."""
        read = Position(row.read_file, row.read_position)
        applied = Position(row.applied_file, row.applied_position)
        says_done = HAS_READ_ALL in row.sql_state.lower() and row.behind == 0 and self.beside.busy(row.channel) == 0
        told = self.beside.connections.get(row.channel)
        age = None if told is None else told.heartbeat_age
        return Moving(
            read,
            read if says_done else applied,
            _io(row) is Io.RUNNING,
            row.heartbeats if told is None else told.heartbeats,
            None if age is None else self.now - timedelta(seconds=age),
        )

    def _patience_s(self, row: ChannelRow) -> float:
        """An idle source sends a heartbeat each period, of which one may be lost; without, as long as the replica."""
        told = self.beside.connections.get(row.channel)
        period = row.heartbeat_period if told is None else told.heartbeat_period
        return 1.0 + (min(2 * period, self.who.net_timeout_s) if period else self.who.net_timeout_s)

    def _more(self, row: ChannelRow, was: Seen) -> Iterable[tuple[Safe, Safe]]:
        if row.channel:
            yield Safe("channel"), sanitise(row.channel, 64)
        yield Safe("address"), sanitise(f"{row.host}:{row.port}", 300)
        yield Safe("read to"), sanitise(f"{row.read_file}:{row.read_position}", 300)
        yield Safe("applied to"), sanitise(f"{row.applied_file}:{row.applied_position}", 300)
        if row.behind is not None:
            yield Safe("seconds behind, as it says"), sanitise(f"{row.behind:g}")
        if was.heartbeat_s is not None:
            yield Safe("heartbeat table"), sanitise(f"{was.heartbeat_s:.1f} s old")
        busy = self.beside.busy(row.channel)
        if busy is not None and self.who.workers > 0:
            yield Safe("workers busy"), sanitise(f"{busy} of {self.who.workers}")
        worker = self.beside.workers.get(row.channel)
        if worker is not None and worker.applying is not None:
            yield Safe("applying for"), sanitise(f"{max(0.0, worker.applying):.1f} s")


def _io(row: ChannelRow) -> Io:
    match row.io_running:
        case "Yes":
            return Io.RUNNING
        case "Connecting" | "Preparing":
            return Io.CONNECTING
        case _:
            return Io.STOPPED
