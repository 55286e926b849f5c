"""Two screens on one engine: where the leader goes whoever follows goes, and a touch of any key ends it."""

from __future__ import annotations

import os
from pathlib import Path

from collectors.safe import Safe
from console.protocol.users import user_name
from console.screen.trail import Place
from console.screen.view import Window
from tests.rig.stage import Seen
from tests.screen.together.stage import room


def shown(seen: Seen) -> str:
    """The pane of the leader, as this screen has heard."""
    lead = seen.app.live.lead
    return "" if lead is None else lead.pane


async def test_whoever_follows_sees_what_the_leader_sees_until_a_key_is_touched(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        leader, viewer = await here.opened(mode="control"), await here.opened((80, 24))
        await leader.press("f")
        await leader.until(lambda text: "Nobody leads: :lead takes it." in text)
        await leader.press("colon", *"lead", "enter")
        await leader.until(lambda text: "LEADING" in text.split("\n")[0])
        await viewer.until(lambda text: "leads: f follows" in text)
        await viewer.press("f")
        await viewer.until(lambda text: "FOLLOWING" in text.split("\n")[0])

        await leader.press("7", "j", "j")
        waits = leader.app.screen.selected_row  # type: ignore[attr-defined]
        await viewer.until(lambda _: viewer.app.place == leader.app.place)
        await viewer.until(lambda _: viewer.app.screen.selected_row == waits)  # type: ignore[attr-defined]
        leader.app.look_at(window=Window(300_000, 600_000))
        await viewer.until(lambda _: viewer.app.view.window.span_ms == 300_000)
        assert viewer.app.view.window == Window(300_000, 600_000), "the demo's time stands still here"

        await leader.press("1", "G")
        last = leader.app.view.chosen
        await viewer.until(lambda _: viewer.app.view.chosen == last and viewer.app.place == Place("overview"))
        assert leader.app.place == Place("overview"), "what is followed is not sent back"

        await viewer.press("k")
        await viewer.until(lambda text: "No longer following" in text and "FOLLOWING" not in text)
        await leader.press("5")
        await leader.until(lambda _: leader.app.place == Place("collectors"))
        await viewer.until(lambda _: shown(viewer) == "collectors")
        assert viewer.app.place == Place("overview")


async def test_a_lead_that_is_handed_over_or_dropped_is_told_and_followed(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        viewer = await here.opened()
        await here.does("alice", "see", ids=[], screen="A", pane="overview")
        await here.does("alice", "lead", take=True, screen="A")
        await here.does("alice", "lead", show={"pane": "board", "resource": "billing"}, screen="A")
        await viewer.until(lambda text: "alice leads" in text)
        await viewer.press("f")
        await viewer.until(lambda _: viewer.app.place == Place("board", Safe("billing")))
        await here.does("alice", "lead", show={"pane": "of-a-later-version"}, screen="A")
        await here.does("alice", "lead", to=user_name(os.getuid()), screen="A")
        await viewer.until(lambda text: "You lead now." in text and "LEADING" in text)
        assert viewer.app.place == Place("board", Safe("billing"))
        await viewer.until(lambda _: shown(viewer) == "board")
        await viewer.press("colon", *"lead alice", "enter")
        await viewer.until(lambda text: "alice leads" in text.split("\n")[0])
        await viewer.press("f")
        await here.does("alice", "lead", drop=True, screen="A")
        await viewer.until(lambda text: "alice leads no longer." in text and "FOLLOWING" not in text)
        await viewer.press("colon", *"lead off", "enter")
        await viewer.until(lambda text: "Nobody leads." in text)


async def test_a_frozen_picture_does_not_follow(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        viewer = await here.opened()
        await here.does("alice", "see", ids=[], screen="A", pane="overview")
        await here.does("alice", "lead", take=True, screen="A")
        await viewer.until(lambda _: viewer.app.picture.lead is not None)
        await viewer.press("z", "f")
        await viewer.until(lambda text: "The view is frozen: z lets it go on" in text)
        await here.does("alice", "lead", show={"pane": "collectors"}, screen="A")
        await viewer.until(lambda _: shown(viewer) == "collectors")
        viewer.app.repaint_now()
        assert viewer.app.place == Place("overview")
