"""What the other kinds of message say: what moves, what happened, and what a client and an engine say to each other."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from collectors.readings import Severity
from collectors.safe import DETAIL_LIMIT, Safe, sanitise
from console.protocol.body import Body, Detail, Millis, Number, Text, is_absent


class Tick(Body):
    """Values that changed since the tick with seq ``prev`` (0 for an epoch's first): id → name → (value, time)."""

    prev: int
    res: dict[Text, dict[Text, tuple[Number | None, Millis]]] = Field(max_length=200)


class Points(Body):
    """Columns: times in ms, rising, and the values at them; None is a gap."""

    t: tuple[Millis, ...]
    v: tuple[Number | None, ...]


class Hist(Body):
    series: dict[Text, Points]


class Past(Body):
    """The same stretch of the day, in the times at which it was."""

    yesterday: Points | None = None
    last_week: Points | None = None


class Ghosts(Body):
    """What the series of one resource did a day and a week ago, from CloudWatch's own history."""

    start: Millis  # of the stretch they stand behind, in the present
    end: Millis
    metrics: int  # asked for, and what they cost
    usd: Number
    series: dict[Text, Past]
    error: Text | None = Field(default=None, exclude_if=is_absent)  # why there is none, or not all


class Event(Body):
    resource: Text | None = None
    text: Detail
    severity: Severity = Severity.INFO
    source: Text
    t: Millis
    cut: bool = False  # the text was longer

    @model_validator(mode="before")
    @classmethod
    def _say_that_it_is_cut(cls, fields: object) -> object:
        match fields:
            case {"text": str(text), **others} if len(sanitise(text, DETAIL_LIMIT + 1)) > DETAIL_LIMIT:
                return {**others, "text": text, "cut": True}
        return fields


class Hello(Body):
    """The first thing a client says on a socket."""

    v: int
    wants: tuple[Text, ...] = ()  # topics after the estate, such as `res`; empty means all
    mode: Literal["control", "view", "once"]
    version: Text
    screen: Text = Safe("")  # a ULID: what `see` and `lead` call it


class Failure(Body):
    what: Text
    seen: Text = Safe("")
    mend: Text = Safe("")


class Command(Body):
    id: Text
    name: Text
    args: dict[str, object] = Field(default_factory=dict)


class Ack(Body):
    id: Text
    ok: bool
    error: Failure | None = None
    rows: tuple[tuple[Text, ...], ...] = Field(default=(), exclude_if=is_absent)  # what was asked for; titles first


class Lost(Body):
    n: int
