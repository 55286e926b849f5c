"""Which charts stand one above the other? The value under the cursor first, then what it is compared with."""

from __future__ import annotations

from collections.abc import Sequence

from console.estate.levels import RANK
from console.screen.glance import CPU, SESSIONS
from console.screen.picture import Picture

Pair = tuple[str, str]  # a resource, and one of its series


def compared(
    picture: Picture, resource: str, series: str, *, marked: str | None, others: Sequence[str], spare: bool
) -> list[Pair]:
    """A value of this resource that was marked, then the same value of the resources that were marked.

    Where nothing is marked and there is room to ``spare``, the most telling of the resource's other values.
    """
    pairs = [(resource, series)]
    if marked is not None and marked != series:
        pairs.append((resource, marked))
    pairs += [(other, series) for other in others if other != resource and _measures(picture, other, series)]
    if len(pairs) == 1 and spare:
        telling = most_telling(picture, resource, without=series)
        pairs += [(resource, telling)] if telling is not None else []
    return pairs


def most_telling(picture: Picture, resource: str, *, without: str) -> str | None:
    """What is furthest beyond a limit, else the processor, the sessions, the first that has a history."""
    res = picture.resources.get(resource)
    names = [name for name in picture.hist.get(resource, {}) if name != without]
    if res is None or not names:
        return None
    graves: dict[str, int] = {name: RANK[value.b] for name, value in res.values.items() if value.b is not None}
    return min(names, key=lambda name: (-graves.get(name, -1), name not in CPU, name not in SESSIONS, name))


def _measures(picture: Picture, resource: str, series: str) -> bool:
    res = picture.resources.get(resource)
    return res is not None and (series in res.values or series in picture.hist.get(resource, {}))
