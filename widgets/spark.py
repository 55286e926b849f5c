"""How did it move lately? A line of one colour, one character for each point or two."""

from __future__ import annotations

from collections.abc import Sequence

from collectors.safe import Safe
from widgets.tone import Symbols

_LEVELS = {Symbols.BRAILLE: "▁▂▃▄▅▆▇█", Symbols.BLOCK: "▁▂▃▄▅▆▇█", Symbols.ASCII: "_.-~=^*#"}


def spark(values: Sequence[float | None], symbols: Symbols, cells: int | None = None, top: float | None = None) -> Safe:
    """The newest values at the right, zero at the bottom, ``top`` (else the most) at the top; None is blank.

    Where there are more values than cells, each cell shows the most of its share: a peak is never averaged away.
    """
    cells = len(values) if cells is None else cells
    if cells <= 0:
        return Safe("")
    share = max(1, -(-len(values) // cells))
    groups = [values[max(0, end - share) : end] for end in range(len(values), 0, -share)][::-1]
    peaks = [max((value for value in group if value is not None), default=None) for group in groups]
    high = top if top is not None else max((peak for peak in peaks if peak is not None), default=0.0)
    return Safe("".join(_sign(peak, high, _LEVELS[symbols]) for peak in peaks).rjust(cells))


def _sign(value: float | None, high: float, levels: str) -> str:
    if value is None:
        return " "
    if high <= 0:
        return levels[0]
    return levels[max(0, min(len(levels) - 1, int(value / high * len(levels))))]
