"""What may the looks file say? Strict: a key that is not known here is an error, not a wish that is not heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from console.environment import COLOUR_WORDS, SYMBOL_WORDS
from console.screen.rows import NAMES
from console.specs import Asked
from profiles.board import Rows
from profiles.fields import Part, Text, filled, listed, one_of, refuse, repeated
from profiles.wrong import nearest, shown
from widgets.themes import THEMES

TIMES = ("utc", "local")


def _number_or_word(value: object) -> object:
    """`color = 256` means what `color = "256"` does."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _times_of(value: object) -> str:
    if not isinstance(value, str) or (value not in TIMES and not _is_zone(value)):
        known = (*TIMES, *sorted(available_timezones()))
        allowed = f"{', '.join(TIMES)}, or a name such as Europe/Berlin"
        refuse("is no time zone", allowed=allowed, meant=nearest(str(value), known))
    return value


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):  # the last is of a name that is not known
        return False
    return True


def _mouse_of(value: object) -> object:
    if value != "auto" and not isinstance(value, bool):
        refuse("is not a yes or no", allowed='true, false or "auto"')
    return value


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    again = repeated(names)
    if again is not None:
        refuse("is there twice", at=(again,), found=shown(names[again]))
    return names


def _flat(value: object) -> object:
    """`app.help = "f1"` without quotes around the id is a table in a table to TOML, and means the same."""
    if not isinstance(value, dict):
        return value
    said: dict[str, object] = {}
    for key, inner in value.items():
        under = _flat(inner)
        said |= {f"{key}.{name}": each for name, each in under.items()} if isinstance(under, dict) else {key: inner}
    return said


Column = Annotated[str, BeforeValidator(one_of(NAMES))]


class BoardLooks(Part):
    """Goes before what the profile says."""

    rows: Rows | None = Field(default=None, description="Rows of tiles on a screen of usual size.")
    wide: Rows | None = Field(default=None, description="The same for a screen of 160 columns or more.")


class OverviewLooks(Part):
    columns: Annotated[tuple[Column, ...], BeforeValidator(listed), AfterValidator(filled), AfterValidator(_once)] = (
        Field(default=NAMES, description="Which columns, in this order.")
    )


class LooksFile(Part):
    """All of it is optional."""

    theme: Annotated[str | None, BeforeValidator(one_of(THEMES))] = Field(default=None)
    symbols: Annotated[str | None, BeforeValidator(one_of(SYMBOL_WORDS))] = Field(default=None)
    color: Annotated[str | None, BeforeValidator(one_of(COLOUR_WORDS)), BeforeValidator(_number_or_word)] = Field(
        default=None
    )
    times: Annotated[str | None, BeforeValidator(_times_of)] = Field(default=None)
    mouse: Annotated[bool | Literal["auto"] | None, BeforeValidator(_mouse_of)] = Field(default=None)
    keys: Annotated[Mapping[str, Text], BeforeValidator(_flat)] = Field(default={})
    board: BoardLooks = Field(default=BoardLooks())
    overview: OverviewLooks | None = Field(default=None)

    def asked(self) -> Asked:
        return Asked(self.theme, self.symbols, self.color, self.times, self.mouse)
