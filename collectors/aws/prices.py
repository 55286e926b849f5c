"""What does a request to AWS cost? In exact steps, so that a day's sum is what its parts come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_PAID_BY_REQUEST = frozenset({"cloudwatch"})  # to describe RDS, ElastiCache, tables, tags and backups is free
_PAID_BY_METRIC = frozenset({("cloudwatch", "GetMetricData")})
_KEYS_PER_1000 = Decimal("0.003")  # of KMS, where the 20,000 of a month that are free are used up
_MANY = 1000  # prices are for so many


@dataclass(frozen=True, slots=True)
class Spent:
    """What was asked for, and the dollars it cost."""

    requests: int = 0
    metrics: int = 0
    usd: float = 0.0


NOTHING_SPENT = Spent()


def total(spent: Iterable[Spent]) -> Spent:
    each = tuple(spent)
    return Spent(sum(one.requests for one in each), sum(one.metrics for one in each), sum(one.usd for one in each))


@dataclass(frozen=True, slots=True)
class Prices:
    """In dollars, outside the free tier; regions differ, and so a profile may say others."""

    per_1000_metrics: float = 0.01
    per_1000_requests: float = 0.01

    def of(self, service: str, operation: str, requests: int, metrics: int) -> Decimal:
        """What so many requests of one operation cost, with the metrics that they asked for together."""
        if (service, operation) in _PAID_BY_METRIC:
            return Decimal(str(self.per_1000_metrics)) * metrics / _MANY
        if service == "kms":
            return _KEYS_PER_1000 * requests / _MANY
        return Decimal(str(self.per_1000_requests)) * requests / _MANY if service in _PAID_BY_REQUEST else Decimal()
