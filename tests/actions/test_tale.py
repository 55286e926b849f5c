"""What is done with an action whose engine is gone, by its records: never sent again, never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.actions.life import State
from console.actions.tale import Line, Next, tale
from tests.actions.given import NOW, plan

INTENT = ("INTENT", {"plan": plan().told()})


def told(*events: tuple[str, dict[str, Any]]) -> list[Line]:
    return [Line(NOW + timedelta(seconds=n), event, "s1", data) for n, (event, data) in enumerate(events)]


@pytest.mark.parametrize(
    ("events", "state", "after"),
    [
        ([], State.INTENT, Next.ABANDON),
        (["WITHDRAWN"], State.WITHDRAWN, Next.NOTHING),
        (["REFUSED"], State.REFUSED, Next.NOTHING),
        (["ABANDONED"], State.ABANDONED, Next.NOTHING),
        (["SENT"], State.SENT, Next.TRACK),
        (["SENT", "REJECTED"], State.REJECTED, Next.NOTHING),
        (["SENT", "ACCEPTED"], State.ACCEPTED, Next.TRACK),
        (["SENT", "UNKNOWN"], State.UNKNOWN, Next.TRACK),
        (["SENT", "ACCEPTED", "PROGRESS"], State.ACCEPTED, Next.TRACK),
        (["SENT", "ACCEPTED", "PROGRESS", "OVERDUE"], State.OVERDUE, Next.TRACK),
        (["SENT", "UNKNOWN", "PROGRESS", "DONE"], State.DONE, Next.NOTHING),
        (["SENT", "UNKNOWN", "FAILED"], State.FAILED, Next.NOTHING),
    ],
)
def test_it_goes_on_from_its_last_record(events: list[str], state: State, after: Next) -> None:
    found = tale("op", told(INTENT, *((event, {}) for event in events)))
    assert found is not None
    assert (found.state, found.next) == (state, after)
    assert found.plan == plan()


def test_a_request_without_an_answer_is_one_of_which_nobody_knows() -> None:
    found = tale("op", told(INTENT, ("SENT", {})))
    assert found is not None
    assert (found.resumed, found.sent) == (State.UNKNOWN, NOW + timedelta(seconds=1))


def test_what_was_confirmed_and_not_yet_intended_is_given_up() -> None:
    """Between the two it takes the lock: whoever finds it gives that back."""
    found = tale("op", told(("CONFIRM", {"plan": plan().told()})))
    assert found is not None
    assert (found.state, found.next) == (State.PLANNED, Next.ABANDON)
    gone_on = tale("op", told(("CONFIRM", {"plan": plan().told()}), INTENT, ("SENT", {})))
    assert gone_on is not None
    assert gone_on.next is Next.TRACK


@pytest.mark.parametrize("glass", [True, False])
def test_that_the_glass_was_broken_for_it_is_not_forgotten(glass: bool) -> None:
    found = tale("op", told(("CONFIRM", {"plan": plan().told(), "given": {"glass": glass}}), INTENT, ("SENT", {})))
    assert found is not None
    assert found.has_broken_glass is glass


def test_what_was_never_confirmed_has_no_tale() -> None:
    assert tale("op", told(("CHECK", {}), ("REFUSED", {}))) is None


def test_a_plan_that_cannot_be_read_is_none() -> None:
    assert tale("op", told(("INTENT", {"plan": {"op": 1}}))) is None


@given(
    st.lists(st.sampled_from(["SENT", "ACCEPTED", "REJECTED", "UNKNOWN", "PROGRESS", "DONE", "FAILED", "ACK", "CHECK"]))
)
def test_whatever_the_records_say_nothing_is_sent(events: list[str]) -> None:
    found = tale("op", told(INTENT, *((event, {}) for event in events)))
    assert found is not None
    assert found.next in (Next.ABANDON, Next.TRACK, Next.NOTHING)
    assert (found.next is Next.ABANDON) == (not set(events) - {"PROGRESS", "ACK", "CHECK"})
