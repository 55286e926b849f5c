"""Waits on the board: what sessions wait for, by type from the longest, or by category where it is narrow."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from collectors.inside.waits import Waits
from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen import charts
from console.screen.glance import LEVELS
from console.screen.inside.wait_words import MARKS, longest, milliseconds
from console.screen.tiles.tile import LEAST_CHART, Scene, Told, line, worst
from console.screen.values import TONES
from widgets import draw
from widgets.bar import Ends
from widgets.draw import Align, Run
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res, Value

PREFIX = "wait."
RATE, SHARE, LEVEL, CATEGORY = 10, 5, 5, 14
LEAST_ROWS = 5  # below, each of them is worth more than how the sum is made up
NARROW = 44  # columns; below, categories tell more than types that are cut
Wait = tuple[Safe, float, "Value"]


def tell(scene: Scene, res: Res) -> Told:
    """The sum, how it is made up, then a line for each with its rate, its share, a bar, and how grave it is."""
    waits = [(sanitise(name.removeprefix(PREFIX)), value.v, value) for name, value in res.values.items()
             if name.startswith(PREFIX) and value.v is not None]  # fmt: skip
    fact = scene.picture.inside_of(scene.resource, Waits)
    if fact is not None and fact.interval_s is None:
        return Told((line(MARKS.get(fact.mark, ""), Tone.WARN),))
    if not waits:
        return Told()
    waits.sort(key=lambda wait: -wait[1])
    total = sum(rate for _, rate, _ in waits)
    level = worst([value.b for _, _, value in waits])
    has_room = scene.rows >= LEAST_CHART + 6
    room = (scene.rows - max(LEAST_CHART, scene.rows // 2) if has_room else scene.rows) - 1
    made_up = (_made_up(fact, scene.columns),) if fact is not None and scene.rows >= LEAST_ROWS else ()
    room -= len(made_up)
    series = f"{PREFIX}{waits[0][0]}"
    chart = charts.chart_of(scene.picture, scene.resource, series, scene.signs, view=scene.view, named=False)
    rows = _by_category(waits) if scene.columns < NARROW else _by_type(waits)
    shown = tuple(_row(scene, row, total) for row in rows[: max(1, room)])
    return Told((_sum(waits, total), *made_up, *shown), chart, level)


def _made_up(waits: Waits, columns: int) -> Ends:
    """On each core, how much of it only for a processor, and who has waited longest of all that still wait."""
    words = [] if waits.per_core is None else [f"{number(waits.per_core, 'ms/s')} per core"]
    if waits.signal_percent is not None:
        words.append(f"signal {waits.signal_percent:.0f}%")
    slowest = longest(waits.counted)
    if slowest is not None:
        word = f" {slowest.type}" if columns >= NARROW else ""
        words.append(f"longest now {milliseconds(slowest.longest_ms)}{word}")
    critical = [row.type for row in waits.counted if row.critical]
    runs: list[Run] = [(sanitise(f" ! {', '.join(critical)} "), Tone.BAD)] if critical else []
    return Ends((*runs, (sanitise(f" {'  '.join(words)}"), Tone.DIM)))


def _sum(waits: list[Wait], total: float) -> Ends:
    if not total:
        return line("Nobody waits.", Tone.GOOD)
    first = sum(rate for _, rate, _ in waits[:3]) / total * 100
    return line(f"{number(total, 'ms/s')} waited in all; the first three {first:.0f}%", Tone.PLAIN)


Row = tuple[Safe, float, Severity | None, Safe]


def _by_type(waits: list[Wait]) -> list[Row]:
    return [(name, rate, value.b, value.g or Safe("")) for name, rate, value in waits]


def _by_category(waits: list[Wait]) -> list[Row]:
    summed: dict[Safe, float] = defaultdict(float)
    levels: dict[Safe, list[Severity | None]] = defaultdict(list)
    for _, rate, value in waits:
        category = value.g or Safe("Other")
        summed[category] += rate
        levels[category].append(value.b)
    found = [(category, rate, worst(levels[category]), Safe("")) for category, rate in summed.items()]
    return sorted(found, key=lambda row: -row[1])


def _row(scene: Scene, row: Row, total: float) -> Ends:
    name, rate, level, category = row
    share = rate / total if total else 0.0
    ellipsis, room = scene.symbols.ellipsis, scene.columns - RATE - SHARE - LEVEL - 2
    has_category = room >= CATEGORY + 24
    if has_category:
        room -= CATEGORY
    title = min(26, max(12, room - 6))
    bar = max(0, room - title - 1)
    usual = Tone.DIM if scene.picture.stale else Tone.PLAIN
    tone = TONES.get(level, usual) if level else usual
    runs = [
        (draw.fit(sanitise(f" {name}"), title, ellipsis), Tone.PLAIN),
        (draw.fit(number(rate, "ms/s"), RATE, ellipsis, Align.RIGHT), tone),
        (draw.fit(sanitise(f"{share * 100:.0f}%"), SHARE, ellipsis, Align.RIGHT), Tone.DIM),
        (sanitise(f" {LEVELS[level] if level else '':4}"), tone),
        (draw.fit(sanitise(" " + _bar(share, bar, scene.symbols)), bar + 1, ellipsis), Tone.ACCENT),
    ]
    if has_category:
        runs.append((draw.fit(sanitise(f" {category}"), CATEGORY, ellipsis), Tone.DIM))
    return Ends(tuple(runs))


def _bar(share: float, cells: int, symbols: Symbols) -> str:
    """At least a mark for what is there at all."""
    full = round(share * cells)
    return ("#" if symbols is Symbols.ASCII else "█") * (max(1, full) if share > 0 and cells else 0)
