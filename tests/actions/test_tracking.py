"""What becomes of what was sent, by what AWS tells: any history ends right, and none goes back."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.safe import Safe
from console.actions.all import ACTIONS
from console.actions.craft import Progress, Way
from console.actions.life import State, may_follow
from console.actions.tracking import Tracked, aged, looked
from tests.actions.given import NOW, SNAPSHOT

ABSENT = Progress(Way.ABSENT, Safe("RDS knows no snapshot of that name."))
LATER = SNAPSHOT.absent_for + timedelta(seconds=1)


def going(percent: float | None = 10.0) -> Progress:
    return Progress(Way.UNDER_WAY, Safe("creating"), percent)


def sent(state: State = State.UNKNOWN) -> Tracked:
    return Tracked(state, NOW)


def test_an_unknown_one_that_is_there_and_ours_is_under_way() -> None:
    assert looked(sent(), going(), SNAPSHOT, NOW).state is State.IN_FLIGHT


def test_an_unknown_one_that_nobody_knows_for_long_was_never_begun() -> None:
    assert looked(sent(), ABSENT, SNAPSHOT, NOW + timedelta(seconds=60)) == sent()
    found = looked(sent(), ABSENT, SNAPSHOT, NOW + LATER)
    assert (found.state, "did not arrive" in found.outcome) == (State.FAILED, True)


def test_an_accepted_one_that_vanishes_has_failed() -> None:
    assert "knows nothing of it any more" in looked(sent(State.ACCEPTED), ABSENT, SNAPSHOT, NOW + LATER).outcome


def test_what_another_made_under_its_name_is_not_ours() -> None:
    theirs = Progress(Way.DONE, Safe("available"), 100, is_ours=False)
    assert looked(sent(), theirs, SNAPSHOT, NOW).state is State.FAILED


def test_one_that_stands_still_is_told_once() -> None:
    now = NOW + SNAPSHOT.warn_after
    before = looked(sent(), going(), SNAPSHOT, NOW)
    stalled = looked(before, going(), SNAPSHOT, now)
    assert stalled.outcome == "It has not got on for 30 min."
    assert looked(stalled, going(), SNAPSHOT, now) is stalled
    assert looked(stalled, going(20), SNAPSHOT, now).outcome == ""


def test_what_takes_too_long_is_overdue_and_may_still_end() -> None:
    now = NOW + SNAPSHOT.overdue_after
    late = aged(sent(State.IN_FLIGHT), SNAPSHOT, now)
    assert late.state is State.OVERDUE
    assert looked(late, going(), SNAPSHOT, now).state is State.OVERDUE
    assert looked(late, Progress(Way.DONE, Safe("available")), SNAPSHOT, now).state is State.DONE


FAILOVER = next(action for action in ACTIONS if action.name == "fail-over.instance")
MUCH_LATER = NOW + timedelta(hours=2)


def test_a_failover_that_aws_has_accepted_is_never_held_for_one_that_did_not_begin() -> None:
    taken = Tracked(State.ACCEPTED, NOW, is_accepted=True)
    assert looked(taken, ABSENT, FAILOVER, MUCH_LATER) is taken
    late = aged(taken, FAILOVER, MUCH_LATER)
    assert (late.state, looked(late, ABSENT, FAILOVER, MUCH_LATER)) == (State.OVERDUE, late)


def test_nor_is_one_that_was_seen_under_way() -> None:
    seen = looked(sent(), Progress(Way.UNDER_WAY, Safe("rebooting")), FAILOVER, NOW)
    assert looked(seen, ABSENT, FAILOVER, MUCH_LATER) is seen


def test_one_whose_answer_was_lost_was_never_begun_if_nothing_is_seen_even_when_it_is_overdue() -> None:
    for before in (sent(), aged(sent(), FAILOVER, MUCH_LATER)):
        ended = looked(before, ABSENT, FAILOVER, MUCH_LATER)
        assert (ended.state, "the request did not arrive. Nothing was done" in ended.outcome) == (State.FAILED, True)


def test_an_overdue_failover_says_when_it_was_sent_and_what_aws_said_last() -> None:
    seen = looked(sent(), Progress(Way.UNDER_WAY, Safe("available; not proved: a login")), FAILOVER, NOW)
    late = aged(seen, FAILOVER, NOW + FAILOVER.overdue_after)
    assert late.outcome == (
        "Failover was sent 10 min ago, and its end is not proved. AWS says: available; not proved: a login. "
        "It is still looked for."
    )


def test_a_failover_of_somebody_else_s_is_called_theirs() -> None:
    theirs = Progress(Way.DONE, Safe("a request of bob"), is_ours=False)
    ended = looked(sent(), theirs, FAILOVER, NOW)
    assert (ended.state, ended.outcome) == (State.FAILED, "Somebody else did it: a request of bob.")


looks = st.builds(
    Progress,
    st.sampled_from(Way),
    st.just(Safe("word")),
    st.one_of(st.none(), st.floats(0, 100)),
    st.booleans(),
)


@settings(max_examples=300)
@given(
    st.sampled_from([State.ACCEPTED, State.UNKNOWN]),
    st.lists(st.tuples(looks, st.integers(0, 40_000)), max_size=12),
)
def test_each_step_is_one_that_may_follow_and_the_end_is_the_end(
    begins: State, history: list[tuple[Progress, int]]
) -> None:
    now, tracked = NOW, sent(begins)
    for seen, seconds in history:
        now += timedelta(seconds=seconds)
        after = aged(looked(tracked, seen, SNAPSHOT, now), SNAPSHOT, now)
        if tracked.is_over:
            assert after is tracked
        assert after.state is tracked.state or may_follow(tracked.state, after.state)
        tracked = after
