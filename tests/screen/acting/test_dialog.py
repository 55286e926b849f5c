"""The dialog as its user has it: what it says, what it takes, and what it asks of the engine."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from collectors.errors import Trouble
from collectors.safe import NO_TEXT
from console.screen.acting import confirming
from tests.rig.stage import Seen
from tests.screen.acting.plans import (
    BUSY,
    COUNTING,
    DONE,
    HELD_UP,
    IN_FLIGHT,
    REFUSED,
    SHARED,
    SIGNATURE,
    UNKNOWN,
    WAITING,
    WORD,
    op,
)
from tests.screen.acting.stage import Gate, Hand, gated
from tests.screen.acting.test_confirming import APART_S, BATTERY, KEYS, is_spelt_in

PLANNED = "Type billing"


async def planned(seen: Seen, word: str = PLANNED) -> Hand:
    """The dialog is open on a plan."""
    await seen.press("S")
    await seen.until(lambda text: word in text)
    return Hand(seen)


async def test_before_what_is_risky_a_snapshot_is_offered_and_one_key_plans_that_instead(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        gate.plan = op(title="Reboot", action="exercise.reboot", offers_first="snapshot")
        hand = await planned(seen, "Wise first")
        assert "a snapshot of billing, should this go wrong" in seen.text
        gate.plan = op(id="01J9ZV6W8R0000000000000009")
        await hand.type("ctrl+t")
        await seen.until(lambda text: "Snapshot of billing" in text and "Wise first" not in text and PLANNED in text)
        assert gate.asked == ["act.plan", "act.abort", "act.plan"]


async def test_the_whole_name_typed_confirms_and_esc_ends_the_countdown(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        hand = await planned(seen)
        assert gate.args("act.plan") == {"action": "snapshot", "id": "billing"}
        await hand.type(*WORD, "enter")
        await seen.until(lambda text: "Esc:Stop it" in text and "It is sent in 4 s" in text)
        assert gate.args("act.confirm") == {
            "op": str(gate.plan.id),
            "plan": str(gate.plan.plan),
            "typed": "billing",
            "reason": "",
            "overrides": [],
            "incident": "",
            "mfa": "",
        }
        await hand.type("q", "enter", "x")
        assert gate.asked == ["act.plan", "act.confirm"]
        await hand.type("escape")
        await seen.until(lambda text: "withdrawn" in text and "Nothing was sent." in text)
        assert gate.asked == ["act.plan", "act.confirm", "act.abort"]
        await hand.type("escape")
        await seen.until(lambda text: "RESOURCE" in text)


async def test_neither_paste_nor_what_comes_at_once_nor_what_was_typed_before_confirms(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        await seen.burst("S", *WORD, "enter")
        await seen.until(lambda text: PLANNED in text)
        hand = Hand(seen)
        await hand.paste(f"{WORD}\r")
        await seen.until(lambda text: confirming.NO_PASTE in text)
        await hand.type("enter")
        await seen.until(lambda text: "Type the whole name: billing" in text)
        await hand.type(*WORD, pace=0.001)
        await seen.until(lambda text: confirming.AT_ONCE in text)
        await hand.type("enter", pace=1.0)
        assert gate.asked == ["act.plan"]


async def test_keys_do_not_count_before_the_plan_has_been_in_sight(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, _):
        await planned(seen)
        await seen.press("b")
        await seen.until(lambda text: confirming.READ_FIRST in text or "Type billing: b" in text)
        assert confirming.READ_FIRST in seen.text, "it was pressed at once"


async def test_another_plan_under_the_persons_eyes_is_typed_anew(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        hand = await planned(seen)
        await hand.type(*WORD)
        await seen.until(lambda text: "as it should be" in text)
        gate.tell(op(plan="0000aaaa"))
        await seen.until(lambda text: "plan 0000aaaa" in text and "as it should be" not in text)
        await hand.type("enter")
        assert gate.asked == ["act.plan"]


async def test_leaving_a_plan_withdraws_it(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        hand = await planned(seen)
        await hand.type("escape")
        await seen.until(lambda text: "Nothing was sent." in text and "RESOURCE" in text)
        assert gate.asked == ["act.plan", "act.abort"]


async def test_a_plan_that_the_engine_does_not_make_is_three_lines(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        gate.refuses["act.plan"] = Trouble("The clock is wrong.", seen="4 min ahead of AWS", mend="Set it.")
        await seen.press("S")
        text = await seen.until(lambda text: "Set it." in text)
        assert "seen     4 min ahead of AWS" in text
        await seen.press("escape")
        await seen.until(lambda text: "RESOURCE" in text)
        assert gate.asked == ["act.plan"]


async def test_what_the_engine_refuses_at_the_end_is_said_and_typed_again(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        hand = await planned(seen)
        gate.refuses["act.confirm"] = Trouble("The estate changed since.", seen="backing-up", mend="Plan it again.")
        await hand.type(*WORD, "enter")
        await seen.until(lambda text: "The estate changed since." in text and "Type billing:" in text)
        gate.refuses.clear()
        await hand.type("enter", pace=2.0)
        await seen.until(lambda text: "Type the whole name" in text)
        await hand.type(*WORD, "enter")
        await seen.until(lambda text: "It is sent in" in text)


async def test_a_refusal_is_the_first_thing_the_eye_meets(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        gate.plan = REFUSED
        await seen.press("S")
        await seen.until(lambda text: "REFUSED" in text)
        first = " ".join(seen.lines[2:5])
        assert all(words in first for words in (BUSY.what, BUSY.seen, BUSY.mend))


async def test_the_engine_is_told_of_a_key_a_minute(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, _):
        await seen.press("j", "k", "j")
        await seen.until(lambda _: seen.engine.here == 1)
        await seen.press("k", "j")
        assert seen.engine.here == 1


async def test_a_check_is_marked_and_the_reason_goes_with_the_confirmation(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        gate.plan = HELD_UP
        hand = await planned(seen, "[ ]")
        await hand.type("space")
        await seen.until(lambda text: "[x] It stands in one zone" in text)
        await hand.type("tab", *"quiet", "enter", *WORD, "enter")
        await seen.until(lambda text: "It is sent in" in text)
        args = gate.args("act.confirm")
        assert (args["overrides"], args["reason"], args["typed"]) == (["single-az"], "quiet", "billing")


async def test_a_signature_is_pasted_and_what_is_to_be_signed_is_there_line_by_line(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        gate.plan = WAITING
        await seen.press("S")
        text = await seen.until(lambda text: "Approvals  0 of 1" in text)
        assert "   dbconsole-approve-v1\n   9f2c61d0a4\n" in text
        hand = Hand(seen)
        await hand.paste(SIGNATURE)
        await seen.until(lambda text: "whole: Enter gives it to the engine" in text)
        await hand.type("enter")
        await seen.until(lambda _: "approve" in gate.asked)
        assert gate.args("approve") == {"op": str(WAITING.id), "text": SIGNATURE}
        await hand.type("escape")
        await seen.until(lambda text: "waits for approval" in text and "RESOURCE" in text)
        assert "act.abort" not in gate.asked


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_once_it_is_sent_one_only_stops_watching_and_every_screen_says_how_it_gets_on(
    key: str, tmp_path: Path
) -> None:
    async with gated(tmp_path) as (seen, gate):
        hand = await planned(seen)
        gate.tell(IN_FLIGHT)
        text = await seen.until(lambda text: "Esc:Stop watching (the snapshot continues)" in text)
        assert "42 %" in text
        assert "cancel" not in text.lower()
        await hand.type(key)
        await seen.until(lambda text: "the snapshot of billing continues" in text)
        assert gate.asked == ["act.plan"]
        seen.app.say(NO_TEXT)
        for screen in ("4", "5", "2"):
            await seen.press(screen)
            await seen.until(lambda text: "snapshot of billing 42 % (:ops)" in text)
        gate.tell(DONE)
        await seen.until(lambda text: "The snapshot of billing is done. The snapshot is available." in text)


async def test_what_is_not_known_is_said_with_what_is_looked_at(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        await planned(seen)
        gate.tell(UNKNOWN)
        text = await seen.until(lambda text: "UNKNOWN" in text)
        assert "Nothing is sent again" in text
        assert "CloudTrail are looked at" in " ".join(text.split())


async def test_a_frozen_view_freezes_no_dialog(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        await seen.press("z")
        await seen.until(lambda text: "FROZEN" in text)
        await planned(seen)
        gate.tell(COUNTING)
        await seen.until(lambda text: "It is sent in" in text)


async def test_ctrl_c_in_a_countdown_stops_it_and_leaves_nothing_counting(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        await planned(seen)
        gate.tell(COUNTING)
        await seen.until(lambda text: "It is sent in" in text)
        await seen.press("ctrl+c")
        await seen.until(lambda text: "withdrawn" in text)
        assert gate.asked == ["act.plan", "act.abort"]
        assert seen.app.is_running


async def test_an_operation_of_which_nothing_is_told_any_more_says_so(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        await planned(seen)
        seen.engine.tell("op", str(gate.plan.id), body=None)
        await seen.until(lambda text: "The engine tells no more of it." in text)


async def test_an_engine_that_is_lost_is_said_in_the_dialog(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, _):
        hand = await planned(seen)
        await seen.engine.vanish()
        await seen.until(lambda _: seen.app.live.contact == "lost")
        await hand.type(*WORD, "enter")
        await seen.until(lambda text: "There is no engine to ask." in text or "ENGINE LOST" in text)


@pytest.mark.parametrize("size", [(79, 20), (80, 24), (40, 16), (200, 50)])
async def test_what_must_be_typed_is_in_sight_on_every_terminal(size: tuple[int, int], tmp_path: Path) -> None:
    async with gated(tmp_path, size) as (seen, gate):
        gate.plan = HELD_UP
        await planned(seen)
        assert "BLOCK" in seen.text
        assert "Esc:Leave it" in seen.text
        hand = Hand(seen)
        await hand.type("tab", "tab", *"bill")
        await seen.until(lambda text: "> Type billing: bill" in text)


def random_keys(rng: random.Random) -> list[tuple[str, float]]:
    """Keys and pastes (which are longer than a key) with what passes before each."""
    keys = [*WORD, *WORD, *KEYS[:9], "paste:billing", "paste:bill"]
    events = [(rng.choice(keys), rng.choice((0.0, 0.005, 0.03, 0.2, 0.6))) for _ in range(rng.randint(2, 12))]
    spelt = rng.choice((WORD, WORD[: rng.randrange(1, 7)], WORD[rng.randrange(7) :]))
    events += [(sign, 0.2) for sign in spelt] + [("enter", rng.choice((0.2, 0.6)))]
    return events


async def play(hand: Hand, events: list[tuple[str, float]]) -> str:
    """All of them; and the letters that stand apart from what came before and after them."""
    for key, pace in events:
        if key.startswith("paste:"):
            hand.post_paste(key.removeprefix("paste:"), pace)
        else:
            hand.post(key, pace)
    await hand.seen.pilot.pause()
    apart = [
        key
        for number, (key, pace) in enumerate(events)
        if pace >= APART_S and (number + 1 == len(events) or events[number + 1][1] >= APART_S)
    ]
    return "".join(key for key in apart if len(key) == 1)


async def told(seen: Seen, gate: Gate, plan: str) -> None:
    """The dialog shows that plan now."""
    gate.tell(op(plan=plan))
    await seen.until(lambda _: seen.app.live.ops[str(gate.plan.id)].plan == plan)
    seen.app.repaint_now()
    await seen.until(lambda text: f"plan {plan} " in text and PLANNED in text)


async def test_random_keys_and_pastes_on_the_real_screen_send_nothing_without_the_name(tmp_path: Path) -> None:
    rng = random.Random(11)
    async with gated(tmp_path) as (seen, gate):
        hand = await planned(seen)
        confirmed = 0
        for number in range(25 * BATTERY):
            await told(seen, gate, f"plan{number}")
            seen.engine.acted.clear()
            letters = await play(hand, random_keys(rng))
            if "act.confirm" in gate.asked:
                confirmed += 1
                assert is_spelt_in(WORD, letters)
                assert gate.args("act.confirm")["plan"] == f"plan{number}"
                assert gate.asked.count("act.confirm") == 1
        assert confirmed, "they come near enough to confirm now and then"


async def test_on_a_shared_terminal_the_head_says_so_and_the_engine_is_told_with_what_is_asked(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, gate):
        seen.app.watched.watchers = 3
        seen.app.repaint_now()
        await seen.until(lambda text: "SHARED TTY: 3 watching" in text.splitlines()[0])
        gate.plan = op(word="billing shared", checks=(SHARED,))
        hand = await planned(seen, "Type billing shared")
        assert "3 people see it" in seen.text
        assert gate.args("act.plan") == {"action": "snapshot", "id": "billing", "watchers": 3}
        await hand.type(*WORD, "enter")
        await seen.until(lambda text: "Type the whole name: billing shared" in text)
        await hand.type("space", *"shared", "enter")
        await seen.until(lambda _: "act.confirm" in gate.asked)
        assert gate.args("act.confirm")["typed"] == "billing shared"
        assert gate.args("act.confirm")["watchers"] == 3
        seen.app.watched.watchers = 0
        seen.app.screen.dismiss()
        await seen.until(lambda text: "SHARED TTY " in text.splitlines()[0])


async def test_where_there_is_a_second_factor_a_shared_terminal_asks_for_a_new_code(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, gate):
        gate.plan = op(checks=(SHARED.model_copy(update={"override": "code"}),))
        hand = await planned(seen)
        await hand.type("tab", *WORD, "enter")
        await seen.until(lambda text: "The MFA code is missing" in text)
        await hand.type("tab", *"123456", "enter")
        await hand.type("enter", pace=1.0)
        await seen.until(lambda _: "act.confirm" in gate.asked)
        assert gate.args("act.confirm")["mfa"] == "123456"
