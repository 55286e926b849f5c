"""Each shipped trouble with waits is another at a glance: what comes first, how long each lasts, what is critical."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collectors.inside.waits import Mark, Wait, Waits
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.waits.collector import WaitStats
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.load import load
from console.demo.sqlserver.server import ModelServers

START = 1_773_223_200.0
THERE = {machine.id: machine for machine in MACHINES}


async def told(scenario: str, name: str, *times: float) -> list[Waits]:
    model = Model(1, START, MACHINES, load(scenario).script(START, THERE))
    now = START

    def clock() -> datetime:
        return datetime.fromtimestamp(now, UTC)

    about = ResourceId(Safe(name))
    collector = WaitStats(ModelServers(model, clock), clock)
    found: list[Waits] = []
    for seconds in times:
        now = START + seconds
        if model.serves(about, now):
            found += [reading async for reading in collector.collect(about) if isinstance(reading, Waits)]
    return found


def of(waits: Waits, name: str) -> Wait:
    return next(row for row in waits.rows if row.type == name)


@pytest.mark.parametrize(
    ("scenario", "resource", "first", "each_ms", "critical"),
    [
        ("worker-exhaustion", "billing", "LCK_M_S", (5_000, None), {"THREADPOOL"}),
        ("memory-grants", "reporting", "RESOURCE_SEMAPHORE", (10_000, None), {"RESOURCE_SEMAPHORE"}),
        ("tempdb-latch", "billing", "PAGELATCH_UP", (1, 20), set()),
        ("parallelism", "reporting", "CXPACKET", (5, 100), set()),
        ("slow-client", "reporting", "ASYNC_NETWORK_IO", (100, 1000), set()),
        ("log-volume-throttled", "billing", "WRITELOG", (10, 200), set()),
    ],
)
async def test_each_trouble_shows_its_own_waits(
    scenario: str, resource: str, first: str, each_ms: tuple[float, float | None], critical: set[str]
) -> None:
    _, waits = await told(scenario, resource, 235, 240)
    top = waits.counted[0]
    assert top.type == first
    assert top.average_ms is not None
    assert each_ms[0] <= top.average_ms <= (each_ms[1] or 1e9)
    assert {row.type for row in waits.counted if row.critical} == critical
    assert waits.meaning
    _, calm = await told(scenario, resource, 20, 25)
    assert top.ms_per_s > 2 * calm.ms_per_s
    assert not any(row.critical for row in calm.counted)


async def test_the_lock_that_holds_the_workers_is_seen_for_as_long_as_it_lasts() -> None:
    _, waits = await told("worker-exhaustion", "billing", 235, 240)
    assert of(waits, "LCK_M_S").longest_ms > 170_000
    assert of(waits, "THREADPOOL").waiting > 10


async def test_a_failover_and_a_clear_are_marked() -> None:
    waits = await told("failover-and-back", "orders-primary", *range(0, 300, 5))
    marks = [(each.mark, each.observed.timestamp() - START) for each in waits if each.mark is not Mark.NONE]
    assert marks == [(Mark.FIRST, 0), (Mark.FAILED_OVER, 135), (Mark.CLEARED, 240)]
