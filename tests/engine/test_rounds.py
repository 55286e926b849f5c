"""A collector may fail in any way it likes: the others go on, and what became of it is known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.clock import SteppedClock
from collectors.collector import Collector
from collectors.errors import CannotCollect, Denied
from collectors.readings import Metric, Reading, ResourceId
from collectors.safe import Safe
from console.engine.rounds import Health, Rounds, next_due

START = datetime(2026, 3, 1, tzinfo=UTC)


class Scripted(Collector[str]):
    """Yields one reading a pass, then does what it was told to do."""

    name = "scripted"
    every = timedelta(seconds=5)

    def __init__(self, *then: BaseException | None) -> None:
        self._then = list(then)
        self.passes = 0

    async def collect(self, target: str) -> AsyncIterator[Reading]:
        self.passes += 1
        yield Metric(ResourceId(Safe(target)), START, Safe("cloudwatch.CPUUtilization"), 1.0, Safe("Percent"))
        error = self._then.pop(0) if self._then else None
        if error is not None:
            raise error


class Hanging(Collector[str]):
    """Never answers; its shortest deadline is a second."""

    name = "hanging"
    every = timedelta(seconds=1)

    async def collect(self, target: str) -> AsyncIterator[Reading]:
        await asyncio.Event().wait()
        yield Metric(ResourceId(Safe(target)), START, Safe("never"), None, Safe(""))


async def one_pass(collector: Collector[str], passes: int = 1) -> tuple[Health, list[Reading]]:
    taken: list[Reading] = []
    rounds = Rounds(SteppedClock(START), taken.append)
    for _ in range(passes):
        await rounds.one_pass(collector, "orders")
    return rounds.of("orders")[collector.name], taken


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (CannotCollect("No answer.", seen="503", mend="Wait."), "failing", "No answer. (503) Wait."),
        (Denied("It may not ask.", grant="rds:Describe", mend="Grant rds:Describe."), "denied", "Grant rds:Describe."),
        (ZeroDivisionError("division by zero"), "failing", "ZeroDivisionError: division by zero"),
        (ValueError("\x1b[2Jgone"), "failing", "␛[2Jgone"),
        (RecursionError(), "failing", "RecursionError"),
    ],
)
async def test_an_error_is_told_in_safe_words_and_what_came_before_it_counts(
    error: Exception, state: str, words: str
) -> None:
    health, taken = await one_pass(Scripted(error))
    assert health.state == state
    assert health.error is not None
    assert words in health.error
    assert len(taken) == 1


async def test_a_hanging_collector_is_late_and_its_pass_is_ended() -> None:
    health, taken = await one_pass(Hanging())
    assert (health.state, health.error) == ("late", "no answer in time")
    assert taken == []


async def test_a_collector_that_works_again_is_well_again_and_its_error_is_gone() -> None:
    health, _ = await one_pass(Scripted(ValueError("once")), passes=2)
    assert (health.state, health.error, health.last) == ("ok", None, START)


async def test_each_change_of_state_is_told_once() -> None:
    told: list[str] = []
    rounds = Rounds(SteppedClock(START), lambda _: None, lambda health: told.append(health.state))
    collector = Scripted(None, ValueError(), ValueError(), None)
    for _ in range(4):
        await rounds.one_pass(collector, "orders")
    assert told == ["ok", "failing", "ok"]


async def test_a_neighbour_that_hangs_or_throws_makes_nobody_late() -> None:
    clock = SteppedClock(START)
    well = Scripted()
    rounds = Rounds(clock, lambda _: None)
    broken = Scripted(*[RuntimeError("broken")] * 100)
    running = asyncio.create_task(rounds.run([(broken, ["a", "b"]), (well, ["c"])]))
    await clock.sleep_until(START + timedelta(seconds=51))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert well.passes == 11
    assert broken.passes == 22


@given(st.floats(0.01, 3600), st.floats(0, 1e6))
def test_the_next_pass_is_on_the_grid_and_in_the_future(every_s: float, late_s: float) -> None:
    every = timedelta(seconds=every_s)
    now = START + timedelta(seconds=late_s)
    due = next_due(START, every, now)
    assert due >= max(now, START + every)
    assert due - now <= every
    assert (due - START) % every == timedelta(0)
