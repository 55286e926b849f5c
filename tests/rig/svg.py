"""How does a terminal's screen become a picture? Its cells as SVG, on a dark or a light ground, or in greys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any, NamedTuple

WIDTH, HEIGHT = 8.43, 17.0  # of a cell: DejaVu Sans Mono at 14 pixels
SIZE, BASE = 14, 13
FONT = "DejaVu Sans Mono, Liberation Mono, monospace"
NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")  # as pyte has them
GROUNDS = {  # ground, ink, and the sixteen
    "dark": ("12161c", "d8dee6", (*("2b3038", "e5534b", "57ab5a", "d9a03c", "539bf5", "b083f0", "39c5cf", "c4ccd6"),
                                  *("636e7b", "ff7b72", "6bc46d", "f2cc60", "79b8ff", "d2a8ff", "56d4dd", "ffffff"))),
    "light": ("ffffff", "24292f", (*("24292f", "b3131b", "116329", "7a5200", "0550ae", "8250df", "0d6b75", "6e7781"),
                                   *("57606a", "a40e26", "1a7f37", "633c01", "218bff", "a475f9", "3192aa", "8c959f"))),
}  # fmt: skip
FAINT = 0.6  # of the ink; the rest is ground
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))  # of a braille pattern, by bit


class Ink(NamedTuple):
    fg: str
    bg: str
    bold: bool


def svg(cells: Sequence[Sequence[Any]], ground: str, *, grey: bool = False) -> str:
    """The picture. ``cells`` are pyte's, whose blink stands for faint."""
    columns, rows = max(map(len, cells)), len(cells)
    width, height = columns * WIDTH, rows * HEIGHT
    back = _shade(GROUNDS[ground][0], grey)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'font-family="{FONT}" font-size="{SIZE}">',
        f'<rect width="100%" height="100%" fill="#{back}"/>',
    ]
    for y, row in enumerate(cells):
        inks = [_ink(cell, ground, grey) for cell in row]
        parts += _backs(inks, y, back)
        parts += _words([cell.data for cell in row], inks, y)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _backs(inks: Sequence[Ink], y: int, back: str) -> Iterator[str]:
    for bg, run in groupby(enumerate(inks), key=lambda numbered: numbered[1].bg):
        columns = [x for x, _ in run]
        if bg != back:
            yield (
                f'<rect x="{columns[0] * WIDTH:.2f}" y="{y * HEIGHT:g}" width="{len(columns) * WIDTH:.2f}" '
                f'height="{HEIGHT:g}" fill="#{bg}"/>'
            )


def _words(words: Sequence[str], inks: Sequence[Ink], y: int) -> Iterator[str]:
    """Runs of one ink; what no font is trusted with, a cell at a time."""
    numbered = zip(range(len(words)), words, inks, strict=True)
    for (ink, plain, _), run in groupby(
        numbered, key=lambda each: (each[2], each[1].isascii(), each[1].isascii() or each)
    ):
        cells = list(run)
        x, text = cells[0][0], "".join(word for _, word, _ in cells)
        if not text.strip():
            continue
        if not plain and (drawn := _drawn(text, x, y)):
            yield f'<path d="{drawn}" fill="#{ink.fg}"/>'
            continue
        weight = ' font-weight="bold"' if ink.bold else ""
        yield (
            f'<text x="{x * WIDTH:.2f}" y="{y * HEIGHT + BASE:g}" fill="#{ink.fg}"{weight} xml:space="preserve">'
            f"{escape(text)}</text>"
        )


def _drawn(sign: str, x: int, y: int) -> str:
    """Braille and blocks as shapes; nothing for what is a letter."""
    left, top, code = x * WIDTH, y * HEIGHT, ord(sign[0])
    if 0x2800 < code <= 0x28FF:
        dots = [DOTS[bit] for bit in range(8) if (code - 0x2800) >> bit & 1]
        corners = ((left + WIDTH * (0.25 + 0.5 * column), top + HEIGHT * (0.125 + 0.25 * row)) for column, row in dots)
        return "".join(f"M{cx - 1.1:.1f} {cy - 1.1:.1f}h2.2v2.2h-2.2z" for cx, cy in corners)
    if 0x2581 <= code <= 0x2588:  # an eighth to a full block, from below
        high = HEIGHT * (code - 0x2580) / 8
        return f"M{left:.2f} {top + HEIGHT - high:.2f}h{WIDTH}v{high:.2f}h-{WIDTH}z"
    return ""


def _ink(cell: Any, ground: str, grey: bool) -> Ink:
    paper, ink, _ = GROUNDS[ground]
    fg, bg = _colour(cell.fg, ink, ground), _colour(cell.bg, paper, ground)
    if cell.reverse:
        fg, bg = bg, fg
    if cell.blink:
        fg = "".join(
            f"{round(FAINT * int(fg[n : n + 2], 16) + (1 - FAINT) * int(bg[n : n + 2], 16)):02x}" for n in (0, 2, 4)
        )
    return Ink(_shade(fg, grey), _shade(bg, grey), cell.bold)


def _colour(name: str, default: str, ground: str) -> str:
    sixteen = GROUNDS[ground][2]
    if name == "default":
        return default
    if name.removeprefix("bright") in NAMES:
        return sixteen[NAMES.index(name.removeprefix("bright")) + 8 * name.startswith("bright")]
    return name


def _shade(colour: str, grey: bool) -> str:
    """The colour, or how light it is."""
    if not grey:
        return colour
    red, green, blue = (int(colour[n : n + 2], 16) for n in (0, 2, 4))
    return f"{round(0.2126 * red + 0.7152 * green + 0.0722 * blue):02x}" * 3
