"""What does a run of text mean, and how may it look? Tones are meanings; a theme gives each one its ink."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from collectors.safe import Safe


class Tone(StrEnum):
    """What a run means. Colour is never the only signal: whoever says BAD also says it in words or with a sign."""

    PLAIN = "plain"
    DIM = "dim"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    ACCENT = "accent"
    TITLE = "title"
    HEADER = "header"  # the line above a table
    SELECTED = "selected"  # the row the keys act on
    MARKED = "marked"  # the same row while another pane has the keys
    MARK = "mark"  # the sign of a row that was marked
    LIMIT = "limit"  # the line of a grave bound: never reversed, for it crosses the whole chart
    GHOST = "ghost"  # another time's line, behind this one's


class Symbols(StrEnum):
    """What the terminal's font can be trusted with."""

    BRAILLE = "braille"
    BLOCK = "block"
    ASCII = "ascii"

    @property
    def ellipsis(self) -> Safe:
        return Safe("~") if self is Symbols.ASCII else Safe("…")


class Depth(StrEnum):
    """How many colours the terminal has."""

    NONE = "none"
    EIGHT = "8"
    SIXTEEN = "16"
    MANY = "256"
    TRUE = "true"

    @property
    def is_mixed(self) -> bool:
        """Whether colours are what they say, and not what somebody set the terminal's sixteen to."""
        return self in (Depth.MANY, Depth.TRUE)


@dataclass(frozen=True, slots=True)
class Pen:
    """A way to write. A colour is one of the terminal's sixteen by name or `#rrggbb`; None is the terminal's own."""

    colour: str | None = None
    ground: str | None = None
    bold: bool = False
    dim: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Ink:
    """What a theme writes a tone with: a mixed colour, and one of the sixteen where there are no others.

    Dim belongs to the sixteen: a mixed colour is already as faint as it may be and still be read.
    """

    mixed: str | None = None
    basic: str | None = None
    bold: bool = False
    dim: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What a theme paints behind everything."""

    mixed: str
    basic: str


@dataclass(frozen=True, eq=False)
class Theme:
    """An ink for each tone; without a ground of its own it leaves the terminal's."""

    name: str
    what: str
    inks: Mapping[Tone, Ink]
    ground: Ground | None = None


TERMINAL = Theme(
    "terminal",
    "the terminal's own sixteen colours, on its own ground",
    {
        Tone.PLAIN: Ink(),
        Tone.DIM: Ink(dim=True),
        Tone.GOOD: Ink(basic="green"),
        Tone.WARN: Ink(basic="yellow"),
        Tone.BAD: Ink(basic="red", bold=True),
        Tone.ACCENT: Ink(basic="cyan"),
        Tone.TITLE: Ink(bold=True),
        Tone.HEADER: Ink(basic="cyan"),
        Tone.SELECTED: Ink(reverse=True),
        Tone.MARKED: Ink(bold=True),
        Tone.MARK: Ink(basic="cyan"),
        Tone.LIMIT: Ink(basic="red", bold=True),
        Tone.GHOST: Ink(dim=True),
    },
)

_BARE: Mapping[Tone, Pen] = {
    Tone.PLAIN: Pen(),
    Tone.DIM: Pen(dim=True),
    Tone.GOOD: Pen(),
    Tone.WARN: Pen(bold=True),
    Tone.BAD: Pen(bold=True, reverse=True),
    Tone.ACCENT: Pen(),
    Tone.TITLE: Pen(bold=True),
    Tone.HEADER: Pen(dim=True),
    Tone.SELECTED: Pen(reverse=True),
    Tone.MARKED: Pen(bold=True),
    Tone.MARK: Pen(),
    Tone.LIMIT: Pen(bold=True),
    Tone.GHOST: Pen(dim=True),
}
"""Where there is no colour, every theme looks like this."""


@dataclass(frozen=True, slots=True)
class Look:
    """How everything is drawn at the moment."""

    theme: Theme = TERMINAL
    symbols: Symbols = Symbols.BRAILLE
    depth: Depth = Depth.SIXTEEN

    @property
    def ground(self) -> str | None:
        """What is behind everything; None: whatever the terminal has there."""
        if self.theme.ground is None or self.depth is Depth.NONE:
            return None
        return self.theme.ground.mixed if self.depth is Depth.TRUE else self.theme.ground.basic

    def pen(self, tone: Tone) -> Pen:
        return _pen(self.theme, self.depth, self.ground, tone)


@lru_cache(maxsize=1024)
def _pen(theme: Theme, depth: Depth, ground: str | None, tone: Tone) -> Pen:
    if depth is Depth.NONE:
        return _BARE[tone]
    ink = theme.inks[tone]
    if depth.is_mixed and ink.mixed is not None:
        return Pen(ink.mixed, ground, bold=ink.bold, reverse=ink.reverse)
    pen = Pen(ink.basic, ground, bold=ink.bold, dim=ink.dim, reverse=ink.reverse)
    return _of_eight(pen) if depth is Depth.EIGHT else pen


def _of_eight(pen: Pen) -> Pen:
    """The bright half of the sixteen is the other half in bold."""
    if pen.colour is None or not pen.colour.startswith("bright_"):
        return pen
    return replace(pen, colour=pen.colour.removeprefix("bright_"), bold=True)
