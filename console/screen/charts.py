"""What does the chart of one series show: which stretch, limits, ghosts and marks, and why there is nothing?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.ghosts import ghosts_of
from console.screen.happened import marks_of
from console.screen.limits import drawn, limits_of, objectives_of
from console.screen.picture import Picture
from console.screen.values import Signs
from console.screen.view import View
from console.screen.zoom import stretch
from widgets.chart import ChartData

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Value

DEFAULT = Safe("cloudwatch.CPUUtilization")
AS_USUAL = View()


def series_of(picture: Picture, resource: str) -> tuple[str, ...]:
    """The series that have a history, in the order a person asks for them: the processor first, then by name."""
    names = picture.hist.get(resource, {})
    return tuple(sorted(names, key=lambda name: (not name.endswith("CPUUtilization"), name)))


def next_series(picture: Picture, resource: str, now: str, step: int) -> str:
    """The one ``step`` places on, around the end; where the resource has no such series, its first."""
    names = series_of(picture, resource)
    if not names:
        return now
    return names[(names.index(now) + step) % len(names)] if now in names else names[0]


def chart_of(
    picture: Picture,
    resource: str | None,
    series: str,
    signs: Signs,
    *,
    view: View = AS_USUAL,
    cursor: int | None = None,
    aligned: bool = False,
    named: bool = True,
) -> ChartData:
    """One series over the stretch of the view; without points it says why. ``named``: the title names the resource."""
    start, end = stretch(view.window, picture.now_ms or 0)
    res = picture.resources.get(resource) if resource else None
    if resource is None or res is None:
        return ChartData(title=Safe(""), unit=Safe(""), points=(), start=start, end=end)
    known = series_of(picture, resource)
    shown = sanitise(series if series in known or series in res.values or not known else known[0])
    value = res.values.get(shown)
    history = picture.hist.get(resource, {}).get(shown)
    times, values = history.columns(start - view.window.span_ms // 8) if history else ((), ())
    name = shown.removeprefix("cloudwatch.")
    return ChartData(
        title=sanitise(f"{resource} {signs.between} {name}" if named else name),
        unit=value.u if value else Safe(""),
        points=tuple(zip(times, values, strict=True)),
        start=start,
        end=end,
        thresholds=drawn(limits_of(picture, resource, shown), objectives_of(picture, resource, shown)),
        ghosts=ghosts_of(picture, resource, shown) if view.ghosts else (),
        marks=marks_of(picture, resource),
        cursor=cursor,
        zone=view.zone,
        is_past=view.window.back_ms > 0,
        aligned=aligned,
        empty=why_empty(value, any_points=bool(times), signs=signs),
    )


def why_empty(value: Value | None, *, any_points: bool, signs: Signs) -> Safe:
    """For the middle of a chart without a line."""
    if any_points:
        return Safe("nothing was observed in this stretch")
    if value is None or value.s == "pending":
        return sanitise(f"{signs.pending} the first points are on their way")
    if value.s == "none":
        return sanitise(f"{signs.nothing} the source has no data for it")
    if value.s == "error":
        return sanitise(f"{signs.error} its collector fails: 5 says why")
    return Safe("no point has come yet")
