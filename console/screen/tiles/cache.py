"""A cache on the board: full or not, how much it answers, and how its hit rate moved; its own screen tells the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.inside.cache import SlowLog
from collectors.readings import Severity
from console.screen import charts
from console.screen.inside import cache_figures, cache_head
from console.screen.tiles.tile import LEAST_CHART, Scene, Told
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

LEAST_LINES = 4  # that are told before a chart has room


def tell(scene: Scene, res: Res) -> Told:
    """What CloudWatch tells, where nobody is logged in to it."""
    node = cache_figures.node(scene.picture, scene.resource)
    look = cache_head.Look(scene.signs, scene.symbols, scene.now / 1000)
    lines = cache_head.lines(node, scene.picture.inside_of(scene.resource, SlowLog), look)
    room = max(LEAST_LINES, scene.rows - LEAST_CHART)
    series = cache_figures.HITS if node.use is not None else cache_figures.AWS_HITS
    chart = charts.chart_of(scene.picture, scene.resource, series, scene.signs, view=scene.view, named=False)
    is_wrong = any(tone in (Tone.WARN, Tone.BAD) for line in lines for _, tone in line.left)
    return Told(tuple(lines[:room]), chart, Severity.WARNING if is_wrong else None)
