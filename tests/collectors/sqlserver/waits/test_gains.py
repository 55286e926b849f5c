"""No negative rate and no spike, whatever happens to the counters; and nothing that was waited is lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.waits import Mark
from collectors.sqlserver.waits.gains import FORGIVEN_MS, Baseline, step
from collectors.sqlserver.waits.sample import NO_COUNT, NOBODY, Counted, Sample, Waiting
from tests.collectors.sqlserver.waits.histories import STARTED, TYPES, Waited, histories, moments, told, waited

LOCK = "LCK_M_X"
HOUR = 3_600_000


@given(histories, moments)
def test_each_interval_is_told_what_was_waited_in_it(history: list[Waited], times: list[int]) -> None:
    """However long a wait lasts, and however seldom somebody looks."""
    baseline = step(None, told(history, 0)).baseline
    for before, after in pairwise([0, *times]):
        taken = step(baseline, told(history, after))
        assert (taken.mark, taken.interval_ms) == (Mark.NONE, after - before)
        for name in TYPES:
            gain = taken.gains[name].ms if name in taken.gains else 0
            assert gain == waited(history, name, before, after)
        baseline = taken.baseline


@given(histories, st.lists(st.tuples(st.integers(1, 20_000), st.integers(0, 900)), min_size=1, max_size=15))
def test_rows_that_are_read_a_little_apart_double_nothing_and_lose_no_more_than_an_interval(
    history: list[Waited], steps: list[tuple[int, int]]
) -> None:
    t, totals = 0, Counter[str]()
    baseline = first = step(None, told(history, 0)).baseline
    for pause, late in steps:
        t += pause
        sample = told(history, t, late_ms=late)
        taken = step(baseline, sample)
        assert taken.mark is Mark.NONE
        for name, gain in taken.gains.items():
            now = sample.waiting.get(name, Waiting()).tasks
            assert 0 <= gain.ms <= (gain.ended + now) * pause
            totals[name] += gain.ms
        baseline = taken.baseline
    for name in TYPES:
        owed = baseline.owed[name].ms if name in baseline.owed else 0
        gone = baseline.sample.blended(name) - first.sample.blended(name)
        forgiven = any(pause + 1000 >= FORGIVEN_MS for pause, _ in steps) or t >= FORGIVEN_MS
        most = len(history) * (2_000 + max(pause for pause, _ in steps))  # one that fell between the two sets of rows
        assert forgiven or abs(totals[name] + owed - gone) <= most
        assert totals[name] <= waited(history, name, 0, t + 900) + most


events = st.lists(
    st.tuples(
        st.sampled_from(("look", "look", "clear", "failover", "restart", "reboot", "nothing")), st.integers(0, 60_000)
    ),
    max_size=25,
)


@given(histories, events)
def test_nothing_is_told_across_a_reset_and_nothing_beyond_what_tasks_can_wait(
    history: list[Waited], happened: list[tuple[str, int]]
) -> None:
    t, cleared, node, started, booted = 0, -1, "A", STARTED, 0
    baseline: Baseline | None = None
    looked_as: tuple[object, ...] = ()
    for what, pause in happened:
        t += pause
        match what:
            case "clear":
                cleared = t
            case "failover":
                node, cleared = ("B" if node == "A" else "A"), -1
            case "restart":
                started, cleared = started + timedelta(seconds=1), t
            case "reboot":
                booted, started, cleared = t, started + timedelta(seconds=1), t
        if what == "nothing":
            continue
        full = told(history, t, cleared_at=cleared, node=node, started=started)
        sample = Sample(full.node, full.started, t - booted, 4, full.counted, full.waiting)
        taken = step(baseline, sample)
        if taken.interval_ms is None:
            assert not taken.gains
        elif baseline is not None:
            assert looked_as == (node, started)
            assert taken.mark is Mark.NONE
        for name, gain in taken.gains.items():
            assert taken.interval_ms is not None
            now = sample.waiting.get(name, Waiting()).tasks
            assert 0 <= gain.ms <= (gain.ended + now) * taken.interval_ms
            assert gain.ended >= 0
            assert gain.ended_ms >= gain.signal_ms >= 0
        baseline, looked_as = taken.baseline, (node, started)


def one(t: int, counted: Counted = NO_COUNT, waiting: Waiting = NOBODY, node: str = "A", start_s: int = 0) -> Sample:
    there = {LOCK: counted} if counted.tasks else {}
    waits = {LOCK: waiting} if waiting.tasks else {}
    return Sample(node, STARTED + timedelta(seconds=start_s), t, 4, there, waits)


def test_why_counting_began_anew_is_told() -> None:
    before = step(None, one(HOUR, Counted(10, 1000))).baseline
    assert step(None, one(0)).mark is Mark.FIRST
    assert step(before, one(HOUR + 5000, Counted(900, 9_000_000), node="B")).mark is Mark.FAILED_OVER
    assert step(before, one(HOUR + 5000, Counted(900, 9_000_000), start_s=9)).mark is Mark.RESTARTED
    assert step(before, one(5000, Counted(900, 9_000_000))).mark is Mark.RESTARTED
    assert step(before, one(HOUR + 5000, Counted(10, 999))).mark is Mark.CLEARED
    assert step(before, one(HOUR + 5000)).mark is Mark.CLEARED
    assert step(before, one(HOUR + 5000, Counted(11, 1100))).mark is Mark.NONE


def test_a_lock_of_twenty_minutes_is_seen_while_it_lasts_and_is_no_spike_when_it_ends() -> None:
    history = [Waited(LOCK, 10_000, 1_210_000)]
    rates = []
    baseline = step(None, told(history, 0)).baseline
    for t in range(5000, 1_300_000, 5000):
        taken = step(baseline, told(history, t))
        rates.append(taken.gains[LOCK].ms / 5 if LOCK in taken.gains else 0)
        baseline = taken.baseline
    assert rates[2:242] == [1000.0] * 240
    assert set(rates[:2] + rates[242:]) == {0.0}


def test_a_wait_that_left_one_set_of_rows_before_it_came_into_the_other_is_told_once() -> None:
    waiting = Waiting(1, 600_000, 600_000)
    baseline = step(None, one(HOUR, waiting=waiting)).baseline
    lost = step(baseline, one(HOUR + 5000))
    assert lost.gains[LOCK].ms == 0
    found = step(lost.baseline, one(HOUR + 10_000, Counted(1, 603_000)))
    assert found.gains[LOCK].ms == 3000
    assert not found.baseline.owed


def test_what_never_arrives_is_forgiven_so_that_it_hides_nothing_for_long() -> None:
    baseline = step(None, one(HOUR, Counted(1, 10), Waiting(1, 600_000, 600_000))).baseline
    gains = []
    for n in range(1, 30):
        taken = step(baseline, one(HOUR + 5000 * n, Counted(1 + 10 * n, 10 + 5000 * n)))
        gains.append(taken.gains[LOCK].ms)
        baseline = taken.baseline
    assert gains[0] == 0
    assert gains[-5:] == [5000] * 5


def test_who_is_found_to_have_waited_long_already_is_not_told_as_if_it_were_all_new() -> None:
    baseline = step(None, one(HOUR, Counted(1000, 5000))).baseline
    taken = step(baseline, one(HOUR + 5000, Counted(3000, 15_000), Waiting(1, 1_200_000, 1_200_000)))
    assert taken.gains[LOCK].ms <= 10_000 + 6000
    again = step(taken.baseline, one(HOUR + 10_000, Counted(3000, 15_000), Waiting(1, 1_205_000, 1_205_000)))
    assert again.gains[LOCK].ms == 5000
    ended = step(again.baseline, one(HOUR + 15_000, Counted(3001, 1_221_000)))
    assert ended.gains[LOCK].ms <= 5000


def test_asked_twice_within_a_tick_nothing_is_known_and_nothing_lost() -> None:
    baseline = step(None, one(HOUR, Counted(1, 10))).baseline
    taken = step(baseline, one(HOUR, Counted(2, 500)))
    assert taken.interval_ms is None
    assert taken.baseline is baseline
