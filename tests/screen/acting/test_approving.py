"""What waits for a second person, at a viewer: it is said, opened by a word, and takes a signature and nothing else."""

from __future__ import annotations

from pathlib import Path

from collectors.errors import Trouble
from tests.rig.stage import Seen
from tests.screen.acting.plans import SIGNATURE, WAITING, op
from tests.screen.acting.stage import Hand, gated

FOOT = "snapshot of billing waits for approval (:approve)"
SIZE = (120, 40)


async def opened(seen: Seen) -> Hand:
    await seen.until(lambda text: FOOT in text.splitlines()[-1] or FOOT in text.splitlines()[-2])
    await seen.press("colon", *"approve", "enter")
    await seen.until(lambda text: "paste it here" in text)
    return Hand(seen)


async def test_a_viewer_is_told_what_to_run_and_gives_what_it_printed_to_the_engine(tmp_path: Path) -> None:
    async with gated(tmp_path, SIZE, mode="view") as (seen, gate):
        gate.tell(WAITING)
        hand = await opened(seen)
        assert "If it is you who is asked, paste below what the command prints:" in seen.text
        assert "dbconsole-approve-v1" in seen.text
        assert "Esc:Close (it goes on waiting)" in seen.text
        assert "Type billing" not in seen.text
        await hand.paste(SIGNATURE)
        await hand.type("enter", pace=1.0)
        await seen.until(lambda _: gate.asked == ["approve"])
        assert gate.args("approve") == {"op": str(WAITING.id), "text": SIGNATURE}
        await hand.type("escape")
        await seen.until(lambda text: "RESOURCE" in text)
        assert gate.asked == ["approve"], "what waits is not given up by who looks"


async def test_a_refusal_is_read_in_the_dialog_and_a_terminal_without_bracketed_paste_may_paste(tmp_path: Path) -> None:
    async with gated(tmp_path, SIZE, mode="view") as (seen, gate):
        gate.refuses["approve"] = Trouble("You cannot approve what you ask for.", seen="signed by ann", mend="Another.")
        gate.tell(WAITING)
        hand = await opened(seen)
        keys = ("enter" if each == "\n" else "space" if each == " " else each for each in SIGNATURE)
        await hand.type(*("minus" if each == "-" else each for each in keys), pace=0.001)
        await seen.until(lambda text: "You cannot approve what you ask for." in text or "whole: Enter" in text)
        await hand.type("enter", pace=1.0)
        await seen.until(lambda text: "You cannot approve what you ask for." in text and "signed by ann" in text)


async def test_no_key_of_that_dialog_asks_for_anything_else(tmp_path: Path) -> None:
    async with gated(tmp_path, SIZE, mode="view") as (seen, gate):
        gate.tell(WAITING)
        hand = await opened(seen)
        await hand.type(*"billingAsqT", "tab", "enter", "space", "ctrl+s", "ctrl+t", "ctrl+u", "pagedown", "ctrl+y")
        await hand.type("escape")
        await seen.until(lambda text: "RESOURCE" in text)
        assert gate.asked == []


async def test_of_several_one_is_chosen_and_of_none_it_is_said(tmp_path: Path) -> None:
    async with gated(tmp_path, SIZE, mode="view") as (seen, gate):
        await seen.press("colon", *"approve", "enter")
        await seen.until(lambda text: "Nothing waits for approval." in text)
        gate.tell(WAITING)
        gate.tell(WAITING.model_copy(update={"id": op(id="01J9ZV6W8R0000000000000009").id, "resource": "carts"}))
        await seen.until(lambda text: "and 1 more waits for approval" in text)
        await seen.press("colon", *"approve", "enter")
        await seen.until(lambda text: "Which one?" in text and "Snapshot of carts" in text)
