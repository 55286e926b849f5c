"""One row of the overview for each line of the listing: which columns there are, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen import grouping
from console.screen.failover.strip import of_row
from console.screen.flush.strip import of_row as flushed
from console.screen.glance import CPU, HEADINGS, glance
from console.screen.listing import Listing
from console.screen.picture import History, Picture
from console.screen.values import Signs
from console.screen.view import View
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import NO_SIGN, Cell, Row
from widgets.spark import spark
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from collections.abc import Mapping

    from console.protocol.res import Res

SPARK_CELLS = 12
SPARK_SHARE_MS = 150_000  # 12 cells are half an hour
MARK = Safe("*")
MOST_NAME = 20  # cells a name surely has


def _column(key: str, width: int, priority: int, *, flex: int = 0, align: Align = Align.LEFT) -> Column:
    return Column(key, sanitise(HEADINGS.get(key, "CPU, 30 min")), width, flex, align, priority)


COLUMNS = (
    _column("name", 12, 100),
    _column("engine", 14, 35),
    _column("role", 8, 70),
    _column("az", 11, 20),
    _column("region", 14, 57),
    _column("account", 12, 54),
    _column("level", 4, 98),
    _column("since", 5, 84, align=Align.RIGHT),
    _column("status", 9, 50),
    _column("why", 21, 86, flex=3),
    _column("cpu", 6, 95, align=Align.RIGHT),
    _column("sessions", 5, 60, align=Align.RIGHT),
    _column("free", 7, 58, align=Align.RIGHT),
    _column("lag", 7, 92, align=Align.RIGHT),
    _column("backup", 4, 88, align=Align.RIGHT),
    _column("wait", 24, 40, flex=1),
    _column("spark", SPARK_CELLS, 55),
    _column("age", 4, 90, align=Align.RIGHT),
)
"""In the order in which they stand. The priorities are those of someone who has 80 cells and asks what is wrong."""
_BY_KEY = {column.key: column for column in COLUMNS}
NAMES = tuple(_BY_KEY)
_WHERE = ("region", "account")  # said where there is more than one


def columns(resources: Mapping[str, Res], wanted: Sequence[str] = ()) -> tuple[Column, ...]:
    """Those that were ``wanted``, in that order; else all that tell one row from another."""
    if wanted:
        shown = [_BY_KEY[key] for key in wanted if key in _BY_KEY]
    else:
        one_place = {key for key in _WHERE if _is_one(getattr(res, key) for res in resources.values())}
        shown = [column for column in COLUMNS if column.key not in one_place]
    longest = max(map(len, resources), default=0)
    return tuple(_wide_enough(column, longest) if column.key == "name" else column for column in shown)


def _is_one(values: Iterable[str]) -> bool:
    return len(set(values)) < 2


def _wide_enough(column: Column, longest: int) -> Column:
    """For every name if they are not too long; then it has its share of what is left over."""
    width = max(column.width, min(longest, MOST_NAME))
    return replace(column, width=width, flex=2 if longest > width else 0)


def row(
    line: Safe,
    listing: Listing,
    picture: Picture,
    view: View,
    shown: Sequence[Column],
    *,
    signs: Signs,
    symbols: Symbols,
) -> Row:
    """A headline of a group, or what there is to say of a resource."""
    group = listing.groups.get(line)
    if group is not None:
        return Row(line, headline=grouping.headline(group, symbols, folded=line in view.folded))
    res = picture.resources.get(line)
    sign = MARK if line in view.marked else NO_SIGN
    if res is None:  # it went between two paints
        return Row(line, tuple(Cell(line if column.key == "name" else Safe(""), Tone.DIM) for column in shown), sign)
    now = picture.now_ms or res.seen
    words = glance(line, res, now, signs)
    words["why"] = of_row(picture, line) or flushed(picture, line) or words["why"]
    if any(column.key == "spark" for column in shown):
        words["spark"] = (_spark(_processor(picture, line), now, symbols), Tone.ACCENT)
    cells = (words[column.key] for column in shown)
    return Row(line, tuple(Cell(text, Tone.DIM if picture.stale else tone) for text, tone in cells), sign)


def _processor(picture: Picture, name: str) -> History | None:
    series = picture.hist.get(name, {})
    return next((series[key] for key in CPU if key in series), None)


def _spark(history: History | None, now: int, symbols: Symbols) -> Safe:
    """The last half hour in a few cells: each cell the mean of its share, a share without points blank."""
    if history is None:
        return Safe("")
    newest = now // SPARK_SHARE_MS  # on a grid of its own, so that a cell once drawn does not change its mind
    shares: list[list[float]] = [[] for _ in range(SPARK_CELLS)]
    for at, value in zip(*history.columns(now - SPARK_CELLS * SPARK_SHARE_MS), strict=True):
        place = at // SPARK_SHARE_MS - newest + SPARK_CELLS - 1
        if value is not None and 0 <= place < SPARK_CELLS:
            shares[place].append(value)
    means = [sum(share) / len(share) if share else None for share in shares]
    return spark(means, symbols, top=100.0)  # of the machine, not of its own most: a quiet one looks quiet
