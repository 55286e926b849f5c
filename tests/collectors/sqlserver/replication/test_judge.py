"""The truth table of one database at one copy: connected, synchronised, suspended, queued, idle, permitted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.replication import DEAD, NOT_MEASURED, Distance, LinkState
from collectors.sqlserver.replication.judge import (
    HIDDEN,
    SILENT_S,
    Seen,
    lag,
    link_state,
    together,
    unapplied,
    unsent,
    worst,
)

NOW = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
STATES = ("SYNCHRONIZED", "SYNCHRONIZING", "NOT SYNCHRONIZING", "INITIALIZING", "REVERTING", "SOMETHING NEW")
ages = st.none() | st.timedeltas(timedelta(), timedelta(days=3)).map(lambda age: NOW - age)
queues = st.none() | st.integers(0, 10**7)
seen_ones = st.builds(
    Seen,
    connected=st.none() | st.booleans(),
    synchronisation=st.none() | st.sampled_from(STATES),
    suspended=st.none() | st.booleans(),
    unsent_kb=queues,
    unapplied_kb=queues,
    redo_kb_s=queues,
    sent=ages,
    committed_here=ages,
    committed_there=ages,
    lag_s=st.none() | st.integers(0, 10**6),
)


def is_quiet(seen: Seen) -> bool:
    return bool(seen.unsent_kb) and seen.sent is not None and (NOW - seen.sent).total_seconds() > SILENT_S


@given(seen_ones)
def test_each_state_is_told_when_it_holds_and_at_no_other_time(seen: Seen) -> None:
    """Row by row, as a person would fill in the table; the first that fits holds."""
    has_some, has_none = bool(seen.unsent_kb or seen.unapplied_kb), 0 in (seen.unsent_kb, seen.unapplied_kb)
    goes = seen.synchronisation in ("SYNCHRONIZED", "SYNCHRONIZING")
    table = (
        (seen.connected is False, LinkState.BROKEN),
        (bool(seen.suspended), LinkState.PAUSED),
        (seen.connected is None or seen.synchronisation is None, LinkState.UNKNOWN),
        (seen.synchronisation in ("INITIALIZING", "REVERTING"), LinkState.SEEDING),
        (not goes, LinkState.BROKEN),
        (is_quiet(seen), LinkState.SILENT),
        (has_some, LinkState.BEHIND),
        (seen.synchronisation == "SYNCHRONIZED" or has_none, LinkState.IN_STEP),
        (True, LinkState.UNKNOWN),
    )
    assert link_state(seen, NOW) is next(state for holds, state in table if holds)


@given(seen_ones, ages)
def test_a_dead_link_is_never_told_to_be_in_step_nor_at_zero(seen: Seen, heard: datetime | None) -> None:
    state = link_state(seen, NOW)
    told = lag(seen, state, heard, NOW)
    if state is LinkState.SILENT:
        assert told.at_least
        assert told.seconds is not None
        assert told.seconds > SILENT_S
    elif state in DEAD:
        assert told == (NOT_MEASURED if heard is None else Distance((NOW - heard).total_seconds(), at_least=True))
        later = lag(seen, state, heard, NOW + timedelta(seconds=7))
        assert told.seconds is None or (later.seconds is not None and later.seconds > told.seconds)
    if state is LinkState.UNKNOWN:
        assert told == NOT_MEASURED


@given(seen_ones, st.timedeltas(timedelta(), timedelta(days=9)))
def test_an_idle_source_is_no_lag_however_long_it_is_idle(seen: Seen, idle: timedelta) -> None:
    """Nothing is queued, and nothing more happens: the distance does not grow with the clock."""
    quiet = replace(seen, unsent_kb=0, unapplied_kb=0, connected=True, suspended=False, synchronisation="SYNCHRONIZING")
    for now in (NOW, NOW + idle):
        state = link_state(quiet, now)
        assert state is LinkState.IN_STEP
        assert lag(quiet, state, NOW, now) == Distance(0.0)
        assert unsent(quiet, state) == Distance(0.0, 0)


@given(seen_ones)
def test_what_was_committed_at_both_is_never_lost(seen: Seen) -> None:
    safe = replace(seen, connected=True, suspended=False, synchronisation="SYNCHRONIZED", sent=NOW)
    assert unsent(safe, link_state(safe, NOW)).seconds == 0.0


def test_what_may_not_be_seen_is_not_known() -> None:
    assert link_state(HIDDEN, NOW) is LinkState.UNKNOWN
    assert lag(HIDDEN, LinkState.UNKNOWN, NOW, NOW) == unsent(HIDDEN, LinkState.UNKNOWN) == unapplied(HIDDEN)
    assert not unapplied(HIDDEN).is_known


def test_the_primary_reckons_by_commits_and_never_less_than_it_says_itself() -> None:
    behind = Seen(
        True, "SYNCHRONIZING", unsent_kb=90, sent=NOW,
        committed_here=NOW - timedelta(seconds=8), committed_there=NOW - timedelta(seconds=2), lag_s=4,
    )  # fmt: skip
    state = link_state(behind, NOW)
    assert state is LinkState.BEHIND
    assert lag(behind, state, NOW, NOW) == Distance(6.0)
    assert lag(replace(behind, lag_s=9), state, NOW, NOW) == Distance(9.0)
    assert unsent(behind, state) == Distance(6.0, 90 * 1024)


def test_the_copy_itself_reckons_from_what_waits_there_and_only_then() -> None:
    waits = Seen(True, "SYNCHRONIZING", unapplied_kb=500, committed_here=NOW - timedelta(seconds=5))
    assert lag(waits, link_state(waits, NOW), NOW, NOW) == Distance(5.0)
    paused = replace(waits, unapplied_kb=0, suspended=True)
    assert lag(paused, link_state(paused, NOW), NOW, NOW) == NOT_MEASURED


@pytest.mark.parametrize(
    ("queue", "rate", "told"),
    [
        (0, 0, Distance(0.0, 0)),
        (0, None, Distance(0.0, 0)),
        (2048, 1024, Distance(2.0, 2 * 1024**2)),
        (2048, 0, Distance(None, 2 * 1024**2)),  # idle, or stalled: nobody can reckon
        (2048, None, Distance(None, 2 * 1024**2)),
        (None, 5, NOT_MEASURED),
    ],
)
def test_how_long_a_promotion_waits(queue: int | None, rate: int | None, told: Distance) -> None:
    assert unapplied(Seen(True, "SYNCHRONIZED", unapplied_kb=queue, redo_kb_s=rate)) == told


def test_the_worst_of_several_databases_is_told_of_their_link() -> None:
    assert worst([], LinkState.UNKNOWN) is LinkState.UNKNOWN
    assert worst([LinkState.IN_STEP, LinkState.UNKNOWN], LinkState.IN_STEP) is LinkState.UNKNOWN
    assert worst([LinkState.BROKEN, LinkState.UNKNOWN, LinkState.PAUSED], LinkState.IN_STEP) is LinkState.BROKEN
    assert together([Distance(3.0, 5), NOT_MEASURED, Distance(1.0, 7, at_least=True)]) == Distance(
        3.0, 12, at_least=True
    )
    assert together([NOT_MEASURED]) == NOT_MEASURED
