"""When, how long, how often: pure, and so for every history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.job import Job
from collectors.safe import Safe
from collectors.schedule.breaker import FIRST_WAIT, LONGEST_WAIT, OPENS_AFTER, Breaker
from collectors.schedule.health import Health
from collectors.schedule.timing import MOST_DEADLINE_S, deadline_s, jitter, next_due, throttled_wait
from collectors.schedule.turns import Waiting, next_of

START = datetime(2026, 3, 1, tzinfo=UTC)
INTERVALS = st.floats(1, 3600).map(lambda s: timedelta(seconds=s))
OUTCOMES = st.lists(st.sampled_from(["ok", "failed", "tried"]), max_size=40)


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


@given(OUTCOMES)
def test_the_breaker_goes_by_its_edges_alone(outcomes: list[str]) -> None:
    allowed = {
        ("closed", "closed"), ("closed", "open"), ("open", "half-open"), ("half-open", "closed"), ("half-open", "open"),
        ("open", "open"), ("open", "closed"), ("half-open", "half-open"),
    }  # fmt: skip
    breaker, in_a_row = Breaker(), 0
    for outcome in outcomes:
        after = {"ok": breaker.succeeded, "failed": breaker.failed, "tried": breaker.tried}[outcome]()
        in_a_row = 0 if outcome == "ok" else in_a_row + (outcome == "failed")
        assert (breaker.state, after.state) in allowed
        assert (after.state == "closed") == (in_a_row < OPENS_AFTER)
        breaker = after


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
def test_a_throttled_source_is_asked_less_and_never_more_often_than_usual(every: timedelta, times: int) -> None:
    assert throttled_wait(every, times) >= every
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


def waiting(target: str, due_s: float, every_s: float = 5) -> Waiting:
    due = START + timedelta(seconds=due_s)
    return Waiting(Job("waits", target), due, due + timedelta(seconds=every_s))


@given(st.lists(st.tuples(st.text("ab", max_size=3), st.floats(0, 60)), min_size=1, max_size=12, unique=True))
def test_what_matters_goes_first_but_nobody_waits_for_ever(wanted: list[tuple[str, float]]) -> None:
    all_of_them = [waiting(*each) for each in wanted]
    now = START + timedelta(seconds=20)
    chosen = next_of(all_of_them, now, lambda job: 0 if job.target.startswith("a") else 1)
    overdue = [w for w in all_of_them if now >= w.overdue_at]
    if overdue:
        assert chosen in overdue
        assert chosen.due == min(w.due for w in overdue)
    elif any(w.job.target.startswith("a") for w in all_of_them):
        assert chosen.job.target.startswith("a")
