"""CloudWatch at the border, in memory: points that come late, are missing, are cut in pages, or are refused."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.attention import Attention
from collectors.aws.cloudwatch.desk import Desk
from collectors.aws.known import Found, Known
from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect
from collectors.readings import Metric, Reading, ResourceId
from collectors.safe import Safe

START = datetime(2026, 3, 11, 10, 0, 30, tzinfo=UTC)
PLACE = Place(Account(), "eu-west-1")
PRICE = 0.00001


NAMESPACES = {"cache": "AWS/ElastiCache", "table": "AWS/DynamoDB"}
DIMENSIONS = {"instance": "DBInstanceIdentifier", "cluster": "DBClusterIdentifier", "table": "TableName"}
ENGINES = {"cache": "redis", "table": "dynamodb", "cluster": "aurora-postgresql"}


def found(name: str, kind: str = "instance", engine: str = "", namespace: str = "", **more: Any) -> Found:
    dimensions: tuple[tuple[str, str], ...] = ((DIMENSIONS.get(kind, "CacheClusterId"), name),)
    if kind == "cache":
        dimensions += (("CacheNodeId", "0001"),)
    return Found(
        id=ResourceId(Safe(name)),
        place=PLACE,
        kind=kind,
        engine=engine or ENGINES.get(kind, "sqlserver-se"),
        name=name,
        arn=f"arn:{name}",
        namespace=namespace or NAMESPACES.get(kind, "AWS/RDS"),
        dimensions=dimensions,
        **more,
    )


@dataclass
class Cloud(Reader):
    """Answers from a function of (resource, metric, begin of the period)."""

    value: Callable[[str, str, datetime], float | None] = lambda *_: 1.0
    now: datetime = START
    delay: timedelta = timedelta(minutes=2)
    page: int = 10_000
    codes: Mapping[str, str] = field(default_factory=dict)  # by metric
    said: str = ""  # beside a code
    error: CannotCollect | None = None
    error_after: int = 1 << 30  # so many requests
    hangs: bool = False
    stray: bool = False  # answers that nobody asked for
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    answered: Counter[tuple[str, str]] = field(default_factory=Counter)
    metrics: int = 0
    place = PLACE

    async def call(self, service: str, operation: str, /, **parameters: Any) -> Mapping[str, Any]:
        assert (service, operation) == ("cloudwatch", "GetMetricData")
        queries = parameters["MetricDataQueries"]
        assert len(queries) <= 500
        assert len({query["Id"] for query in queries}) == len(queries)
        minutes = (parameters["EndTime"] - parameters["StartTime"]) // timedelta(minutes=1)
        assert 0 < minutes * len(queries) <= 100_800
        self.requests.append(parameters)
        self.metrics += len(queries)
        if self.error is not None or len(self.requests) > self.error_after:
            raise self.error or CannotCollect("no answer")
        if self.hangs:
            await self._hang()
        self.answered += Counter(map(_series, queries))
        results = [self._result(query, parameters) for query in queries]
        begin = int(parameters.get("NextToken", "0"))
        end = begin + self.page
        more = {"NextToken": str(end)} if end < len(results) else {}
        if self.stray:
            results.append({**results[0], "Id": "nobodys"})
            for result in results:
                result["Timestamps"] = [*result["Timestamps"], self.now]
                result["Values"] = [*result["Values"], 99.0, 100.0]
        return {"MetricDataResults": results[begin:end], **more}

    async def _hang(self) -> None:
        self.under_way += 1
        self.hanging.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.under_way -= 1

    def pages(self, service: str, operation: str, /, **parameters: Any) -> AsyncIterator[Mapping[str, Any]]:
        raise AssertionError("metrics are paged by their own token")

    def _result(self, query: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        metric, period = query["MetricStat"]["Metric"], timedelta(seconds=query["MetricStat"]["Period"])
        name = "@".join(each["Value"] for each in metric["Dimensions"] if each["Name"] != "CacheNodeId")
        at, points = asked["StartTime"], []
        assert at.timestamp() % period.total_seconds() == 0
        while at < asked["EndTime"]:
            value = self.value(name, metric["MetricName"], at)
            if value is not None and at + period + self.delay <= self.now:
                points.append((at, value))
            at += period
        points.reverse()
        code = self.codes.get(metric["MetricName"], "Complete")
        return {
            "Id": query["Id"],
            "Timestamps": [at for at, _ in points],
            "Values": [value for _, value in points],
            "StatusCode": code,
            "Messages": [{"Code": code, "Value": self.said}] if self.said else [],
        }

    @property
    def asked(self) -> Counter[tuple[str, str]]:
        """How often each series was asked for."""
        return Counter(_series(query) for request in self.requests for query in request["MetricDataQueries"])


def _series(query: dict[str, Any]) -> tuple[str, str]:
    metric = query["MetricStat"]["Metric"]
    return metric["Dimensions"][0]["Value"], metric["MetricName"]


@dataclass
class Purse:
    """A day's money, from which the cloud's own count is taken."""

    cloud: Cloud
    usd: float = 100.0
    price_per_metric: float = PRICE

    def left_today(self) -> float:
        return self.usd - self.cloud.metrics * self.price_per_metric


@dataclass
class Stage:
    """A desk at a time that the test turns."""

    cloud: Cloud = field(default_factory=Cloud)
    attention: Attention = field(default_factory=Attention)
    purse: Purse = field(init=False)
    known: Known = field(default_factory=Known)
    extra: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.purse = Purse(self.cloud)
        self.desk = Desk(
            lambda _: self.cloud,
            self.known,
            lambda: self.attention,
            purse=self.purse,
            now=lambda: self.cloud.now,
            extra=lambda _: self.extra,
        )

    def later(self, **span: float) -> None:
        self.cloud.now += timedelta(**span)


async def readings(given: AsyncIterator[Reading]) -> list[Metric]:
    return [each async for each in given if isinstance(each, Metric)]
