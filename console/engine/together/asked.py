"""What did somebody ask of the shared session? Arguments, checked: they may come from anywhere."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from collectors.errors import Trouble
from collectors.readings import Severity
from collectors.safe import NO_TEXT, Safe, sanitise
from console.protocol.bodies import Command
from console.protocol.body import Millis
from console.together.lead import REACH_MS, Shown

F = TypeVar("F", bound="Form")

MOST = 200  # characters of a name; no pane, resource or user has more
MOST_TYPED = 1_000  # of what is refused in words where it is too long


def _line(most: int) -> BeforeValidator:
    return BeforeValidator(lambda value: sanitise(value, most).strip() if isinstance(value, str) else value)


Line = Annotated[Safe, _line(MOST)]
Typed = Annotated[Safe, _line(MOST_TYPED)]


class Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)


class SeeForm(Form):
    """Of older screens, and of whoever only wants values, no ``screen`` is known."""

    screen: Line = NO_TEXT
    pane: Line = NO_TEXT
    resource: Line | None = None
    following: bool = False
    gone: bool = False


class NoteForm(Form):
    text: Typed
    resource: Line | None = None


class ShowForm(Form):
    pane: Line
    resource: Line | None = None
    selected: Line | None = None
    window_ms: Annotated[int, Field(ge=1, le=REACH_MS)] | None = None
    end: Millis | None = None

    @property
    def shown(self) -> Shown:
        return Shown(self.pane, self.resource, self.selected, self.window_ms, self.end)


class LeadForm(Form):
    screen: Line = NO_TEXT
    take: bool = False
    drop: bool = False
    to: Line | None = None
    show: ShowForm | None = None


class OpenForm(Form):
    name: Typed
    severity: Severity
    commander: Typed | None = None


class IncidentForm(Form):
    open: OpenForm | None = None
    close: Typed | None = None
    commander: Typed | None = None
    severity: Severity | None = None


def read(form: type[F], command: Command) -> F:
    """`Trouble` for what it is not; nothing of what was typed is repeated."""
    try:
        return form.model_validate(command.args)
    except ValidationError as error:
        wrong = ", ".join(sorted({".".join(map(str, each["loc"])) for each in error.errors() if each["loc"]}))
        known = ", ".join(form.model_fields)
        raise Trouble(f"`{command.name}` cannot be read.", seen=f"wrong: {wrong}", mend=f"It takes {known}.") from None
