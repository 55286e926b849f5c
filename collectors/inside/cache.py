"""How does a cache do: is it full, does it answer from memory, how fast, and what is it asked?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from collectors.inside.replication import LinkState
from collectors.readings import Inside
from collectors.safe import NO_TEXT, Safe


@dataclass(frozen=True, slots=True)
class CacheMemory:
    """In bytes. What a server of another version leaves out is None."""

    used: int
    most: int | None  # None: it has no bound of its own
    resident: int | None = None
    peak: int | None = None
    overhead: int | None = None  # of `used`, what is no data
    fragmentation: float | None = None  # resident over used; below one it swaps
    policy: Safe = NO_TEXT  # which keys go when it is full, as the engine calls it
    freeing: int = 0  # objects that a flush or UNLINK has left to the background

    @property
    def percent(self) -> float | None:
        return 100 * self.used / self.most if self.most else None


@dataclass(frozen=True, slots=True)
class Rates:
    """What it did in the last interval, each second. None: this version does not count it."""

    interval_s: float
    operations: float | None = None
    hits: float | None = None
    misses: float | None = None
    evictions: float | None = None
    expired: float | None = None
    connections: float | None = None  # that were made
    rejected: float | None = None  # for there being as many as it takes
    errors: float | None = None
    received_bytes: float | None = None
    sent_bytes: float | None = None
    cpu_percent: float | None = None  # of one core
    command_us: float | None = None  # of one command, of whatever kind

    @property
    def hit_percent(self) -> float | None:
        """None where nobody asked for a key."""
        return share(self.hits, self.misses)


def share(hits: float | None, misses: float | None) -> float | None:
    if hits is None or misses is None or hits + misses <= 0:
        return None
    return 100 * hits / (hits + misses)


@dataclass(frozen=True, slots=True)
class Clients:
    connected: int | None
    blocked: int | None
    most: int | None
    longest_output: int | None = None  # bytes, of whoever takes its answers most slowly; before version 5 in answers


@dataclass(frozen=True, slots=True)
class Keys:
    """One database that holds any."""

    database: int
    keys: int
    expiring: int  # of them, those that go by themselves
    ttl_s: float | None = None  # these have left on average, by the server's own samples


@dataclass(frozen=True, slots=True)
class Command:
    """One command: in the last interval where there is one, else since the server began to count."""

    name: Safe
    calls: float  # per second
    share: float  # percent of the time of all commands
    us: float | None  # of one call
    failed: float = 0.0  # per second, those that were refused among them
    p50_us: float | None = None  # since the server began to count, as the rest
    p99_us: float | None = None
    p999_us: float | None = None


@dataclass(frozen=True, slots=True)
class Saving:
    """What of it is on a disk."""

    is_under_way: bool = False
    last: datetime | None = None
    is_well: bool | None = None  # the last snapshot; None: not told
    appends: bool = False  # each write to a file of its own
    appends_well: bool | None = None


@dataclass(frozen=True, slots=True)
class CacheUse(Inside):
    part: ClassVar[Safe] = Safe("cache")

    version: Safe  # with the engine's name, as it calls itself
    run_id: Safe  # another one after each start
    role: Safe  # primary or replica
    is_cluster: bool  # one shard of several
    uptime_s: int | None
    memory: CacheMemory
    clients: Clients
    rates: Rates | None = None  # None: nothing to compare with yet
    hit_percent: float | None = None  # since the server began to count
    databases: tuple[Keys, ...] = ()
    commands: tuple[Command, ...] = ()  # those that take most time first
    errors: tuple[tuple[Safe, int], ...] = ()  # by the word they begin with, since the server began to count
    saving: Saving = Saving()
    replicas: int = 0
    source: Safe = NO_TEXT  # of a replica, whom it follows
    link: LinkState | None = None  # of a replica, as far as one look tells
    is_loading: bool = False


@dataclass(frozen=True, slots=True)
class Slow:
    """One command that took long. Never its values; of its key no more than a word before the first colon."""

    id: int
    at: datetime
    us: int
    command: Safe
    key: Safe  # empty: it has none, or which word is one is not known
    words: int  # that it was sent with


@dataclass(frozen=True, slots=True)
class SlowLog(Inside):
    """The newest first."""

    part: ClassVar[Safe] = Safe("slow-log")

    rows: tuple[Slow, ...]
    per_s: float | None = None  # slow commands; None: nothing to compare with yet


@dataclass(frozen=True, slots=True)
class Spike:
    """Something inside the server that held it up for longer than it was told to watch for."""

    name: Safe  # command, fork, expire-cycle …
    at: datetime
    ms: int
    most_ms: int


@dataclass(frozen=True, slots=True)
class Spikes(Inside):
    """The latest of each kind."""

    part: ClassVar[Safe] = Safe("latency")

    rows: tuple[Spike, ...]
