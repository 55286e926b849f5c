"""The truth table of (link, progress, idleness, permission): every combination, and what must hold in all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.aws.replication.judging import IDLE_REACH_S, STATES, STEP_S, Heard, Seen, Verdict, judge, judge_table
from collectors.aws.replication.told import FRESH, Told, newest
from collectors.aws.ties import HALTING, MAKING, Word
from collectors.inside.replication import DEAD, NOT_MEASURED, LinkState
from collectors.safe import Safe

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
GRANT = Safe("cloudwatch:GetMetricData")
GOES_ON = ("replicating", "replication stop point set", "ACTIVE", "UPDATING", "a word nobody knows", "")
LIVE = (LinkState.IN_STEP, LinkState.BEHIND)

words = st.one_of(
    st.none(),
    st.builds(Word, st.sampled_from((*GOES_ON, *STATES)), st.booleans(), st.sampled_from(("", "Error 1236"))),
)
ages = st.integers(0, int(FRESH.total_seconds())).map(lambda s: timedelta(seconds=s))
values = st.one_of(st.none(), st.just(-1.0), st.just(0.0), st.floats(0, 1e6))
tolds = st.one_of(
    st.builds(Told, values, ages.map(lambda age: NOW - age), st.just(True)),
    st.just(Told()),
    st.just(Told(is_known=True)),
    st.just(Told(grant=GRANT)),
)
heards = st.one_of(st.none(), st.builds(Heard, ages.map(lambda age: NOW - 100 * age), st.floats(0, 600)))
seens = st.builds(
    Seen,
    told=tolds,
    word=words,
    status=st.sampled_from(("", "", "", *sorted(MAKING | HALTING))),
    heard=heards,
    is_idle=st.booleans(),
    scale=st.sampled_from((1.0, 1000.0)),
)


@given(seens)
def test_a_dead_link_is_never_nought_seconds_behind(seen: Seen) -> None:
    verdict = judge(seen, NOW)
    if verdict.state in (*DEAD, LinkState.PAUSED):
        assert verdict.lag == NOT_MEASURED or verdict.lag.at_least
        if seen.heard is not None:
            assert verdict.lag.seconds is not None
            assert verdict.lag.seconds >= (NOW - seen.heard.at).total_seconds()
    if verdict.state in (*DEAD, LinkState.UNKNOWN):
        assert verdict.seconds is None


@given(seens)
def test_what_aws_calls_dead_is_dead_whatever_was_measured(seen: Seen) -> None:
    if seen.word is None or seen.status in MAKING:
        return
    said = STATES.get(seen.word.status.lower(), None if seen.word.is_normal else LinkState.BROKEN)
    if said is not None:
        assert judge(seen, NOW).state is said


@given(seens)
def test_nothing_is_alive_but_by_a_fresh_measure_that_may_be_read(seen: Seen) -> None:
    verdict = judge(seen, NOW)
    if verdict.state in LIVE:
        assert seen.told.value is not None
        assert seen.told.value >= 0
        assert not seen.status
        assert verdict.heard is not None
        assert verdict.heard.at == seen.told.at
    else:
        assert verdict.heard == seen.heard  # what is not alive was not heard


@given(seens)
def test_an_idle_source_is_no_lag_and_a_missing_grant_is_named(seen: Seen) -> None:
    verdict = judge(seen, NOW)
    if verdict.state in LIVE and seen.is_idle and (seen.told.value or 0) / seen.scale <= IDLE_REACH_S:
        assert (verdict.state, verdict.seconds) == (LinkState.IN_STEP, 0.0)
    if verdict.lacks_grant:
        assert verdict.state is LinkState.UNKNOWN
        assert GRANT in verdict.why
    assert verdict.state not in LIVE or not seen.told.grant


@given(seens)
def test_the_state_agrees_with_the_number_and_whoever_is_not_alive_says_why(seen: Seen) -> None:
    verdict = judge(seen, NOW)
    if verdict.state is LinkState.BEHIND:
        assert verdict.seconds is not None
        assert verdict.seconds >= STEP_S
    if verdict.state is LinkState.IN_STEP:
        assert verdict.seconds is not None
        assert verdict.seconds < STEP_S
        assert verdict.lag.fine == (seen.scale > 1)
    if verdict.state is LinkState.UNKNOWN:
        assert verdict.why
    if seen.told.value == -1.0 and seen.told.at and not seen.word and not seen.status:
        assert verdict.state is LinkState.BROKEN


def measured(value: float | None, *, word: Word | None = None, idle: bool = False, scale: float = 1.0) -> Verdict:
    told = Told(value, None if value is None else NOW - timedelta(minutes=2), is_known=True)
    heard = Heard(NOW - timedelta(minutes=10), 3.0)
    return judge(Seen(told, word, heard=heard, is_idle=idle, scale=scale), NOW)


@pytest.mark.parametrize(
    ("verdict", "state", "seconds"),
    [
        (measured(0.0), LinkState.IN_STEP, 0.0),
        (measured(0.4), LinkState.IN_STEP, 0.4),
        (measured(42.0), LinkState.BEHIND, 42.0),
        (measured(21.0, scale=1000.0), LinkState.IN_STEP, 0.021),
        (measured(280.0, idle=True), LinkState.IN_STEP, 0.0),
        (measured(4000.0, idle=True), LinkState.BEHIND, 4000.0),
        (measured(-1.0), LinkState.BROKEN, 603.0),
        (measured(None), LinkState.UNKNOWN, None),
        (measured(0.0, word=Word("error", is_normal=False)), LinkState.BROKEN, 603.0),
        (measured(900.0, word=Word("error", is_normal=False)), LinkState.BROKEN, 1020.0),
        (measured(0.0, word=Word("stopped")), LinkState.PAUSED, 603.0),
        (measured(0.0, word=Word("CREATING")), LinkState.SEEDING, None),
        (measured(0.0, word=Word("replicating", is_normal=False)), LinkState.BROKEN, 603.0),
    ],
)
def test_it_says_what_is_known(verdict: Verdict, state: LinkState, seconds: float | None) -> None:
    assert (verdict.state, verdict.lag.seconds) == (state, seconds)


amounts = st.one_of(st.none(), st.just(0.0), st.floats(1, 1e6))
minutes = st.lists(st.tuples(amounts, st.one_of(st.none(), st.none(), st.floats(1, 1e4))), max_size=12)


@given(seens, minutes)
def test_a_table_is_idle_only_where_nothing_was_written_since_it_was_measured(
    seen: Seen, told: list[tuple[float | None, float | None]]
) -> None:
    alone, verdict = judge(seen, NOW), judge_table(seen, told, NOW)
    measured = max((n for n, (_, late) in enumerate(told) if late is not None), default=-1)
    written = sum(1 for amount, _ in told[measured + 1 :] if amount)
    if alone.state is not LinkState.UNKNOWN or not seen.told.is_known or not told or seen.status:
        assert verdict == alone
    elif written == 0:
        assert verdict.state is LinkState.IN_STEP
        assert verdict.lag == NOT_MEASURED  # idle is neither nought nor stale
    else:
        assert verdict.state is (LinkState.SILENT if written >= 5 else LinkState.UNKNOWN)
        assert verdict.seconds is None


def test_a_minute_without_a_value_is_not_yet_silence_and_an_old_value_is_none() -> None:
    ends = [int((NOW - timedelta(minutes=n)).timestamp()) for n in range(10)]
    points: list[tuple[int, float | None]] = [(ends[2], None), (ends[3], 7.0), (ends[4], 1.0)]
    assert newest(points, NOW, FRESH) == Told(7.0, NOW - timedelta(minutes=3), is_known=True)
    assert newest([(ends[2], None), (ends[9], 7.0)], NOW, FRESH) == Told(is_known=True)
    assert newest([], NOW, FRESH) == Told(is_known=True)
