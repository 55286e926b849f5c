"""What may one value of a profile be? Each kind says what is allowed when it is given something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictBool, WithJsonSchema
from pydantic_core import PydanticCustomError

from profiles.units import NotAQuantity, in_unit, seconds
from profiles.wrong import nearest, shown

_LONGEST = 300
_T = TypeVar("_T")
SEVERITIES = ("critical", "high", "warning", "info")
_ELSEWHERE = {"medium": "warning", "low": "info", "error": "high", "warn": "warning", "crit": "critical"}


class Part(BaseModel):
    """A table of a profile. A key that is not declared is an error, not a wish that is not heard."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=False)


def refuse(
    what: str, *, allowed: str = "", meant: str = "", at: tuple[str | int, ...] = (), found: str | None = None
) -> NoReturn:
    """Said of the value that is validated, or of what is ``at`` a place in it; ``found`` is shown in its place."""
    context = {"what": what, "allowed": allowed, "nearest": meant, "at": at, "found": found}
    raise PydanticCustomError("profile", "{what}", context)


def text_of(value: object) -> str:
    if not isinstance(value, str):
        refuse("is not text", allowed="text in quotes")
    if not value or value != value.strip():
        refuse("is empty or has spaces around it", allowed="text without spaces around it")
    if len(value) > _LONGEST:
        refuse("is too long", allowed=f"at most {_LONGEST} characters")
    if not value.isprintable():
        refuse("has characters that cannot be seen", allowed="printable text")
    return value


def matching(pattern: str, allowed: str) -> Callable[[object], str]:
    compiled = re.compile(pattern, re.ASCII)

    def check(value: object) -> str:
        text = text_of(value)
        if not compiled.fullmatch(text):
            refuse("is not of the right form", allowed=allowed)
        return text

    return check


def one_of(words: Iterable[str]) -> Callable[[object], str]:
    known = tuple(words)

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in known:
            refuse("is not a word known here", allowed=", ".join(known), meant=nearest(str(value), known))
        return value

    return check


def number_in(unit: str, least: float, most: float) -> Callable[[object], float]:
    """A number of the unit, between two bounds; other words for it may be written where they convert exactly."""

    def check(value: object) -> float:
        number = quantity(lambda: in_unit(value, unit))
        if not least <= number <= most:
            refuse("is out of range", allowed=f"{least:g} to {most:g}{_of(unit)}")
        return number

    return check


def quantity(read: Callable[[], float], at: tuple[str, ...] = (), found: object = None) -> float:
    try:
        return read()
    except NotAQuantity as error:
        refuse(error.what, allowed=error.allowed, at=at, found=shown(found) if at else None)


def _of(unit: str) -> str:
    return {"": "", "Percent": " %", "Seconds": " s"}.get(unit, f" {unit}")


def whole(least: int, most: int) -> Callable[[object], int]:
    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            refuse("is not a whole number", allowed=f"{least} to {most}")
        if not least <= value <= most:
            refuse("is out of range", allowed=f"{least} to {most}")
        return value

    return check


def severity_of(value: object) -> str:
    if isinstance(value, str) and value in SEVERITIES:
        return value
    instead = _ELSEWHERE.get(value.casefold(), "") if isinstance(value, str) else ""
    meant = instead or nearest(str(value), SEVERITIES)
    refuse(f"is not a severity: use {instead}" if instead else "is not a severity",
           allowed=", ".join(SEVERITIES), meant="" if instead else meant)  # fmt: skip


def duration_of(value: object) -> float:
    number = quantity(lambda: seconds(value))
    if number < 0:
        refuse("is less than nothing", allowed="0 s or more")
    return number


def repeated(names: Iterable[Hashable]) -> int | None:
    """The place of the first that was there before."""
    seen: set[Hashable] = set()
    for index, name in enumerate(names):
        if name in seen:
            return index
        seen.add(name)
    return None


def listed(value: object) -> object:
    """One word where an array is wanted is the commonest slip; it is refused with the way to write it."""
    if isinstance(value, str):
        refuse("is not an array", allowed=f"[{shown(value)}]".replace("'", '"'))
    return value


def filled(value: tuple[_T, ...]) -> tuple[_T, ...]:
    """Not by min_length, which counts the items that are right and so complains twice of one that is not."""
    if not value:
        refuse("is empty", allowed="one or more")
    return value


_QUANTITY_SCHEMA: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string"}]}

Severity = Annotated[Literal["critical", "high", "warning", "info"], BeforeValidator(severity_of)]
Name = Annotated[
    str,
    BeforeValidator(matching(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", "letters, digits, `-`, `_` and `.`; at most 63")),
]
Text = Annotated[str, BeforeValidator(text_of)]
Duration = Annotated[
    float,
    BeforeValidator(duration_of),
    WithJsonSchema(_QUANTITY_SCHEMA | {"description": "seconds, or text such as `5m`, `90s`, `1h`"}),
]
Flag = StrictBool
Patterns = Annotated[tuple[Text, ...], BeforeValidator(listed)]
