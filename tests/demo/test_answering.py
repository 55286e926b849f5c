"""What answers from the model answers as a server would: with what a scenario has set, in trouble, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.collector import Collector
from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.readings import Reading, ResourceId
from collectors.safe import Safe
from collectors.sqlserver.collector import Now
from collectors.sqlserver.waits.collector import WaitStats
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.load import load
from console.demo.sqlserver.server import ModelServers

START = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
THERE = {machine.id: machine for machine in MACHINES}


def wait_stats(model: Model, now: Now) -> WaitStats:
    return WaitStats(ModelServers(model, now), now)


Kind = Callable[[Model, Now], Collector[ResourceId]]


async def asked(kind: Kind, folder: Path, text: str, name: str, *, after: float = 60) -> list[Reading]:
    """What a collector finds a minute after the start, where an entry of the first second says ``text``."""
    path = folder / "mine.toml"
    entry = f'[[at]]\nseconds = 1\nresource = "{name}"\n{text}\n'
    path.write_text(f'name = "mine"\nestate = "resilient-database"\n{entry}', encoding="utf-8")
    model = Model(1, START.timestamp(), MACHINES, load(str(path)).script(START.timestamp(), THERE))
    collector = kind(model, lambda: START + timedelta(seconds=after))
    return [reading async for reading in collector.collect(ResourceId(Safe(name)))]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("throttle", Throttled),
        ("access-denied", Denied),
        ("expired-token", Expired),
        ("refuse", CannotCollect),
        ("drop", CannotCollect),
    ],
)
async def test_a_fault_is_an_error_with_its_remedy(fault: str, error: type[CannotCollect], tmp_path: Path) -> None:
    with pytest.raises(error) as met:
        await asked(wait_stats, tmp_path, f'fault = "{fault}"', "billing")
    assert type(met.value) is error
    assert met.value.mend
    assert await asked(wait_stats, tmp_path, f'fault = "{fault}"\ncollector = "backups"', "billing")


async def test_what_hangs_never_answers(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asked(wait_stats, tmp_path, 'fault = "hang"', "billing"), 0.05)


async def test_who_fails_over_takes_no_connection_then_nobody_in(tmp_path: Path) -> None:
    for after, said in ((30, "refused"), (60, "lets nobody in")):
        with pytest.raises(CannotCollect, match=said):
            await asked(wait_stats, tmp_path, 'cause = "failover"', "billing", after=after)
    assert await asked(wait_stats, tmp_path, 'cause = "failover"', "billing", after=100)


@pytest.mark.parametrize(("cause", "after"), [("instance-gone", 100), ("instance-created", 0)])
async def test_who_is_not_there_does_not_answer(cause: str, after: float, tmp_path: Path) -> None:
    with pytest.raises(CannotCollect):
        await asked(wait_stats, tmp_path, f'cause = "{cause}"', "billing", after=after)
