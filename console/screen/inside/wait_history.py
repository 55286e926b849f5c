"""How did the waits of each category move? What the stacked chart shows of one resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import ceil

from collectors.safe import Safe, sanitise
from console.screen.charts import why_empty
from console.screen.ghosts import ghosts_of
from console.screen.happened import marks_of
from console.screen.picture import Picture
from console.screen.values import Signs
from console.screen.view import View
from console.screen.zoom import stretch
from widgets.chart import ChartData, Ghost
from widgets.plot import Point
from widgets.stack import MOST, Layer

PREFIX = "waits."
OTHER = Safe("Other")
UNIT = Safe("ms/s")
LEAST_STEP_MS = 5_000
STEPS = 240  # in the stretch
SILENCE_MS = 40_000  # a thinned history has a point each half a minute at least, where there is any
Values = Mapping[int, float | None]


def history(picture: Picture, resource: str, view: View, signs: Signs) -> tuple[ChartData, tuple[Layer, ...]]:
    """The sum, and its parts: the five categories that were waited for most, and all others together."""
    start, end = stretch(view.window, picture.now_ms or 0)
    step = max(LEAST_STEP_MS, ceil((end - start) / STEPS))
    known = {name: series for name, series in picture.hist.get(resource, {}).items() if name.startswith(PREFIX)}
    each = {
        sanitise(name.removeprefix(PREFIX)): _on_grid(
            list(zip(*series.columns(start - SILENCE_MS), strict=True)), start, end, step
        )
        for name, series in known.items()
    }
    layers = _layers(each)
    total = summed([dict(layer.points) for layer in layers])
    data = ChartData(
        title=Safe("waited, by category"),
        unit=UNIT,
        points=total,
        start=start,
        end=end,
        every=max(step, SILENCE_MS // 2),
        ghosts=_ghosts(picture, resource, known) if view.ghosts else (),
        marks=marks_of(picture, resource),
        zone=view.zone,
        is_past=view.window.back_ms > 0,
        empty=why_empty(None, any_points=bool(known), signs=signs),
    )
    return data, layers


def summed(parts: Sequence[Values]) -> tuple[Point, ...]:
    """At each time all that is known then; where nothing is, a gap."""
    points: list[Point] = []
    for t in sorted(set(chain.from_iterable(parts))):
        values = [part[t] for part in parts if part.get(t) is not None]
        points.append((t, sum(value for value in values if value is not None) if values else None))
    return tuple(points)


def _layers(each: Mapping[Safe, Values]) -> tuple[Layer, ...]:
    weights = {name: sum(filter(None, values.values())) for name, values in each.items()}
    ranked = sorted((name for name in each if weights[name] > 0), key=lambda name: (-weights[name], name))
    first, rest = (ranked, []) if len(ranked) <= MOST else (ranked[: MOST - 1], ranked[MOST - 1 :])
    layers = [Layer(name, tuple(each[name].items())) for name in first]
    if rest:
        layers.append(Layer(OTHER, summed([each[name] for name in rest])))
    return tuple(layers)


def _on_grid(points: Sequence[Point], start: int, end: int, step: int) -> dict[int, float | None]:
    """Means of each step; series that were thinned have their points at different times."""
    sums: dict[int, list[float | None]] = {}
    for t, value in points:
        sums.setdefault((t - start) // step, []).append(value)
    found: dict[int, float | None] = {}
    last: tuple[int, float | None] | None = None
    for index in range(min(sums, default=0), -(-(end - start) // step)):
        there = sums.get(index)
        if there is not None:
            values = [value for value in there if value is not None]
            last = index, sum(values) / len(values) if values else None
        if last is not None and (index - last[0]) * step <= SILENCE_MS:
            found[start + index * step] = last[1]
    return {t: value for t, value in found.items() if t >= start}


def _ghosts(picture: Picture, resource: str, known: Mapping[str, object]) -> tuple[Ghost, ...]:
    """Of the sum."""
    by_word: dict[Safe, list[Ghost]] = {}
    there = picture.ghosts.get(resource)
    for name in there.series if there else known:
        if name.startswith(PREFIX):
            for ghost in ghosts_of(picture, resource, sanitise(name)):
                by_word.setdefault(ghost.word, []).append(ghost)
    return tuple(
        Ghost(word, summed([dict(ghost.points) for ghost in ghosts]), dashed=ghosts[0].dashed)
        for word, ghosts in by_word.items()
    )
