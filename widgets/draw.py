"""How do words and tones become cells? The only module that makes segments, strips and styles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import product

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from collectors.safe import Safe
from widgets.measure import clusters
from widgets.tone import Depth, Look, Pen, Tone

Run = tuple[Safe, Tone]


class Align(StrEnum):
    LEFT = "left"
    RIGHT = "right"


def width(text: Safe) -> int:
    """How many cells the text takes."""
    return len(text) if text.isascii() else sum(cells for _, cells in clusters(text))


def cut(text: Safe, cells: int, ellipsis: Safe) -> Safe:
    """The text in at most ``cells`` cells; what was cut ends in the ellipsis, never in half a character."""
    if cells <= 0:
        return Safe("")
    if text.isascii():
        return text if len(text) <= cells else Safe(text[: cells - 1] + ellipsis)
    kept: list[str] = []
    used = room = 0  # room: how many of kept leave a cell for the ellipsis
    for cluster, size in clusters(text):
        if used + size > cells:
            return Safe("".join(kept[:room]) + ellipsis)
        used += size
        kept.append(cluster)
        if used < cells:
            room = len(kept)
    return Safe("".join(kept))


def fit(text: Safe, cells: int, ellipsis: Safe, align: Align = Align.LEFT) -> Safe:
    """The text in exactly ``cells`` cells."""
    short = cut(text, cells, ellipsis)
    blank = " " * (cells - width(short))
    return Safe(blank + short if align is Align.RIGHT else short + blank)


def fit_runs(runs: Iterable[Run], cells: int, ellipsis: Safe) -> list[Run]:
    """The runs in at most ``cells`` cells."""
    fitted: list[Run] = []
    left = cells
    for text, tone in runs:
        short = cut(text, left, ellipsis)
        if short:
            fitted.append((short, tone))
        left -= width(short)
        if short != text:
            break
    return fitted


def runs_width(runs: Iterable[Run]) -> int:
    return sum(width(text) for text, _ in runs)


def strip(runs: Sequence[Run], cells: int, look: Look) -> Strip:
    """A line of exactly ``cells`` cells. Neighbours of one style become one segment, for style is most of the bytes."""
    fitted = fit_runs(runs, cells, look.symbols.ellipsis)
    blank = cells - runs_width(fitted)
    pens = [(look.pen(tone), text) for text, tone in fitted]
    if blank > 0:
        pens.append((Pen(ground=look.ground), Safe(" " * blank)))
    segments: list[Segment] = []
    index = 0
    while index < len(pens):
        pen, parts = pens[index][0], []
        while index < len(pens) and pens[index][0] == pen:
            parts.append(pens[index][1])
            index += 1
        segments.append(Segment("".join(parts), _style(pen, look.depth)))
    return Strip(segments, cells)


@lru_cache(maxsize=256)
def _style(pen: Pen, depth: Depth) -> Style:
    # Never None: a segment without a style stops Textual's NO_COLOR filter with an exception.
    return Style(
        color=_colour(pen.colour, depth),
        bgcolor=_colour(pen.ground, depth),
        bold=pen.bold or None,
        dim=pen.dim or None,
        reverse=pen.reverse or None,
    )


def _colour(name: str | None, depth: Depth) -> Color | None:
    """As the terminal is to be told: nobody below makes fewer colours of it."""
    if name is None:
        return None
    return Color.from_ansi(_AMONG_256[name]) if depth is Depth.MANY and name in _AMONG_256 else Color.parse(name)


_STEPS = (0, 95, 135, 175, 215, 255)
_GREYS = range(8, 248, 10)
_AMONG_256 = {  # Rich's own way down misses the greys by one
    f"#{red:02x}{green:02x}{blue:02x}": number
    for number, (red, green, blue) in enumerate([*product(_STEPS, repeat=3), *((grey,) * 3 for grey in _GREYS)], 16)
}
