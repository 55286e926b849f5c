"""Flushes of caches and of SQL Server's plans: what each sends, the narrowest first, and what it says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collectors.safe import Safe
from console.access.role import Role
from console.actions.registry import Action, Confirm

_DATABASE = Action(
    name=Safe("flush.database"),
    offer=Safe("flush"),
    title=Safe("Flush"),
    done=Safe("Flushed"),
    key="X",
    kind="cache",
    engines=("redis*", "valkey*"),
    service="redis",
    operation="FLUSHDB ASYNC",
    grants=("elasticache:Connect",),  # IAM's word for whoever may log in
    least=Role.ADMIN,
    confirm=Confirm.NAME,
    effect=(
        "Flush {to} ({region}, account {account}): all of its keys go at once, on every replica too, and nothing "
        "brings them back. Whoever asks for one is sent to the origin until it is filled again."
    ),
    goes_on=Safe("the flush has been done"),
    cool_down=timedelta(minutes=5),
    in_a_freeze=False,
    warn_after=timedelta(minutes=1),
    overdue_after=timedelta(minutes=5),
    absent_for=timedelta(seconds=30),
    elsewhere=Safe(
        "Flushes are of Redis and Valkey nodes, and of the plans of SQL Server. DAX has none: its TTL, or a restart of "
        "one node at a time, does it."
    ),
    is_named=False,
    scope="database",
    is_inside=True,
)
_PLAN = replace(
    _DATABASE,
    name=Safe("flush.plan"),
    title=Safe("Flush of a plan"),
    kind="instance",
    engines=("sqlserver-*", "custom-sqlserver-*"),
    service="sqlserver",
    operation="DBCC FREEPROCCACHE(handle)",
    grants=("rds-db:connect",),  # of SQL Server IAM knows no login: it stands for one
    effect=(
        "Throw out {to} ({name}, {region}, account {account}): it is compiled anew when it is next asked for, and may "
        "come out otherwise."
    ),
    goes_on=Safe("the plan has been thrown out"),
    scope="plan",
)

OF_CACHES: tuple[Action, ...] = (
    _DATABASE,
    replace(
        _DATABASE,
        name=Safe("flush.prefix"),
        title=Safe("Flush of a prefix"),
        operation="SCAN and UNLINK",
        effect=(
            "Delete {to} ({region}, account {account}), a few thousand a second, on every replica too. It can be "
            "stopped, and what is deleted by then is gone. Whoever asks for one of them is sent to the origin."
        ),
        goes_on=Safe("the deletion goes on"),
        warn_after=timedelta(minutes=5),
        overdue_after=timedelta(hours=2),
        scope="prefix",
        can_stop=True,
    ),
    replace(
        _DATABASE,
        name=Safe("flush.all"),
        title=Safe("Flush of everything"),
        operation="FLUSHALL ASYNC",
        confirm=Confirm.TWO,
        scope="all",
    ),
)
OF_PLANS: tuple[Action, ...] = (
    _PLAN,
    replace(
        _PLAN,
        name=Safe("flush.plans"),
        title=Safe("Flush of a database's plans"),
        operation="ALTER DATABASE SCOPED CONFIGURATION CLEAR PROCEDURE_CACHE",
        effect=(
            "Throw out {to} ({name}, {region}, account {account}): each is compiled anew when it is next asked for. "
            "Expect more CPU and slower answers for a while; what the statistics of its statements told is gone."
        ),
        goes_on=Safe("the plans have been thrown out"),
        scope="plans",
    ),
    replace(
        _PLAN,
        name=Safe("flush.all-plans"),
        title=Safe("Flush of all plans"),
        operation="DBCC FREEPROCCACHE",
        confirm=Confirm.TWO,
        effect=(
            "Throw out {to} ({name}, {region}, account {account}): each is compiled anew when it is next asked for. "
            "Expect more CPU and slower answers for a while; what the statistics of all statements told is gone."
        ),
        goes_on=Safe("the plans have been thrown out"),
        scope="all-plans",
    ),
)
