"""Which keys does the dialog take now? What they would do is said with them: Esc may stop it, or only close."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from console.screen.acting import states
from console.screen.acting.asked import Field
from console.screen.acting.confirming import Typing

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.op import Op


def hints(op: Op, typing: Typing | None, *, viewer: bool) -> Iterator[str]:
    """In words, each with its key."""
    if viewer:
        yield "Esc:Close (this is a viewer: it only looks)" if typing is None else "Esc:Close (it goes on waiting)"
        yield from () if typing is None else _to_type(typing)
        return
    if op.state in states.COUNTING or (typing is not None and typing.is_asked and typing.field is Field.NAME):
        yield "Esc:Stop it, nothing is sent"
        return
    if states.may_be_stopped(op):
        yield "s:Stop it here"
    if op.state in states.UNDER_WAY:
        yield f"Esc:Stop watching (the {states.noun(op)} continues)"
    elif op.state in states.LOOKING or op.state == "planned":
        yield "Esc:Leave it, nothing is sent"
    elif op.state == "await-approval":
        yield "Esc:Close (it goes on waiting)"
    else:
        yield "Esc:Close"
    if may_be_acknowledged(op):
        yield "A:Acknowledge"
    if typing is not None:
        yield from _to_type(typing)


def _to_type(typing: Typing) -> Iterator[str]:
    if typing.field is Field.NAME:
        yield "Enter:Confirm, sent 5 s later"
    if typing.field is Field.CHECKS:
        yield "Space:Override"
    if len(typing.asked.fields) > 1:
        yield "Tab:Next field"
    if typing.field is Field.APPROVAL:
        yield "Ctrl+Y:Copy the text to sign"


def may_be_acknowledged(op: Op) -> bool:
    """Whoever has seen how it ended says so, which ends its cool-down."""
    return op.state in ("done", "failed", "overdue", "abandoned") and op.sent is not None and not op.acknowledged
