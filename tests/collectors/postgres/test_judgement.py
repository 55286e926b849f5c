"""The truth table of (link, progress, idleness, permission), at both ends: each combination has one answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.replication import DEAD, LinkState
from collectors.postgres.followed import followed
from collectors.postgres.following import following
from collectors.postgres.positions import between, position, written
from collectors.postgres.remembered import MISSED_FOR, Remembered
from collectors.postgres.rows import Copy, Here
from collectors.postgres.silence import SLACK_S, USUAL_S, Sound, sound
from collectors.postgres.told import NOTHING_KNOWN, Past

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
LINKS = ("none", "waiting", "starting", "stopping", "streaming")
SPAN = st.floats(0, 1e6)
POSITION = st.integers(1, 2**50)


def ago(seconds: float | None) -> datetime | None:
    return None if seconds is None else NOW - timedelta(seconds=seconds)


@st.composite
def heres(draw: st.DrawFn) -> Here:
    """A replica in any state that its server could tell of."""
    link, may_see = draw(st.sampled_from(LINKS)), draw(st.booleans())
    received = draw(POSITION)
    applied = draw(st.one_of(st.just(received), st.integers(1, received)))
    shown = link != "none" and may_see
    return Here(
        asked=NOW,
        started=NOW - timedelta(days=20),
        in_recovery=True,
        may_see=may_see,
        receive_lsn=received,
        replay_lsn=applied,
        replayed_at=ago(draw(st.one_of(st.none(), SPAN))),
        paused=draw(st.booleans()),
        receiver_pid=None if link == "none" else 7,
        receiver_status=link if shown else None,
        received_at=ago(draw(SPAN)) if shown else None,
        latest_end_lsn=draw(st.one_of(st.none(), st.integers(received, received + 9999))) if shown else None,
        delay_ms=draw(st.sampled_from((0, 0, 600_000))),
        receiver_timeout_ms=draw(st.sampled_from((0, 1000, 30_000, 60_000, 600_000))),
    )


pasts = st.builds(
    lambda heard, in_step, dead: Past(heard=ago(heard), in_step=ago(in_step), dead=ago(dead)),
    *[st.one_of(st.none(), SPAN)] * 3,
)


def alive(here: Here) -> Sound:
    assert here.received_at is not None
    return sound((NOW - here.received_at).total_seconds(), here.receiver_timeout_ms)


def expected(here: Here) -> set[LinkState]:
    """The table itself: the link first, then who may see, then silence, then what is left."""
    if here.receiver_pid is None:
        return {LinkState.BROKEN}
    if not here.may_see:
        return {LinkState.UNKNOWN}
    if here.receiver_status != "streaming":
        return {LinkState.BROKEN}
    if alive(here) is not Sound.ALIVE:
        return {LinkState.SILENT if alive(here) is Sound.DEAD else LinkState.UNKNOWN}
    return {LinkState.PAUSED} if here.paused else left_to_apply(here)


def left_to_apply(here: Here) -> set[LinkState]:
    if here.replay_lsn == max(here.receive_lsn or 0, here.latest_end_lsn or 0):
        return {LinkState.IN_STEP}
    return {LinkState.BEHIND, LinkState.DELAYED} if here.delay_ms else {LinkState.BEHIND}


@given(heres(), pasts)
def test_a_replica_is_judged_by_the_table(here: Here, past: Past) -> None:
    told, _ = following(here, past)
    assert told.state in expected(here)
    if told.state in DEAD:
        assert told.lag.seconds is None or (told.lag.seconds > 0 and told.lag.at_least)
        assert told.lag.bytes is None
    if told.state is LinkState.UNKNOWN:
        assert not told.lag.is_known
        assert told.why
    if told.state is LinkState.UNKNOWN and not here.may_see:
        assert "pg_monitor" in told.why
    if told.state is LinkState.IN_STEP:
        assert (told.lag.seconds, told.lag.bytes) == (0.0, 0)
    if told.lag.seconds == 0.0:
        assert told.state in (LinkState.IN_STEP, LinkState.PAUSED, LinkState.BEHIND, LinkState.DELAYED)


@given(heres(), st.lists(SPAN, min_size=2, max_size=6))
def test_an_idle_link_never_grows(here: Here, spans: list[float]) -> None:
    """Nothing is left to apply, and the last commit is older each time."""
    here = here.model_copy(update={
        "may_see": True, "receiver_pid": 7, "receiver_status": "streaming", "paused": False,
        "received_at": NOW, "latest_end_lsn": here.receive_lsn, "replay_lsn": here.receive_lsn,
    })  # fmt: skip
    past = NOTHING_KNOWN
    for span in sorted(spans):
        told, past = following(here.model_copy(update={"replayed_at": ago(span)}), past)
        assert (told.state, told.lag.seconds) == (LinkState.IN_STEP, 0.0)


@given(POSITION, st.integers(1, 9999), st.floats(1, 1e6))
def test_after_an_idle_time_the_lag_begins_where_it_was_in_step(at: int, more: int, idle: float) -> None:
    """A record without a commit comes after a day of silence: it is not a day behind."""
    here = Here(
        asked=NOW, started=NOW, in_recovery=True, may_see=True, receive_lsn=at, replay_lsn=at, receiver_pid=7,
        receiver_status="streaming", received_at=NOW, replayed_at=ago(idle),
    )  # fmt: skip
    _, past = following(here, NOTHING_KNOWN)
    later = NOW + timedelta(seconds=5)
    busy = here.model_copy(update={"asked": later, "received_at": later, "receive_lsn": at + more})
    told, _ = following(busy, past)
    assert (told.state, told.lag.seconds, told.lag.bytes) == (LinkState.BEHIND, 5.0, more)


@pytest.mark.parametrize(
    ("quiet", "timeout_ms", "found"),
    [
        (0, 60_000, Sound.ALIVE),
        (USUAL_S, 60_000, Sound.ALIVE),  # an idle link says something every 30 s
        (USUAL_S + SLACK_S + 1, 60_000, Sound.DEAD),
        (19, 30_000, Sound.ALIVE),  # as RDS has it
        (21, 30_000, Sound.DEAD),
        (100, 600_000, Sound.UNTOLD),
        (306, 600_000, Sound.DEAD),
        (30, 0, Sound.ALIVE),
        (1e6, 0, Sound.UNTOLD),
        (36, None, Sound.DEAD),
    ],
)
def test_silence_is_judged_by_how_often_a_living_link_speaks(quiet: float, timeout_ms: int, found: Sound) -> None:
    assert sound(quiet, timeout_ms) is found


@given(SPAN, SPAN, st.sampled_from((0, 1000, 30_000, 60_000, 600_000)))
def test_more_silence_never_brings_a_link_to_life(one: float, two: float, timeout_ms: int) -> None:
    order = (Sound.ALIVE, Sound.UNTOLD, Sound.DEAD)
    less, more = sorted((one, two))
    assert order.index(sound(less, timeout_ms)) <= order.index(sound(more, timeout_ms))


@st.composite
def copies(draw: st.DrawFn) -> tuple[Here, Copy]:
    """A row of pg_stat_replication, and the server that has it."""
    may_see, end = draw(st.booleans()), draw(POSITION)
    flushed = draw(st.one_of(st.just(end), st.integers(1, end)))
    applied = draw(st.one_of(st.just(flushed), st.integers(1, flushed)))
    here = Here(asked=NOW, started=NOW, in_recovery=False, may_see=may_see, current_lsn=end, sender_timeout_ms=60_000)
    if not may_see:
        return here, Copy(pid=9, application_name="a")
    state = draw(st.sampled_from(("streaming", "catchup", "stopping", "backup")))
    lag = draw(st.one_of(st.none(), SPAN))
    replied = NOW - timedelta(seconds=draw(st.floats(-3600, 1e6)))
    return here, Copy(
        pid=9, application_name="a", state=state, flush_lsn=flushed, replay_lsn=applied, replay_lag_s=lag,
        replied_at=replied,
    )  # fmt: skip


@given(copies())
def test_a_copy_is_judged_by_the_table(pair: tuple[Here, Copy]) -> None:
    here, copy = pair
    told, _ = followed(copy, here, NOTHING_KNOWN)
    if not here.may_see:
        assert (told.state, told.lag.is_known) == (LinkState.UNKNOWN, False)
        assert "pg_monitor" in told.why
        return
    assert copy.replied_at is not None
    quiet = max(0.0, (NOW - copy.replied_at).total_seconds())
    if copy.state == "backup":
        assert told.state is LinkState.SEEDING
    elif copy.state == "stopping":
        assert told.state is LinkState.BROKEN
    elif sound(quiet, here.sender_timeout_ms) is Sound.DEAD:
        assert told.state is LinkState.SILENT
        assert told.lag.seconds is None or told.lag.seconds > 0
    else:
        assert told.state is (LinkState.IN_STEP if copy.replay_lsn == here.current_lsn else LinkState.BEHIND)
        if told.state is LinkState.IN_STEP:
            assert (told.lag.seconds, told.lag.bytes) == (0.0, 0)
        assert told.unsent.bytes == between(copy.flush_lsn, here.current_lsn)


def of_primary(asked: datetime, started: datetime = NOW) -> Here:
    return Here(asked=asked, started=started, in_recovery=False, may_see=True, current_lsn=100)


def test_a_copy_whose_clock_is_off_lives_while_its_replies_are_new() -> None:
    remembered, states = Remembered(), []
    for look in range(4):
        asked = NOW + timedelta(seconds=5 * look)
        row = Copy(
            pid=9, application_name="a", state="streaming", flush_lsn=100, replay_lsn=100,
            replied_at=asked - timedelta(hours=1),
        )  # fmt: skip
        states.append(remembered.followers([row], of_primary(asked))[0][1].state)
    assert states[1:] == [LinkState.IN_STEP] * 3  # the first look cannot know


def test_one_that_stopped_replying_is_silent_even_where_its_clock_is_ahead() -> None:
    remembered = Remembered()
    row = Copy(
        pid=9, application_name="a", state="streaming", flush_lsn=100, replay_lsn=100,
        replied_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    states = [remembered.followers([row], of_primary(NOW + timedelta(seconds=s)))[0][1].state for s in (0, 30, 60)]
    assert states == [LinkState.IN_STEP, LinkState.IN_STEP, LinkState.SILENT]


def test_one_that_is_gone_is_missed_for_a_while_and_a_backup_is_not() -> None:
    remembered = Remembered()
    copy = Copy(pid=9, application_name="a", state="streaming", flush_lsn=1, replay_lsn=1, replied_at=NOW)
    backup = Copy(pid=10, application_name="pg_basebackup", state="streaming", temporary=True, replied_at=NOW)
    assert len(remembered.followers([copy, backup], of_primary(NOW))) == 2
    later = NOW + timedelta(minutes=1)
    ((left, told),) = remembered.followers([], of_primary(later))
    assert (left.application_name, told.state, told.lag.seconds) == ("a", LinkState.BROKEN, 60.0)
    assert remembered.followers([], of_primary(later + MISSED_FOR + timedelta(seconds=1))) == []


@given(st.integers(0, 2**64 - 1))
def test_a_position_is_read_as_it_is_written(at: int) -> None:
    assert position(written(at)) == at


@given(st.text())
def test_what_is_no_position_is_left_alone(text: str) -> None:
    assert isinstance(position(text), int) or position(text) == text


@given(st.one_of(st.none(), POSITION), st.one_of(st.none(), POSITION))
def test_between_two_positions_is_never_less_than_nothing(behind: int | None, ahead: int | None) -> None:
    found = between(behind, ahead)
    assert (found is None) == (behind is None or ahead is None)
    assert found is None or found >= 0
