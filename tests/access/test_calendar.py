"""Change calendars: closed is frozen; silent is not known, with what was known last beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from collectors.errors import Denied
from console.access.calendar import ask, of_calendars
from console.access.freeze import State, judge
from tests.access.by_hand import NOON
from tests.collectors.aws.asked import ByHand

NAME = "arn:aws:ssm:eu-west-1:111122223333:document/quarter-end"
STATE = ("ssm", "GetCalendarState")
DENIED = Denied("This identity may not ask ssm:GetCalendarState.", grant="ssm:GetCalendarState", seen="AccessDenied")


def state(**told: Any) -> ByHand:
    return ByHand({STATE: told})


async def test_a_closed_calendar_is_a_freeze_until_it_next_changes() -> None:
    answers = await ask(state(State="CLOSED", NextTransitionTime="2026-11-22T06:00:00Z"), [NAME], NOON, {})
    told = judge(of_calendars(answers, NOON))
    assert (told.state, told.name) == (State.FROZEN, "quarter-end")
    assert told.refusal(NOON).what == 'Freeze "quarter-end" until 06:00Z (admin may break glass).'


async def test_an_open_one_is_none() -> None:
    answers = await ask(state(State="OPEN", NextTransitionTime="2026-11-22T06:00:00Z"), [NAME], NOON, {})
    assert judge(of_calendars(answers, NOON)).state is State.OPEN


async def test_each_is_asked_alone_so_that_the_closed_one_is_known_although_another_fails() -> None:
    def pages(CalendarNames: list[str]) -> Any:  # noqa: N803 - AWS's name
        return [DENIED if CalendarNames == ["a"] else {"State": "CLOSED" if CalendarNames == ["b"] else "OPEN"}]

    answers = await ask(ByHand({STATE: pages}), ["a", "b", "c"], NOON, {})
    told = judge(of_calendars(answers, NOON))
    assert (told.state, told.name) == (State.FROZEN, "b")


async def test_one_that_no_longer_answers_is_not_known_whatever_it_said_last() -> None:
    for word, last in (("OPEN", "open"), ("CLOSED", "closed")):
        before = await ask(state(State=word), [NAME], NOON, {})
        for minutes in (1, 7):  # and what was known last stays known
            now = NOON + timedelta(minutes=minutes)
            before = await ask(ByHand({STATE: [DENIED]}), [NAME], now, before)
        told = judge(of_calendars(before, now))
        assert told.state is State.UNKNOWN
        assert told.seen == (
            f"This identity may not ask ssm:GetCalendarState. AccessDenied Last known: {last} 7 min ago."
        )
        again = await ask(state(State="OPEN"), [NAME], now, before)
        assert judge(of_calendars(again, now)).state is State.OPEN


async def test_one_that_never_answered_or_answers_nonsense_is_not_known() -> None:
    for reader in (ByHand({STATE: [DENIED]}), state(State="AJAR"), state()):
        (said,) = of_calendars(await ask(reader, [NAME], NOON, {}), NOON)
        assert said.state is State.UNKNOWN
        assert said.seen.endswith("Last known: never answered.")
