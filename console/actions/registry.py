"""Which actions are there? Data: what each is called, whom it is for, what it sends, and how it is confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from collectors.safe import NO_TEXT, Safe
from console.access.role import Role


class Confirm(StrEnum):
    """What is asked of people before it is sent."""

    NAME = "name"  # the whole name is typed
    TWO = "two"  # that, and a second person signs


@dataclass(frozen=True, slots=True)
class Action:
    """One operation of AWS on one kind of resource. ``key`` and ``offer`` are what a person presses and reads."""

    name: Safe
    offer: Safe  # of all that one key stands for
    title: Safe
    done: Safe  # as one says it of the past
    key: str
    kind: str  # of the resource, as the inventory tells it
    engines: tuple[str, ...]  # patterns of the shell
    service: str
    operation: str
    grants: tuple[str, ...]  # IAM's names for what it sends, the operation's own first
    least: Role
    confirm: Confirm
    effect: str  # with {name}, {region}, {account}, {az} and {makes}
    goes_on: Safe  # what does when nobody watches any more
    cool_down: timedelta
    in_a_freeze: bool  # whether a freeze lets it through
    warn_after: timedelta  # without progress
    overdue_after: timedelta
    absent_for: timedelta  # how long AWS may not know it before it counts as never begun
    elsewhere: Safe  # why a resource of another kind has it not
    first: Safe = NO_TEXT  # the offer that would be wise before it, where it is risky


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

ACTIONS: tuple[Action, ...] = (
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


def action_for(actions: Iterable[Action], offer: str, kind: str, engine: str) -> Action | None:
    """What a key means for one resource; None where it means nothing there."""
    fits = (a for a in actions if a.offer == offer and a.kind == kind and _is_of(a, engine))
    return next(fits, None)


def named(actions: Iterable[Action], name: str) -> Action | None:
    return next((action for action in actions if action.name == name), None)


def _is_of(action: Action, engine: str) -> bool:
    return any(fnmatchcase(engine, pattern) for pattern in action.engines)
