"""What GetMetricData refuses, and how it comes in pages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.demo.emulator.cloudwatch_answering import (
    MINUTE_NOW,
    NOW,
    Answering,
    answering,
    ask,
    at,
    named,
    query,
)

HOUR = 3600


@pytest.fixture(scope="module")
def served() -> Iterator[Answering]:
    with answering() as world:
        yield world


@pytest.fixture
def world(served: Answering) -> Answering:
    served.now = NOW
    return served


def refused(world: Answering, *queries: dict[str, Any], **more: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        ask(world, *queries, **more)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def test_pages_give_all_of_it_once(world: Answering) -> None:
    queries = [
        query("CPUUtilization", name, id_=f"q{n}") for n, name in enumerate(("billing", "customers", "reporting"))
    ]
    whole = {r["Id"]: r["Values"] for r in ask(world, *queries)["MetricDataResults"]}
    found: dict[str, list[float]] = {q["Id"]: [] for q in queries}
    more: dict[str, Any] = {}
    pages = 0
    while True:
        answer = ask(world, *queries, MaxDatapoints=25, **more)
        pages += 1
        for result in answer["MetricDataResults"]:
            found[result["Id"]] += result["Values"]
        assert sum(len(r["Values"]) for r in answer["MetricDataResults"]) <= 25
        if "NextToken" not in answer:
            break
        assert answer["MetricDataResults"][-1]["StatusCode"] in ("PartialData", "Complete")
        more = {"NextToken": answer["NextToken"]}
    assert found == whole
    assert pages == math.ceil(sum(map(len, whole.values())) / 25)


def test_a_day_of_many_is_paged_at_what_a_call_may_hold(world: Answering) -> None:
    names = world.model.metrics(named("customers"), NOW)
    queries = [
        query(n, "customers", s, id_=f"{s.lower()}{n}") for n in list(names)[:12] for s in ("Average", "Maximum")
    ]
    answer = ask(world, *queries, since=MINUTE_NOW - 4 * 86_400)
    assert sum(len(r["Values"]) for r in answer["MetricDataResults"]) == 100_800
    assert answer["NextToken"]


CPU = query("CPUUtilization", "billing")


@pytest.mark.parametrize(
    ("queries", "more", "says"),
    [
        ([{**CPU, "Id": f"q{n}"} for n in range(501)], {}, "size greater than 500"),
        ([CPU, CPU], {}, "not unique"),
        ([{**CPU, "Id": "Upper"}], {}, "expected pattern"),
        ([query("CPUUtilization", "billing", period=45)], {}, "multiple of 60"),
        ([query("CPUUtilization", "billing", "p101")], {}, "p101"),
        ([query("CPUUtilization", "billing", "Mean")], {}, "Mean"),
        ([{"Id": "e1", "Expression": "q*2"}], {}, "metric math"),
        ([{"Id": "e1"}], {}, "Exactly one"),
        ([CPU], {"StartTime": at(NOW), "EndTime": at(NOW - 60)}, "less than"),
        ([CPU], {"MaxDatapoints": 100_801}, "MaxDatapoints"),
        ([CPU], {"ScanBy": "Sideways"}, "ScanBy"),
    ],
)
def test_what_aws_would_refuse_is_refused(
    world: Answering, queries: list[Any], more: dict[str, Any], says: str
) -> None:
    code, message = refused(world, *queries, **more)
    assert code == "ValidationError"
    assert says in message


@pytest.mark.parametrize("token", ["nonsense", "WzksbnVsbF0=", "e30=", "/w=="])
def test_a_token_of_ones_own_is_refused(world: Answering, token: str) -> None:
    assert refused(world, CPU, NextToken=token)[0] == "InvalidNextToken"
