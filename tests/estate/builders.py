"""Readings with what a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from collectors.inside.waits import Wait, Waits
from collectors.readings import BackupStatus, Described, Metric, ReplicaLag, ResourceId
from collectors.safe import Safe
from console.estate.times import to_ms

START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
START_MS = to_ms(START)
ORDERS = ResourceId(Safe("orders-primary"))
CPU = Safe("cloudwatch.CPUUtilization")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def described(seconds: float = 0, about: ResourceId = ORDERS, status: str = "available") -> Described:
    kind, engine, role, az = Safe("instance"), Safe("sqlserver-ee"), Safe("primary"), Safe("eu-west-1a")
    place = (Safe("eu-west-1"), Safe("111122223333"))
    facts = ((Safe("DBInstanceClass"), Safe("db.r6i.2xlarge")),)
    return Described(about, at(seconds), kind, engine, role, Safe(status), az, *place, facts=facts)


def metric(seconds: float, value: float | None, name: str = CPU, about: ResourceId = ORDERS) -> Metric:
    return Metric(about, at(seconds), Safe(name), value, Safe("Percent"))


def waits(seconds: float, **rates: float) -> Waits:
    rows = tuple(Wait(Safe(name), Safe("Tran Log IO"), rate, rate / 5, 5.0) for name, rate in rates.items())
    return Waits(ORDERS, at(seconds), rows, interval_s=5.0, cores=8)


def lag(seconds: float, lag_s: float | None, state: str = "replicating") -> ReplicaLag:
    distance = None if lag_s is None else timedelta(seconds=lag_s)
    return ReplicaLag(ORDERS, at(seconds), ResourceId(Safe("orders")), distance, Safe(state))


def backup(seconds: float, restorable: float | None = -240) -> BackupStatus:
    until = None if restorable is None else at(restorable)
    return BackupStatus(ORDERS, at(seconds), timedelta(days=14), until, at(-6 * 3600), None)
