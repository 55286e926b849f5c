"""What does CloudWatch answer to GetMetricData and GetMetricStatistics?"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from collectors.readings import ResourceId
from console.demo.emulator import metric_data_query
from console.demo.emulator.metric_data_query import MetricDataAsked, Query
from console.demo.emulator.metric_series import Points
from console.demo.emulator.requests_form import Entries, Refused
from console.demo.emulator.statistics import Statistic
from console.demo.inventory import ACCOUNT, REGION

Stamp = Callable[[int], int | str]
_PROPERTY = re.compile(r"\$\{PROP\('([^']*)'\)\}")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page begins: at a query, in it after a time."""

    query: int = 0
    after: int | None = None

    @classmethod
    def of(cls, token: str | None, queries: int) -> Cursor:
        if token is None:
            return cls()
        try:
            query, after = orjson.loads(base64.urlsafe_b64decode(token))
        except ValueError:  # of base64, of JSON, of too many or too few
            query, after = -1, None
        if not (type(query) is int and 0 <= query < queries and (after is None or type(after) is int)):
            raise Refused("InvalidNextToken", "The value for parameter NextToken is invalid.")
        return cls(query, after)

    def token(self) -> str:
        return base64.urlsafe_b64encode(orjson.dumps([self.query, self.after])).decode()


def get_metric_data(
    points: Points, said: dict[str, Any], now: float, stamp: Stamp, troubled: Mapping[ResourceId, str] = {}
) -> dict[str, Any]:
    """``troubled``: machines whose series cannot be read at present, with the status that says so."""
    wanted = metric_data_query.metric_data(said)
    cursor = Cursor.of(wanted.NextToken, len(wanted.MetricDataQueries))
    left, results = wanted.MaxDatapoints, []
    following: Cursor | None = None
    for n in range(cursor.query, len(wanted.MetricDataQueries)):
        query = wanted.MetricDataQueries[n]
        if left <= 0:
            following = Cursor(n)
            break
        found, status = _series(points, query, wanted, now, troubled)
        if n == cursor.query and cursor.after is not None:
            found = _after(found, cursor.after, wanted.ScanBy)
        if len(found) > left:
            found, status = found[:left], "PartialData"
            following = Cursor(n, found[-1][0])
        left -= len(found)
        if query.ReturnData:
            results.append(_result(query, found, status, stamp))
        if following:
            break
    answer: dict[str, Any] = {"MetricDataResults": results, "Messages": []}
    return answer if following is None else answer | {"NextToken": following.token()}


def _series(
    points: Points, query: Query, wanted: MetricDataAsked, now: float, troubled: Mapping[ResourceId, str]
) -> tuple[list[tuple[int, float]], str]:
    asked = query.MetricStat
    statistic = None if asked is None else Statistic.parse(asked.Stat)
    if asked is None or statistic is None:  # refused before
        return [], "InternalError"
    about = points.find(asked.Metric.Namespace, asked.Metric.MetricName, asked.Metric.under())
    if about is None or query.AccountId not in (None, ACCOUNT) or asked.Unit not in (None, about.unit):
        return [], "Complete"
    if about.machine in troubled:
        return [], troubled[about.machine]
    window = metric_data_query.window(wanted.StartTime, wanted.EndTime, now)
    found = [(t, value) for t, (value,) in points.statistics(about, (statistic,), asked.Period, window, now)]
    return found if wanted.ScanBy == "TimestampAscending" else found[::-1], "Complete"


def _after(found: list[tuple[int, float]], t: int, scan: str) -> list[tuple[int, float]]:
    ascending = scan == "TimestampAscending"
    return [point for point in found if (point[0] > t if ascending else point[0] < t)]


def _result(query: Query, found: list[tuple[int, float]], status: str, stamp: Stamp) -> dict[str, Any]:
    return {
        "Id": query.Id,
        "Label": _label(query),
        "Timestamps": [stamp(t) for t, _ in found],
        "Values": [value for _, value in found],
        "StatusCode": status,
    }


def _label(query: Query) -> str:
    asked = query.MetricStat
    if asked is None:
        return query.Id
    if query.Label is None:
        return asked.Metric.MetricName
    known = {
        "AccountId": ACCOUNT,
        "MetricName": asked.Metric.MetricName,
        "Namespace": asked.Metric.Namespace,
        "Period": str(asked.Period),
        "Region": REGION,
        "Stat": asked.Stat,
        **{f"Dim.{name}": value for name, value in asked.Metric.under()},
    }
    return _PROPERTY.sub(lambda found: known.get(found[1], found[0]), query.Label)


def get_metric_statistics(points: Points, said: dict[str, Any], now: float, stamp: Stamp) -> dict[str, Any]:
    wanted, statistics = metric_data_query.metric_statistics(said)
    about = points.find(wanted.Namespace, wanted.MetricName, [(d.Name, d.Value) for d in wanted.Dimensions])
    if about is None or wanted.Unit not in (None, about.unit):
        return {"Label": wanted.MetricName, "Datapoints": []}
    names = [*wanted.Statistics, *wanted.ExtendedStatistics]
    window = metric_data_query.window(wanted.StartTime, wanted.EndTime, now)

    def datapoints() -> Iterator[dict[str, Any]]:
        for t, values in points.statistics(about, statistics, wanted.Period, window, now):
            by_name = dict(zip(names, values, strict=True))
            extended = Entries({name: by_name[name] for name in wanted.ExtendedStatistics})
            plain = {name: by_name[name] for name in wanted.Statistics}
            datapoint = {"Timestamp": stamp(t), **plain, "Unit": about.unit}
            yield datapoint | {"ExtendedStatistics": extended} if extended else datapoint

    return {"Label": wanted.MetricName, "Datapoints": list(datapoints())}
