"""When, how long, how often: pure, and so for every history."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.job import Job
from collectors.safe import Safe
from collectors.schedule.breaker import FIRST_WAIT, LONGEST_WAIT, OPENS_AFTER, Breaker
from collectors.schedule.health import Health
from collectors.schedule.timing import (
    DENIED_WAIT,
    MOST_DEADLINE_S,
    THROTTLED_MOST,
    deadline_s,
    jitter,
    next_due,
    throttled_wait,
)
from collectors.schedule.turns import Line, Waiting

START = datetime(2026, 3, 1, tzinfo=UTC)
INTERVALS = st.floats(1, 3600).map(lambda s: timedelta(seconds=s))


@given(INTERVALS, st.floats(-1e6, 1e6))
def test_the_next_pass_is_soon_and_never_in_the_past(every: timedelta, late_s: float) -> None:
    now = START + timedelta(seconds=late_s)
    due = next_due(START, every, now)
    assert now < due <= now + every


@given(INTERVALS, st.floats(0, 1e6))
def test_a_missed_pass_is_skipped_and_the_grid_stays(every: timedelta, late_s: float) -> None:
    due = next_due(START, every, START + timedelta(seconds=late_s))
    assert (due - START) % every == timedelta(0)


@given(INTERVALS, st.floats(0, 1, exclude_max=True))
def test_what_spreads_passes_is_little_and_a_pass_ends_before_the_next(every: timedelta, chance: float) -> None:
    assert timedelta(0) <= jitter(every, chance) <= every / 10
    assert 1 <= deadline_s(every) <= MOST_DEADLINE_S
    assert deadline_s(every) <= max(1.0, every.total_seconds())


@given(INTERVALS)
def test_each_failure_waits_as_long_as_the_one_before_or_longer_up_to_a_limit(every: timedelta) -> None:
    breaker, waits = Breaker(), []
    for _ in range(40):
        breaker = breaker.tried().failed()
        waits.append(breaker.wait(every))
    assert all(before <= after for before, after in pairwise(waits))
    assert waits[0] == every
    assert waits[-1] == max(every, LONGEST_WAIT)
    assert waits[OPENS_AFTER - 1] == max(every, FIRST_WAIT)


@given(INTERVALS, st.integers(1, 60))
def test_a_throttled_source_is_asked_half_as_often_at_the_most(every: timedelta, times: int) -> None:
    assert throttled_wait(every, times) >= 2 * every
    assert throttled_wait(every, times + 1) >= throttled_wait(every, times)


ERRORS = st.sampled_from([CannotCollect("x"), Denied("x", grant="g"), Expired("x"), Throttled("x"), TimeoutError()])


@given(st.lists(st.tuples(st.one_of(st.none(), ERRORS), st.floats(0, 100)), max_size=30))
def test_health_knows_since_when_it_is_so_and_is_due_again(history: list[tuple[Exception | None, float]]) -> None:
    every = timedelta(seconds=5)
    health, now, due = Health(Safe("waits"), Safe("orders"), every), START, START
    for error, seconds in history:
        now += timedelta(seconds=seconds)
        before = health.begun()
        health = before.succeeded(now, 0.1, due) if error is None else before.failed(error, now, 0.1, due)
        assert health.due is not None
        assert health.due > now
        assert (health.since == before.since) if health.state == before.state else (health.since == now)
        assert (health.error is None) == (error is None)
        assert (health.grant is not None) == isinstance(error, Denied)
        assert health.last == (now if error is None else before.last)
        due = max(due, health.due)


def soonest(waiting: list[Waiting], now: datetime) -> Waiting:
    """What `Line` says, the slow way."""
    overdue = [w for w in waiting if now >= w.overdue_at]
    if overdue:
        return min(overdue, key=lambda w: (w.overdue_at, w.job))
    return min(waiting, key=lambda w: (w.rank, w.due, w.job))


SECONDS = st.integers(0, 60).map(lambda s: START + timedelta(seconds=s))
WAITING = st.builds(
    lambda target, rank, due, every_s: Waiting(Job("waits", target), rank, due, due + timedelta(seconds=every_s)),
    st.text("ab", max_size=3),
    st.integers(0, 1),
    SECONDS,
    st.integers(1, 40),
)


@given(st.lists(st.one_of(WAITING, SECONDS, st.none()), max_size=40), st.randoms(use_true_random=False))
def test_what_matters_goes_first_but_nobody_waits_for_ever(
    steps: list[Waiting | datetime | None], chance: random.Random
) -> None:
    line, there = Line(), list[Waiting]()
    for step in steps:
        if isinstance(step, Waiting) and step.job not in {w.job for w in there}:
            line.join(step)
            there.append(step)
        elif isinstance(step, datetime) and there:
            chosen = line.next(step)
            assert chosen == soonest(there, step)
            there.remove(chosen)
        elif step is None and there:
            gone = chance.choice(there)
            assert line.leave(gone)
            assert not line.leave(gone)
            there.remove(gone)
        assert len(line) == len(there)


ANSWERS = st.sampled_from(
    [None, CannotCollect("x"), Denied("x", grant="g"), Expired("x"), Throttled("x"), TimeoutError(), SystemExit()]
)
EDGES = {("closed", "open"), ("open", "half-open"), ("half-open", "closed"), ("half-open", "open")}


class OneJob(RuleBasedStateMachine):
    """A job's whole life: passes that end in any way, early, late, and by a clock that is set."""

    every = timedelta(minutes=1)

    @initialize(every=INTERVALS)
    def begin(self, every: timedelta) -> None:
        self.every, self.now, self.due, self.in_a_row = every, START, START, 0
        self.health = Health(Safe("waits"), Safe("orders"), every)

    @rule(answer=ANSWERS, at=st.sampled_from(["due", "early", "late"]), took_s=st.floats(0, 20))
    def a_pass(self, answer: BaseException | None, at: str, took_s: float) -> None:
        before = self.health.breaker.state
        if at == "due":
            self.now = max(self.now, self.due)
        elif at == "late":
            self.now = max(self.now, self.due) + self.every * 2.5
        begun = self.health.begun()
        self._goes(before, begun.breaker.state)
        self.now += timedelta(seconds=took_s)
        ended = begun.failed(answer, self.now, took_s, self.due) if answer else begun.succeeded(self.now, 0, self.due)
        self._goes(begun.breaker.state, ended.breaker.state)
        fails = answer is not None and not isinstance(answer, Denied | Expired)
        self.in_a_row = self.in_a_row + 1 if fails else 0
        self.health, self.due = ended, ended.due or self.due

    @rule(hours=st.floats(-48, 48))
    def the_clock_is_set(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def its_breaker_tells_whether_it_failed_three_times(self) -> None:
        if hasattr(self, "health"):
            assert self.health.breaker.state == ("open" if self.in_a_row >= OPENS_AFTER else "closed")

    @rule()
    def after_a_pass_it_is_due_neither_at_once_nor_much_too_late(self) -> None:
        self.a_pass(None, "early", 0)
        assert self.now < self.due <= self.now + self.every

    @rule(answer=ANSWERS)
    def what_asks_to_be_left_alone_is_and_no_longer_than_that(self, answer: BaseException | None) -> None:
        self.a_pass(answer, "early", 0)
        longest = max(self.every * 3, DENIED_WAIT + self.every, THROTTLED_MOST + self.every)
        assert self.now < self.due <= self.now + longest
        assert self.due > self.now + self.health.wait - self.every

    def _goes(self, before: str, after: str) -> None:
        assert before == after or (before, after) in EDGES


TestOneJob = OneJob.TestCase
TestOneJob.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
