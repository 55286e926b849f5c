"""What does a run of text mean, and how may it look? Tones are meanings; a palette gives each one a pen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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


class Palette(StrEnum):
    """Colour keeps to the terminal's own sixteen, so that it suits light, dark and 16-colour terminals alike."""

    COLOUR = "colour"
    MONO = "mono"


class Symbols(StrEnum):
    """What the terminal's font can be trusted with."""

    BRAILLE = "braille"
    BLOCK = "block"
    ASCII = "ascii"

    @property
    def ellipsis(self) -> Safe:
        return Safe("~") if self is Symbols.ASCII else Safe("…")


@dataclass(frozen=True, slots=True)
class Pen:
    """A way to write: one of the terminal's sixteen colours, or its own foreground."""

    colour: str | None = None
    bold: bool = False
    dim: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How everything is drawn at the moment."""

    palette: Palette = Palette.COLOUR
    symbols: Symbols = Symbols.BRAILLE

    def pen(self, tone: Tone) -> Pen:
        return _PENS[self.palette][tone]


_PENS: Mapping[Palette, Mapping[Tone, Pen]] = {
    Palette.COLOUR: {
        Tone.PLAIN: Pen(),
        Tone.DIM: Pen(dim=True),
        Tone.GOOD: Pen("green"),
        Tone.WARN: Pen("yellow"),
        Tone.BAD: Pen("red", bold=True),
        Tone.ACCENT: Pen("cyan"),
        Tone.TITLE: Pen(bold=True),
        Tone.HEADER: Pen("cyan"),
        Tone.SELECTED: Pen(reverse=True),
        Tone.MARKED: Pen(bold=True),
    },
    Palette.MONO: {
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
    },
}
