"""How many rows has each part of the screen of replication, and which goes where there is no room? Pure."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_CHART = 6
MOST_DETAIL = 5


@dataclass(frozen=True, slots=True)
class Heights:
    """Zero: it is not shown."""

    topology: int
    happened: int
    detail: int
    links: int
    second: int
    chart: int


def heights(room: int, *, members: int, happened: int, detail: int, links: int, second: int) -> Heights:
    """Each list with its title. The drawing first, then what the chosen one means, then its links; the chart last.

    What is left over is the chart's, which says most where it is high.
    """
    left = room
    topology = _take(left, members + 1, max(3, room // 3))
    left -= topology
    said = _take(left, min(detail, MOST_DETAIL), max(1, room // 5))
    left -= said
    listed = _take(left, links + 1 if links else 0, max(3, room // 4))
    left -= listed
    events = _take(left, happened, 1 if room < 30 else 3)
    left -= events
    spare = left - LEAST_CHART
    more = _take(spare if spare >= 3 else left, second + 1 if second else 0, max(3, left // 2))
    left -= more
    if left >= LEAST_CHART:
        return Heights(topology, events, said, listed, more, left)
    wider = _take(left, detail - said, left)
    later = _take(left - wider, happened - events, left)
    listed, more = (listed, more + left - wider - later) if more else (listed + left - wider - later, more)
    return Heights(topology, events + later, said + wider, listed, more, 0)


def _take(left: int, wanted: int, most: int) -> int:
    return max(0, min(left, wanted, most))
