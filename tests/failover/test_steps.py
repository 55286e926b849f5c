"""The six steps and what is told of a whole run, in the words that somebody reads who was woken by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collectors.safe import Safe
from console.failover.observed import Asked, Kind, Observation, Ticked
from console.failover.run import Run
from console.failover.steps import is_of_a_person, steps
from console.failover.told import Beside, outcome, told
from tests.failover.given import (
    COMPLETED,
    DARK,
    OPEN,
    SENT,
    STARTED,
    SWAPPED,
    at,
    begun,
    event,
    knock,
    knocks,
    listed,
    seen,
)

DONE: list[Observation] = [
    *SENT,
    event(5, STARTED),
    *knocks(0.5, 10, OPEN),
    *knocks(10, 40, DARK),
    *knocks(40, 50, OPEN, "node-b"),
    event(62, COMPLETED),
    listed(75, SWAPPED),
    knock(76, OPEN, "node-b"),
]


def states(run: Run, seconds: float) -> dict[str, str]:
    return {str(step.name): step.state for step in steps(run, at(seconds))}


def test_before_it_is_sent_all_wait() -> None:
    assert set(states(seen(begun(), SENT[:2]), -2).values()) == {"waiting"}


def test_what_aws_does_is_watched_one_after_the_other_and_a_person_ticks_the_clients() -> None:
    run = seen(begun(), DONE[: len(SENT) + 1 + 38 + 20])
    assert states(run, 15) == {
        "detect": "done",
        "promote": "under-way",
        "repoint": "waiting",
        "redirect": "waiting",
        "watch-lag": "waiting",
        "restore": "waiting",
    }
    run = seen(begun(), DONE)
    assert {name for name, state in states(run, 77).items() if state != "done"} == {"redirect"}
    ticked = seen(run, [Ticked(at(90), "redirect", Safe("ann")), Ticked(at(95), "redirect", Safe("bob"))])
    (step,) = (step for step in steps(ticked, at(100)) if step.name == "redirect")
    assert (step.state, step.by, step.ticked_by_person) == ("done", "ann", True)


def test_a_step_that_takes_longer_than_is_usual_is_late() -> None:
    run = seen(begun(), [*SENT, *knocks(10, 40, DARK)])
    assert states(run, 179)["promote"] == "under-way"
    assert states(run, 181)["promote"] == "late"


@pytest.mark.parametrize(
    ("kind", "persons"),
    [
        (Kind.STANDBY, {"redirect"}),
        (Kind.CLUSTER, {"redirect"}),
        (Kind.CACHE, {"redirect"}),
        (Kind.PROMOTION, {"redirect", "repoint", "restore"}),
    ],
)
def test_what_only_a_person_can_know_depends_on_what_fails_over(kind: Kind, persons: set[str]) -> None:
    run = begun(kind)
    assert {step.name for step in steps(run, at(0)) if is_of_a_person(run, step.name)} == persons


def test_what_is_told_of_one_that_is_done() -> None:
    run = seen(begun(), DONE)
    body = told(run, Beside(endpoint=Safe("orders:1433"), every=timedelta(milliseconds=250)), at(80))
    assert body.outcome == "It is done: nobody was let in for 30 s, within the objective of 60 s."
    assert (body.before, body.after) == (
        "orders in eu-west-1a, standby in eu-west-1b",
        "orders in eu-west-1b, standby in eu-west-1a",
    )
    assert [proof.name for proof in body.proofs if proof.state == "missing"] == []
    assert (body.overdue, body.probe.every_ms, body.probe.node) == ((), 250, "node-b")
    assert [(note.text, note.came - note.at) for note in body.notes] == [(STARTED, 0), (COMPLETED, 0)]


def test_who_has_the_role_now_is_said_once_anything_tells_of_another() -> None:
    def after(some: list[Observation]) -> str:
        return str(told(seen(begun(), some), Beside(), at(80)).after)

    assert after([*SENT, *knocks(10, 40, DARK), listed(20)]) == ""
    assert after([*SENT, *knocks(10, 40, DARK), *knocks(40, 50, OPEN, "node-b"), listed(51)]) == "node-b answers"
    assert after(DONE) == "orders in eu-west-1b, standby in eu-west-1a"


def test_longer_than_the_objective_is_said_at_the_end_too() -> None:
    run = seen(begun(), [*SENT, *knocks(10, 84, DARK), *knocks(84, 95, OPEN, "node-b"), event(90, COMPLETED)])
    run = seen(run, [listed(96, SWAPPED), knock(97, OPEN, "node-b")])
    assert outcome(run, at(97)) == "It is done: nobody was let in for 74 s, 14 s more than the objective of 60 s."


def test_what_nobody_measured_is_told_by_aws_and_said_to_be() -> None:
    run = seen(begun(), [listed(-3), Asked(at(0), "accepted"), event(5, STARTED), event(60, COMPLETED)])
    run = seen(run, [listed(75, SWAPPED)])
    words = "It is done: nobody could knock; AWS tells of 55 s from its first word to its last."
    assert outcome(run, at(76)) == words


def test_one_that_was_over_before_anybody_knocked_has_no_outage_of_ours() -> None:
    case = replace(begun().case, is_planned=False, sign=Safe("its zone was a, is now b"))
    run = seen(Run(case, at(0), swapped=at(0)), [*knocks(1, 9, OPEN), listed(10, SWAPPED), knock(11, OPEN)])
    assert outcome(run, at(12)) == "It is done: it was over when we began to knock; the outage was not measured."
    assert states(run, 12)["detect"] == "done"


def test_one_that_was_shut_before_anybody_knocked_took_at_least_so_long() -> None:
    case = replace(begun().case, is_planned=False, sign=Safe(STARTED))
    run = seen(Run(case, at(0)), [event(0, STARTED), *knocks(20, 50, DARK), *knocks(50, 60, OPEN)])
    run = seen(run, [event(52, COMPLETED), listed(61, SWAPPED), knock(62, OPEN)])
    words = "It is done: nobody was let in for at least 30 s, within the objective of 60 s"
    assert outcome(run, at(62)) == f"{words}; it was shut before the first knock."


def test_a_probe_that_was_never_let_in_says_so() -> None:
    shut: list[Observation] = [knock(-2, DARK), Asked(at(0), "accepted"), knock(1, DARK)]
    body = told(seen(begun(), shut), Beside(), at(2))
    assert body.probe.trouble == "It was not let in before anything was sent either: it is dark"
    assert (body.down, body.phase) == (None, "requested")
