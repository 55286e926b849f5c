"""What could be restored, from what, and who has tried?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from collectors.readings import Inside
from collectors.safe import NO_TEXT, Safe


class Kind(StrEnum):
    """How a copy came to be."""

    AUTOMATED = "automated"
    MANUAL = "manual"
    AWS_BACKUP = "AWS Backup"
    NATIVE = "native"  # by the database itself, to S3


class Outcome(StrEnum):
    DONE = "done"
    RUNNING = "running"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Copy:
    """One thing that can be restored from, or could be if it had not failed."""

    name: Safe
    kind: Kind
    taken: datetime  # when what it holds was true
    outcome: Outcome
    percent: int | None = None  # of one that is under way
    bytes: int | None = None
    encrypted: bool | None = None
    expires: datetime | None = None
    why: Safe = NO_TEXT  # it failed, or cannot be used
    database: Safe = NO_TEXT  # where it holds only one


@dataclass(frozen=True, slots=True)
class Task:
    """Work on backups that takes its time: a backup, a copy, a restore."""

    what: Safe  # in the words of whoever does it: BACKUP_DB, restore, copy
    name: Safe
    outcome: Outcome
    began: datetime | None
    ended: datetime | None = None
    percent: int | None = None
    why: Safe = NO_TEXT
    database: Safe = NO_TEXT


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same backups kept in another region or account."""

    region: Safe
    state: Safe
    restorable_until: datetime | None
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody restored it. ``took_s``: the recovery time that was measured."""

    when: datetime
    how: Safe  # AWS Backup restore test, restored from snapshot, native restore, by hand …
    source: Safe = NO_TEXT  # from what, or to which moment
    took_s: float | None = None
    held: bool = True  # whether what came out was found to be whole
    told_by: Safe = NO_TEXT


@dataclass(frozen=True, slots=True)
class Backups(Inside):
    """Of one resource, as AWS tells it. Complete for the last 35 days."""

    part: ClassVar[Safe] = Safe("backups")

    retention_s: float | None  # zero: off; None: not known
    window: Safe = NO_TEXT  # in UTC, as AWS writes it
    earliest: datetime | None = None
    restorable_until: datetime | None = None
    point_in_time: bool | None = None  # None: the service has only snapshots
    copies: tuple[Copy, ...] = ()  # the newest first
    tasks: tuple[Task, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    proofs: tuple[Proof, ...] = ()  # the newest first
    bytes: int | None = None  # of all that is kept
    usd_per_month: float | None = None
    key: Safe = NO_TEXT  # what is wrong with the key that it is encrypted by; empty: nothing is
    kept_by: Safe = NO_TEXT  # the resource that is backed up in its stead: a cluster, a source
    notes: tuple[Safe, ...] = ()  # what could not be seen, with the grant that would show it


@dataclass(frozen=True, slots=True)
class DatabaseChain:
    """One database of a server: whether it can be brought back, and to when."""

    database: Safe
    state: Safe  # ONLINE …
    access: Safe = NO_TEXT  # MULTI_USER …
    recovery: Safe = NO_TEXT  # FULL …
    log_until: datetime | None = None  # the end of its unbroken chain
    newest_full: datetime | None = None
    broken: bool | None = None  # the chain has a gap; None: may not be seen
    checked: datetime | None = None  # when it was last found to be without damage
    why: Safe = NO_TEXT  # what keeps it from being backed up


@dataclass(frozen=True, slots=True)
class DatabaseBackups(Inside):
    """The proof for each database of one server, and the tasks it was told to do."""

    part: ClassVar[Safe] = Safe("backups-inside")

    chains: tuple[DatabaseChain, ...]
    copies: tuple[Copy, ...] = ()  # native ones
    tasks: tuple[Task, ...] = ()
    proofs: tuple[Proof, ...] = ()
    failed_jobs: tuple[Safe, ...] = ()  # of the agent, that back up
    jobs: int | None = None  # of the agent, that are enabled; after a failover they may be missing
    notes: tuple[Safe, ...] = ()
