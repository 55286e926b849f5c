"""One row of the overview for each resource that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.glance import CPU, HEADINGS, glance, in_order
from console.screen.picture import History, Picture
from console.screen.values import Signs
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import Cell, Row
from widgets.spark import spark
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Res

SPARK_CELLS = 12
SPARK_SHARE_MS = 150_000  # 12 cells are half an hour


def _column(key: str, width: int, priority: int, *, flex: int = 0, align: Align = Align.LEFT) -> Column:
    return Column(key, sanitise(HEADINGS.get(key, "CPU, 30 min")), width, flex, align, priority)


COLUMNS = (
    _column("name", 16, 100, flex=1),
    _column("engine", 14, 30),
    _column("role", 8, 60),
    _column("az", 11, 10),
    _column("level", 4, 97),
    _column("status", 12, 90),
    _column("why", 26, 42),
    _column("cpu", 6, 95, align=Align.RIGHT),
    _column("sessions", 6, 70, align=Align.RIGHT),
    _column("free", 7, 50, align=Align.RIGHT),
    _column("lag", 7, 85, align=Align.RIGHT),
    _column("backup", 5, 80, align=Align.RIGHT),
    _column("wait", 24, 40),
    _column("spark", SPARK_CELLS, 45),
    _column("age", 4, 88, align=Align.RIGHT),
)


def keys(picture: Picture, asked: str) -> list[Safe]:
    """The resources that match what was asked for, the worst first."""
    chosen = ((name, res) for name, res in picture.resources.items() if matches(name, res, asked))
    return [sanitise(name) for name, _ in in_order(chosen)]


def matches(name: str, res: Res, asked: str) -> bool:
    """Every word of the filter occurs somewhere in what the row says of the resource, in either case."""
    if not asked:
        return True
    said_of_it = " ".join((name, res.kind, res.engine, res.role, res.status, res.az, res.region)).lower()
    return all(word in said_of_it for word in asked.lower().split())


def row(name: Safe, picture: Picture, signs: Signs, symbols: Symbols) -> Row:
    """What there is to say of one of them."""
    res = picture.resources.get(name)
    if res is None:  # it went between two paints
        return Row(name, (Cell(name, Tone.DIM),))
    now = picture.now_ms or res.seen
    series = picture.hist.get(name, {})
    processor = next((series[key] for key in CPU if key in series), None)
    words = glance(name, res, now, signs) | {"spark": (_spark(processor, now, symbols), Tone.ACCENT)}
    cells = (words[column.key] for column in COLUMNS)
    return Row(name, tuple(Cell(text, Tone.DIM if picture.stale else tone) for text, tone in cells))


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
