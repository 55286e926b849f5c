"""Is it over, and was it ours? Whatever AWS tells of it, in whatever order, and whatever it keeps to itself."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from collectors.safe import Safe
from console.actions.craft import Sent, Way
from console.actions.failovers.proving import After, outcome
from console.actions.failovers.told import TRAIL_LATE, Told, Trail
from console.actions.known import Probed
from console.audit.diff import Trailed
from tests.actions.given import NOW

SOON = NOW + timedelta(seconds=90)
SENT = Sent(NOW, SOON, is_accepted=True)
LOST = replace(SENT, is_accepted=False)
QUIET = After("available", is_settled=True, is_at_it=False, moves="the zones have not changed places")
COMPLETED = Told(NOW + timedelta(seconds=72), "Multi-AZ instance failover completed", "billing")
STARTED = Told(NOW + timedelta(seconds=6), "Multi-AZ instance failover started", "billing")
NOT_ATTEMPTED = Told(NOW + timedelta(seconds=2), "Amazon RDS is not attempting a requested failover", "billing")
LET_IN = Probed(NOW + timedelta(seconds=7), NOW + timedelta(seconds=70), NOW + timedelta(seconds=71))
MOVED = "it is in eu-west-1c, and was in eu-west-1a"


def trailed(session: str, error: str = "") -> Trailed:
    return Trailed(NOW, "rds", "RebootDBInstance", f"arn:aws:sts::1:assumed-role/x/{session}", "r", error, ("billing",))


OURS, THEIRS = trailed("dbconsole-alice-01K0000000000000000000000A"), trailed("bob")


def test_it_is_done_by_an_event_of_its_end_or_by_the_role_elsewhere_and_a_login_and_by_nothing_less() -> None:
    each = itertools.product((True, False), (None, COMPLETED), ("", MOVED), (None, LET_IN))
    for settled, completed, moved, probed in each:
        seen = replace(QUIET, is_settled=settled, completed=completed, moved=moved, probed=probed)
        is_done = settled and (completed is not None or (bool(moved) and probed is not None))
        assert (outcome(seen, SENT).way is Way.DONE) == is_done, (settled, completed, moved, probed)


@pytest.mark.parametrize(
    ("probed", "proves"),
    [
        (Probed(None, None, None), False),  # it has knocked, and seen nothing yet
        (Probed(SOON, None, None), False),  # it is shut
        (replace(LET_IN, login=NOW - timedelta(seconds=1), up=None), False),  # before it was sent
        (replace(LET_IN, up=None), True),  # one may log in
        (Probed(None, None, None, Safe("a"), Safe("b")), True),  # so quick that no knock was shut out
        (Probed(None, None, None, Safe("a"), Safe("a")), False),
    ],
)
def test_a_login_counts_from_when_it_was_sent(probed: Probed, proves: bool) -> None:
    seen = outcome(replace(QUIET, moved=MOVED, probed=probed), SENT)
    assert (seen.way is Way.DONE) == proves


def test_what_is_not_proved_is_said_with_what_is_lacking() -> None:
    seen = outcome(replace(QUIET, began=STARTED), SENT)
    assert (seen.way, seen.said) == (
        Way.UNDER_WAY,
        "available; not proved: no event tells of its end, the zones have not changed places, "
        "nobody has proved that one is let in",
    )


@pytest.mark.parametrize("sign", [{"is_at_it": True}, {"began": STARTED}, {"moved": MOVED}, {"trail": Trail(OURS)}])
def test_any_sign_of_it_is_a_sign_that_it_arrived(sign: dict[str, object]) -> None:
    assert outcome(replace(QUIET, **sign), LOST).way is Way.UNDER_WAY  # type: ignore[arg-type]
    assert outcome(QUIET, LOST).way is Way.ABSENT


def test_what_aws_does_not_attempt_has_failed_in_its_words_unless_it_was_done_after_all() -> None:
    refused = outcome(replace(QUIET, refused=NOT_ATTEMPTED), SENT)
    assert (refused.way, "not attempting" in refused.said) == (Way.FAILED, True)
    assert outcome(replace(QUIET, refused=NOT_ATTEMPTED, completed=COMPLETED), SENT).way is Way.DONE


def test_a_request_that_cloudtrail_has_as_refused_has_failed() -> None:
    told = outcome(replace(QUIET, trail=Trail(trailed("x", "InvalidDBInstanceState"))), LOST)
    assert (told.way, told.said) == (Way.FAILED, "CloudTrail has this request as refused: InvalidDBInstanceState")


def test_whose_it_is_is_said_as_surely_as_it_is_known() -> None:
    over = replace(QUIET, completed=COMPLETED)
    assert outcome(over, SENT).proof[-1] == "AWS has accepted this very request"
    assert outcome(replace(over, trail=Trail(OURS, THEIRS)), LOST).proof[-1] == "CloudTrail has it as this operation's"
    assert "by its time alone" in outcome(over, LOST).proof[-1]


def test_one_of_which_cloudtrail_names_another_is_nobody_s_until_it_has_told_all_and_then_theirs() -> None:
    over = replace(QUIET, completed=COMPLETED, trail=Trail(theirs=THEIRS))
    doubtful = outcome(over, LOST)
    assert (doubtful.way, "perhaps it was bob's" in doubtful.said) == (Way.UNDER_WAY, True)
    theirs = outcome(over, replace(LOST, now=NOW + TRAIL_LATE))
    assert (theirs.way, theirs.is_ours, "bob" in theirs.said) == (Way.DONE, False, True)
    assert outcome(over, SENT).is_ours, "AWS has accepted ours"


def test_for_what_was_accepted_nobody_asks_whose_it_was() -> None:
    assert outcome(replace(QUIET, completed=COMPLETED, trail=Trail(theirs=THEIRS)), SENT).way is Way.DONE
