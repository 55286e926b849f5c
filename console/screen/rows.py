"""One row of the overview for each resource: which of its values answer "is it well?" at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from collectors.safe import Safe, sanitise
from console.protocol.bodies import Res, Value
from console.screen.picture import History, Picture
from console.screen.times import span
from console.screen.values import Signs, number, said
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import Cell, Row
from widgets.spark import spark
from widgets.tone import Symbols, Tone

SPARK_CELLS = 12
SPARK_SHARE_MS = 150_000  # 12 cells are half an hour
CPU = ("cloudwatch.CPUUtilization", "cloudwatch.EngineCPUUtilization")
SESSIONS = ("cloudwatch.DatabaseConnections", "cloudwatch.CurrConnections")
FREE = ("cloudwatch.FreeStorageSpace", "cloudwatch.FreeLocalStorage", "cloudwatch.FreeableMemory")

COLUMNS = (
    Column("name", Safe("RESOURCE"), flex=1, width=16, priority=100),
    Column("engine", Safe("ENGINE"), width=14, priority=30),
    Column("role", Safe("ROLE"), width=8, priority=60),
    Column("az", Safe("AZ"), width=11, priority=10),
    Column("status", Safe("STATUS"), width=10, priority=90),
    Column("cpu", Safe("CPU"), width=6, align=Align.RIGHT, priority=95),
    Column("sessions", Safe("CONN"), width=6, align=Align.RIGHT, priority=70),
    Column("free", Safe("FREE"), width=7, align=Align.RIGHT, priority=50),
    Column("lag", Safe("LAG"), width=7, align=Align.RIGHT, priority=85),
    Column("backup", Safe("RPO"), width=5, align=Align.RIGHT, priority=80),
    Column("wait", Safe("TOP WAIT"), width=24, priority=40),
    Column("spark", Safe("CPU 30 min"), width=SPARK_CELLS, priority=45),
    Column("age", Safe("AGE"), width=4, align=Align.RIGHT, priority=88),
)


def rows(picture: Picture, asked: str, signs: Signs, symbols: Symbols) -> list[Row]:
    """The resources that match what was asked for, by cluster and name."""
    chosen = [(name, res) for name, res in picture.resources.items() if matches(name, res, asked)]
    chosen.sort(key=lambda pair: (pair[1].cluster or pair[0], pair[0]))
    return [_row(name, res, picture, signs, symbols) for name, res in chosen]


def matches(name: str, res: Res, asked: str) -> bool:
    """Every word of the filter occurs somewhere in what the row says of the resource, in either case."""
    said_of_it = " ".join((name, res.kind, res.engine, res.role, res.status, res.az, res.region)).lower()
    return all(word in said_of_it for word in asked.lower().split())


def _row(name: str, res: Res, picture: Picture, signs: Signs, symbols: Symbols) -> Row:
    now = picture.now_ms or res.seen
    series = picture.hist.get(name, {})
    processor = next((series[key] for key in map(sanitise, CPU) if key in series), None)
    cells = (
        Cell(sanitise(name), Tone.PLAIN),
        Cell(res.engine, Tone.DIM),
        Cell(res.role or signs.inapplicable, Tone.PLAIN if res.role else Tone.DIM),
        Cell(res.az, Tone.DIM),
        Cell(res.status, Tone.PLAIN if res.status in ("available", "active") else Tone.WARN),
        *(Cell(*said(first(res, names), now, signs)) for names in (CPU, SESSIONS, FREE, ("replica.lag_s",))),
        Cell(*_rpo(res, now, signs)),
        Cell(*top_wait(res.values.items(), signs)),
        Cell(_spark(processor, now, symbols), Tone.ACCENT),
        Cell(span((now - res.seen) / 1000), Tone.DIM),
    )
    return Row(sanitise(name), tuple(Cell(cell.text, Tone.DIM) for cell in cells) if picture.stale else cells)


def first(res: Res, names: Sequence[str]) -> Value | None:
    return next((res.values[sanitise(name)] for name in names if name in res.values), None)


def top_wait(values: Iterable[tuple[str, Value]], signs: Signs) -> tuple[Safe, Tone]:
    """The type most waited for, with its rate; a resource that counts no waits has none to show."""
    waits = [(v.v, name.removeprefix("wait.")) for name, v in values if name.startswith("wait.") and v.v is not None]
    if not waits:
        return signs.inapplicable, Tone.DIM
    rate, name = max(waits)
    return sanitise(f"{name} {number(rate, 'ms/s')}"), Tone.PLAIN


def _rpo(res: Res, now: int, signs: Signs) -> tuple[Safe, Tone]:
    if res.backup is None:
        return signs.inapplicable, Tone.DIM
    newest = max(filter(None, (res.backup.restorable, res.backup.snapshot)), default=None)
    return (signs.nothing, Tone.DIM) if newest is None else (span((now - newest) / 1000), Tone.PLAIN)


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
    return spark([sum(share) / len(share) if share else None for share in shares], symbols, top=100.0)
