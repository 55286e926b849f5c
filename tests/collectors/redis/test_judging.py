"""The truth table of (link, progress, idleness, permission), whatever the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.replication import DEAD, NOT_MEASURED, Distance, LinkState
from collectors.redis.info import Follower, Node
from collectors.redis.judging import COUNTED_S, PING_BYTES, PING_S, Line, Sight, lag, state
from collectors.redis.links import downstream, gone, upstream
from collectors.redis.written import Written
from collectors.safe import Safe

SILENT_S = PING_S + COUNTED_S
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
quiet = st.none() | st.floats(0, 1e6)
left = st.none() | st.integers(-100, 10**12)
sights = st.builds(Sight, st.sampled_from(Line), quiet, left, st.booleans())
distances = st.builds(
    Distance, seconds=st.none() | st.floats(0, 1e6), bytes=st.none() | st.integers(0, 10**12), at_least=st.booleans()
)


@dataclass(frozen=True)
class Told:
    """What a replica says, and how far its primary was seen to be."""

    status: str
    quiet_s: int
    copying: bool
    at: int
    written: int
    watched: bool


def expected(sight: Sight) -> LinkState:
    """As the table has it, row by row."""
    silent = sight.quiet_s is not None and sight.quiet_s > SILENT_S
    behind = sight.left is not None and sight.left > PING_BYTES
    rows = {
        (False, None, None, None): LinkState.UNKNOWN,
        (True, Line.DOWN, None, None): LinkState.BROKEN,
        (True, Line.LOADING, None, None): LinkState.SEEDING,
        (True, Line.COPYING, False, None): LinkState.SEEDING,
        (True, Line.COPYING, True, None): LinkState.SILENT,
        (True, Line.UP, True, None): LinkState.SILENT,
        (True, Line.UP, False, True): LinkState.BEHIND,
        (True, Line.UP, False, False): LinkState.IN_STEP,
    }
    asked = (sight.is_told, sight.line, silent, behind)
    (found,) = [to for row, to in rows.items() if all(a is None or a == b for a, b in zip(row, asked, strict=True))]
    return found


@given(sights)
def test_the_state_is_as_the_table_has_it(sight: Sight) -> None:
    assert state(sight) is expected(sight)


@given(sights, distances)
def test_a_dead_link_has_no_distance_that_was_measured_before_and_none_of_nothing(
    sight: Sight, behind: Distance
) -> None:
    if state(sight) in DEAD:
        found = lag(sight, behind)
        assert found.bytes is None
        assert found == NOT_MEASURED or (found.at_least and found.seconds == sight.quiet_s and found.seconds)


@given(st.floats(0, SILENT_S), st.integers(0, PING_BYTES), distances)
def test_a_link_with_nothing_to_say_is_in_step_for_as_long_as_it_lives(
    quiet_s: float, left: int, behind: Distance
) -> None:
    sight = Sight(Line.UP, quiet_s, left)
    assert (state(sight), lag(sight, behind)) == (LinkState.IN_STEP, Distance(seconds=0.0, bytes=0))


@given(sights, distances)
def test_whoever_may_not_ask_learns_nothing(sight: Sight, behind: Distance) -> None:
    unseen = Sight(sight.line, sight.quiet_s, sight.left, is_told=False)
    assert (state(unseen), lag(unseen, behind)) == (LinkState.UNKNOWN, NOT_MEASURED)


@given(
    st.builds(
        Told,
        status=st.sampled_from(["up", "down"]),
        quiet_s=st.integers(-1, 10**6),
        copying=st.booleans(),
        at=st.integers(0, 10**9),
        written=st.integers(0, 10**9),
        watched=st.booleans(),
    )
)
def test_the_links_status_wins_over_any_offset(told: Told) -> None:
    node = Node(
        role="slave",
        master_replid="a",
        master_link_status=told.status,
        master_last_io_seconds_ago=told.quiet_s,
        master_link_down_since_seconds=told.quiet_s,
        master_sync_in_progress=int(told.copying),
        slave_repl_offset=told.at,
    )
    history = Written("a")
    history.note(NOW.timestamp() - 5, min(told.at, told.written))
    history.note(NOW.timestamp() - 1, told.written)
    link = upstream(Safe("copy"), Safe("primary"), node, history if told.watched else None, NOW)
    if told.copying:
        assert link.state is LinkState.SEEDING
    elif told.status == "down":
        assert link.state is LinkState.BROKEN
    elif told.quiet_s > SILENT_S:
        assert link.state is LinkState.SILENT
    else:
        is_behind = told.watched and told.written - told.at > PING_BYTES
        assert link.state is (LinkState.BEHIND if is_behind else LinkState.IN_STEP)
    if link.state in DEAD:
        assert link.lag.seconds != 0
        assert link.unsent.bytes != 0
        assert link.heard is None or link.heard == NOW - timedelta(seconds=told.quiet_s)


followers = st.builds(
    Follower,
    ip=st.just("10.0.0.7"),
    port=st.just(6379),
    state=st.sampled_from(["online", "wait_bgsave", "send_bulk"]),
    offset=st.integers(0, 10**9),
    lag=st.integers(0, 10**6),
)


@given(followers, st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_primary_sees_the_same_table_from_its_end(follower: Follower, more: int, backlog: int) -> None:
    written = Written("a")
    written.note(NOW.timestamp() - 5, follower.offset)
    written.note(NOW.timestamp(), follower.offset + more)
    node = Node(role="master", master_repl_offset=follower.offset + more, repl_backlog_size=backlog)
    link = downstream(Safe("primary"), follower, node, copy=Safe("copy"), written=written, now=NOW)
    if follower.state != "online":
        assert link.state is LinkState.SEEDING
    elif follower.lag > SILENT_S:
        assert (link.state, link.lag) == (LinkState.SILENT, Distance(seconds=follower.lag, at_least=True))
    elif more > PING_BYTES:
        assert (link.state, link.lag.bytes) == (LinkState.BEHIND, more)
        assert link.lag.seconds is not None
        assert 0 < link.lag.seconds <= 5.001
    else:
        assert (link.state, link.lag.seconds) == (LinkState.IN_STEP, 0)
    left = gone(link, node, follower.offset, NOW + timedelta(seconds=60))
    if left is not None:
        assert (left.state, left.lag.at_least, left.unsent.bytes) == (LinkState.BROKEN, True, more)
        assert left.lag.seconds is not None
        assert left.lag.seconds >= 60
        assert ("backlog" in left.why) == (0 < backlog < more)
    assert gone(link, node, follower.offset, NOW + timedelta(hours=2)) is None
