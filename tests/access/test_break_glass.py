"""Breaking the glass: who may, with what words, past what; and what everybody reads of it afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from collectors.safe import Safe
from console.access.break_glass import Asks, Broken, SecondFactor, break_glass
from console.access.refusal import Refusal
from console.access.role import Role
from tests.access.by_hand import NOON

FREEZE = (Safe('freeze "Q4 close"'), "break-glass")
GOOD = Asks(
    who=Safe("alice"),
    role=Role.ADMIN,
    factor=SecondFactor(was_given=True, age=timedelta(minutes=15)),
    reason="The primary's disk is failing now.",
    incident="INC-1234",
    against=(FREEZE, (Safe("approvals"), "break-glass")),
)
WHAT = Safe("fail over orders-db")


def broken(**changed: Any) -> Broken | Refusal:
    return break_glass(replace(GOOD, **changed), WHAT, "01JA", NOON)


def test_an_admin_with_a_reason_and_an_incident_may() -> None:
    found = broken()
    assert isinstance(found, Broken)
    assert found.banner == (
        'GLASS BROKEN by alice at 12:00Z for INC-1234: fail over orders-db, past freeze "Q4 close", approvals'
    )
    assert found.review == (
        'Review 01JA: alice broke the glass for fail over orders-db, past freeze "Q4 close", approvals, '
        "in INC-1234: The primary's disk is failing now."
    )
    assert found.against == ('freeze "Q4 close"', "approvals")


@pytest.mark.parametrize(
    ("changed", "what", "seen"),
    [
        ({"role": Role.OPERATOR}, "Only an admin may break the glass.", "alice is operator"),
        ({"role": Role.VIEWER}, "Only an admin may break the glass.", "alice is viewer"),
        ({"reason": "x" * 19}, "The reason is too short: 20 characters or more.", "19"),
        ({"reason": f"now{' ' * 40}now"}, "The reason is too short: 20 characters or more.", "7"),
        ({"incident": " "}, "There is no incident number.", "nothing is given"),
        ({"incident": "none"}, "There is no incident number.", "none"),
        ({"factor": SecondFactor()}, "Breaking the glass needs a second factor.", "whether it was given is not known"),
        ({"factor": SecondFactor(was_given=False)}, "Breaking the glass needs a second factor.", "it was not given"),
        (
            {"factor": SecondFactor(was_given=True, age=timedelta(minutes=16))},
            "Breaking the glass needs a second factor.",
            "it was given 16 min ago, and 15 are allowed",
        ),
        (
            {"against": (FREEZE, (Safe("audit"), "never"))},
            "The glass is not there for this.",
            "audit cannot be passed this way",
        ),
        ({"against": ((Safe("lag"), "reason"),)}, "The glass is not there for this.", "lag cannot be passed this way"),
        ({"against": ()}, "There is no glass to break.", "no check says no"),
    ],
)
def test_each_thing_that_lacks_is_told(changed: dict[str, Any], what: str, seen: str) -> None:
    found = broken(**changed)
    assert isinstance(found, Refusal)
    assert (found.what, found.seen) == (what, seen)
    assert found.mend


def test_a_second_factor_of_unknown_age_is_enough_where_it_is_known_to_have_been_given() -> None:
    assert isinstance(broken(factor=SecondFactor(was_given=True)), Broken)


def test_what_was_typed_cannot_act_on_a_terminal() -> None:
    found = broken(reason="It cannot wait\x1b[2J any longer\nnow", incident="42")
    assert isinstance(found, Broken)
    assert found.review.isprintable()
    assert found.banner.isprintable()
