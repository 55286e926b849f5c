"""Whatever was seen of a link, its state and its lag say nothing that was not seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.replication import DEAD, LinkState
from collectors.mysql.judgement import DELAY_SLACK_S, STANDS_S, Io, Judged, Seen, judge
from collectors.mysql.progress import Moving, Position, begun
from collectors.safe import NO_TEXT, Safe

SECONDS = st.sampled_from((0.0, 0.5, 4.0, 9.9, 10.0, 59.0, 61.0, 7200.0))
MAYBE = st.none() | SECONDS
ERRORS = st.sampled_from((NO_TEXT, Safe("applying ended with error 1062")))


@st.composite
def anything(draw: st.DrawFn) -> Seen:
    """Each combination of link, progress and idleness that a replica can be in."""
    is_left, ahead = draw(st.booleans()), draw(st.sampled_from((None, 0, 4000)))
    return Seen(
        io=draw(st.sampled_from(Io)),
        applies=draw(st.booleans()),
        io_error=draw(st.sampled_from((NO_TEXT, Safe("2003: refused")))),
        apply_error=draw(ERRORS),
        behind_s=draw(MAYBE),
        delay_s=draw(st.sampled_from((0.0, 3600.0))),
        is_left=is_left,
        left=draw(st.sampled_from((None, 300))) if is_left else 0,
        silent_s=draw(SECONDS),
        patience_s=draw(st.sampled_from((2.0, 60.0))),
        stands_s=draw(SECONDS) if is_left else 0.0,
        is_ahead=bool(ahead),
        ahead=ahead,
        ahead_s=draw(SECONDS) if ahead else 0.0,
        applying_s=draw(MAYBE),
        heartbeat_s=draw(MAYBE),
    )


def expected(seen: Seen) -> set[LinkState]:
    """The truth table, from the link to what is left; the order is what is told of."""
    if seen.io is not Io.RUNNING or (seen.apply_error and not seen.applies):
        return {LinkState.BROKEN}
    if seen.silent_s > seen.patience_s or (seen.is_ahead and seen.ahead_s >= STANDS_S):
        return {LinkState.SILENT}
    if not seen.applies:
        return {LinkState.PAUSED}
    if not seen.is_left and not seen.is_ahead:
        return {LinkState.IN_STEP}
    return {LinkState.BEHIND, LinkState.DELAYED} if seen.delay_s and seen.is_left else {LinkState.BEHIND}


@given(anything())
def test_the_state_is_that_of_the_truth_table(seen: Seen) -> None:
    judged = judge(seen)
    assert judged.state in expected(seen)
    if judged.state == LinkState.DELAYED:
        assert (judged.lag.seconds or 0) <= seen.delay_s + DELAY_SLACK_S


@given(anything())
def test_a_dead_link_is_never_at_zero_nor_at_what_the_replica_says(seen: Seen) -> None:
    judged = judge(seen)
    if judged.state in DEAD:
        assert judged.lag.seconds is None or (judged.lag.at_least and judged.lag.seconds > 0)
        assert judged.lag.bytes is None
        assert judged.unsent.bytes != 0 or judged.unsent.at_least
        assert judged.why
        others = judge(replace(seen, behind_s=12345.0, applying_s=None, heartbeat_s=None))
        assert others.lag == judged.lag


@given(anything(), SECONDS)
def test_an_idle_source_is_no_lag_however_long_it_is_idle(seen: Seen, later: float) -> None:
    idle = replace(seen, io=Io.RUNNING, apply_error=NO_TEXT, is_left=False, left=0, stands_s=0.0, is_ahead=False)
    idle = replace(idle, ahead=0, ahead_s=0.0, silent_s=min(later, idle.patience_s))
    judged = judge(idle)
    assert judged.state == (LinkState.IN_STEP if idle.applies else LinkState.PAUSED)
    assert (judged.lag.seconds, judged.lag.bytes, judged.lag.at_least) == (0, 0, False)
    assert (judged.unsent.bytes, judged.unapplied.bytes) == (0, 0)


@given(anything())
def test_what_is_left_is_never_said_to_be_nothing(seen: Seen) -> None:
    judged: Judged = judge(seen)
    if seen.is_left:
        assert judged.unapplied.bytes != 0
    if seen.is_ahead:
        assert judged.unsent.bytes != 0
        assert judged.lag.seconds != 0 or seen.heartbeat_s is not None
    if judged.state in (LinkState.BEHIND, LinkState.PAUSED) and seen.is_left:
        assert (judged.lag.seconds or 0) >= seen.stands_s


@given(anything())
def test_the_better_witness_of_how_old_the_data_is_goes_first(seen: Seen) -> None:
    judged = judge(seen)
    if judged.state == LinkState.BEHIND and seen.heartbeat_s is not None:
        assert judged.lag.seconds == max(seen.heartbeat_s, seen.stands_s, seen.ahead_s)


AT = datetime(2026, 3, 11, 10, tzinfo=UTC)
MOVES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 1), st.booleans()), max_size=30)


@given(MOVES)
def test_silence_is_counted_from_the_last_sign_of_life_and_standing_from_the_last_progress(
    moves: list[tuple[int, int, int, bool]],
) -> None:
    """Against a model that looks at the whole history."""
    read = applied = beats = 0
    track = begun(_moving(read, applied, beats, connected=True), AT)
    alive, left_since, was_connected = AT, None, True
    for number, (more, apply, beat, connected) in enumerate(moves, 1):
        now = AT + timedelta(seconds=5 * number)
        came, done = more if connected else 0, min(apply, read - applied)
        read, applied, beats = read + came, applied + done, beats + (beat if connected else 0)
        track = track.then(_moving(read, applied, beats, connected=connected), now)
        if connected and (came or beat or not was_connected):
            alive = now
        left_since = None if read == applied else (now if done or left_since is None else left_since)
        was_connected = connected
        assert (track.since, track.left_since) == (alive, left_since)
        assert track.heard in (None, alive)


def _moving(read: int, applied: int, beats: int, *, connected: bool) -> Moving:
    return Moving(Position("binlog.000001", read), Position("binlog.000001", applied), connected, beats)


@given(st.integers(0, 3), st.integers(0, 3), st.integers(1, 12), st.integers(1, 12))
def test_positions_are_in_the_order_of_their_files(at: int, other: int, file: int, next_file: int) -> None:
    one, two = Position(f"mysql-bin.{file:06}", at), Position(f"mysql-bin.{next_file:06}", other)
    assert one.ahead_of(two) == ((file, at) > (next_file, other))
    assert one.since(two) == (max(0, at - other) if file == next_file else None)


def test_what_a_source_said_long_ago_is_not_held_against_a_replica() -> None:
    track = begun(_moving(100, 100, 0, connected=True), AT)
    ahead = track.against(Position("binlog.000001", 200), AT)
    assert ahead.ahead_since == AT
    assert ahead.against(Position("binlog.000001", 300), AT + timedelta(seconds=5)).ahead_since == AT
    assert ahead.against(None, AT + timedelta(seconds=20)).ahead_since is None
    assert ahead.then(_moving(150, 100, 0, connected=True), AT).ahead_since is None
