"""CloudWatch on the board: the main metrics with their last stretch, and a chart of the one that tells most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen import charts
from console.screen.glance import CPU, FREE, GRAVITY, LEVELS, SESSIONS
from console.screen.picture import History
from console.screen.tiles.tile import LEAST_CHART, Scene, Told, worst
from console.screen.values import TONES, said
from console.screen.zoom import stretch
from widgets import draw
from widgets.bar import Ends
from widgets.draw import Align
from widgets.spark import spark
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res, Value

PREFIX = "cloudwatch."
MAIN = (
    *CPU,
    *SESSIONS,
    *FREE,
    *(sanitise(PREFIX + name) for name in ("ReadLatency", "WriteLatency", "ReadIOPS", "WriteIOPS", "DiskQueueDepth")),
    *(sanitise(PREFIX + name) for name in ("CacheHitRate", "Evictions", "DatabaseMemoryUsagePercentage")),
    *(sanitise(PREFIX + name) for name in ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")),
)
NAME, VALUE, SEVERITY = (20, 32), 11, 5


def tell(scene: Scene, res: Res) -> Told:
    """What is beyond a bound first, then in the order in which a person asks."""
    names = in_order({name: value for name, value in res.values.items() if name.startswith(PREFIX)})
    series = next((name for name in names if res.values[name].s != "none"), charts.DEFAULT)
    has_room = scene.rows >= LEAST_CHART + 3  # beside a chart; the chart is told all the same, as wanting it
    room = scene.rows - max(LEAST_CHART, scene.rows // 2) if has_room else scene.rows
    lines = tuple(_row(scene, name, res.values[name]) for name in names[: max(1, room)])
    chart = charts.chart_of(scene.picture, scene.resource, series, scene.signs, view=scene.view, named=False)
    return Told(lines, chart, worst([res.values[name].b for name in names]))


def in_order(values: dict[Safe, Value]) -> list[Safe]:
    """The gravest first, then the main ones, then by name; a source without data comes last."""

    def rank(name: Safe) -> tuple[int, bool, int, str]:
        value = values[name]
        gravity = GRAVITY.index(value.b) if value.b is not None else len(GRAVITY)
        return gravity, value.s == "none", MAIN.index(name) if name in MAIN else len(MAIN), name

    return sorted(values, key=rank)


def _row(scene: Scene, name: Safe, value: Value) -> Ends:
    words, tone = said(value, scene.now, scene.signs)
    if scene.picture.stale:
        tone = Tone.DIM
    ellipsis = scene.symbols.ellipsis
    title = max(NAME[0], min(NAME[1], scene.columns // 2 - SEVERITY))
    runs = [
        (draw.fit(sanitise(" " + name.removeprefix(PREFIX)), title, ellipsis), Tone.PLAIN),
        (draw.fit(words, VALUE, ellipsis, Align.RIGHT), tone),
        (_severity(value), TONES.get(value.b, Tone.DIM) if value.b else Tone.DIM),
    ]
    room = scene.columns - title - VALUE - SEVERITY - 2
    if room >= 6:
        history = scene.picture.hist.get(scene.resource, {}).get(name)
        runs.append((sanitise(" "), Tone.PLAIN))
        runs.append((spark(shares(history, scene, room), scene.symbols), Tone.ACCENT))
    return Ends(tuple(runs))


def _severity(value: Value) -> Safe:
    return sanitise(f" {LEVELS[value.b] if value.b else '':4}")


def shares(history: History | None, scene: Scene, cells: int) -> Sequence[float | None]:
    """The stretch of the view in so many cells: of each the most, so that a peak is never averaged away."""
    start, end = stretch(scene.view.window, scene.now)
    share = max(1, (end - start) // cells)
    newest = end // share  # on a grid of its own, so that a cell once drawn does not change its mind
    found: list[float | None] = [None] * cells
    for at, value in zip(*history.columns(start), strict=True) if history else ():
        place = at // share - newest + cells - 1
        if value is not None and 0 <= place < cells:
            found[place] = value if found[place] is None else max(value, found[place] or value)
    return found
