"""How far has something got? A percentage as a line of cells, with the figure behind it."""

from __future__ import annotations

from collectors.safe import Safe, sanitise
from widgets.tone import Symbols

FIGURE = 6  # cells behind the line, for ` 100 %`


def gauge(percent: float, cells: int, symbols: Symbols) -> Safe:
    """At most ``cells`` wide; where there is no room for a line the figure alone. Full only at a hundred."""
    known = min(100.0, max(0.0, percent))
    figure = f"{int(known):>3} %"
    room = cells - FIGURE - 1
    if room < 5:  # fewer tell nothing
        return sanitise(figure.strip())
    full = int(known * room / 100)
    done, left = ("#", ".") if symbols is Symbols.ASCII else ("█", "░")
    return sanitise(f"{done * full}{left * (room - full)} {figure}")
