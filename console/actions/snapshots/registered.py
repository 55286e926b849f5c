"""Snapshots and backups: one key, and four operations of AWS."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collectors.safe import Safe
from console.access.role import Role
from console.actions.registry import Action, Confirm

_EFFECT = "Snapshot of {what} {{name}} ({{region}}, {{az}}, account {{account}}) as {{makes}}: {cost}"
_INSTANCE = Action(
    name=Safe("snapshot.instance"),
    offer=Safe("snapshot"),
    title=Safe("Snapshot"),
    done=Safe("A snapshot ended"),
    key="S",
    kind="instance",
    engines=("*",),
    service="rds",
    operation="CreateDBSnapshot",
    grants=("rds:CreateDBSnapshot", "rds:AddTagsToResource"),
    least=Role.OPERATOR,
    confirm=Confirm.NAME,
    effect=_EFFECT.format(what="the instance", cost="a Single-AZ instance may stop its I/O for seconds to minutes."),
    goes_on=Safe("the snapshot goes on"),
    cool_down=timedelta(minutes=1),
    in_a_freeze=True,
    warn_after=timedelta(minutes=30),
    overdue_after=timedelta(days=1),
    absent_for=timedelta(minutes=2),
    elsewhere=Safe("Snapshots are of RDS instances and clusters, Redis and Valkey nodes, and DynamoDB tables."),
)

SNAPSHOTS: tuple[Action, ...] = (
    _INSTANCE,
    replace(
        _INSTANCE,
        name=Safe("snapshot.cluster"),
        kind="cluster",
        operation="CreateDBClusterSnapshot",
        grants=("rds:CreateDBClusterSnapshot", "rds:AddTagsToResource"),
        effect=_EFFECT.format(what="the cluster", cost="its writer goes on serving; it is billed until deleted."),
    ),
    replace(
        _INSTANCE,
        name=Safe("snapshot.cache"),
        kind="cache",
        engines=("redis*", "valkey*"),
        service="elasticache",
        operation="CreateSnapshot",
        grants=("elasticache:CreateSnapshot", "elasticache:AddTagsToResource"),
        effect=_EFFECT.format(what="the node", cost="it forks and needs memory for that; a small one slows down."),
    ),
    replace(
        _INSTANCE,
        name=Safe("snapshot.table"),
        kind="table",
        service="dynamodb",
        operation="CreateBackup",
        grants=("dynamodb:CreateBackup",),
        effect=_EFFECT.format(what="the table", cost="it takes no capacity; it is billed until deleted."),
    ),
)
