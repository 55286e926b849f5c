"""What the console's own access to AWS makes of the demo: each fault in its words, requests counted on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.prices import Prices
from collectors.aws.sessions import Sessions
from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.threads import Threads
from tests.demo.emulator.cloudwatch_answering import MINUTE_NOW, NOW, Answering, Fault, answering, query


@pytest.fixture
def world() -> Iterator[Answering]:
    with answering() as served:
        yield served


class Console:
    """Reads that world as an engine does."""

    def __init__(self, world: Answering) -> None:
        self.meter = Meter(Prices(), lambda: datetime.fromtimestamp(NOW, UTC))
        account = Account("demo", endpoint=f"http://127.0.0.1:{world.port}", keys=("AKIADEMO", "demo"))
        self.place = Place(account, "eu-west-1")
        self._sessions = Sessions(Threads(), self.meter)
        self._reader = self._sessions.reader(self.place)

    async def metrics(self, *who: str) -> Any:
        queries = [query("CPUUtilization", name, id_=f"q{n}") for n, name in enumerate(who)]
        start, end = (datetime.fromtimestamp(MINUTE_NOW - ago, UTC) for ago in (600, 0))
        return await self._reader.call(
            "cloudwatch", "GetMetricData", MetricDataQueries=queries, StartTime=start, EndTime=end
        )

    async def alarms(self) -> list[Any]:
        found = self._reader.pages("cloudwatch", "DescribeAlarms", MaxRecords=10)
        return [alarm async for page in found for alarm in page["MetricAlarms"]]

    def close(self) -> None:
        self._sessions.client(self.place, "cloudwatch").close()


@pytest.fixture
def console(world: Answering) -> Iterator[Console]:
    made = Console(world)
    yield made
    made.close()


async def test_values_and_times_arrive(world: Answering, console: Console) -> None:
    result = (await console.metrics("billing"))["MetricDataResults"][0]
    for moment, value in zip(result["Timestamps"], result["Values"], strict=True):
        told = world.model.metrics(next(m for m in world.model.machines if m == "billing"), moment.timestamp() + 30)
        assert value == told["CPUUtilization"]
    assert result["Values"]


@pytest.mark.parametrize(
    ("kind", "error", "says"),
    [
        ("throttle", Throttled, "asked too often"),
        ("expired-token", Expired, "no longer good"),
        ("access-denied", Denied, "may not ask cloudwatch:GetMetricData"),
        ("refuse", CannotCollect, "not answered"),
        ("drop", CannotCollect, "not answered"),
    ],
)
async def test_each_fault_is_told_in_words(
    world: Answering, console: Console, kind: str, error: type[Exception], says: str
) -> None:
    world.faults = [Fault(kind, "cloudwatch")]
    with pytest.raises(error, match=says):
        await console.metrics("billing")
    world.faults = []
    assert (await console.metrics("billing"))["MetricDataResults"][0]["Values"]


async def test_both_sides_count_the_same(world: Answering, console: Console) -> None:
    await console.metrics("billing", "customers")
    await console.alarms()
    for kind in ("refuse", "drop", "throttle", "access-denied"):
        world.faults = [Fault(kind)]
        with pytest.raises((CannotCollect, Throttled, Denied)):
            await console.metrics("billing", "customers", "reporting")
    log, spent = world.log(), console.meter.spent()
    assert (log["requests"], log["metrics"]) == (spent.requests, spent.metrics)
    assert spent.metrics >= 2 + 4 * 3
    assert log["by_operation"]["cloudwatch:DescribeAlarms"] == 3
