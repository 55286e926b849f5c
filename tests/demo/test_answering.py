"""What answers from the model answers as a server would: with what a scenario has set, in trouble, or not at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.collector import Collector
from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.readings import BackupStatus, Reading, ResourceId
from collectors.safe import Safe
from collectors.sqlserver.waits.collector import WaitStats
from console.demo.collectors import Backups, Now
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


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own zone is not UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "written", ['"@now-3h"', '"2026-03-11T09:00:01Z"', "2026-03-11T09:00:01", '"2026-03-11 09:00:01"']
)
async def test_a_time_is_written_in_many_ways_and_without_a_zone_is_utc(
    written: str, tmp_path: Path, elsewhere: None
) -> None:
    text = f'set = {{ "backup.last_snapshot" = {written}, "api.LatestRestorableTime" = {written} }}'
    (status,) = await asked(Backups, tmp_path, text, "billing")
    assert isinstance(status, BackupStatus)
    when = datetime(2026, 3, 11, 9, 0, 1, tzinfo=UTC)
    assert (status.newest_snapshot, status.restorable_until) == (when, when)


async def test_backups_may_be_off_and_nothing_to_restore(tmp_path: Path) -> None:
    nothing = '"backup.last_snapshot" = nan, "api.LatestRestorableTime" = nan, "api.BackupRetentionPeriod" = 0'
    (status,) = await asked(Backups, tmp_path, f"set = {{ {nothing} }}", "billing")
    assert isinstance(status, BackupStatus)
    assert status.retention == timedelta(0)
    assert status.rpo(START) is None


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


async def test_who_fails_over_takes_no_connection_but_aws_tells_of_its_backups(tmp_path: Path) -> None:
    with pytest.raises(CannotCollect, match="refused"):
        await asked(wait_stats, tmp_path, 'cause = "failover"', "billing")
    assert await asked(Backups, tmp_path, 'cause = "failover"', "billing")
    assert await asked(wait_stats, tmp_path, 'cause = "failover"', "billing", after=100)


@pytest.mark.parametrize(("cause", "after"), [("instance-gone", 100), ("instance-created", 0)])
async def test_who_is_not_there_is_not_asked(cause: str, after: float, tmp_path: Path) -> None:
    assert await asked(Backups, tmp_path, f'cause = "{cause}"', "billing", after=after) == []
