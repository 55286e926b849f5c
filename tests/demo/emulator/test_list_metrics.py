"""ListMetrics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from collectors.readings import ResourceId
from console.demo.emulator.list_metrics import Listing
from console.demo.emulator.metric_series import Points
from console.demo.emulator.requests_form import Refused
from console.demo.inventory import MACHINES
from console.demo.metrics import Numbers
from console.demo.model import Model
from tests.demo.emulator.cloudwatch_answering import (
    NOW,
    Answering,
    answering,
    ask,
    named,
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


def listed(world: Answering, **filters: Any) -> list[dict[str, Any]]:
    client = world.client()
    pages = list(client.get_paginator("list_metrics").paginate(**filters))
    return [metric for page in pages for metric in page["Metrics"]]


def test_every_metric_is_listed_and_can_be_asked_for(world: Answering) -> None:
    found = listed(world)
    assert len(found) == sum(len(world.model.metrics(m, NOW)) for m in world.model.machines)
    queries = [{"Id": f"q{n}", "MetricStat": {"Metric": m, "Period": 300, "Stat": "Sum"}} for n, m in enumerate(found)]
    results = ask(world, *queries)["MetricDataResults"]
    silent = {metric["MetricName"] for metric, r in zip(found, results, strict=True) if not r["Values"]}
    assert silent <= {"WriteThrottleEvents"}


def test_listed_metrics_are_filtered(world: Answering) -> None:
    replica = {"Name": "DBInstanceIdentifier", "Value": "orders-replica-1"}
    assert {m["Namespace"] for m in listed(world, Namespace="AWS/DynamoDB")} == {"AWS/DynamoDB"}
    assert len(listed(world, MetricName="ReplicaLag")) == 2
    assert listed(world, MetricName="ReplicaLag", Dimensions=[replica])[0]["Dimensions"] == [replica]
    assert len(listed(world, Dimensions=[{"Name": "CacheNodeId"}])) == 28
    assert listed(world, Dimensions=[{"Name": "Nobody"}]) == []


def test_a_long_list_comes_in_pages() -> None:
    copies = [replace(m, id=named(f"{m.id}-{n}")) for n in range(90) for m in MACHINES if m.kind == "table"]
    listing = Listing(Points(Model(7, NOW, copies)))
    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = listing.answer(token, NOW)
        assert len(page["Metrics"]) <= 500
        found += [str(metric) for metric in page["Metrics"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert len(found) == len(set(found)) == 540
    with pytest.raises(Refused):
        listing.answer({"NextToken": "-1"}, NOW)


def test_what_was_silent_for_three_hours_is_listed_and_not_recently_active() -> None:
    class Silent(Model):
        def metrics(self, about: ResourceId, t: float) -> Numbers:
            return super().metrics(about, t) | ({"Evictions": None} if about == "sessions-001" else {})

    listing = Listing(Points(Silent(7, NOW)))

    def evictions(**asked: str) -> int:
        return len(listing.answer({"MetricName": "Evictions", **asked}, NOW)["Metrics"])

    assert (evictions(), evictions(RecentlyActive="PT3H")) == (2, 1)
    with pytest.raises(Refused):
        evictions(RecentlyActive="PT1H")
