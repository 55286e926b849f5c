"""The dialog of a flush: the load to expect, the number that must be written, how to stop it, and the time after."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.protocol.flush import Flush
from console.screen.acting import states
from console.screen.acting.asked import asked_of
from console.screen.acting.confirming import Typing, counted, lacking
from console.screen.acting.hints import hints
from console.screen.flush.told import expected
from tests.screen.acting.plans import PASSED, op, row
from tests.screen.acting.stage import Hand, gated
from tests.screen.flush.given import ADMIN, COLD, DELETING, DONE, HOT, OVER, STORE, WATCHED, flushing
from tests.screen.flush.stage import ask, tell

LIST = ("colon", *"ops", "enter")


async def test_it_opens_with_the_load_to_expect_and_says_it_once(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.plan = flushing()
        await ask(seen)
        await seen.press(*"one", "enter")
        text = await seen.until(lambda text: "Type sessions-001" in text)
        assert seen.lines[2].strip() == "Expect     4,100 operations a second of 118 clients"
        assert "orders-primary has room: 43 % CPU." in text
        assert "it would get 3,940 more reads a second, and does 900 now" in " ".join(text.split())
        assert text.index("Expect") < text.index("Flush database 0 of sessions")
        assert text.count("4,100 operations a second") == 1


def test_a_number_that_stands_in_two_places_is_said_once() -> None:
    load = "26,000 operations/s x 96 % hits = about 24,960/s more"
    room = row("head-room", what="It has room.", seen=f"orders-primary: CPU 50 %; {load}")
    told = flushing(radius=(f"The origin has to answer: {load}.",), checks=(room,))
    lines = ["".join(words for words, _ in line.left).strip() for line in expected(told, 120)]
    assert lines == [f"Expect     The origin has to answer: {load}.", "It has room.", "orders-primary: CPU 50 %", ""]


async def test_what_looks_like_a_store_is_flushed_by_whoever_writes_how_many_keys_it_has(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.plan = flushing(checks=(*PASSED, STORE))
        await ask(seen)
        await seen.press(*"one", "enter")
        text = await seen.until(lambda text: "[ ]" in text)
        assert "Space marks it, with a reason that says how many keys there are: 1,203,334" in text
        assert "Write the number of keys in the reason: 1,203,334." in text
        hand = Hand(seen)
        await hand.type("space", "tab", *"it can go", "enter", *"sessions-001", "enter")
        await seen.until(lambda text: "in the reason: 1,203,334. Shift+Tab goes back to it." in text)
        assert gate.asked == ["act.plan"]
        await hand.type("shift+tab", *", 1203334", "tab", "enter", pace=0.6)
        await seen.until(lambda _: "act.confirm" in gate.asked)
        told = gate.args("act.confirm")
        assert (told["reason"], told["overrides"]) == ("it can go, 1203334", ["store"])


def test_a_number_is_missed_only_where_it_is_asked_for() -> None:
    asked = asked_of(flushing(checks=(*PASSED, STORE)))
    assert asked is not None
    assert asked.count == 1_203_334
    plain = asked_of(flushing())
    assert plain is not None
    assert plain.count == 0
    named = Typing(asked, marked=frozenset({"store"}))
    assert str(lacking(named)).startswith("The reason is missing")
    assert counted(7) == "Write the number of keys in the reason: 7."


@pytest.mark.parametrize("key", ["s", "ctrl+s"])
async def test_while_it_deletes_it_says_how_far_it_is_and_a_key_stops_it(key: str, tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.tell(DELETING)
        await seen.until(lambda text: "flush of a prefix of sessions-001 41 % (:ops)" in text)
        await seen.press(*LIST, "enter")
        text = await seen.until(lambda text: "s:Stop it here" in text)
        assert "41" in text
        assert text.count("412,000 of about 1,000,000 are deleted, 10,300/s") == 1
        assert "201,000" not in text, "what it said before says nothing more"
        assert "Esc:Stop watching (the flush of a prefix continues)" in text
        assert gate.asked == []
        await Hand(seen).type(key)
        await seen.until(lambda _: gate.asked == ["act.abort"])
        assert gate.args("act.abort") == {"op": str(DELETING.id)}


async def test_esc_only_stops_watching_and_w_in_the_list_stops_it(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.tell(DELETING)
        await seen.press(*LIST, "enter")
        await seen.until(lambda text: "s:Stop it here" in text)
        await Hand(seen).type("escape")
        await seen.until(lambda text: "flush of a prefix of sessions-001 continues. :ops shows it." in text)
        assert gate.asked == []
        await seen.press("w")
        await seen.until(lambda text: "The flush of a prefix of sessions-001 is being stopped." in text)
        assert gate.asked == ["act.abort"]


async def test_a_viewer_sees_how_far_it_is_and_stops_nothing(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN, mode="view") as (seen, gate):
        gate.tell(DELETING)
        await seen.press(*LIST, "enter")
        text = await seen.until(lambda text: "412,000 of about" in text)
        assert "Stop it" not in text
        await Hand(seen).type("s", "ctrl+s")
        assert gate.asked == []


def test_what_cannot_be_stopped_offers_no_key_for_it() -> None:
    told = " ".join(hints(DONE.model_copy(update={"state": "sent", "ended": None}), None, viewer=False))
    assert "Stop it" not in told
    assert "s:Stop it here" in " ".join(hints(DELETING, None, viewer=False))
    unknown = DELETING.model_copy(update={"state": "unknown"})
    assert "Stop it" not in " ".join(hints(unknown, None, viewer=False))


def test_where_aws_has_no_part_in_it_nobody_says_that_it_has() -> None:
    for state in states.STAGES:
        assert "AWS" not in states.stage(flushing(state)).sentence
    assert "AWS" in states.stage(op("accepted")).sentence
    assert states.noun(DELETING) == "flush of a prefix"
    assert states.noun(flushing(action="flush.all-plans", title="Flush of all plans")) == "flush of all plans"


async def test_afterwards_the_values_stand_above_all_else_until_the_verdict(tmp_path: Path) -> None:
    async with gated(tmp_path, (80, 24), offers=ADMIN) as (seen, gate):
        gate.tell(DONE)
        await seen.press(*LIST, "enter")
        await seen.until(lambda text: "It is executed once" in text)
        await tell(seen, WATCHED)
        text = await seen.until(lambda text: "hit rate: before 96 %, lowest 3.1 %, now 41 %" in text)
        assert "Watched for 11m more, or until all is as it was before." in text
        assert "orders-primary CPU: before 43 %, highest 88 %, now 88 %" in text
        assert text.index("hit rate: before") < text.index("It is executed once")
        await tell(seen, HOT)
        await seen.until(lambda text: "orders-primary went over 90 % CPU" in text)
        assert seen.lines[2].strip().startswith("orders-primary went over 90 % CPU")
        await tell(seen, OVER)
        await seen.until(lambda text: "-> 95.8 % after 1 min 20 s" in " ".join(text.split()))


@pytest.mark.parametrize(("told", "words"), [(WATCHED, "Since then: hit rate 41 %"), (COLD, "has not come back")])
async def test_the_list_of_operations_has_it_too(told: Flush, words: str, tmp_path: Path) -> None:
    async with gated(tmp_path, (160, 40), offers=ADMIN, mode="view") as (seen, gate):
        gate.tell(DONE)
        await seen.press(*LIST)
        await tell(seen, told)
        await seen.until(lambda text: words in text)
