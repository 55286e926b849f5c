from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.clock import Clock, PacedClock, RealClock, SteppedClock

START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


async def test_a_paced_clock_runs_as_many_times_as_fast_as_it_was_told() -> None:
    clock = PacedClock(START, 600)
    began = time.monotonic()
    await clock.sleep_until(after(60))
    assert clock.now() >= after(60)
    assert 0.09 <= time.monotonic() - began < 5


async def test_an_engine_that_is_started_again_goes_on_at_the_same_time() -> None:
    anchor = time.monotonic() - 100
    assert after(200) <= PacedClock(START, 2, anchor).now() < after(260)


async def test_the_real_clock_says_the_machines_time_in_utc() -> None:
    clock = RealClock()
    await clock.sleep_until(clock.now() + timedelta(milliseconds=20))
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize("clock", [RealClock(), PacedClock(START, 1), SteppedClock(START)])
async def test_a_time_that_has_passed_is_not_waited_for_but_others_run_first(clock: Clock) -> None:
    order: list[str] = []
    asyncio.get_running_loop().call_soon(order.append, "another")
    await clock.sleep_until(START - timedelta(days=1))
    order.append("the sleeper")
    assert order == ["another", "the sleeper"]


@pytest.mark.parametrize("speed", [0, -1])
def test_a_clock_that_would_not_move_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        PacedClock(START, speed)
    with pytest.raises(ValueError, match="above 0"):
        SteppedClock(START, speed)


async def test_a_day_passes_at_once_where_nothing_is_to_be_done() -> None:
    clock = SteppedClock(START)
    began = time.monotonic()
    await clock.sleep_until(after(86_400))
    assert clock.now() == after(86_400)
    assert time.monotonic() - began < 5


async def test_time_stands_still_while_work_that_was_due_still_runs() -> None:
    clock = SteppedClock(START)
    answered, asked = asyncio.Event(), asyncio.Event()
    seen: list[datetime] = []

    async def slow() -> None:
        await clock.sleep_until(after(5))
        async with clock.busy():
            asked.set()
            await answered.wait()
            seen.append(clock.now())

    async with asyncio.TaskGroup() as group:
        group.create_task(slow())
        later = group.create_task(clock.sleep_until(after(6)))
        await asked.wait()
        for _ in range(50):
            await asyncio.sleep(0)
        assert clock.now() == after(5)
        assert not later.done()
        answered.set()
    assert seen == [after(5)]
    assert clock.now() == after(6)


async def test_work_that_fails_does_not_stop_time() -> None:
    clock = SteppedClock(START)
    with pytest.raises(RuntimeError):
        async with clock.busy():
            raise RuntimeError
    await clock.sleep_until(after(1))
    assert clock.now() == after(1)


async def test_a_sleeper_that_is_cancelled_holds_nobody_up() -> None:
    clock = SteppedClock(START)
    sleeper = asyncio.create_task(clock.sleep_until(after(2)))
    await clock.sleep_until(after(1))
    sleeper.cancel()
    await clock.sleep_until(after(3))
    assert sleeper.cancelled()


async def test_a_sleeper_that_is_cancelled_as_it_is_woken_holds_nobody_up() -> None:
    clock = SteppedClock(START)

    async def first() -> None:
        await clock.sleep_until(after(1))
        second.cancel()  # woken in the same step, and has not run yet

    task = asyncio.create_task(first())
    second = asyncio.create_task(clock.sleep_until(after(1)))
    await asyncio.gather(task, second, return_exceptions=True)
    assert second.cancelled()
    await clock.sleep_until(after(2))
    assert clock.now() == after(2)


async def test_a_ceiling_holds_time_back_until_something_sooner_is_due() -> None:
    clock = SteppedClock(START, ceiling=100)
    began = time.monotonic()
    far = asyncio.create_task(clock.sleep_until(after(10_000)))
    for _ in range(20):  # until the far one is held back
        await asyncio.sleep(0)
    async with asyncio.timeout(20):
        await clock.sleep_until(after(20))
    assert 0.19 <= time.monotonic() - began < 5
    assert clock.now() == after(20)
    far.cancel()
    await asyncio.gather(far, return_exceptions=True)


@st.composite
def plays(draw: st.DrawFn) -> list[tuple[int, int, int, bool]]:
    """Tasks as (first due, interval, turns of the loop that their work takes, whether a child task does it)."""
    task = st.tuples(st.integers(0, 9), st.integers(1, 9), st.integers(0, 12), st.booleans())
    return draw(st.lists(task, max_size=5))


async def play(tasks: list[tuple[int, int, int, bool]]) -> list[tuple[int, int, str]]:
    clock = SteppedClock(START)
    log: list[tuple[int, int, str]] = []

    def note(task: int, what: str) -> None:
        log.append((int((clock.now() - START).total_seconds()), task, what))

    async def work(task: int, turns: int) -> None:
        note(task, "begins")
        for _ in range(turns):
            await asyncio.sleep(0)
        note(task, "ends")

    async def forever(task: int, due: int, every: int, turns: int, child: bool) -> None:
        while True:
            await clock.sleep_until(after(due))
            async with clock.busy():
                await (asyncio.create_task(work(task, turns)) if child else work(task, turns))
            due += every

    running = [asyncio.create_task(forever(n, *task)) for n, task in enumerate(tasks)]
    await clock.sleep_until(after(60))
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return log


@settings(deadline=None, max_examples=60)
@given(plays())
def test_every_pass_runs_when_it_is_due_and_each_play_is_the_same(tasks: list[tuple[int, int, int, bool]]) -> None:
    log = asyncio.run(play(tasks))
    assert log == asyncio.run(play(tasks))
    assert [at for at, _, _ in log] == sorted(at for at, _, _ in log)
    for number, (due, every, _, _) in enumerate(tasks):
        begins = [at for at, task, what in log if task == number and what == "begins" and at < 60]
        ends = [at for at, task, what in log if task == number and what == "ends" and at < 60]
        assert begins == ends == list(range(due, 60, every))
