"""Each state is reached, whatever is missing, doubled, late or out of order; and the end is never claimed unproved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from console.failover.late import overdue
from console.failover.observed import Asked, Kind, Looked, Member, Observation, Told
from console.failover.phases import aged, phase
from console.failover.proofs import proofs
from console.failover.run import Run, after
from tests.failover.given import (
    COMPLETED,
    DARK,
    OPEN,
    ORDERS,
    READ_ONLY,
    READER,
    RECOVERING,
    SENT,
    STARTED,
    SWAPPED,
    at,
    begun,
    event,
    knock,
    knocks,
    listed,
    moment,
    seen,
    standby,
)

REBOOTING = listed(12, standby(status="rebooting"))
DOWN: list[Observation] = [event(5, STARTED), *knocks(0.5, 10, OPEN), *knocks(10, 40, DARK)]
BACK: list[Observation] = [
    *knocks(40, 55, RECOVERING),
    *knocks(55, 60, READ_ONLY, "node-b"),
    *knocks(60, 70, OPEN, "node-b"),
]
ALL: list[Observation] = [*SENT, *DOWN, REBOOTING, *BACK, event(62, COMPLETED), listed(75, SWAPPED)]


def test_before_it_is_sent_it_is_in_preflight() -> None:
    assert phase(seen(begun(), SENT[:2]), at(-2)) == "preflight"


def test_sent_and_nothing_seen_is_requested() -> None:
    assert phase(seen(begun(), SENT), at(1)) == "requested"


def test_each_state_comes_in_its_turn() -> None:
    run, told = begun(), list[str]()
    for each in ALL:
        run = aged(after(run, each), moment(each))
        told.append(phase(run, moment(each)))
    run = aged(after(run, knock(76, OPEN, "node-b")), at(77))
    told.append(phase(run, at(77)))
    order = list(dict.fromkeys(told))
    assert order == ["preflight", "requested", "down", "recovering", "up-read-only", "up", "ha-degraded", "done"]


def test_a_standby_that_is_not_in_step_leaves_it_degraded_until_it_is() -> None:
    out_of_step = replace(SWAPPED, in_step=False)
    run = seen(begun(), [*ALL[:-1], listed(75, out_of_step), knock(76, OPEN, "node-b")])
    assert phase(run, at(90)) == "ha-degraded"
    run = seen(run, [listed(120, replace(SWAPPED, in_step=True)), knock(121, OPEN, "node-b")])
    assert phase(run, at(121)) == "done"
    assert run.safe == at(120)


def test_what_aws_refuses_has_ended() -> None:
    run = seen(begun(), [*SENT[:-1], Asked(at(0.3), "rejected", Safe("InvalidDBInstanceState: it is rebooting"))])
    assert (phase(run, at(1)), run.ended) == ("refused", at(0.3))


def test_what_aws_accepts_and_does_not_attempt_has_ended_too() -> None:
    words = "Amazon RDS is not attempting a requested failover because a failover recently occurred"
    run = seen(begun(), [*SENT, *knocks(1, 4, OPEN), event(3, words, came=9)])
    assert phase(run, at(9)) == "refused"


def test_a_failed_one_whose_old_writer_has_its_role_again_has_ended_as_refused() -> None:
    run = seen(begun(Kind.CLUSTER), [*SENT, *knocks(1, 9, DARK), *knocks(9, 20, OPEN)])
    run = seen(run, [event(12, "Cluster failover failed, check the status of your instances"), knock(21, OPEN)])
    assert phase(run, at(22)) == "refused"


def test_a_flapping_door_is_down_again_and_ends_late() -> None:
    run = seen(begun(), [*SENT, *DOWN, *knocks(40, 42, OPEN, "node-b"), *knocks(42, 44, DARK)])
    assert phase(run, at(44)) == "down"
    run = seen(run, knocks(44, 60, OPEN, "node-b"))
    (shut,) = run.outages
    assert (shut.down, shut.up) == (at(10), at(44.05))


@pytest.mark.parametrize("gone", [STARTED, COMPLETED, ""])
def test_a_missing_event_keeps_nobody_from_the_end_where_the_zones_swapped_and_the_login_works(gone: str) -> None:
    some = [each for each in ALL if not isinstance(each, Told) or (gone and each.text != gone)]
    assert phase(seen(begun(), [*some, knock(76, OPEN, "node-b")]), at(77)) == "done"


def test_without_event_and_without_swap_it_never_ends_and_says_what_is_not_proved() -> None:
    some = [each for each in ALL if not isinstance(each, Told) and each is not ALL[-1]]
    run = seen(begun(), [*some, listed(75, standby()), *knocks(80, 81, OPEN, "node-b")])
    run = seen(run, [listed(700, standby()), knock(700, OPEN, "node-b")])
    assert run.ended is None
    said = " / ".join(overdue(run, at(700)))
    assert "its end is not proved" in said
    assert "not proved: event" in said
    assert "not proved: zones: AWS shows it as before" in said


def test_a_swap_without_a_login_is_no_end() -> None:
    run = seen(begun(), [*SENT, *DOWN, listed(75, SWAPPED), *knocks(76, 90, DARK)])
    assert (phase(run, at(90)), run.ended) == ("down", None)


def test_the_event_alone_is_no_end_while_the_door_is_shut() -> None:
    run = seen(begun(), [*SENT, *DOWN, event(38, COMPLETED), listed(75, SWAPPED), *knocks(76, 90, DARK)])
    assert run.ended is None


def test_where_nobody_can_knock_the_event_ends_it() -> None:
    run = seen(begun(), [listed(-3), Asked(at(0), "accepted"), event(5, STARTED), event(60, COMPLETED)])
    run = seen(run, [listed(75, SWAPPED)])
    assert phase(run, at(75)) == "done"


def test_where_nobody_can_knock_a_swap_alone_does_not_end_it() -> None:
    run = seen(begun(), [listed(-3), Asked(at(0), "accepted"), event(5, STARTED), listed(75, SWAPPED)])
    assert run.ended is None


def test_a_probe_that_was_never_let_in_says_so_and_times_nothing() -> None:
    run = seen(begun(), [listed(-3), *knocks(-3, 0, RECOVERING), Asked(at(0), "accepted"), *knocks(1, 9, RECOVERING)])
    assert run.outages == ()
    assert phase(run, at(9)) == "requested"


def test_a_probe_whose_password_is_wrong_sees_the_dark_and_leaves_the_end_to_aws() -> None:
    run = seen(begun(), [listed(-3), *knocks(-3, 0, RECOVERING), Asked(at(0), "accepted"), *knocks(5, 30, DARK)])
    assert phase(run, at(30)) == "down"
    run = seen(run, [*knocks(30, 40, RECOVERING), event(35, COMPLETED), listed(41, SWAPPED), knock(42, RECOVERING)])
    assert phase(run, at(43)) == "done"
    assert {str(p.name): p.state for p in proofs(run, at(43))}["login"] == "unknown"


def test_an_event_that_comes_an_hour_late_is_a_note_of_the_run_that_has_ended() -> None:
    run = seen(begun(), [*(each for each in ALL if not isinstance(each, Told)), knock(76, OPEN, "node-b")])
    assert phase(run, at(77)) == "done"
    late = seen(run, [event(62, COMPLETED, came=3_660)])
    assert (late.ended, late.completed) == (run.ended, late.notes[0])


def test_an_event_of_a_former_failover_proves_nothing() -> None:
    run = seen(begun(), [event(-90, COMPLETED), *SENT, *knocks(1, 9, OPEN)])
    assert run.completed is None
    assert phase(run, at(9)) == "requested"


def writer(name: object, role: str, status: str = "available", **more: object) -> Member:
    return replace(Member(name, Safe(role), Safe(status)), **more)  # type: ignore[arg-type]


def test_a_cluster_is_done_when_another_writes_and_the_old_writer_reads() -> None:
    before = listed(-3, writer(ORDERS, "writer"), writer(READER, "reader"))
    alone = listed(20, writer(READER, "writer"), writer(ORDERS, "reader", "rebooting"))
    whole = listed(40, writer(READER, "writer"), writer(ORDERS, "reader"))
    run = seen(begun(Kind.CLUSTER), [before, Asked(at(0), "accepted"), *knocks(1, 9, DARK), *knocks(9, 19, OPEN, "b")])
    run = seen(run, [alone, knock(21, OPEN, "b")])
    assert phase(run, at(21)) == "ha-degraded"
    assert phase(seen(run, [whole, knock(41, OPEN, "b")]), at(41)) == "done"


def test_a_cache_is_done_only_when_its_nodes_are_there_again() -> None:
    before = listed(-3, writer(ORDERS, "primary"), writer(READER, "replica"))
    promoted = event(12, "Failover from primary node orders to replica node orders-2 completed")
    one = listed(14, writer(READER, "primary"), writer(ORDERS, "replica", "modifying"))
    both = listed(60, writer(READER, "primary"), writer(ORDERS, "replica"))
    run = seen(begun(Kind.CACHE), [before, Asked(at(0), "accepted"), *knocks(1, 9, DARK), *knocks(9, 19, OPEN, "b")])
    run = seen(run, [promoted, one, knock(21, OPEN, "b")])
    assert (phase(run, at(21)), run.completed) == ("ha-degraded", None)
    run = seen(run, [event(58, "Finished recovery for cache nodes 0001"), both, knock(61, OPEN, "b")])
    assert phase(run, at(61)) == "done"


def test_a_promotion_is_done_when_it_has_no_source_and_may_be_written() -> None:
    replica = writer(ORDERS, "replica", source=Safe("main"))
    dead = writer(READER, "primary", "failed")
    before: list[Observation] = [Looked(at(-3), (replica, dead)), *knocks(-3, 0, READ_ONLY)]
    run = seen(begun(Kind.PROMOTION), [*before, Asked(at(0), "accepted"), *knocks(1, 30, READ_ONLY)])
    assert phase(run, at(30)) == "requested", "that a replica may not be written is no outage"
    run = seen(run, [*knocks(30, 60, DARK), *knocks(60, 70, READ_ONLY)])
    assert phase(run, at(70)) == "up-read-only"
    run = seen(run, [*knocks(70, 80, OPEN), listed(81, writer(ORDERS, "primary"), dead), knock(82, OPEN)])
    assert phase(run, at(82)) == "done"
    assert [shut.up for shut in run.outages] == [at(70.05)]


def test_one_that_nobody_asked_for_begins_with_its_sign() -> None:
    run = Run(replace(begun().case, is_planned=False), at(5), before=(standby(),))
    assert phase(run, at(6)) == "requested"
    run = seen(run, [event(5, STARTED), *knocks(20, 40, DARK), *knocks(40, 50, OPEN), event(41, COMPLETED)])
    assert phase(seen(run, [listed(60, SWAPPED), knock(61, OPEN)]), at(61)) == "done"


def test_never_begun_is_an_alarm_after_two_minutes() -> None:
    run = seen(begun(), [*SENT, *knocks(1, 3, OPEN)])
    assert overdue(run, at(100)) == ()
    (said,) = overdue(run, at(121))
    assert said == "Sent 2 min 1 s ago, and nothing has begun: no knock failed, and AWS tells of no start."


def test_longer_than_the_objective_is_an_alarm_and_so_is_too_long_in_the_dark_or_recovering() -> None:
    run = seen(begun(), [*SENT, *DOWN])
    assert overdue(run, at(70)) == ()
    assert overdue(run, at(71)) == ("Nobody is let in for 61 s; the objective is 60 s.",)
    assert any("dark for 5 min" in said for said in overdue(run, at(312)))
    run = seen(run, knocks(40, 41, RECOVERING))
    assert any("recovering for 10 min" in said for said in overdue(run, at(645)))


def test_given_up_after_a_day_is_not_done() -> None:
    run = aged(seen(begun(), [*SENT, *DOWN]), at(90_000))
    assert run.ended == at(90_000)
    assert phase(run, at(90_000)) == "down"


FACTS = st.permutations([*DOWN[:1], event(62, COMPLETED), event(63, "DB instance restarted"), event(66, "something")])
DOUBLED = st.lists(st.integers(0, 3), max_size=4)


@given(FACTS, DOUBLED, st.floats(0, 3_600))
def test_in_whatever_order_events_come_and_however_often_it_is_the_same_run(
    told: list[Observation], again: list[int], late: float
) -> None:
    doors = [each for each in ALL if not isinstance(each, Told)]
    some = [replace(each, came=at(80 + late)) for each in (*told, *(told[n] for n in again)) if isinstance(each, Told)]
    usual = seen(begun(), [*doors, *sorted(some[:4], key=lambda each: each.at), knock(3_700, OPEN, "node-b")])
    run = seen(begun(), [*doors, *some, knock(3_700, OPEN, "node-b")])
    assert phase(run, at(3_701)) == phase(usual, at(3_701)) == "done"
    assert run.notes == usual.notes
    assert run.outages == usual.outages


ANY = st.one_of(
    st.builds(knock, st.floats(-5, 900), st.sampled_from([DARK, RECOVERING, READ_ONLY, OPEN]), st.sampled_from("ab")),
    st.builds(event, st.floats(-300, 900), st.sampled_from([STARTED, COMPLETED, "DB instance restarted"])),
    st.builds(listed, st.floats(-5, 900), st.sampled_from([standby(), SWAPPED, standby(status="rebooting")])),
    st.builds(lambda word: Asked(at(0), word), st.sampled_from(["sent", "accepted", "unknown"])),
)


@given(st.lists(ANY, max_size=60))
def test_whatever_is_seen_done_is_proved_and_nothing_after_the_end_takes_it_back(some: list[Observation]) -> None:
    run, ended = begun(), None
    for each in sorted(some, key=moment):
        is_going_on = run.ended is None
        run = aged(after(run, each), moment(each))
        ended = ended or run.ended
        assert run.ended == ended
        if phase(run, moment(each)) == "done" and is_going_on:
            states = {str(proof.name): proof.state for proof in proofs(run, moment(each))}
            assert states["status"] == "proved"
            assert states["event"] == "proved" or (states["zones"] == "proved" and states["login"] == "proved")
