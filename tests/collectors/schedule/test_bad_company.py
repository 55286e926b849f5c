"""Collectors that break the contract, and machines that lose the time: nobody else is late for that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.clock import RealClock, SteppedClock
from collectors.collector import Collector
from collectors.readings import Reading
from collectors.schedule import passes, schedule, turns
from collectors.schedule.schedule import Schedule
from tests.collectors.schedule.acting import START, Endless, Scripted, gaps, played, reading

Do = Callable[[str], Awaitable[object]]


class Doing(Collector[str]):
    """Does this for each target, and says when a pass began."""

    every = timedelta(minutes=1)

    def __init__(self, name: str, do: Do) -> None:
        self.name = name  # type: ignore[misc]
        self._do = do
        self.began: asyncio.Queue[str] = asyncio.Queue()
        self.inside = self.most = 0

    async def collect(self, target: str) -> AsyncIterator[Reading]:
        self.began.put_nowait(target)
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await self._do(target)
            yield reading(target)
        finally:
            await some_turns()  # what it had open is not closed at once
            self.inside -= 1


async def hang(target: str) -> None:
    await asyncio.Event().wait()


async def nothing(target: str) -> None:
    pass


async def some_turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def stop(run: asyncio.Task[None]) -> None:
    run.cancel()
    async with asyncio.timeout(10):
        await asyncio.gather(run, return_exceptions=True)


@pytest.mark.parametrize("error", [asyncio.CancelledError(), GeneratorExit(), SystemExit(3), KeyboardInterrupt()])
async def test_what_would_end_a_task_or_the_program_ends_one_pass(error: BaseException) -> None:
    clock = SteppedClock(START)
    collector, other = Scripted(error, error, clock=clock), Scripted(clock=clock)
    work = Schedule(clock, lambda _: None)
    work.add(collector, "bad")
    work.add(other, "good")
    run = asyncio.create_task(work.run())
    await clock.sleep_until(START + timedelta(seconds=7))
    assert work.of("bad")["scripted"].state == "failing"
    await clock.sleep_until(START + timedelta(seconds=20))
    assert not run.done()
    assert work.of("bad")["scripted"].state == "ok"
    await stop(run)


class Stubborn(Collector[str]):
    """Takes no notice of a cancellation, until it is let go; then it goes on to yield."""

    name = "stubborn"
    every = timedelta(seconds=5)

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.begun = 0

    async def collect(self, target: str) -> AsyncIterator[Reading]:
        self.begun += 1
        while not self.go.is_set():
            try:
                await self.go.wait()
            except asyncio.CancelledError:
                continue
        yield reading(target)


async def test_a_pass_that_cannot_be_ended_is_told_of_and_harms_neither_others_nor_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passes, "GRACE_S", 0.01)
    monkeypatch.setattr(schedule, "deadline_s", lambda _: 0.05)
    clock, taken = SteppedClock(START), list[Reading]()
    stubborn, well = Stubborn(), Scripted(clock=clock)
    work = Schedule(clock, taken.append)
    work.add(stubborn, "bad")
    work.add(well, "good")
    run = asyncio.create_task(work.run())
    await clock.sleep_until(START + timedelta(seconds=2))
    assert work.of("bad")["stubborn"].state == "late"
    await clock.sleep_until(START + timedelta(seconds=30))
    health = work.of("bad")["stubborn"]
    assert (health.state, health.breaker.state, stubborn.begun) == ("failing", "open", 1)
    assert "does not let itself be ended" in (health.error or "")
    assert len(well.times("good")) >= 6
    assert {each.about for each in taken} == {"good"}
    stubborn.go.set()
    await clock.sleep_until(START + timedelta(minutes=3))
    assert (work.of("bad")["stubborn"].state, stubborn.begun > 1) == ("ok", True)
    assert len([each for each in taken if each.about == "bad"]) == stubborn.begun - 1, "what came too late is not taken"
    stubborn.go.clear()
    work.hasten("stubborn")
    await clock.sleep_until(clock.now() + timedelta(seconds=1))
    await stop(run)
    stubborn.go.set()


async def test_many_that_hang_hold_up_nobody() -> None:
    hanging, well = Doing("hanging", hang), Doing("well", nothing)
    work = Schedule(RealClock(), lambda _: None, at_once=2)
    for n in range(5):
        work.add(hanging, f"t{n}")
    work.add(well, "good")
    run = asyncio.create_task(work.run())
    async with asyncio.timeout(10):
        assert await well.began.get() == "good"
    assert hanging.inside == 5  # their deadline is twice as far off
    await stop(run)
    assert hanging.inside == 0


async def test_one_that_hangs_while_it_is_dropped_and_added_again_is_never_there_twice() -> None:
    collector = Doing("hanging", hang)
    work = Schedule(RealClock(), lambda _: None)
    run = asyncio.create_task(work.run())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        for _ in range(5):
            work.add(collector, "alone")
            await collector.began.get()
            work.drop("hanging", "alone")
    await stop(run)
    assert (collector.inside, collector.most) == (0, 1)


async def test_what_is_paused_while_it_waits_for_its_turn_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 100)
    go = asyncio.Event()
    first, second = Doing("first", lambda _: go.wait()), Doing("second", nothing)
    work = Schedule(RealClock(), lambda _: None, at_once=1)
    work.add(first, "orders")
    work.add(second, "orders")
    run = asyncio.create_task(work.run())
    async with asyncio.timeout(10):
        await first.began.get()
        work.pause_all(True)
        go.set()
        await some_turns()
        await some_turns()
        assert second.began.empty()
        work.pause_all(False)
        await second.began.get()
    await stop(run)


async def test_it_is_asked_as_often_as_was_said_last() -> None:
    clock = SteppedClock(START)
    collector = Scripted(clock=clock)
    work = Schedule(clock, lambda _: None)
    work.add(collector, "orders", timedelta(hours=1))
    run = asyncio.create_task(work.run())
    await clock.sleep_until(START + timedelta(seconds=10))
    work.add(collector, "orders", timedelta(seconds=5))
    await clock.sleep_until(START + timedelta(seconds=41))
    assert collector.times("orders") == [0, 15, 20, 25, 30, 35, 40]
    await stop(run)


class SetClock(RealClock):
    """A machine's clock, which somebody sets."""

    by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


@pytest.mark.parametrize("by", [timedelta(hours=-5), timedelta(hours=5)])
async def test_a_clock_that_is_set_makes_neither_a_long_silence_nor_a_burst(
    by: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "LOOK_S", 0.05)
    clock, collector = SetClock(), Doing("well", nothing)
    work = Schedule(clock, lambda _: None)
    work.add(collector, "slow", timedelta(minutes=30))
    work.add(collector, "quick", timedelta(seconds=1))
    run = asyncio.create_task(work.run())
    async with asyncio.timeout(10):
        assert {await collector.began.get(), await collector.began.get()} == {"slow", "quick"}
        await work.first_passes()
        await some_turns()  # now both sleep
        clock.by = by
        after = [await collector.began.get() for _ in range(3)]
    assert after.count("slow") == (1 if by > timedelta() else 0)  # what was missed is made up for once
    due = work.of("slow")["well"].due
    assert due is not None
    assert clock.now() < due <= clock.now() + timedelta(minutes=33)
    await stop(run)


async def test_the_first_passes_are_waited_for_but_not_those_that_will_not_be() -> None:
    work = Schedule(SteppedClock(START), lambda _: None)
    collector = Scripted()
    for target in ("a", "b"):
        work.add(collector, target)
    work.pause("scripted", "b", True)
    run = asyncio.create_task(work.run())
    async with asyncio.timeout(10):
        await work.first_passes()
    assert [target for target, _ in collector.passes] == ["a"]
    await stop(run)


async def test_two_plays_are_the_same_play() -> None:
    async def play() -> list[tuple[str, datetime]]:
        clock = SteppedClock(START)
        collector = Scripted(*[None, ValueError(), None] * 20, clock=clock)
        work = Schedule(clock, lambda _: None, at_once=3)
        for n in range(8):
            work.add(collector, f"t{n}", timedelta(seconds=3 + n % 3))
        await played(work, clock, 120)
        return collector.passes

    assert await play() == await play()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(2, 90), min_size=1, max_size=8), st.integers(1, 3))
def test_while_all_is_well_nobody_is_ever_late(everies: list[int], at_once: int) -> None:
    async def play() -> None:
        clock = SteppedClock(START)
        collector = Scripted(clock=clock)
        work = Schedule(clock, lambda _: None, at_once=at_once)
        for n, every_s in enumerate(everies):
            work.add(collector, f"t{n}", timedelta(seconds=every_s))
        await played(work, clock, 300)
        for n, every_s in enumerate(everies):
            times = collector.times(f"t{n}")
            assert times[0] == 0
            assert every_s <= times[1] <= every_s + min(5, every_s / 10)
            assert gaps(times[1:]) == pytest.approx([every_s] * (len(times) - 2))
            assert 300 - times[-1] <= every_s

    asyncio.run(play())


async def test_one_that_never_ends_delays_no_pass_of_its_neighbour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "MOST_READINGS", 20_000)
    clock = SteppedClock(START)
    well = Scripted(clock=clock)
    work = Schedule(clock, lambda _: None)
    work.add(Endless(), "bad")
    work.add(well, "good")
    await played(work, clock, 31)
    assert gaps(well.times("good"))[1:] == pytest.approx([5] * 5)
    assert work.of("bad")["endless"].breaker.state == "open"
