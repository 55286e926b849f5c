"""Would CloudWatch answer this question? What GetMetricData and GetMetricStatistics are asked, checked as AWS does."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from console.demo.emulator.requests_form import Refused
from console.demo.emulator.statistics import PLAIN, Statistic

MOST_QUERIES = 500
MOST_POINTS = 100_800
MOST_STATISTICS_POINTS = 1_440
DAY = 86_400
_ID = re.compile(r"[a-z][a-zA-Z0-9_]*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def _time(value: object) -> object:
    """Seconds since 1970, or text; text without a zone means UTC, as AWS reads it."""
    if isinstance(value, str):
        return value if _NUMBER.fullmatch(value) or re.search(r"(Z|[+-]\d\d:?\d\d)$", value) else f"{value}Z"
    return value


Time = Annotated[AwareDatetime, BeforeValidator(_time)]
Many = TypeVar("Many", bound=BaseModel)


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Dimension(Part):
    Name: str = Field(min_length=1, max_length=255)
    Value: str = Field(min_length=1, max_length=1024)


class Named(Part):
    Namespace: str = ""
    MetricName: str = ""
    Dimensions: list[Dimension] = Field(default=[], max_length=30)

    def under(self) -> list[tuple[str, str]]:
        return [(d.Name, d.Value) for d in self.Dimensions]


class Measured(Part):
    Metric: Named
    Period: int
    Stat: str
    Unit: str | None = None


class Query(Part):
    Id: str
    MetricStat: Measured | None = None
    Expression: str | None = None
    Label: str | None = None
    ReturnData: bool = True
    AccountId: str | None = None


class MetricDataAsked(Part):
    MetricDataQueries: list[Query]
    StartTime: Time
    EndTime: Time
    NextToken: str | None = None
    ScanBy: str = "TimestampDescending"
    MaxDatapoints: int = Field(default=MOST_POINTS, ge=1, le=MOST_POINTS)


class StatisticsAsked(Part):
    Namespace: str
    MetricName: str
    Dimensions: list[Dimension] = Field(default=[], max_length=30)
    StartTime: Time
    EndTime: Time
    Period: int
    Statistics: list[str] = []
    ExtendedStatistics: list[str] = Field(default=[], max_length=10)
    Unit: str | None = None


def read(form: type[Many], said: dict[str, Any]) -> Many:
    try:
        return form.model_validate(said)
    except ValidationError as e:
        first = e.errors(include_url=False)[0]
        where = ".".join(str(step + 1 if isinstance(step, int) else step) for step in first["loc"])
        if first["type"] == "missing":
            raise Refused("MissingParameter", f"The request must contain the parameter {where}.") from None
        raise Refused("ValidationError", f"The value for parameter {where} is not valid: {first['msg']}.") from None


def metric_data(said: dict[str, Any]) -> MetricDataAsked:
    wanted = read(MetricDataAsked, said)
    queries = wanted.MetricDataQueries
    if not queries:
        raise Refused("ValidationError", "The parameter MetricDataQueries must contain at least one query.")
    if len(queries) > MOST_QUERIES:
        text = f"The collection MetricDataQueries must not have a size greater than {MOST_QUERIES}."
        raise Refused("ValidationError", text)
    if len({q.Id for q in queries}) < len(queries):
        raise Refused("ValidationError", "The values for parameter id in MetricDataQueries are not unique.")
    if wanted.ScanBy not in ("TimestampDescending", "TimestampAscending"):
        raise Refused("ValidationError", f"The value {wanted.ScanBy} for parameter ScanBy is not supported.")
    _in_order(wanted.StartTime, wanted.EndTime, "ValidationError")
    for n, query in enumerate(queries, start=1):
        _check(query, f"MetricDataQueries.member.{n}")
    return wanted


def _check(query: Query, at: str) -> None:
    if _ID.fullmatch(query.Id) is None or len(query.Id) > 255:
        text = f"The value {query.Id} for parameter {at}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
        raise Refused("ValidationError", text)
    if query.Expression is not None:
        text = f"{at}.Expression: the demo has no metric math, no SEARCH and no Insights; ask by MetricStat."
        raise Refused("ValidationError", text)
    if query.MetricStat is None:
        raise Refused("ValidationError", f"Exactly one of {at}.MetricStat and {at}.Expression must be given.")
    check_period(query.MetricStat.Period, f"{at}.MetricStat.Period", "ValidationError")
    if Statistic.parse(query.MetricStat.Stat) is None:
        text = f"The value {query.MetricStat.Stat} for parameter {at}.MetricStat.Stat is not supported."
        raise Refused("ValidationError", text)


def check_period(period: int, at: str, code: str) -> None:
    if period not in (1, 5, 10, 30) and (period < 60 or period % 60 or period > DAY):
        text = f"The parameter {at} must be 1, 5, 10, 30 or a multiple of 60, and at most {DAY}."
        raise Refused(code, text)


def _in_order(start: AwareDatetime, end: AwareDatetime, code: str) -> None:
    if start >= end:
        raise Refused(code, "The parameter StartTime must be less than the parameter EndTime.")


def window(start: AwareDatetime, end: AwareDatetime, now: float) -> tuple[int, int]:
    """From the start, rounded down the further the longer ago it is, to before the end."""
    since, until = start.timestamp(), math.ceil(end.timestamp())
    age = now - since
    grain = 60 if age < 15 * DAY else 300 if age < 63 * DAY else 3600
    return math.floor(since / grain) * grain, until


def metric_statistics(said: dict[str, Any]) -> tuple[StatisticsAsked, list[Statistic]]:
    wanted = read(StatisticsAsked, said)
    code = "InvalidParameterValue"
    names = [*wanted.Statistics, *wanted.ExtendedStatistics]
    if not names:
        text = "At least one of the parameters Statistics and ExtendedStatistics must be specified."
        raise Refused("InvalidParameterCombination", text)
    found = [s for s in map(Statistic.parse, names) if s is not None]
    if len(found) < len(names) or any(n not in PLAIN for n in wanted.Statistics):
        raise Refused(code, f"A value of {', '.join(names)} is not a statistic that is supported.")
    check_period(wanted.Period, "Period", code)
    _in_order(wanted.StartTime, wanted.EndTime, code)
    count = math.ceil((wanted.EndTime - wanted.StartTime).total_seconds() / wanted.Period)
    if count > MOST_STATISTICS_POINTS:
        text = (
            f"You have requested up to {count:,} datapoints, which exceeds the limit of {MOST_STATISTICS_POINTS:,}. "
            "You may reduce the datapoints requested by increasing Period, or decreasing the time range."
        )
        raise Refused("InvalidParameterCombination", text)
    return wanted, found
