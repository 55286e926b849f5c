"""What does a plan ask of whoever confirms it: which checks to override, which fields to fill, what to type?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from collectors.safe import NO_TEXT, Safe

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.op import CheckRow, Op

MFA, SHARED = "mfa", "shared-terminal"  # the checks that may ask for a code


class Field(StrEnum):
    """In the order in which they are filled."""

    CHECKS = "checks"
    REASON = "reason"
    INCIDENT = "incident"
    MFA = "mfa"
    APPROVAL = "approval"
    NAME = "name"


ENTERED: Mapping[Field, Safe] = {
    Field.REASON: Safe("The reason"),
    Field.INCIDENT: Safe("The incident"),
    Field.MFA: Safe("The MFA code"),
}
"""Fields that must not be empty, as a sentence names them."""


@dataclass(frozen=True, slots=True)
class Overridable:
    """A check that does not pass, and what lets it."""

    name: Safe
    by: str
    count: int = 0  # what the reason must say, where it must


@dataclass(frozen=True, slots=True)
class Asked:
    """Another plan is another question: nothing that was typed for one counts for the next."""

    op: Safe
    plan: Safe
    word: Safe  # empty: Enter is enough
    overridable: tuple[Overridable, ...]
    fields: tuple[Field, ...]

    @property
    def count(self) -> int:
        """What must be written in the reason; 0: nothing must."""
        return max((each.count for each in self.overridable if each.by == "count"), default=0)


def asked_of(op: Op, *, viewer: bool = False) -> Asked | None:
    """None where there is nothing to confirm or to approve. A viewer may approve, and nothing else."""
    waits = op.state == "await-approval"
    if viewer:
        return Asked(op.id, op.plan, NO_TEXT, (), (Field.APPROVAL,)) if waits else None
    if op.state != "planned" and not waits:
        return None
    overridable = tuple(Overridable(row.name, row.override, row.count) for row in op.checks if is_overridable(row))
    breaks_glass = any(each.by == "break-glass" for each in overridable)
    fields = tuple(_fields(op, overridable, may_confirm=breaks_glass or not waits, waits=waits))
    return Asked(op.id, op.plan, op.word, overridable if Field.NAME in fields else (), fields)


def is_overridable(row: CheckRow) -> bool:
    """It stops the action, nobody has let it pass yet, and somebody may. A warning stops nothing."""
    return row.verdict == "block" and row.override != "never" and not row.overridden and row.name != MFA


def _wants_code(row: CheckRow) -> bool:
    return row.verdict != "pass" and (row.name == MFA or (row.name == SHARED and row.override == "code"))


def _fields(op: Op, overridable: tuple[Overridable, ...], *, may_confirm: bool, waits: bool) -> Iterator[Field]:
    ways = {each.by for each in overridable}
    if may_confirm and overridable:
        yield Field.CHECKS
    if may_confirm and ways & {"reason", "count", "break-glass"}:
        yield Field.REASON
    if may_confirm and "break-glass" in ways:
        yield Field.INCIDENT
    if may_confirm and any(map(_wants_code, op.checks)):
        yield Field.MFA
    if waits:
        yield Field.APPROVAL
    if may_confirm:
        yield Field.NAME
