"""Which parts of the resource screen are there at which size, and how large? From 24x4 to 200x50 and beyond."""

from __future__ import annotations

from dataclasses import dataclass, replace

WIDE, WIDEST = 100, 160  # columns from which lists stand beside the charts, and from which both have room to spare
TINY, HIGH = 16, 30  # rows from which there is a chart and a second line of facts, and from which more than two


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes in cells; 0 is not shown. ``lists``: the width of both lists where they stand beside, else their height."""

    beside: bool
    facts: int
    lists: int
    values: bool
    unlike: int  # the height of that list
    line: int  # what the charts show, above them
    charts: int  # how many
    events: int


def facts_room(rows: int) -> int:
    return 1 if rows < TINY else 2 if rows < HIGH else 6


def has_spare(size: tuple[int, int]) -> bool:
    """Whether there is a place for a second chart even where nothing is compared."""
    return size[0] >= WIDE and size[1] >= HIGH


def shaped(size: tuple[int, int], facts: int, wanted: tuple[int, int], *, ghosts: bool, unlike_first: bool) -> Shape:
    """``wanted``: how many charts and how many events there are; ``unlike_first``: that list has the keys."""
    columns, rows = size
    body = rows - 2 - facts
    if rows < TINY:
        only_unlike = ghosts and unlike_first
        return Shape(False, facts, max(1, body), not only_unlike, body if only_unlike else 0, 0, 0, 0)
    if columns >= WIDE:
        shape = _beside(columns, body, facts, wanted[0], ghosts=ghosts)
    else:
        shape = _stacked(body, facts, wanted[0], ghosts=ghosts, unlike_first=unlike_first)
    return replace(shape, events=min(shape.events, 1 + max(1, wanted[1])))


def _beside(columns: int, body: int, facts: int, wanted: int, *, ghosts: bool) -> Shape:
    charts = max(1, min(wanted, 3 if body >= 36 else 2 if body >= 14 else 1))
    return Shape(
        beside=True,
        facts=facts,
        lists=66 if columns >= WIDEST else 54,
        values=True,
        unlike=max(4, body // 3) if ghosts else 0,
        line=1,
        charts=charts,
        events=body // 5 if body >= 20 else 0,
    )


def _stacked(body: int, facts: int, wanted: int, *, ghosts: bool, unlike_first: bool) -> Shape:
    """One list above the charts: there is no room for the second but in the place of the first."""
    charts = max(1, min(wanted, 2))
    lists = body * (2 if charts == 1 else 1) // (5 if charts == 1 else 3)
    only_unlike = ghosts and unlike_first
    return Shape(
        beside=False,
        facts=facts,
        lists=max(3, lists),
        values=not only_unlike,
        unlike=lists if only_unlike else 0,
        line=int(body >= 24 or ghosts),
        charts=charts,
        events=5 if body >= 28 else 0,
    )
