"""How often is something asked, and what may that cost?"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from profiles.fields import Part, duration_of, number_in, refuse

_DAY = 86_400.0
_SCHEMA = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]})


def _interval(value: object) -> float:
    number = duration_of(value)
    if not 1 <= number <= _DAY:
        refuse("is out of range", allowed="1 s to 1 d")
    return number


def _metrics_interval(value: object) -> float:
    number = _interval(value)
    if number < 60:
        refuse("is too often: metrics appear once a minute, and asking for one is paid", allowed="60 s or more")
    return number


Interval = Annotated[float, BeforeValidator(_interval), _SCHEMA]
MetricsInterval = Annotated[float, BeforeValidator(_metrics_interval), _SCHEMA]


class Refresh(Part):
    """Seconds between two passes, by what is read; text such as `90s` or `5m` is taken too."""

    inventory: Interval = Field(default=60.0, description="Which resources there are, and their state.")
    cloudwatch: MetricsInterval = Field(default=60.0, description="Metrics; every one costs, so 60 s or more.")
    waits: Interval = Field(default=5.0, description="Wait statistics of the database itself.")
    replica_lag: Interval = Field(default=5.0, description="How far replicas are behind.")
    backups: Interval = Field(default=60.0, description="What could be restored, and how old it would be.")
    events: Interval = Field(default=60.0, description="What AWS reports to have happened.")
    alarms: Interval = Field(default=60.0, description="States of CloudWatch's alarms.")

    def of(self, collector: str) -> float | None:
        """By a collector's name, as `replica-lag`; None where the profile has no say."""
        found = getattr(self, collector.replace("-", "_"), None)
        return found if isinstance(found, float) else None


class Cost(Part):
    """What the console itself may spend by asking AWS."""

    budget_usd_per_day: Annotated[float, BeforeValidator(number_in("", 0, 1e6)), _SCHEMA] = Field(
        default=5.0,
        description="US dollars for one day of UTC. Metrics of what is neither looked at nor unwell are asked for less "
        "often when it would not last the day; 0 asks for none that cost.",
    )
    price_per_1000_metrics: Annotated[float, BeforeValidator(number_in("", 0, 1e3)), _SCHEMA] = Field(
        default=0.01,
        description="US dollars for 1,000 metrics asked for by GetMetricData, outside the free tier. As others "
        "quoted it in November 2026; regions differ, so see CloudWatch's pricing page for yours.",
    )
    price_per_1000_requests: Annotated[float, BeforeValidator(number_in("", 0, 1e3)), _SCHEMA] = Field(
        default=0.01,
        description="US dollars for 1,000 other requests to CloudWatch, of which the same is to be said. What is "
        "read of RDS, ElastiCache and DynamoDB's tables by describing them is free.",
    )
    backup_usd_per_gib_month: Annotated[float, BeforeValidator(number_in("", 0, 1e3)), _SCHEMA] = Field(
        default=0.095,
        description="US dollars for one GiB of backups in a month, for the cost of what is kept where AWS tells how "
        "much that is. RDS's price for backup storage in us-east-1, by its pricing page; services and regions differ.",
    )
