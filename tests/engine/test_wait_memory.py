"""What an engine remembers of waits: means of five minutes, a week of them, over its own end, and counters besides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.errors import Trouble
from collectors.inside.waits import Wait, Waits
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.engine.wait_memory import Pasts, WaitMemory
from console.protocol.bodies import Ghosts

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
ORDERS = ResourceId(Safe("orders-primary"))
LOCKS = Safe("waits.Lock")


def waits(at: datetime, rate: float, interval_s: float | None = 5.0, category: str = "Lock") -> Waits:
    return Waits(ORDERS, at, (Wait(Safe("X"), Safe(category), rate, 1.0, 0.0),), interval_s)


def fill(memory: WaitMemory, since: datetime, until: datetime, rate: float = 100.0) -> None:
    at = since
    while at <= until:
        memory.take(waits(at, rate))
        at += timedelta(minutes=1)


def test_yesterday_and_a_week_ago_are_told_as_far_as_they_are_remembered() -> None:
    memory = WaitMemory()
    fill(memory, START, START + timedelta(hours=2))
    past = memory.past(ORDERS, START + timedelta(days=1, hours=1))[LOCKS]
    assert past.last_week is None
    assert past.yesterday is not None
    assert set(past.yesterday.v) == {100.0}
    assert len(past.yesterday.t) == 12
    assert memory.past(ORDERS, START + timedelta(hours=3)) == {}
    later = memory.past(ORDERS, START + timedelta(days=7, hours=1))[LOCKS]
    assert (later.yesterday, later.last_week is None) == (None, False)


def test_a_mean_counts_each_interval_for_as_long_as_it_was_and_nothing_across_a_reset() -> None:
    memory = WaitMemory()
    memory.take(waits(START, 1000.0, 10.0))
    memory.take(waits(START + timedelta(seconds=60), 0.0, 90.0))
    memory.take(waits(START + timedelta(seconds=90), 9e9, None))
    memory.take(waits(START + timedelta(minutes=6), 1.0))
    past = memory.past(ORDERS, START + timedelta(days=1, minutes=10))[LOCKS].yesterday
    assert past is not None
    assert past.v == (100.0,)


def test_what_is_remembered_and_where_counters_stood_outlive_the_engine(tmp_path: Path) -> None:
    first = WaitMemory(tmp_path, "live")
    fill(first, START, START + timedelta(hours=1))
    first.counters_now = lambda: {ORDERS: ["2026-03-04T11:00:00Z", {}]}
    first.keep()
    second = WaitMemory(tmp_path, "live")
    second.recall()
    later = START + timedelta(days=1, hours=1)
    assert second.past(ORDERS, later) == first.past(ORDERS, later) != {}
    assert second.counters == {"orders-primary": ["2026-03-04T11:00:00Z", {}]}
    other = WaitMemory(tmp_path, "another play")
    other.recall()
    assert other.past(ORDERS, later) == {}


@pytest.mark.parametrize("rubbish", [b"", b"\0\1", b"x" * 100])
def test_a_file_that_cannot_be_read_is_done_without(rubbish: bytes, tmp_path: Path) -> None:
    (tmp_path / "waits.kept").write_bytes(rubbish)
    memory = WaitMemory(tmp_path, "live")
    memory.recall()
    assert memory.past(ORDERS, START) == {}


async def test_they_are_told_for_nothing_together_with_what_cloudwatch_said() -> None:
    told: list[Ghosts | None] = []
    memory = WaitMemory()
    now = START + timedelta(days=1, hours=1)
    pasts = Pasts(memory, lambda: now, lambda _, body: told.append(body))
    memory.take(waits(START, 1.0))
    with pytest.raises(Trouble) as refused:
        await pasts.recollect(ORDERS)
    assert "memory from 2026-03-04 10:00:00Z" in refused.value.seen
    fill(memory, START, START + timedelta(hours=2))
    await pasts.recollect(ORDERS)
    assert told[-1] is not None
    assert (set(told[-1].series), told[-1].usd) == ({LOCKS}, 0.0)
    pasts.metered(ORDERS, Ghosts(start=0, end=1, metrics=2, usd=0.5, series={}))
    await pasts.recollect(ORDERS)
    assert told[-1] is not None
    assert (set(told[-1].series), told[-1].usd) == ({LOCKS}, 0.5)
    pasts.metered(ORDERS, None)
    assert told[-1] is None
