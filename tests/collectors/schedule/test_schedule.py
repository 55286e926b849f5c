"""A collector may fail in any way it likes: the others go on, and what became of it is known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.clock import SteppedClock
from collectors.errors import CannotCollect, Denied, Expired, Throttled, Trouble
from collectors.job import Job
from collectors.readings import Reading
from collectors.schedule import passes as module
from collectors.schedule.schedule import Schedule
from tests.collectors.schedule.acting import (
    EVERY,
    START,
    Broken,
    Endless,
    Hanging,
    Named,
    Scripted,
    gaps,
    passes,
    played,
)


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
    health, taken = await passes(Scripted(error))
    assert health.state == state
    assert health.error is not None
    assert words in health.error
    assert len(taken) == 1


async def test_a_denied_collector_names_the_permission() -> None:
    health, _ = await passes(Scripted(Denied("It may not ask.", grant="rds:DescribeEvents")))
    assert health.grant == "rds:DescribeEvents"
    assert health.breaker.state == "closed"


async def test_a_hanging_collector_is_late_and_what_it_had_open_is_closed() -> None:
    hanging = Hanging()
    health, taken = await passes(hanging)
    assert (health.state, health.error) == ("late", "no answer in time")
    assert taken == []
    assert hanging.closed


async def test_a_source_that_never_ends_is_cut_off_and_others_run_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_READINGS", 50_000)
    others = 0

    async def other() -> None:
        nonlocal others
        while True:
            await asyncio.sleep(0)
            others += 1

    task = asyncio.create_task(other())
    health, taken = await passes(Endless())
    task.cancel()
    assert (health.state, len(taken)) == ("failing", 50_001)
    assert others > 100


async def test_a_collector_that_works_again_is_well_again_and_its_error_is_gone() -> None:
    health, _ = await passes(Scripted(ValueError("once")), count=2)
    assert (health.state, health.error, health.last) == ("ok", None, START)


async def test_each_change_of_state_is_told_once() -> None:
    told: list[str] = []
    schedule = Schedule(SteppedClock(START), lambda _: None, lambda health: told.append(health.state))
    schedule.add(Scripted(None, ValueError(), ValueError(), None), "orders")
    for _ in range(4):
        await schedule.one_pass(Job("scripted", "orders"))
    assert told == ["ok", "failing", "ok"]


async def test_a_neighbour_that_hangs_or_throws_makes_nobody_late() -> None:
    clock = SteppedClock(START)
    schedule = Schedule(clock, lambda _: None)
    well, broken = Scripted(clock=clock), Broken()
    schedule.add(well, "well")
    schedule.add(broken, "a")
    schedule.add(Hanging(), "b", timedelta(seconds=1))
    await played(schedule, clock, 12)
    times = well.times("well")
    assert times[0] == 0
    assert all(gap <= 2 * EVERY.total_seconds() for gap in gaps(times))
    assert len(times) >= 2


async def test_after_three_failures_it_is_asked_less_and_less_and_after_a_success_as_before() -> None:
    clock = SteppedClock(START)
    collector = Scripted(*[ValueError()] * 5, clock=clock)
    schedule = Schedule(clock, lambda _: None)
    schedule.add(collector, "orders")
    await played(schedule, clock, 240)
    steps = gaps(collector.times("orders"))
    assert steps[2:5] == pytest.approx([30, 60, 120], abs=0.6)  # the breaker is open
    assert steps[5:7] == pytest.approx([5, 5])
    assert schedule.of("orders")["scripted"].breaker.state == "closed"


async def test_a_denied_one_is_asked_every_five_minutes_and_a_signed_out_one_as_often_as_ever() -> None:
    clock = SteppedClock(START)
    denied = Scripted(*[Denied("no", grant="x")] * 9, clock=clock)
    expired = Named("expired", Scripted(*[Expired("no")] * 99, clock=clock))
    schedule = Schedule(clock, lambda _: None)
    schedule.add(denied, "orders")
    schedule.add(expired, "orders")
    await played(schedule, clock, 601)
    assert gaps(denied.times("orders"))[-1] == pytest.approx(300, abs=1)
    assert gaps(expired.inner.times("orders"))[-1] == pytest.approx(5)


async def test_a_throttled_one_is_asked_half_as_often_then_half_of_that() -> None:
    clock = SteppedClock(START)
    collector = Scripted(*[Throttled("slow down")] * 2, clock=clock)
    schedule = Schedule(clock, lambda _: None)
    schedule.add(collector, "orders")
    await played(schedule, clock, 60)
    assert gaps(collector.times("orders"))[:3] == pytest.approx([10, 20, 5], abs=0.6)


async def test_a_pass_that_is_wanted_now_runs_now_and_the_grid_stays() -> None:
    clock = SteppedClock(START)
    collector = Scripted(clock=clock)
    schedule = Schedule(clock, lambda _: None)
    schedule.add(collector, "orders", timedelta(minutes=1))
    run = asyncio.create_task(schedule.run())
    await clock.sleep_until(START + timedelta(seconds=80))
    assert schedule.hasten("scripted") == 1
    assert schedule.hasten(target="elsewhere") == 0
    await clock.sleep_until(START + timedelta(seconds=200))
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    times = collector.times("orders")
    assert times[2] == 80
    assert times[3] - times[1] == 60


async def test_an_open_breaker_lets_a_hastened_pass_through() -> None:
    clock = SteppedClock(START)
    collector = Scripted(*[ValueError()] * 3, clock=clock)
    schedule = Schedule(clock, lambda _: None)
    schedule.add(collector, "orders")
    run = asyncio.create_task(schedule.run())
    await clock.sleep_until(START + timedelta(seconds=20))
    assert schedule.of("orders")["scripted"].breaker.state == "open"
    schedule.hasten()
    await clock.sleep_until(START + timedelta(seconds=21))
    assert schedule.of("orders")["scripted"].state == "ok"
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


@pytest.mark.parametrize("whole", [False, True])
async def test_nothing_that_is_paused_is_asked_and_afterwards_it_is_asked_at_once(whole: bool) -> None:
    clock = SteppedClock(START)
    collector, other = Scripted(clock=clock), Named("other", Scripted(clock=clock))
    schedule = Schedule(clock, lambda _: None)
    schedule.add(collector, "orders")
    schedule.add(other, "orders")
    run = asyncio.create_task(schedule.run())

    def pause(paused: bool) -> None:
        schedule.pause_all(paused) if whole else schedule.pause("scripted", "orders", paused)

    await clock.sleep_until(START + timedelta(seconds=12))
    pause(True)
    before = len(collector.passes)
    await clock.sleep_until(START + timedelta(seconds=60))
    assert len(collector.passes) == before
    assert schedule.of("orders")["scripted"].paused is not whole
    assert schedule.paused_all is whole
    pause(False)
    await clock.sleep_until(START + timedelta(seconds=60.2))  # before the next of its grid
    assert len(collector.passes) == before + 1
    assert (len(other.inner.passes) > 10) is not whole
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


def test_what_does_not_exist_cannot_be_paused() -> None:
    schedule = Schedule(SteppedClock(START), lambda _: None)
    with pytest.raises(Trouble, match="no such collector"):
        schedule.pause("waits", "nowhere", True)


async def test_a_target_may_come_and_go_while_it_runs() -> None:
    clock = SteppedClock(START)
    collector = Scripted(clock=clock)
    schedule = Schedule(clock, lambda _: None)
    run = asyncio.create_task(schedule.run())
    await clock.sleep_until(START + timedelta(seconds=3))
    schedule.add(collector, "late")
    await clock.sleep_until(START + timedelta(seconds=20))
    schedule.drop("scripted", "late")
    count = len(collector.passes)
    await clock.sleep_until(START + timedelta(seconds=60))
    assert collector.times("late")[0] == 3
    assert len(collector.passes) == count
    assert not schedule.health
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


async def test_what_matters_goes_first_where_not_all_may_run_at_once() -> None:
    clock = SteppedClock(START)
    collector = Scripted(clock=clock)
    schedule = Schedule(clock, lambda _: None, rank=lambda job: 0 if job.target == "sick" else 1, at_once=1)
    for target in ("a", "b", "c", "sick"):
        schedule.add(collector, target)
    await played(schedule, clock, 4)
    assert [target for target, _ in collector.passes].index("sick") <= 1  # one was under way already


async def test_a_fault_in_what_takes_the_readings_is_the_collectors_own_and_ends_nothing() -> None:
    clock = SteppedClock(START)
    schedule = Schedule(clock, lambda _: 1 / 0)
    schedule.add(Scripted(), "orders")
    await played(schedule, clock, 6)
    assert schedule.of("orders")["scripted"].state == "failing"


@settings(max_examples=40, deadline=None)
@given(
    outcomes=st.lists(
        st.sampled_from([None, ValueError(), Denied("", grant="g"), Throttled(""), Expired(""), TimeoutError()]),
        max_size=30,
    ),
    targets=st.integers(1, 5),
    at_once=st.integers(1, 3),
    hurry_at=st.lists(st.floats(0, 60), max_size=4),
    pauses=st.lists(st.tuples(st.floats(0, 60), st.booleans()), max_size=4),
)
def test_no_pass_overlaps_itself_whatever_happens(
    outcomes: list[Exception | None],
    targets: int,
    at_once: int,
    hurry_at: list[float],
    pauses: list[tuple[float, bool]],
) -> None:
    asyncio.run(_any_day(outcomes, targets, at_once, hurry_at, pauses))


async def _any_day(
    outcomes: Iterable[Exception | None],
    targets: int,
    at_once: int,
    hurry_at: list[float],
    pauses: list[tuple[float, bool]],
) -> None:
    clock = SteppedClock(START)
    inside: dict[str, int] = {}
    together = most = most_of_one = while_paused = 0

    class Watched(Scripted):
        async def collect(self, target: str) -> AsyncIterator[Reading]:
            nonlocal together, most, most_of_one, while_paused
            while_paused += schedule.paused_all
            inside[target] = inside.get(target, 0) + 1
            most_of_one = max(most_of_one, inside[target])
            together += 1
            most = max(most, together)
            try:
                async for each in super().collect(target):
                    yield each
            finally:
                inside[target] -= 1
                together -= 1

    collector = Watched(*outcomes, clock=clock)
    schedule = Schedule(clock, lambda _: None, at_once=at_once)
    for n in range(targets):
        schedule.add(collector, f"t{n}")

    async def at(seconds: float, pause: bool | None) -> None:
        await clock.sleep_until(START + timedelta(seconds=seconds))
        if pause is None:
            schedule.hasten()
        else:
            schedule.pause_all(pause)

    others = [asyncio.create_task(at(s, None)) for s in hurry_at]
    others += [asyncio.create_task(at(s, pause)) for s, pause in pauses]
    run = asyncio.create_task(schedule.run())
    await clock.sleep_until(START + timedelta(seconds=61))
    schedule.pause_all(False)
    schedule.hasten()
    before = len(collector.passes)
    await clock.sleep_until(START + timedelta(seconds=62))
    run.cancel()
    await asyncio.gather(run, *others, return_exceptions=True)
    assert most <= at_once
    assert (most_of_one, while_paused) == (1, 0)
    assert len(collector.passes) >= before + targets
    assert all(health.breaker.state in ("closed", "open") for health in schedule.health.values())


async def test_what_matters_little_is_asked_rarely_and_at_once_when_it_comes_to_matter() -> None:
    clock = SteppedClock(START)
    collector = Scripted(clock=clock)
    seen: set[str] = set()
    schedule = Schedule(clock, lambda _: None, rank=lambda job: 0 if job.target in seen else 1)
    for target in ("seen", "unseen"):
        schedule.add(collector, target, rarely=timedelta(seconds=100))
    seen.add("seen")
    schedule.attend("seen")
    schedule.attend("unseen")  # nobody looks at it, whoever says so
    run = asyncio.create_task(schedule.run())
    await clock.sleep_until(START + timedelta(seconds=299))
    assert collector.times("seen")[0] == 0
    assert len(collector.times("seen")) > 20
    assert len(collector.times("unseen")) == 3
    assert schedule.of("unseen")["scripted"].every == timedelta(seconds=100)
    seen.clear()
    seen.add("unseen")
    schedule.attend("unseen")
    before = len(collector.times("seen"))
    await clock.sleep_until(START + timedelta(seconds=310))
    assert collector.times("unseen")[3] == pytest.approx(299, abs=0.5)
    assert len(collector.times("seen")) <= before + 1
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
