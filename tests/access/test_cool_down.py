"""A cluster is left alone for a while after something was done to it, unless somebody acknowledged that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from collectors.safe import Safe
from console.access.cool_down import CoolDown, Former, cooling
from tests.access.by_hand import NOON

KNOWN = {
    "fail over": CoolDown(Safe("Failed over"), timedelta(hours=1)),
    "snapshot": CoolDown(Safe("Snapshot taken"), timedelta(seconds=60)),
}


def former(action: str = "fail over", ago: timedelta = timedelta(minutes=11), *, acknowledged: bool = False) -> Former:
    return Former(
        "01JA", Safe("snapshot") if action == "snapshot" else Safe("fail over"), Safe("bob"), NOON - ago, acknowledged
    )


def test_it_is_refused_in_the_words_of_the_specification() -> None:
    told = cooling([former()], KNOWN, NOON)
    assert told is not None
    assert told.sentence(NOON) == "Failed over 11 min ago by bob, not acknowledged. Acknowledge it (A) or wait 49 min."
    assert told.refusal(NOON).seen == "01JA"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=38), "38 s ago by bob, not acknowledged. Acknowledge it (A) or wait 60 min."),
        (timedelta(minutes=11, seconds=59), "11 min ago by bob, not acknowledged. Acknowledge it (A) or wait 49 min."),
        (timedelta(minutes=59, seconds=59), "59 min ago by bob, not acknowledged. Acknowledge it (A) or wait 1 s."),
        (-timedelta(hours=2), "0 s ago by bob, not acknowledged. Acknowledge it (A) or wait 3 h."),
    ],
)
def test_what_has_passed_is_rounded_down_and_what_is_left_up(ago: timedelta, words: str) -> None:
    told = cooling([former(ago=ago)], KNOWN, NOON)
    assert told is not None
    assert told.sentence(NOON) == f"Failed over {words}"


def test_it_is_over_when_its_time_is() -> None:
    assert cooling([former(ago=timedelta(hours=1))], KNOWN, NOON) is None
    assert cooling([former("snapshot", timedelta(seconds=60))], KNOWN, NOON) is None
    assert cooling([former("snapshot", timedelta(seconds=59))], KNOWN, NOON) is not None
    assert cooling([], KNOWN, NOON) is None


def test_whoever_acknowledges_it_ends_it() -> None:
    assert cooling([former(acknowledged=True)], KNOWN, NOON) is None
    assert cooling([former(acknowledged=True), former("snapshot", timedelta())], KNOWN, NOON) is not None


def test_of_several_the_one_that_lasts_longest_is_told() -> None:
    several = [former("snapshot", timedelta(seconds=5)), former(), former(ago=timedelta(minutes=50))]
    told = cooling(several, KNOWN, NOON)
    assert told is not None
    assert told.until == NOON + timedelta(minutes=49)


def test_an_action_of_another_version_is_waited_for_as_for_a_failover() -> None:
    told = cooling([former()], {}, NOON)
    assert told is not None
    assert told.sentence(NOON).startswith("Something unknown to this console was done 11 min ago by bob")
