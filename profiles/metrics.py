"""Which values can a threshold be about, and what number is meant by a bound of one?

The families are known here; CloudWatch's names and units are in a table of a higher layer, which hands that in.
"""

from __future__ import annotations

import re
from typing import Protocol

from profiles.units import NotAQuantity, in_unit

FAMILIES = (
    *("cloudwatch", "replica", "backup", "wait", "waiting", "counter", "database", "file", "scheduler"),
    *("mysql", "pgbouncer", "postgres", "redis", "statement"),
)
"""First words of values that are numbers."""

_NAME = re.compile(r"([a-z]+)\.\S(?:.{0,200}\S)?")
_SUFFIXES = {"_s": "Seconds", "_ms": "Milliseconds", "_percent": "Percent", "_bytes": "Bytes", "_kb": "KB"}
_ALWAYS_THE_SAME = ("Percent", "Bytes", "Bytes/Second", "Count/Second")
"""Units that need no table: CloudWatch counts sizes in bytes, but times in three units."""


class Metrics(Protocol):
    """What is known of CloudWatch's metrics."""

    def unit(self, metric: str) -> str | None:
        """None where no service has it."""
        ...

    def nearest(self, metric: str) -> tuple[str, ...]: ...


def family(metric: str) -> str | None:
    """The first word of a value's name, as `wait` in `wait.WRITELOG`; None where it is not such a name."""
    match = _NAME.fullmatch(metric)
    return match[1] if match else None


def bound(value: object, metric: str, known: Metrics | None) -> float:
    """The number to compare the metric's values with."""
    unit = (known.unit(metric) or "") if known and metric.startswith("cloudwatch.") else _unit(metric)
    if known is None and isinstance(value, str) and metric.startswith("cloudwatch."):
        for likely in _ALWAYS_THE_SAME:
            try:
                return in_unit(value, likely)
            except NotAQuantity:
                continue
    return in_unit(value, unit)


def _unit(metric: str) -> str:
    """As far as the name says it, else empty: then only plain numbers can be compared with it."""
    for suffix, unit in _SUFFIXES.items():
        if metric.endswith(suffix):
            return unit
    first, _, rest = metric.partition(".")
    return "ms/s" if first == "wait" and "." not in rest else "Milliseconds" if first == "waiting" else ""
