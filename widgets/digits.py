"""A time that is read from across a room: each of its signs several lines high."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from collectors.safe import Safe, sanitise
from widgets.tone import Symbols

HIGH, LOW = 5, 3  # lines
_DOTS: Mapping[str, Sequence[str]] = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": ("  #", "  #", "  #", "  #", "  #"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    ":": (" ", "#", " ", "#", " "),
    "-": ("   ", "   ", "###", "   ", "   "),
}
_STROKES: Mapping[str, Sequence[str]] = {  # three lines of ASCII: the strokes of a pocket calculator
    "0": (" _ ", "| |", "|_|"),
    "1": ("   ", "  |", "  |"),
    "2": (" _ ", " _|", "|_ "),
    "3": (" _ ", " _|", " _|"),
    "4": ("   ", "|_|", "  |"),
    "5": (" _ ", "|_ ", " _|"),
    "6": (" _ ", "|_ ", "|_|"),
    "7": (" _ ", "  |", "  |"),
    "8": (" _ ", "|_|", "|_|"),
    "9": (" _ ", "|_|", " _|"),
    ":": (" ", ".", "."),
    "-": ("   ", " _ ", "   "),
}
_HALVES = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
KNOWN = frozenset(_DOTS)


def digits(text: str, symbols: Symbols, lines: int) -> tuple[Safe, ...]:
    """``lines`` is `HIGH` or `LOW`. Of figures, colons and dashes; any other sign is left out."""
    signs = [sign for sign in text if sign in KNOWN]
    if lines == HIGH:
        large = [_wide(sign, "##" if symbols is Symbols.ASCII else "██") for sign in signs]
        return tuple(sanitise("  ".join(part[y] for part in large)) for y in range(HIGH))
    small = [_STROKES[sign] if symbols is Symbols.ASCII else _halved(_DOTS[sign]) for sign in signs]
    return tuple(sanitise(" ".join(part[y] for part in small)) for y in range(LOW))


def _wide(sign: str, dot: str) -> list[str]:
    """A cell is twice as high as it is wide."""
    return ["".join(dot if each == "#" else "  " for each in row) for row in _DOTS[sign]]


def _halved(rows: Sequence[str]) -> list[str]:
    """Two rows of dots to a line."""
    padded = [*rows, " " * len(rows[0])]
    return [
        "".join(_HALVES[up == "#", down == "#"] for up, down in zip(padded[y], padded[y + 1], strict=True))
        for y in range(0, len(padded), 2)
    ]
