"""Which metrics of CloudWatch may a profile name? Those of the table that the collectors read by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from collectors.aws.metrics import metrics

_PREFIX = "cloudwatch."
_STATISTIC = re.compile(r"(.+)\.(p\d{1,2}(?:\.\d)?|Average|Minimum|Maximum|Sum|SampleCount)")


class KnownMetrics:
    """A name may end in a statistic: `cloudwatch.TargetResponseTime.p99`."""

    def __init__(self) -> None:
        self._units: Mapping[str, str] = {name: str(fact.unit) for (_, name), fact in metrics().items()}

    def unit(self, metric: str) -> str | None:
        plain = metric.removeprefix(_PREFIX)
        match = _STATISTIC.fullmatch(plain)
        if match is None:
            return self._units.get(plain)
        return "Count" if match[2] == "SampleCount" and match[1] in self._units else self._units.get(match[1])

    def nearest(self, metric: str) -> tuple[str, ...]:
        """At most three names, each a metric that is there."""
        match = _STATISTIC.fullmatch(metric)
        plain = (match[1] if match else metric).removeprefix(_PREFIX)
        names = {name.casefold(): name for name in self._units}
        close = get_close_matches(plain[:100].casefold(), names, n=3, cutoff=0.7)
        return tuple(_PREFIX + names[name] for name in close)
