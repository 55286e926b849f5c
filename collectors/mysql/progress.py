"""What moved since the last pass, and since when did nothing? Pure: the times are passed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FORGOTTEN = timedelta(seconds=15)  # three passes: what a source said before is no news


@dataclass(frozen=True, slots=True)
class Position:
    """In the log of the source."""

    file: str
    at: int

    @property
    def number(self) -> int:
        """Of the file; those of one server are numbered without end."""
        digits = self.file.rpartition(".")[2]
        return int(digits) if digits.isdigit() else 0

    def ahead_of(self, other: Position) -> bool:
        return (self.number, self.at) > (other.number, other.at)

    def since(self, other: Position) -> int | None:
        """Bytes from there; None where they are of more than one file, whose sizes nobody told."""
        return max(0, self.at - other.at) if self.file == other.file else None


@dataclass(frozen=True, slots=True)
class Moving:
    """What tells that something moves, at one time."""

    read: Position
    applied: Position
    connected: bool = True
    heartbeats: int | None = None
    heartbeat_at: datetime | None = None  # where the server tells


@dataclass(frozen=True, slots=True)
class Track:
    """What is remembered of one source of one replica."""

    moving: Moving
    since: datetime  # the last sign of life, or where the looking began
    heard: datetime | None = None  # the last sign of life that was seen
    left_since: datetime | None = None  # since then something is left and nothing was applied
    ahead_since: datetime | None = None  # since then the source has more and nothing came

    def then(self, moving: Moving, now: datetime) -> Track:
        """At the next pass. What a link that ended has brought is no sign that it lives; that it is back is one."""
        before = self.moving
        came = moving.read != before.read
        beat = moving.heartbeats is not None and moving.heartbeats != before.heartbeats
        is_back = not before.connected
        heard = now if moving.connected and (came or beat or is_back) else self.heard
        if moving.heartbeat_at is not None and (heard is None or moving.heartbeat_at > heard):
            heard = min(moving.heartbeat_at, now)
        stood = moving.applied == before.applied
        left = moving.read != moving.applied
        return Track(
            moving,
            max(self.since, heard) if heard else self.since,
            heard,
            (self.left_since or now) if left and stood else (now if left else None),
            None if came else self.ahead_since,
        )

    def against(self, head: Position | None, now: datetime) -> Track:
        """With what the source says of itself; None: it has not said anything lately."""
        ahead = head is not None and head.ahead_of(self.moving.read)
        return replace(self, ahead_since=(self.ahead_since or now) if ahead else None)


def begun(moving: Moving, now: datetime) -> Track:
    """The first that is seen of it."""
    left = moving.read != moving.applied
    return Track(moving, now, moving.heartbeat_at, now if left else None)


def seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
