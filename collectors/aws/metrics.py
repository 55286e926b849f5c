"""What is this CloudWatch metric: its unit, its statistic, how often it comes?"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files

from collectors.safe import Safe, sanitise

MINUTE = timedelta(minutes=1)
SLOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class MetricFact:
    unit: Safe
    statistic: Safe
    period: timedelta  # how often AWS publishes it
    dimensions: tuple[str, ...]


@cache
def metrics() -> Mapping[tuple[str, str], MetricFact]:
    """Every metric we know, by namespace and name."""
    table = (files("collectors.aws") / "cloudwatch_metrics.csv").read_text(encoding="utf-8")
    return {
        (row["namespace"], row["metric"]): MetricFact(
            unit=sanitise(row["unit"]),
            statistic=sanitise(row["statistic"]),
            period=SLOW if "5-minute metric" in row["meaning"] else MINUTE,
            dimensions=tuple(row["dimensions"].split("+")),
        )
        for row in csv.DictReader(table.splitlines())
    }


@cache
def slow_names() -> frozenset[str]:
    """Names that come only every five minutes, in one namespace at least."""
    return frozenset(name for (_, name), fact in metrics().items() if fact.period == SLOW)
