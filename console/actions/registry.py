"""What is an action? Data: what each is called, whom it is for, what it sends, and how it is confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
    """One operation on one kind of resource. ``key`` and ``offer`` are what a person presses and reads."""

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
    effect: str  # with {name}, {region}, {account}, {az}, {to} and {makes}
    goes_on: Safe  # what does when nobody watches any more
    cool_down: timedelta
    in_a_freeze: bool  # whether a freeze lets it through
    warn_after: timedelta  # without progress
    overdue_after: timedelta
    absent_for: timedelta  # how long AWS may not know it before it counts as never begun
    elsewhere: Safe  # why a resource of another kind has it not
    first: Safe = NO_TEXT  # the offer that would be wise before it, where it is risky
    roles: tuple[str, ...] = ()  # of resources that have it; none: whatever their role
    is_named: bool = True  # what it makes bears a name: that AWS knows none of that name is proof that there is none
    scope: str = ""  # of what can be done to more or less of one resource: how much, as `flushes.scope` reads it
    is_inside: bool = False  # it is sent to the database itself: AWS's API has no part in it
    can_stop: bool = False  # it takes long, and may be stopped on its way


def action_for(
    actions: Iterable[Action], offer: str, kind: str, engine: str, *, role: str = "", scope: str = ""
) -> Action | None:
    """What a key means for one resource; None where it means nothing there."""
    of_kind = (a for a in actions if a.offer == offer and a.kind == kind and a.scope == scope)
    fits = (a for a in of_kind if _is_of(a, engine, role))
    return next(fits, None)


def named(actions: Iterable[Action], name: str) -> Action | None:
    return next((action for action in actions if action.name == name), None)


def _is_of(action: Action, engine: str, role: str) -> bool:
    return any(fnmatchcase(engine, pattern) for pattern in action.engines) and role in (action.roles or (role,))
