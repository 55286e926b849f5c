"""What the screen of replication is shown: facts as each engine's collector tells them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from collectors.inside.replication import Distance, Link, LinkState, Part, Replication, ReplicationByAws, Slot
from collectors.readings import Described, Happened, Reading, ReplicaLag, ResourceId, Severity
from collectors.safe import Safe, sanitise
from tests.rig.played import MOMENT, PLAYED

AT = MOMENT + PLAYED + timedelta(seconds=1)
MIB = 1024 * 1024
IN_STEP, BEHIND, BROKEN, SILENT = LinkState.IN_STEP, LinkState.BEHIND, LinkState.BROKEN, LinkState.SILENT


def name(text: str) -> ResourceId:
    return ResourceId(sanitise(text))


def link(source: str, copy: str, state: LinkState, **fields: Any) -> Link:
    return Link(sanitise(source), sanitise(copy), state, **fields)


def lag(seconds: float | None = None, size: int | None = None, **fields: Any) -> Distance:
    return Distance(seconds, size, **fields)


def about(of: str, role: str, *, at: datetime = AT, **fields: Any) -> Replication:
    return Replication(name(of), at, sanitise(role), **fields)


def by_aws(of: str, role: str, *, at: datetime = AT, **fields: Any) -> ReplicationByAws:
    return ReplicationByAws(name(of), at, sanitise(role), **fields)


def described(of: str, engine: str, role: str, az: str, *, kind: str = "instance", **fields: Any) -> Described:
    place = {"region": Safe("eu-west-1"), "account": Safe("111122223333"), **fields}
    words = (sanitise(kind), sanitise(engine), sanitise(role), Safe("available"), sanitise(az))
    return Described(name(of), AT, *words, **place)


def told_lag(of: str, source: str, seconds: float | None, state: LinkState) -> ReplicaLag:
    behind = None if seconds is None else timedelta(seconds=seconds)
    return ReplicaLag(name(of), AT, name(source), behind, sanitise(state))


def part(database: str, state: LinkState, unsent: int, redo: int, told: str, *, why: str = "") -> Part:
    return Part(
        sanitise(database),
        state,
        sanitise(told),
        lag=lag(4.0 if unsent else 0.0),
        unsent=lag(unsent / MIB, unsent),
        unapplied=lag(redo / MIB / 2, redo),
        why=sanitise(why),
    )


def sql_server() -> list[Reading]:
    """An availability group: the standby in step, one copy behind in one database, one that is gone."""
    parts = (
        part("orders", BEHIND, 12 * MIB, 30 * MIB, "SYNCHRONIZING"),
        part("archive", LinkState.PAUSED, 900 * MIB, 0, "NOT SYNCHRONIZING", why="suspended from user"),
        part("catalogue", IN_STEP, 0, 0, "SYNCHRONIZED"),
    )
    standby = link("orders-primary", "Multi-AZ standby", IN_STEP, told=Safe("synchronized"), mode=Safe("synchronous"),
                   lag=lag(0.0), unsent=lag(0.0, 0), unapplied=lag(1.2, 3 * MIB), heard=AT)  # fmt: skip
    near = link("orders-primary", "orders-replica-1", BEHIND, told=Safe("synchronizing"), mode=Safe("asynchronous"),
                lag=lag(12.4), unsent=lag(12.0, 912 * MIB), unapplied=lag(15.0, 30 * MIB), heard=AT,
                parts=parts)  # fmt: skip
    dead = link("orders-primary", "orders-replica-2", BROKEN, told=Safe("disconnected"), mode=Safe("asynchronous"),
                lag=lag(184.0, at_least=True), heard=AT - timedelta(seconds=184),
                why=Safe("A connection timeout has occurred while attempting to establish a connection"))  # fmt: skip
    aws_dead = link("orders-primary", "orders-replica-2", IN_STEP, lag=lag(0.0))
    return [
        about("orders-primary", "primary", downstream=(standby, near, dead), role_changes=3),
        about("orders-replica-1", "replica"),
        about("orders-replica-2", "replica"),
        by_aws("orders-replica-2", "replica", upstream=(aws_dead,)),
        told_lag("orders-replica-1", "orders-primary", 12.4, BEHIND),
        told_lag("orders-replica-2", "orders-primary", None, BROKEN),
    ]


FAILED_OVER = Happened(
    name("orders-primary"),
    AT - timedelta(minutes=40),
    Safe("Multi-AZ instance failover completed"),
    Severity.HIGH,
    Safe("rds"),
)


def postgres() -> list[Reading]:
    """A primary, a copy of it and a cascade; the source knows its copy by an address; a slot nobody comes for."""
    down = link("ledger", "10.0.3.17", BEHIND, told=Safe("streaming"), mode=Safe("asynchronous, physical"),
                lag=lag(0.84, 5 * MIB), unsent=lag(None, 2 * MIB), unapplied=lag(None, 3 * MIB))  # fmt: skip
    up = link("10.0.1.4", "ledger-replica-1", BEHIND, told=Safe("streaming"), lag=lag(0.9, 4 * MIB), heard=AT)
    leaf = link("ledger-replica-1.abc.eu-west-1.rds.amazonaws.com:5432", "ledger-replica-2", SILENT,
                told=Safe("streaming"), lag=lag(48.0, at_least=True), heard=AT - timedelta(seconds=48),
                why=Safe("nothing has come for 48s although the connection stands"))  # fmt: skip
    slots = (
        Slot(Safe("ledger_replica_1"), True, 3 * MIB, Safe("reserved")),
        Slot(Safe("old_warehouse"), False, 41 * 1024 * MIB, Safe("extended"), AT - timedelta(days=3)),
    )
    source = ((Safe("ReadReplicaSource"), Safe("ledger")),)
    return [
        described("ledger", "postgres", "primary", "eu-west-1a"),
        described("ledger-replica-1", "postgres", "replica", "eu-west-1b", facts=source),
        described("ledger-replica-2", "postgres", "replica", "eu-west-1c"),
        about("ledger", "primary", downstream=(down,), slots=slots),
        about("ledger-replica-1", "both", upstream=(up,)),
        about("ledger-replica-2", "replica", upstream=(leaf,)),
        told_lag("ledger-replica-1", "ledger", 0.9, BEHIND),
        told_lag("ledger-replica-2", "ledger-replica-1", None, SILENT),
    ]


def mysql() -> list[Reading]:
    """A copy whose applying ended with an error, and a source whose grants are too small to tell."""
    up = link("shop", "shop-replica-1", BROKEN, told=Safe("IO yes, SQL no"), mode=Safe("asynchronous, GTID"),
              lag=lag(310.0, at_least=True), unapplied=lag(None, 88 * MIB), heard=AT,
              why=Safe("1062: Duplicate entry for key PRIMARY"))  # fmt: skip
    note = Safe("Who follows this server is not seen: it needs REPLICATION SLAVE.")
    return [
        described("shop", "mysql", "primary", "eu-west-1a"),
        described("shop-replica-1", "mysql", "replica", "eu-west-1b"),
        about("shop", "primary", notes=(note,)),
        about("shop-replica-1", "replica", upstream=(up,)),
    ]


def redis() -> list[Reading]:
    """The demo's own pair, during the first copy."""
    down = link("sessions-001", "sessions-002", LinkState.SEEDING, told=Safe("wait_bgsave"), lag=lag(None, 60 * MIB))
    up = link("sessions-001", "sessions-002", LinkState.SEEDING, told=Safe("sync in progress"), heard=AT)
    return [about("sessions-001", "primary", downstream=(down,)), about("sessions-002", "replica", upstream=(up,))]


def aurora() -> list[Reading]:
    """As AWS alone tells it, in milliseconds."""
    up = link("catalogue-1", "catalogue-2", BEHIND, mode=Safe("shared storage"), lag=lag(0.0216, fine=True),
              unsent=lag(0.0, 0))  # fmt: skip
    return [by_aws("catalogue-2", "reader", upstream=(up,))]


def dynamodb() -> list[Reading]:
    """A global table: idle in one region, and one in which it cannot be read."""
    idle = link("carts", "eu-central-1", IN_STEP, told=Safe("ACTIVE"), mode=Safe("asynchronous"))
    shut = link("carts", "us-east-1", BROKEN, told=Safe("INACCESSIBLE_ENCRYPTION_CREDENTIALS"), why=Safe("its key"))
    return [by_aws("carts", "global table", downstream=(idle, shut))]


FAMILIES = {
    "sql-server": (sql_server, "orders-primary"),
    "postgres": (postgres, "ledger"),
    "mysql": (mysql, "shop-replica-1"),
    "redis": (redis, "sessions-001"),
    "aurora": (aurora, "catalogue-2"),
    "dynamodb": (dynamodb, "carts"),
}
