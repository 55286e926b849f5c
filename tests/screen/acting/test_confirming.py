"""Nothing but the whole name, typed key by key after the plan was in sight, confirms it."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.safe import Safe
from console.protocol.op import Op
from console.screen.acting import confirming
from console.screen.acting.asked import Field, asked_of
from console.screen.acting.confirming import Approve, Confirm, Typing, painted, pasted, pressed, refused, shown
from tests.screen.acting.plans import DONE, HELD_UP, PASSED, SIGNATURE, WAITING, WORD, op, row

BATTERY = int(os.environ.get("DBCONSOLE_BATTERY", "1"))
PACE = 0.2
IN_SIGHT_S, APART_S = 0.75, 0.010  # as it is promised, whatever the machine has them as


@dataclass(frozen=True)
class Key:
    key: str
    after: float = PACE  # the event before


@dataclass(frozen=True)
class Paste:
    text: str
    after: float = PACE


Event = Key | Paste


def letter(key: str) -> str | None:
    return key if len(key) == 1 else {"space": " ", "minus": "-"}.get(key)


def opened(plan: Op, at: float = 0.0) -> Typing:
    asked = asked_of(plan)
    assert asked is not None
    return painted(shown(None, asked), at)


def played(typing: Typing, events: Sequence[Event], at: float = 1.0) -> tuple[Typing, list[Confirm | Approve]]:
    """All of them, from a second after the plan was painted; and what was asked of the engine."""
    wishes: list[Confirm | Approve] = []
    for event in events:
        at += event.after
        if isinstance(event, Paste):
            typing = pasted(typing, event.text, at)
            continue
        typing, wish = pressed(typing, event.key, letter(event.key), at)
        if wish is not None:
            wishes.append(wish)
    return typing, wishes


def typed(word: str, *more: str, pace: float = PACE) -> list[Event]:
    return [Key(key, pace) for key in (*word, *more)]


def test_the_whole_name_and_enter_confirm_the_plan_that_was_shown() -> None:
    _, wishes = played(opened(op()), typed(WORD, "enter"))
    assert wishes == [Confirm(Safe("9f2c61d0a4"), "billing", "", (), "", "")]


@pytest.mark.parametrize("wrong", ["Billing", "billin", "billingg", "billing ", "", "gnillib"])
def test_another_word_confirms_nothing_and_says_what_to_type(wrong: str) -> None:
    after, wishes = played(opened(op()), typed(wrong.replace(" ", ""), *["space"] * (" " in wrong), "enter"))
    assert wishes == []
    assert "billing" in after.said


def test_what_is_pasted_is_no_name() -> None:
    after, wishes = played(opened(op()), [Paste(WORD), Key("enter")])
    assert (wishes, after.name, after.said) == ([], "", "Type the whole name: billing")
    after, _ = played(opened(op()), [Paste(WORD)])
    assert after.said == confirming.NO_PASTE


def test_what_comes_in_one_read_does_not_count_even_its_last_letter() -> None:
    at_once: list[Event] = [*typed("bil"), Key("l"), *typed("ing", "enter", pace=0.0)]
    after, wishes = played(opened(op()), at_once)
    assert (wishes, after.name) == ([], "bil")
    after, wishes = played(opened(op()), [*typed("billin"), Key("g"), Key("enter", 0.0), Key("enter", 2.0)])
    assert (wishes, after.name) == ([], "billin")


def test_what_was_typed_before_the_plan_was_in_sight_is_forgotten() -> None:
    asked = asked_of(op())
    assert asked is not None
    early, _ = played(shown(None, asked), typed(WORD))
    after, wishes = played(painted(early, 5.0), [Key("enter")], at=6.0)
    assert (wishes, after.name) == ([], "")
    soon, wishes = played(opened(op(), at=1.0), typed(WORD, "enter", pace=0.08))
    assert soon.name != WORD
    assert wishes == []


def test_a_key_that_is_held_counts_once() -> None:
    aaa = op(word="aaa")
    held, _ = played(opened(aaa), [Key("a"), Key("a", 0.5), *[Key("a", 0.03)] * 40])
    assert (held.name, held.said) == ("a", confirming.HELD)
    slowly, _ = played(opened(aaa), [Key("a"), *[Key("a", 0.09)] * 40])
    assert slowly.name == "a", "some keyboards repeat eleven times a second"
    twice, _ = played(opened(op(word="ll")), [Key("l"), Key("l", 0.03)])
    assert (twice.name, twice.said) == ("l", confirming.HELD)
    assert played(opened(aaa), typed("aaa", "enter"))[1], "three of them typed by hand do"


def test_enter_that_is_held_or_comes_at_the_heels_of_a_letter_confirms_nothing() -> None:
    ready = played(opened(op()), typed(WORD))[0]
    last = 1.0 + len(WORD) * PACE
    for pace in (0.03, 0.09, 0.14):
        assert played(ready, [Key("enter", 0.02), *[Key("enter", pace)] * 50], at=last)[1] == []
    soon, wishes = played(ready, [Key("enter", 0.1), Key("enter", 0.3)], at=last)
    assert (wishes, soon.said) == ([], confirming.TOO_SOON), "a keyboard may repeat so late for the first time"
    after, wishes = played(ready, [Key("enter", 0.1)], at=last)
    assert (wishes, after.said) == ([], confirming.TOO_SOON)
    assert len(played(after, [Key("enter", 0.6)], at=last + 0.1)[1]) == 1


def test_it_is_asked_for_once() -> None:
    _, wishes = played(opened(op()), [*typed(WORD, "enter"), *[Key("enter", 2.0)] * 5])
    assert len(wishes) == 1


def test_where_nothing_is_to_be_typed_enter_is_enough_under_the_same_rules() -> None:
    plan = op(word="")
    assert played(opened(plan, at=1.0), [Key("enter", 0.5)])[1] == []
    assert played(opened(plan), [Paste("\r"), Key("enter", 0.01)])[1] == []
    assert len(played(opened(plan), [Key("x"), Key("enter", 0.3)])[1]) == 1


def test_another_plan_begins_anew() -> None:
    half = played(opened(op()), typed("bill"))[0]
    asked = asked_of(op(plan="0000"))
    assert asked is not None
    anew = shown(half, asked)
    assert (anew.name, anew.ready) == ("", None)
    assert shown(half, half.asked) is half


def test_what_the_engine_refuses_is_typed_again() -> None:
    after = played(opened(op()), typed(WORD, "enter"))[0]
    again = refused(after, 10.0)
    assert played(again, typed("", "enter"), at=11.0)[1] == []
    assert len(played(again, typed(WORD, "enter"), at=11.0)[1]) == 1


def test_a_check_that_does_not_pass_is_marked_and_given_a_reason() -> None:
    plain = opened(HELD_UP)
    assert plain.asked.fields == (Field.CHECKS, Field.REASON, Field.NAME)
    without, wishes = played(plain, [Key("tab"), Key("tab"), *typed(WORD, "enter")])
    assert wishes == []
    assert "single-az" in without.said
    unsaid, wishes = played(plain, [Key("space"), Key("enter"), Key("enter"), *typed(WORD, "enter")])
    assert (wishes, unsaid.said) == ([], "The reason is missing: Shift+Tab goes back to it.")
    _, wishes = played(
        plain,
        [Key("space"), Key("enter"), *typed("quiet"), Key("space"), *typed("now", "enter"), *typed(WORD, "enter")],
    )
    assert wishes == [Confirm(Safe("9f2c61d0a4"), "billing", "quiet now", ("single-az",), "", "")]


def test_a_warning_stops_nothing_and_asks_for_nothing() -> None:
    warned = opened(op(checks=(*PASSED, row("single-az", "warn", override="reason"))))
    assert warned.asked.fields == (Field.NAME,)
    assert played(warned, [*typed(WORD, "enter")])[1] == [Confirm(Safe("9f2c61d0a4"), "billing", "", (), "", "")]


def test_a_code_is_asked_for_where_the_plan_asks_for_one() -> None:
    plan = op(checks=(*PASSED, row("mfa", "block", override="confirm")))
    assert opened(plan).asked.fields == (Field.MFA, Field.NAME)
    _, wishes = played(opened(plan), [*typed("123456", "enter"), *typed(WORD, "enter")])
    assert isinstance(wishes[0], Confirm)
    assert wishes[0].mfa == "123456"


def test_glass_is_broken_with_a_reason_and_an_incident() -> None:
    plan = op(checks=(row("freeze", "block", override="break-glass"),))
    assert opened(plan).asked.fields == (Field.CHECKS, Field.REASON, Field.INCIDENT, Field.NAME)


def test_all_that_the_command_of_an_approval_prints_is_pasted() -> None:
    """It prints what was signed, and then the signature: without the first nothing can be checked."""
    waiting = opened(WAITING)
    printed = f"dbconsole-approve-v1\nsha256:ab\n01K\nalice\n2026-03-11T12:10:00Z\n0123\n{SIGNATURE}"
    assert played(waiting, [Paste(printed), Key("enter")])[1] == [Approve(printed)]


def test_a_signature_is_pasted_and_nothing_is_confirmed_by_it() -> None:
    waiting = opened(WAITING)
    assert waiting.asked.fields == (Field.APPROVAL,)
    assert played(waiting, [Paste(SIGNATURE), Key("enter")])[1] == [Approve(SIGNATURE)]
    unbracketed: list[Event] = [Key("enter" if sign == "\n" else sign, 0.0) for sign in SIGNATURE]
    _, wishes = played(waiting, [*unbracketed[:-1], Key("enter", 1.0)])
    assert wishes == [Approve(SIGNATURE.strip())]
    assert played(waiting, [Paste(SIGNATURE[:60]), Key("enter")])[1] == []


def test_what_has_ended_asks_nothing() -> None:
    assert asked_of(DONE) is None


PLANS = (
    op(),
    HELD_UP,
    op(word="aab"),
    op(word="ll"),
    WAITING,
    op(checks=(row("freeze", "block", override="break-glass"),)),
)
GAPS = (0.0, 0.001, 0.009, 0.011, 0.03, 0.05, 0.09, 0.12, 0.16, 0.2, 0.6, 0.8)
KEYS = ("enter", "enter", "tab", "space", "backspace", "up", "down", "shift+tab", "ctrl+u", "escape", "q", "x")


def letters_that_may_count(events: Sequence[Event], at: float) -> str:
    """Typed with nothing beside them, after the plan was in sight: told without the machine."""
    times = list(accumulate((event.after for event in events), initial=at))[1:]
    alone = [
        event.key
        for number, event in enumerate(events)
        if isinstance(event, Key)
        and len(event.key) == 1
        and times[number] >= IN_SIGHT_S
        and (number == 0 or event.after >= APART_S)
        and (number + 1 == len(events) or isinstance(events[number + 1], Paste) or events[number + 1].after >= APART_S)
    ]
    return "".join(alone)


def is_spelt_in(word: str, letters: str) -> bool:
    found: Iterator[str] = iter(letters)
    return all(sign in found for sign in word)


def judge(plan: Op, events: Sequence[Event], at: float) -> int:
    """How often it was confirmed; the first key comes ``at`` seconds after the plan was painted."""
    _, wishes = played(opened(plan), events, at=at)
    confirmed = [wish for wish in wishes if isinstance(wish, Confirm)]
    for wish in confirmed:
        assert wish.typed == plan.word
        assert is_spelt_in(plan.word, letters_that_may_count(events, at)), events
    assert len(confirmed) <= 1
    return len(confirmed)


gaps = st.sampled_from(GAPS)
any_event = st.one_of(
    st.builds(Key, st.sampled_from((*KEYS, *"bilnga")), gaps),
    st.builds(Paste, st.sampled_from((WORD, "bill", "ing", "aab\r", SIGNATURE)), gaps),
)
runs = st.builds(lambda word, pace: typed(word, pace=pace), st.sampled_from((WORD, "bil", "ling", "aab", "ll")), gaps)


parts_of_a_sequence = st.lists(st.one_of(any_event.map(lambda each: [each]), runs), max_size=12)


@given(st.sampled_from(PLANS), parts_of_a_sequence, st.sampled_from((0.0, 0.5, 1.0)))
@settings(max_examples=300 * BATTERY)
def test_nothing_but_the_name_typed_by_hand_confirms(plan: Op, parts: list[list[Event]], at: float) -> None:
    judge(plan, [event for part in parts for event in part], at)


def random_events(rng: random.Random, word: str) -> list[Event]:
    """Near to what would confirm: mostly the name in pieces, some of them pasted, held or at once."""
    events: list[Event] = []
    for _ in range(rng.randint(1, 8)):
        start = rng.randrange(len(word) + 1)
        piece = rng.choice((word, word[:start], word[start:]))
        match rng.randrange(5):
            case 0:
                events.append(Paste(piece, rng.choice(GAPS)))
            case 1:
                events += typed(piece, pace=rng.choice(GAPS[:3]))
            case 2:
                events += [Key(rng.choice(KEYS), rng.choice(GAPS)) for _ in range(rng.randint(1, 3))]
            case 3 if piece:
                events += [Key(piece[0], rng.choice((0.03, 0.09)))] * rng.randint(2, 9)
            case _:
                events += [Key(sign, rng.choice(GAPS[5:])) for sign in piece]
        if rng.random() < 0.7:
            events.append(Key("enter", rng.choice(GAPS)))
    return events


def test_thousands_of_random_sequences_confirm_only_with_the_whole_name() -> None:
    rng = random.Random(7)
    confirmed = 0
    for number in range(2_000 * BATTERY):
        plan = PLANS[number % len(PLANS)] if number % 2 else PLANS[0]
        confirmed += judge(plan, random_events(rng, plan.word), rng.choice((0.0, 0.5, 1.0)))
    assert confirmed > 50 * BATTERY, "they come near enough to confirm now and then"
