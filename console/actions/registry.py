"""Which actions are there? Data: what each is called, whom it is for, what it sends, and what is looked at before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from collectors.safe import Safe
from console.access.role import Role


class Confirm(StrEnum):
    """What a person does before it is sent."""

    KEY = "key"  # Enter on the plan
    NAME = "name"  # the whole name is typed


@dataclass(frozen=True, slots=True)
class Action:
    """One operation of AWS on one kind of resource. ``key`` and ``offer`` are what a person presses and reads."""

    name: Safe
    offer: Safe  # of all that one key stands for
    key: str
    kind: str  # of the resource, as the inventory tells it
    engines: tuple[str, ...]  # patterns of the shell
    service: str
    operation: str
    grants: tuple[str, ...]  # IAM's names for what it sends
    least: Role
    confirm: Confirm
    checks: tuple[str, ...]  # its own, behind those that all have
    effect: Safe  # with {name}, {region}, {account} and {az}
    cool_down: timedelta
    in_a_freeze: bool  # whether a freeze lets it through
    is_repeatable: bool  # whether the same request sent twice does one thing
    warn_after: timedelta
    overdue_after: timedelta
