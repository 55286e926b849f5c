"""Facts about backups as the collectors tell them: a server that is well, and one with much that is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from collectors.inside.backups import (
    Backups,
    Copy,
    DatabaseBackups,
    DatabaseChain,
    Elsewhere,
    Kind,
    Outcome,
    Proof,
    Task,
)
from collectors.readings import BackupStatus, ResourceId
from collectors.safe import Safe, sanitise
from tests.rig.played import MOMENT, PLAYED

ORDERS = ResourceId(Safe("orders-primary"))
AT = MOMENT + PLAYED
GIB = 1024**3
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WINDOW = Safe("03:00-03:30")


def night(ago: int, at: datetime = AT) -> datetime:
    """Ten past three, so many days before."""
    return at.replace(hour=3, minute=10, second=0) - ago * DAY


def copy(taken: datetime, kind: Kind = Kind.AUTOMATED, outcome: Outcome = Outcome.DONE, **fields: object) -> Copy:
    word = {Kind.AUTOMATED: "rds:orders", Kind.MANUAL: "orders-by-hand", Kind.NATIVE: "s3://b/orders"}.get(kind, "job")
    known: dict[str, object] = {"bytes": 412 * GIB, "encrypted": True, **fields}
    return Copy(sanitise(f"{word}-{taken:%Y-%m-%d-%H-%M}"), kind, taken, outcome, **known)  # type: ignore[arg-type]


def automated(days: int = 7, without: tuple[int, ...] = (), at: datetime = AT) -> tuple[Copy, ...]:
    """One each night."""
    nights = (night(ago, at) for ago in range(days) if ago not in without)
    return tuple(copy(taken, expires=taken + 7 * DAY) for taken in nights)


def well(at: datetime = AT, about: ResourceId = ORDERS, **fields: object) -> Backups:
    """As AWS tells of a server that is backed up as it should be."""
    known: dict[str, object] = {
        "retention_s": 7 * 86_400.0,
        "window": WINDOW,
        "earliest": night(7, at),
        "restorable_until": at - 4 * MINUTE,
        "point_in_time": True,
        "copies": (
            *automated(at=at),
            copy(at - 3 * DAY - 5 * HOUR, Kind.AWS_BACKUP, expires=at + 81 * DAY),
            copy(at - 12 * DAY, Kind.MANUAL),
            copy(at - 24 * DAY - 2 * HOUR, Kind.AWS_BACKUP, expires=at + 341 * DAY),
        ),
        "elsewhere": (Elsewhere(Safe("eu-central-1"), Safe("replicating"), at - 9 * MINUTE, night(0, at)),),
        "proofs": (
            Proof(
                at - 20 * DAY,
                Safe("AWS Backup restore test"),
                Safe("job-2026-02-15"),
                2460.0,
                told_by=Safe("AWS Backup"),
            ),
        ),
        "bytes": 2_900 * GIB,
        "usd_per_month": 264.1,
        **fields,
    }
    return Backups(about, at, **known)  # type: ignore[arg-type]


def chain(name: str, **fields: object) -> DatabaseChain:
    known: dict[str, object] = {
        "state": Safe("ONLINE"),
        "access": Safe("MULTI_USER"),
        "recovery": Safe("FULL"),
        "log_until": AT - 6 * MINUTE,
        "newest_full": night(0),
        "broken": False,
        "checked": AT - 5 * DAY,
        **fields,
    }
    return DatabaseChain(sanitise(name), **known)  # type: ignore[arg-type]


def inside(*chains: DatabaseChain, **fields: object) -> DatabaseBackups:
    return DatabaseBackups(ORDERS, AT, chains or (chain("orders"), chain("stock")), **fields)  # type: ignore[arg-type]


FROZEN = (
    well(
        restorable_until=AT - 47 * MINUTE,
        copies=(
            *automated(without=(0, 3)),
            copy(AT - 30 * MINUTE, Kind.AWS_BACKUP, Outcome.FAILED, why=Safe("the vault is locked"), bytes=None),
            copy(AT - 11 * DAY, Kind.MANUAL),
        ),
        elsewhere=(Elsewhere(Safe("eu-central-1"), Safe("replicating"), AT - 5 * HOUR, night(2)),),
        notes=(Safe("AWS Backup's restore tests: backup:ListRestoreJobs is not granted"),),
        tasks=(Task(Safe("copy"), Safe("to eu-central-1"), Outcome.RUNNING, AT - 12 * MINUTE, percent=38),),
    ),
    inside(
        chain("stock"),
        chain("orders", broken=True, log_until=AT - 3 * HOUR),
        chain("archive", state=Safe("OFFLINE"), log_until=AT - 47 * MINUTE, why=Safe("it was taken offline")),
        chain("scratch", recovery=Safe("SIMPLE"), log_until=None, broken=None, checked=None),
        tasks=(
            Task(
                Safe("BACKUP_DB"),
                Safe("s3://b/orders.bak"),
                Outcome.RUNNING,
                AT - 9 * MINUTE,
                percent=61,
                database=Safe("orders"),
            ),
            Task(
                Safe("BACKUP_DB"),
                Safe("s3://b/stock.bak"),
                Outcome.FAILED,
                AT - 3 * HOUR,
                AT - 2 * HOUR,
                why=Safe("Access Denied"),
                database=Safe("stock"),
            ),
        ),
        failed_jobs=(Safe("nightly export"),),
    ),
)
"""One database is offline, and so nothing of the server has been restorable since."""


def status(at: datetime = AT, behind: timedelta = 4 * MINUTE, about: ResourceId = ORDERS) -> BackupStatus:
    return BackupStatus(about, at, 7 * DAY, at - behind, night(0, at), None)
