"""Freezes: which windows hold now, how several sources come to one, and what an action is told."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from console.access.freeze import Freeze, Said, State, end_of, judge, of_windows
from profiles.access import DAYS, FreezeFile, FreezeWindow
from tests.access.by_hand import NOON
from tests.profiles.saying import profile

PROFILE = Safe("the profile")
Q4 = """
[[access.freezes]]
name = "Q4 close"
from = "2026-11-20T18:00Z"
until = "2026-11-22T06:00Z"
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def weekly(*days: str, from_: str | None = None, until: str | None = None) -> FreezeWindow:
    return FreezeWindow.model_validate({"name": "w", "days": list(days), "from": from_, "until": until})


def frozen(text: str, now: datetime = NOON) -> Freeze:
    return judge([of_windows(profile(text).access, PROFILE, now)])


def test_a_freeze_is_refused_in_three_lines_that_say_until_when() -> None:
    told = frozen(Q4)
    assert (told.state, told.verdict(in_a_freeze=False), told.verdict(in_a_freeze=True)) == (
        State.FROZEN,
        "block",
        "pass",
    )
    refused = told.refusal(NOON)
    assert refused.what == 'Freeze "Q4 close" until 06:00Z (admin may break glass).'
    assert refused.seen == "the profile"
    assert refused.mend == "Wait until 06:00Z. An admin may break the glass."
    assert told.may_break_glass


def test_one_that_ends_another_day_says_which() -> None:
    assert "until 2026-11-22 06:00Z" in frozen(Q4, at("2026-11-20T18:00")).refusal(at("2026-11-20T18:00")).what


@pytest.mark.parametrize(
    ("now", "is_frozen"),
    [
        ("2026-11-20T17:59:59", False),
        ("2026-11-20T18:00", True),
        ("2026-11-22T05:59:59", True),
        ("2026-11-22T06:00", False),
    ],
)
def test_its_first_moment_belongs_to_it_and_its_last_does_not(now: str, is_frozen: bool) -> None:
    assert (frozen(Q4, at(now)).state is State.FROZEN) is is_frozen
    assert frozen(Q4, at(now)).verdict(in_a_freeze=False) == ("block" if is_frozen else "pass")


@pytest.mark.parametrize(
    ("window", "now", "end"),
    [
        (weekly("sat"), "2026-11-21T00:00", "2026-11-22T00:00"),  # 21 November 2026 is a Saturday
        (weekly("sat"), "2026-11-20T23:59", None),
        (weekly("sat"), "2026-11-22T00:00", None),
        (weekly("sat", from_="22:00", until="06:00"), "2026-11-22T05:59", "2026-11-22T06:00"),
        (weekly("sat", from_="22:00", until="06:00"), "2026-11-21T05:59", None),
        (weekly("sat", from_="22:00", until="06:00"), "2026-11-21T22:00", "2026-11-22T06:00"),
        (weekly("sat", from_="22:00", until="06:00"), "2026-11-22T06:00", None),
        (weekly("sat", from_="09:00", until="17:00"), "2026-11-21T17:00", None),
        (weekly("sat", from_="09:00", until="09:00"), "2026-11-22T08:59", "2026-11-22T09:00"),
        (weekly("sat", from_="24:00", until="06:00"), "2026-11-22T05:00", "2026-11-22T06:00"),
        (weekly("sun", from_="22:00"), "2026-11-22T23:59", "2026-11-23T00:00"),
    ],
)
def test_a_weekly_one_holds_on_its_days_and_past_midnight(window: FreezeWindow, now: str, end: str | None) -> None:
    assert end_of(window, at(now)) == (at(end) if end else None)


@given(
    st.sampled_from(DAYS), st.integers(0, 23), st.integers(0, 59), st.integers(1, 24 * 60),
    st.integers(0, 14 * 24 * 60),
)  # fmt: skip
def test_a_weekly_one_is_as_often_and_as_long_as_it_says(
    day: str, hour: int, minute: int, lasts: int, later: int
) -> None:
    """Against the plainest way to say it: minutes since Monday, round and round."""
    begin = DAYS.index(day) * 1440 + hour * 60 + minute
    ends = (hour * 60 + minute + lasts) % 1440
    window = weekly(day, from_=f"{hour:02}:{minute:02}", until=f"{ends // 60:02}:{ends % 60:02}")
    now = at("2026-11-16T00:00") + timedelta(minutes=later)  # a Monday
    is_in = (later % (7 * 1440) - begin) % (7 * 1440) < lasts
    assert (end_of(window, now) is not None) == is_in


def test_windows_that_follow_each_other_end_with_the_last() -> None:
    said = FreezeFile(freezes=(weekly("fri", from_="18:00"), weekly("sat"), weekly("sun", until="20:00")))
    assert of_windows(said, PROFILE, at("2026-11-20T19:00")).until == at("2026-11-22T20:00")
    always = FreezeFile(freezes=(weekly(*DAYS),))
    told = of_windows(always, PROFILE, NOON)
    assert (told.state, told.until) == (State.FROZEN, None)
    assert judge([told]).refusal(NOON).what == 'Freeze "w" (admin may break glass).'


def test_passive_blocks_snapshots_too_and_no_glass_breaks_it() -> None:
    told = frozen("[access]\npassive = true\n" + Q4)
    assert [told.verdict(in_a_freeze=each) for each in (False, True)] == ["block", "block"]
    assert not told.may_break_glass
    refused = told.refusal(NOON)
    assert (refused.what, refused.seen) == ("Nothing is changed from here: the console is passive.", "the profile")
    assert refused.mend == "Whoever set `passive` there takes it away."


def test_what_is_not_known_warns_of_a_snapshot_and_blocks_all_else() -> None:
    told = judge([Said(PROFILE, State.OPEN), Said(Safe("the calendar x"), State.UNKNOWN, seen=Safe("denied."))])
    assert [told.verdict(in_a_freeze=each) for each in (False, True)] == ["block", "warn"]
    refused = told.refusal(NOON)
    assert (refused.what, refused.seen) == ("Freeze state unknown.", "the calendar x: denied.")
    assert told.may_break_glass


STATES = [
    *(Said(PROFILE, state, Safe(state)) for state in State),
    Said(Safe("the file"), State.FROZEN, Safe("passive"), is_passive=True),
    Said(PROFILE, State.FROZEN, Safe("long"), NOON + timedelta(days=2)),
    Said(PROFILE, State.FROZEN, Safe("short"), NOON + timedelta(hours=2)),
]


@pytest.mark.parametrize("said", list(itertools.permutations(STATES, 3)))
def test_any_source_alone_is_enough_whatever_the_order(said: tuple[Said, ...]) -> None:
    told = judge(said)
    states = {each.state for each in said}
    assert told.is_passive == any(each.is_passive for each in said)
    if State.FROZEN in states:
        assert told.state is State.FROZEN
    else:
        assert told.state is (State.UNKNOWN if State.UNKNOWN in states else State.OPEN)
    if {each.name for each in said} == {"long", "short", "open"}:
        assert told.name == "long"


def test_no_source_at_all_is_no_freeze() -> None:
    assert judge([]).verdict(in_a_freeze=False) == "pass"
