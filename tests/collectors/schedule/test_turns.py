"""Turns: no more at once than may be, none lost, whoever goes away and whenever."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.job import Job
from collectors.schedule import turns
from collectors.schedule.turns import Line, Turns, Waiting

START = datetime(2026, 3, 1, tzinfo=UTC)


def waiting(target: str, rank: int = 1, due_s: float = 0, every_s: float = 60) -> Waiting:
    due = START + timedelta(seconds=due_s)
    return Waiting(Job("waits", target), rank, due, due + timedelta(seconds=every_s))


def test_who_has_waited_for_longer_than_its_interval_goes_before_what_matters() -> None:
    line = Line()
    for each in (waiting("seen", rank=0), waiting("late", every_s=5), waiting("other")):
        line.join(each)
    order = [line.next(START + timedelta(seconds=10)).job.target for _ in range(3)]
    assert order == ["late", "seen", "other"]


class Floor:
    """Jobs that take a turn until they are let go."""

    def __init__(self, at_once: int) -> None:
        self._turns = Turns(at_once, lambda: START)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._number = 0
        self.inside: dict[int, asyncio.Event] = {}

    def come(self) -> None:
        self._number += 1
        self._tasks[self._number] = asyncio.create_task(self._visit(self._number))

    async def _visit(self, number: int) -> None:
        async with self._turns.taken(waiting(f"t{number:03}")):
            self.inside[number] = asyncio.Event()
            try:
                await self.inside[number].wait()
            finally:
                del self.inside[number]

    def go_on(self) -> None:
        for event in list(self.inside.values())[:1]:
            event.set()

    def go_away(self, index: int) -> None:
        if there := [task for task in self._tasks.values() if not task.done()]:
            there[index % len(there)].cancel()

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    async def close(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


STEP = st.one_of(st.just("come"), st.just("come and settle"), st.just("go on"), st.integers(0, 9))
STEPS = st.lists(STEP, min_size=10, max_size=40)


@settings(max_examples=100, deadline=None)
@given(STEPS, st.integers(1, 3))
def test_no_turn_is_lost_and_none_is_given_twice(steps: list[str | int], at_once: int) -> None:
    async def day() -> None:
        floor = Floor(at_once)
        for step in steps:
            if step == "come":
                floor.come()
            elif step == "come and settle":
                floor.come()
                await floor.settle()
            elif step == "go on":
                floor.go_on()
            elif isinstance(step, int):
                floor.go_away(step)
            assert len(floor.inside) <= at_once
        await floor.settle()
        for _ in range(at_once + 40):  # more than could have been lost or made
            floor.come()
        await floor.settle()
        assert len(floor.inside) == at_once
        await floor.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turns, "PATIENCE_S", 1e6)  # a machine that is busy is no reason to let another in
        asyncio.run(day())


async def test_who_stays_for_long_makes_room_for_one_other_and_not_for_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.01)
    floor = Floor(1)
    floor.come()
    await floor.settle()
    async with asyncio.timeout(10):
        await asyncio.sleep(0.02)
        monkeypatch.setattr(turns, "PATIENCE_S", 100)
        floor.come()
        floor.come()
        while len(floor.inside) < 2:  # noqa: ASYNC110 - a turn given back sets no event
            await asyncio.sleep(0.005)
    assert sorted(floor.inside) == [1, 2]
    floor.go_on()  # the first, which has given its turn back already
    await floor.settle()
    assert sorted(floor.inside) == [2]
    await floor.close()
