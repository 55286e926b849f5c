"""The screen of a failover as its user has it: what stands there, what is ticked, and who may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.errors import Trouble
from collectors.safe import NO_TEXT
from tests.rig.counted import CountedApp, sent_since
from tests.rig.stage import screen
from tests.screen.acting.plans import NOW
from tests.screen.acting.stage import gated
from tests.screen.failover import runs
from tests.screen.failover.stage import OPEN, opened, tell

SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24), (79, 20), (60, 20), (40, 16)])


@SIZES
async def test_what_matters_is_in_sight_on_every_terminal(size: tuple[int, int], tmp_path: Path) -> None:
    async with gated(tmp_path, size) as (seen, _):
        await tell(seen, runs.LATE)
        await seen.press(*OPEN)
        text = await seen.until(lambda text: "LATE" in text)
        assert "5:10 of 1:00" in text
        assert "OVERDUE" in text
        assert "recovering" in text
        assert all(step in text for step in ("Detect", "Promote", "Repoint", "Redirect", "Watch lag", "Restore"))


async def test_from_the_first_sign_to_the_end_it_follows_by_itself(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, _):
        await opened(seen, runs.REQUESTED)
        assert "It still answers." in seen.text
        await tell(seen, runs.IS_DOWN)
        assert "Down for 42 s; 17 s left" in seen.text
        assert "Knock      DARK: connection refused" in seen.text
        await tell(seen, runs.BACK)
        text = seen.text
        assert "Was down for 38.4 s, within the 60 s" in text
        assert text.index("x MISSING  standby synchronised") < text.index("? unknown  zones swapped")
        assert text.index("failover started") < text.index("failover completed (came 47s late)")
        await tell(seen, runs.ENDED)
        assert "billing is served by EC2AMAZ-B" in seen.text
        assert "AWS shows it settled +50.0 s, a standby again +56.0 s" in seen.text
        assert "Evidence   failovers/billing-20260311-100001.csv" in seen.text


async def test_a_role_that_aws_lists_as_before_is_not_told_as_moved(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, _):
        await opened(seen, runs.IS_DOWN.model_copy(update={"after": runs.IS_DOWN.before}))
        assert "Role       EC2AMAZ-A in eu-west-1a: AWS lists it as before" in seen.text
        await tell(seen, runs.BACK.model_copy(update={"before": ""}))
        assert "Role       EC2AMAZ-B in eu-west-1c; who had it before is not known" in seen.text
        await tell(seen, runs.REQUESTED)
        assert "Role       EC2AMAZ-A in eu-west-1a has it, as before" in seen.text


async def test_what_there_is_no_room_for_is_one_key_away(tmp_path: Path) -> None:
    async with gated(tmp_path, (80, 24)) as (seen, _):
        await opened(seen, runs.ENDED)
        text = await seen.until(lambda text: "more lines: Tab" in text)
        assert "Evidence" not in text
        await seen.press("tab", "tab")
        await seen.until(lambda text: "Evidence" in text and "more lines" not in text)
        await seen.press("shift+tab", "shift+tab")
        await seen.until(lambda text: "more lines: Tab" in text)


async def test_alarms_without_room_above_the_steps_stand_below_them_and_none_is_lost(tmp_path: Path) -> None:
    many = tuple(f"not proved: proof {number}" for number in range(9))
    async with gated(tmp_path, (80, 24)) as (seen, _):
        await opened(seen, runs.LATE.model_copy(update={"overdue": many}))
        text = await seen.until(lambda text: "6 more lines of this stand below the steps." in text)
        assert "proof 2" in text
        assert text.index("6 Restore") < text.index("proof 3")


async def test_a_person_ticks_what_only_a_person_knows(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, gate):
        await opened(seen, runs.BACK)
        await seen.until(lambda text: "Space:Tick  " in text)  # the cursor is on the first that is not done
        await seen.press("space")
        await seen.until(lambda text: "Redirect is ticked, in your name." in text)
        assert gate.args("failover.tick") == {"id": runs.ID, "step": "redirect"}
        seen.app.say(NO_TEXT)
        await seen.press("j")
        await seen.until(lambda text: "Space:Tick ×watched" in text)
        await seen.press("t")
        await seen.until(lambda text: "Watch lag is watched by the console" in text)
        await seen.press("k", "k", "space")
        await seen.until(lambda text: "Repoint is done." in text)
        assert gate.asked == ["failover.tick"]


async def test_what_the_engine_refuses_is_said(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, gate):
        await opened(seen, runs.BACK)
        gate.refuses["failover.tick"] = Trouble("Detect comes first.", mend="Wait for it.")
        await seen.press("space")
        await seen.until(lambda text: "Detect comes first." in text)


async def test_the_cursor_follows_the_run_until_somebody_moves_it(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, _):
        await opened(seen, runs.IS_DOWN)
        await seen.until(lambda text: "Promote: Another node takes the role." in text)
        await tell(seen, runs.BACK)
        await seen.until(lambda text: "Redirect: The applications are connected" in text)
        await seen.press("j")
        await seen.until(lambda text: "Watch lag: The replicas follow" in text)
        await tell(seen, runs.ENDED)
        await seen.until(lambda text: "Watch lag: The replicas follow" in text and "Evidence" in text)


async def test_how_it_ended_is_acknowledged_and_not_before(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, gate):
        await opened(seen, runs.BACK)
        assert "A:Acknowledge" not in seen.text
        await seen.press("A")
        await seen.until(lambda text: "The failover goes on: it is acknowledged once it has ended." in text)
        await tell(seen, runs.ENDED)
        seen.app.say(NO_TEXT)
        await seen.until(lambda text: "A:Acknowledge" in text and "by nobody yet" in text)
        await seen.press("A")
        await seen.until(lambda text: "The failover of billing is acknowledged." in text)
        assert gate.args("failover.acknowledge") == {"id": runs.ID}
        await tell(seen, runs.ENDED.model_copy(update={"acknowledged": "ann"}))
        await seen.until(lambda text: "acknowledged by ann" in text and "A:Acknowledge" not in text)
        await seen.press("A")
        await seen.until(lambda text: "It is acknowledged already, by ann." in text)
        assert gate.asked == ["failover.acknowledge"]


async def test_a_viewer_sees_all_of_it_and_ticks_nothing(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), mode="view") as (seen, gate):
        await opened(seen, runs.BACK)
        text = await seen.until(lambda text: "Space:Tick ×viewer" in text)
        assert "0:38 of 1:00" in text
        await seen.press("space")
        await seen.until(lambda text: "This is a viewer: only the console that runs the engine ticks a step." in text)
        await tell(seen, runs.ENDED)
        await seen.press("A")
        await seen.until(lambda text: "This is a viewer: only the console that runs the engine may do that." in text)
        assert gate.asked == []


async def test_a_frozen_view_says_that_its_watch_stands(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, _):
        await opened(seen, runs.IS_DOWN)
        await seen.press("z")
        await seen.until(lambda text: "FROZEN: as it was" in text)
        await tell(seen, runs.ENDED)
        assert "Down for 42 s" in seen.text
        await seen.press("z")
        await seen.until(lambda text: "Was down for 38.4 s" in text)


async def test_an_engine_that_is_lost_stops_the_watch_and_that_is_said(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, _):
        await opened(seen, runs.IS_DOWN)
        (tmp_path / "control.sock").unlink()  # nobody is there when it is looked for again
        await seen.engine.vanish()
        text = await seen.until(lambda text: "NOT LIVE: the engine was last heard" in text and "ENGINE LOST" in text)
        assert "DOWN 0:42 of 1:00 NOT LIVE" in text.splitlines()[0]
        await seen.press("j", "j", "space")
        await seen.until(lambda text: "There is no engine to ask." in text)


async def test_every_screen_tells_it_while_it_goes_on_and_the_overview_on_its_row(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, _):
        await tell(seen, runs.BY_ITSELF)
        await seen.until(lambda text: "billing fails over, and nobody here asked for it. (:fo)" in text)
        assert "failover: DOWN 0:42 of 1:00" in seen.text
        seen.app.say(NO_TEXT)
        for key in ("2", "3", "4", "5", "6", "7"):
            await seen.press(key)
            await seen.until(lambda text: "FAILOVER billing DOWN 0:42 of 1:00" in text.splitlines()[0])
            assert ":fo shows the failover of billing" in seen.text
        seen.engine.tell("failover", str(runs.BY_ITSELF.id), body=None)
        await seen.until(lambda text: "FAILOVER" not in text)


async def test_without_one_it_says_so_and_where_there_is_one(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, _):
        await seen.press(*OPEN)
        await seen.until(lambda text: "No failover of billing is known to this engine." in text)
        await tell(seen, runs.PROMOTION)
        await seen.until(lambda text: "There is one of orders-replica-1: o opens it." in text)
        await seen.press("o")
        await seen.until(lambda text: "Promotion of orders-replica-1  0:57" in text)


async def test_of_several_one_is_asked_which(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, _):
        before = runs.ENDED.model_copy(update={"id": "01J9ZV6W8R0000000000000001", "began": NOW - 9_000_000})
        await tell(seen, before)
        await tell(seen, runs.ENDED)
        await seen.press(*OPEN)
        await seen.until(lambda text: "Which one?" in text and "ended, down 0:38" in text)
        await seen.press("down", "enter")
        await seen.until(lambda text: "07:31:01Z" in text)
        await tell(seen, runs.IS_DOWN.model_copy(update={"id": "01J9ZV6W8R0000000000000009"}))
        assert "07:31:01Z" in seen.text, "it is the one that was asked for"
        await seen.press("escape", *OPEN)
        await seen.until(lambda text: "Down for 42 s" in text)  # the one under way is meant


async def test_a_resource_is_named_and_what_stands_there_is_copied(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, _):
        await tell(seen, runs.IS_DOWN)
        await tell(seen, runs.PROMOTION.model_copy(update={"id": "01J9ZV6W8R0000000000000009"}))
        await seen.press("colon", *"failover orders-primary", "enter")
        await seen.until(lambda text: "Promotion of orders-replica-1  0:57" in text)
        await seen.press("Y")
        await seen.until(lambda text: "Promotion of orders-replica-1 (planned, by ann) is read-only." in text)


async def test_the_situation_report_tells_it(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, _):
        await opened(seen, runs.LATE)
        await seen.press("y")
        await seen.until(lambda text: "Situation report" in text and "Failover of billing (planned, by ann" in text)


async def test_in_ascii_it_is_ascii(tmp_path: Path) -> None:
    async with gated(tmp_path, (80, 24), symbols="ascii", colours="none") as (seen, _):
        await opened(seen, runs.LATE)
        assert seen.text.isascii()


async def test_a_second_of_a_running_watch_costs_little(tmp_path: Path) -> None:
    """A second is a message here, for the demo's time stands still."""
    async with screen(tmp_path, (120, 40), make=CountedApp) as seen:
        await opened(seen, runs.IS_DOWN)
        await seen.until_still()
        sent_since(seen)
        later = runs.IS_DOWN.model_copy(update={"down": NOW - 43_300})
        await tell(seen, later.model_copy(update={"probe": later.probe.model_copy(update={"knocks": 170})}))
        assert "Down for 43 s" in seen.text
        assert 0 < sent_since(seen) < 900


async def test_the_board_tells_it_in_its_second_line(tmp_path: Path) -> None:
    async with gated(tmp_path, (80, 24)) as (seen, _):
        await tell(seen, runs.LATE)
        await seen.press("2")
        await seen.until(lambda text: "failover: OVERDUE DOWN 5:10  :fo shows it" in text.splitlines()[2])
