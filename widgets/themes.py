"""Which themes are there? Mixed colours are of the 256 that all terminals have, so that both depths look alike."""

from __future__ import annotations

from collections.abc import Mapping

from widgets.tone import TERMINAL, Ground, Ink, Theme, Tone

_BLACK = Ground("#000000", "black")

DARK = Theme(
    "dark",
    "for a dark terminal, with colours that are the same everywhere",
    {
        Tone.PLAIN: Ink(),
        Tone.DIM: Ink("#a8a8a8", dim=True),
        Tone.GOOD: Ink("#87d787", "green"),
        Tone.WARN: Ink("#ffd75f", "bright_yellow"),
        Tone.BAD: Ink("#ff8787", "bright_red", bold=True),
        Tone.ACCENT: Ink("#5fd7ff", "bright_cyan"),
        Tone.TITLE: Ink(bold=True),
        Tone.HEADER: Ink("#5fd7ff", "bright_cyan"),
        Tone.SELECTED: Ink(reverse=True),
        Tone.MARKED: Ink(bold=True),
        Tone.MARK: Ink("#5fd7ff", "bright_cyan"),
        Tone.LIMIT: Ink("#ff8787", "bright_red", bold=True),
        Tone.GHOST: Ink("#949494", dim=True),
    },
)

LIGHT = Theme(
    "light",
    "for a light terminal, with colours that are the same everywhere",
    {
        Tone.PLAIN: Ink(),
        Tone.DIM: Ink("#5f5f5f", dim=True),
        Tone.GOOD: Ink("#005f00", "green"),
        Tone.WARN: Ink("#875f00", "magenta"),  # yellow on white cannot be read
        Tone.BAD: Ink("#af0000", "red", bold=True),
        Tone.ACCENT: Ink("#005faf", "blue"),
        Tone.TITLE: Ink(bold=True),
        Tone.HEADER: Ink("#005faf", "blue"),
        Tone.SELECTED: Ink(reverse=True),
        Tone.MARKED: Ink(bold=True),
        Tone.MARK: Ink("#005faf", "blue"),
        Tone.LIMIT: Ink("#af0000", "red", bold=True),
        Tone.GHOST: Ink("#767676", dim=True),
    },
)

HIGH_CONTRAST = Theme(
    "high-contrast",
    "on black, nothing faint, what is bad reversed",
    {
        Tone.PLAIN: Ink("#ffffff", "bright_white"),
        Tone.DIM: Ink("#d0d0d0", "white"),
        Tone.GOOD: Ink("#87ff87", "bright_green"),
        Tone.WARN: Ink("#ffff00", "bright_yellow", bold=True),
        Tone.BAD: Ink("#ff8787", "bright_red", bold=True, reverse=True),
        Tone.ACCENT: Ink("#00ffff", "bright_cyan"),
        Tone.TITLE: Ink("#ffffff", "bright_white", bold=True),
        Tone.HEADER: Ink("#00ffff", "bright_cyan", bold=True),
        Tone.SELECTED: Ink("#ffffff", "bright_white", reverse=True),
        Tone.MARKED: Ink("#ffffff", "bright_white", bold=True),
        Tone.MARK: Ink("#00ffff", "bright_cyan", bold=True),
        Tone.LIMIT: Ink("#ff8787", "bright_red", bold=True),
        Tone.GHOST: Ink("#b2b2b2", "white"),
    },
    _BLACK,
)

DEUTERANOPIA = Theme(
    "deuteranopia",
    "on black, orange and yellow against blue: for eyes that confuse red and green (protanopia too)",
    {
        Tone.PLAIN: Ink("#e4e4e4", "white"),
        Tone.DIM: Ink("#a8a8a8", "white", dim=True),
        Tone.GOOD: Ink("#5f87ff", "bright_blue"),
        Tone.WARN: Ink("#ffff5f", "bright_yellow"),
        Tone.BAD: Ink("#ff8700", "yellow", bold=True, reverse=True),
        Tone.ACCENT: Ink("#87d7ff", "bright_cyan"),
        Tone.TITLE: Ink("#e4e4e4", "white", bold=True),
        Tone.HEADER: Ink("#87d7ff", "bright_cyan"),
        Tone.SELECTED: Ink("#e4e4e4", "white", reverse=True),
        Tone.MARKED: Ink("#e4e4e4", "white", bold=True),
        Tone.MARK: Ink("#87d7ff", "bright_cyan"),
        Tone.LIMIT: Ink("#ff8700", "yellow", bold=True),
        Tone.GHOST: Ink("#8a8a8a", "white", dim=True),
    },
    _BLACK,
)

TRITANOPIA = Theme(
    "tritanopia",
    "on black, red against cyan: for eyes that confuse blue and yellow",
    {
        Tone.PLAIN: Ink("#e4e4e4", "white"),
        Tone.DIM: Ink("#a8a8a8", "white", dim=True),
        Tone.GOOD: Ink("#00afaf", "cyan"),
        Tone.WARN: Ink("#ffaf87", "bright_magenta"),
        Tone.BAD: Ink("#ff5f5f", "bright_red", bold=True, reverse=True),
        Tone.ACCENT: Ink("#5fffff", "bright_cyan"),
        Tone.TITLE: Ink("#e4e4e4", "white", bold=True),
        Tone.HEADER: Ink("#5fffff", "bright_cyan"),
        Tone.SELECTED: Ink("#e4e4e4", "white", reverse=True),
        Tone.MARKED: Ink("#e4e4e4", "white", bold=True),
        Tone.MARK: Ink("#5fffff", "bright_cyan"),
        Tone.LIMIT: Ink("#ff5f5f", "bright_red", bold=True),
        Tone.GHOST: Ink("#8a8a8a", "white", dim=True),
    },
    _BLACK,
)

THEMES: Mapping[str, Theme] = {
    theme.name: theme for theme in (TERMINAL, DARK, LIGHT, HIGH_CONTRAST, DEUTERANOPIA, TRITANOPIA)
}
