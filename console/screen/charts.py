"""Which series of a resource a chart may show, and the next one."""

from __future__ import annotations

from collectors.safe import Safe, sanitise
from console.screen.picture import Picture
from console.screen.values import Signs
from widgets.chart import ChartData

HOUR_MS = 3_600_000
DEFAULT = "cloudwatch.CPUUtilization"


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


def chart_of(picture: Picture, resource: str | None, series: str, signs: Signs) -> ChartData:
    """The last hour of one series; without points it says so."""
    end = picture.now_ms or 0
    start = end - HOUR_MS
    res = picture.resources.get(resource) if resource else None
    if resource is None or res is None:
        return ChartData(title=Safe(""), unit=Safe(""), points=(), start=start, end=end)
    known = series_of(picture, resource)
    shown = series if series in known or not known else known[0]
    value = res.values.get(sanitise(shown))
    history = picture.hist.get(resource, {}).get(sanitise(shown))
    times, values = history.columns(start) if history else ((), ())
    return ChartData(
        title=sanitise(f"{resource} {signs.between} {shown.removeprefix('cloudwatch.')}"),
        unit=value.u if value else Safe(""),
        points=tuple(zip(times, values, strict=True)),
        start=start,
        end=end,
    )
