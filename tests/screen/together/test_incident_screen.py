"""Notes and the incident as a person has them: typed, listed, in the head, on the resource and in the report."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from collectors.safe import Safe
from console.protocol.requests import Access
from console.protocol.users import user_name
from console.screen.trail import Place
from console.together.notes import AT_ONCE
from tests.rig.stage import Seen
from tests.screen.test_snapshots import compare_in, lasting
from tests.screen.together.stage import Room, room

ME = user_name(os.getuid())
SNAPSHOTS = Path(__file__).parent / "snapshots"


async def command(seen: Seen, words: str) -> None:
    await seen.press("colon", *("space" if each == " " else each for each in words), "enter")


async def happening(here: Room) -> None:
    """An hour of an incident, as far as people go."""
    await here.does("alice", "see", ids=[], screen="A", pane="waits", resource="orders-primary")
    await here.does("bob", "see", ids=[], screen="B", pane="waits", resource="orders-primary", following=True)
    await here.does("eve", "see", Access.UNPROVED, ids=[], screen="E", pane="cost")
    await here.does("alice", "note", text="pages slow since the deploy", resource="orders-primary")
    await here.does("bob", "incident", open={"name": "orders slow", "severity": "high", "commander": "alice"})
    await here.does("alice", "lead", take=True, screen="A")
    await here.does("alice", "lead", show={"pane": "waits", "resource": "orders-primary"}, screen="A")
    await here.does("bob", "note", text="log volume is at its limit: " + "asked for more IOPS " * 8 + "at last")
    await here.does("eve", "note", Access.UNPROVED, text="it is the network", resource="billing")


@pytest.mark.parametrize("size", [(24, 4), (80, 24), (120, 40), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_screen_of_the_incident_at_each_size(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.screen.app.NEWS_S", 0.0)  # how long the footer tells of it hangs on the machine
    async with room(tmp_path) as here:
        await happening(here)
        seen = await here.opened(size)
        seen.app.go(Place("incident"))
        parts = ["INCIDENT HIGH", "alice", "eve", "follows alice", "the network"][: 2 if size[1] < 16 else None]
        await seen.until(lambda _: "incident" in {each.pane for each in seen.app.picture.presence.values()})
        seen.app.repaint_now()
        await seen.until(lambda text: all(part in text for part in parts))
        text = re.sub(rf"  {ME:<12}  ", "  me            ", lasting(seen.text))
        compare_in(SNAPSHOTS, f"incident-{size[0]}x{size[1]}", text + "\n")


async def test_a_viewer_notes_opens_and_closes_and_is_told_what_the_others_do(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        seen = await here.opened()
        await seen.press("n")
        await seen.press(*"1 q?fn", "escape")
        await seen.press("n", *"log full", "enter")
        await seen.until(lambda text: "Noted on" in text)
        about = seen.app.view.chosen
        note = next(iter(seen.app.picture.notes.values()))
        assert (note.text, note.resource) == ("log full", about)
        await command(seen, "open orders slow HIGH")
        await seen.until(lambda text: "INC orders slow high" in text.split("\n")[0])
        await here.does("alice", "note", text="on it", resource="billing")
        await seen.until(lambda text: "alice: on it (on billing)" in text)
        await seen.press("3")
        await seen.until(lambda text: "log full" in "".join(text.split("\n")[2:4]))
        await command(seen, "severity critical")
        await seen.until(lambda text: "INC orders slow critical" in text.split("\n")[0])
        await command(seen, "commander alice")
        await seen.press("y")
        text = await seen.until(lambda text: "Situation report" in text and "commander alice" in text)
        assert "Incident: orders slow, critical, since 10:01:01Z" in text
        assert "alice on billing: on it" in " ".join(text.split())
        await seen.press("escape")
        await command(seen, "incident")
        await seen.press("g")
        await seen.press("enter")
        await seen.until(lambda _: seen.app.place == Place("resource", about))
        await command(seen, "close volume grown")
        await seen.until(lambda text: "closed incident" in text and "INC" not in text.split("\n")[0])
        await command(seen, "close again")
        await seen.until(lambda text: "No incident is open." in text)
        assert here.engine.acted == []


async def test_a_note_that_was_not_taken_is_there_again(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        seen = await here.opened()
        for number in range(AT_ONCE):
            await here.does(ME, "note", text=str(number))
        await seen.press("n", *"precious", "enter")
        await seen.until(lambda text: "Not noted" in text)
        await seen.press("n")
        await seen.until(lambda text: "precious" in text.split("\n")[-1])


async def test_whoever_comes_to_it_is_told_what_goes_on(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await happening(here)
        seen = await here.opened()
        words = "Incident orders slow is open (high), alice commands: see :incident. alice leads: f follows."
        await seen.until(lambda text: words in text)


async def test_a_filter_that_is_typed_has_its_letters(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        seen = await here.opened()
        await seen.press("slash", *"nf")
        assert seen.app.view.asked == Safe("nf")
