"""Which values and times stand on the axes, and how are they written?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from collectors.safe import Safe


class Unit(StrEnum):
    PERCENT = "percent"
    BYTES = "bytes"
    MILLISECONDS = "ms"
    SECONDS = "seconds"
    COUNT = "count"

    @classmethod
    def of(cls, name: str) -> Unit:
        """The unit by the name that CloudWatch or a rate has for it; what is not known is counted."""
        head = name.lower().partition("/")[0]
        return next((unit for unit in cls if unit.value == head), _SHORT.get(head, cls.COUNT))


_SHORT = {"milliseconds": Unit.MILLISECONDS, "s": Unit.SECONDS, "%": Unit.PERCENT, "b": Unit.BYTES}


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of values: from ``low`` to ``high`` in steps that a person would have chosen."""

    low: float
    high: float
    step: float
    unit: Unit

    def values(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * number for number in range(count + 1)]

    def label(self, value: float) -> Safe:
        return Safe(_label(value, self.step, self.unit))


_TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
_MOST = 1e15  # what is more is drawn at the edge: no measure of a database is so large
_LEAST = 1e-9
_BINARY = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1024)
_BYTES = ("B", "K", "M", "G", "T", "P", "E")
_DECIMAL = ("", "k", "M", "G", "T", "P")


def scale(least: float, most: float, unit: Unit, steps: int) -> Scale:
    """A scale over what is to be shown, with zero on it, so that half as high is half as much."""
    low, high = max(-_MOST, min(0.0, least)), min(_MOST, max(0.0, most))
    if high - low < _LEAST:
        high = low + 1.0
    if unit is Unit.PERCENT and low == 0 and high <= 100 and (high > 50 or steps < 2):
        high = 100.0
    step = _nice((high - low) / max(1, steps), unit)
    return Scale(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step, unit)


def times(start: int, end: int, cells: int, zone: tzinfo = UTC) -> list[tuple[int, Safe]]:
    """The times that get a label (ms), on round values of the clock in ``zone``, with room between them."""
    if end <= start or cells < 8:
        return []
    least = (end - start) / 1000 * 12 / cells  # a label of at most eight cells, and air
    step = next((step for step in _TIME_STEPS_S if step >= least), None) or math.ceil(least / 86400) * 86400
    form = "%H:%M:%S" if step < 60 else "%H:%M" if step < 86400 else "%m-%d"
    ahead = _ahead(start, zone)
    first = -(-(start + ahead) // (step * 1000)) * step * 1000 - ahead
    return [
        (ms, Safe(datetime.fromtimestamp(ms / 1000, zone).strftime(form))) for ms in range(first, end, step * 1000)
    ]


def _ahead(ms: int, zone: tzinfo) -> int:
    """By how many ms the clocks of the zone are ahead of UTC."""
    offset = datetime.fromtimestamp(ms / 1000, zone).utcoffset()
    return int(offset.total_seconds() * 1000) if offset else 0


def _nice(least: float, unit: Unit) -> float:
    """The smallest step of a person's choosing that is not less."""
    if unit is Unit.BYTES and least >= 1:
        base = 1024.0 ** math.floor(math.log(least, 1024))
        return next(base * many for many in _BINARY if base * many >= least * (1 - 1e-9))
    if unit is Unit.SECONDS and least > 10:
        return next((float(step) for step in _TIME_STEPS_S if step >= least), math.ceil(least / 86400) * 86400.0)
    base = 10.0 ** math.floor(math.log10(least))
    return next(base * many for many in (1, 2, 5, 10) if base * many >= least * (1 - 1e-9))


def _label(value: float, step: float, unit: Unit) -> str:
    match unit:
        case Unit.PERCENT:
            return f"{_digits(value, step)}%"
        case Unit.BYTES:
            return _scaled(value, step, 1024.0, _BYTES)
        case Unit.MILLISECONDS:
            return f"{_digits(value / 1000, step / 1000)}s" if step >= 1000 else f"{_digits(value, step)}ms"
        case Unit.SECONDS:
            for size, name in ((86400, "d"), (3600, "h"), (60, "m")):
                if step >= size:
                    return f"{_digits(value / size, step / size)}{name}"
            whole = step >= 1 or abs(value) >= 10
            return f"{_digits(value, step)}s" if whole else f"{_digits(value * 1000, step * 1000)}ms"
        case Unit.COUNT:
            return _scaled(value, step, 1000.0, _DECIMAL)


def _scaled(value: float, step: float, base: float, names: tuple[str, ...]) -> str:
    power = 0
    while power < len(names) - 1 and abs(value) >= base:
        value, step, power = value / base, step / base, power + 1
    return f"{_digits(value, step)}{names[power]}"


def _digits(value: float, step: float) -> str:
    """As many digits after the point as tell two neighbours apart, and no more."""
    for places in range(4):
        if abs(step * 10**places - round(step * 10**places)) < 1e-6 * max(1.0, step * 10**places):
            return f"{value + 0.0:.{places}f}"
    return f"{value:.3g}"
