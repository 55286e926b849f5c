"""What did a screen ask for? Its arguments, checked: a request may come from anything that reaches the socket."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console.access.mfa import TypedCode
from console.protocol.bodies import Command

F = TypeVar("F", bound="Form")

MOST = 512
MOST_PASTED = 16_384

Line = Annotated[Safe, BeforeValidator(lambda value: sanitise(value, MOST) if isinstance(value, str) else value)]
Exact = Annotated[str, Field(max_length=MOST)]


Watchers = Annotated[int, Field(ge=0, le=10_000)]
"""How many see the terminal that it is asked from; 0: more than one, and nobody says how many."""


class Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)


class HereForm(Form):
    watchers: Watchers = 1


class PlanForm(HereForm):
    action: Line  # what a key stands for
    id: Line
    choice: Line = Safe("")  # who shall take over, where there is a choice
    scope: Line = Safe("")  # what of it, where it may be more or less


class OpForm(Form):
    op: Line


class ConfirmForm(OpForm, HereForm):
    plan: Exact
    typed: Exact
    reason: Line = Safe("")
    overrides: Annotated[tuple[Line, ...], Field(max_length=32)] = ()
    incident: Line = Safe("")
    mfa: TypedCode = ""


class ApproveForm(OpForm):
    text: Annotated[str, Field(max_length=MOST_PASTED)]


def read(form: type[F], command: Command) -> F:
    """`Trouble` for what it is not; nothing of what was typed is repeated."""
    try:
        return form.model_validate(command.args)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]}))
        known = ", ".join(form.model_fields)
        raise Trouble(f"`{command.name}` cannot be read.", seen=f"wrong: {wrong}", mend=f"It takes {known}.") from None
