"""The dialog of a failover: how long the last ones took before, the stopwatch once it is sent, lists that are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.errors import Trouble
from collectors.safe import NO_TEXT, Safe
from console.screen.acting import confirming, states
from console.screen.acting.hints import hints
from console.screen.failover.in_dialog import Rows, in_a_line, opening
from tests.rig.stage import Seen
from tests.screen.acting.plans import NOW, PASSED, row
from tests.screen.acting.stage import Hand, gated
from tests.screen.failover import runs
from tests.screen.failover.offers import ADMIN, FORMERS, GOING, PENDING, failing_over
from tests.screen.failover.stage import tell


def line(*outages: str, promised: float | None = 60.0) -> str:
    rows = [tuple(map(Safe, ("2026-02-27", "failover", "ann", outage, "events"))) for outage in outages]
    return in_a_line(FORMERS[0], rows, promised)


def test_how_long_the_last_ones_took_is_one_line() -> None:
    assert line("74 s", "81 s", "96 s") == "Last three: 74, 81, 96 s. 60 s are promised: none was within that."
    assert line("41 s", "81 s") == "Last two: 41, 81 s. 60 s are promised: 1 of 2 were within that."
    assert line("41 s", promised=None) == "Last one: 41 s. Nothing is promised about it."
    assert line("41.2 s") == "Last one: 41.2 s. 60 s are promised: it was within that."


def test_what_nobody_timed_is_not_made_up() -> None:
    told = line("", "81 s", "\u2014")
    assert told == "Last one: 81 s (2 of 3 were not timed). 60 s are promised: it was not within that."
    assert line("", "") == "Last two: nobody timed them. 60 s are promised."
    assert line("about a minute") == "Last one: about a minute. 60 s are promised."


@pytest.mark.parametrize(
    ("formers", "words"),
    [
        (None, "The engine is asked how long the last ones took."),
        (FORMERS[:1], "No failover of it is known: how long one takes here nobody can say. 60 s are promised."),
        ((), "No failover of it is known"),
        (Trouble("CloudTrail is silent."), "How long the last ones took is not known: CloudTrail is silent."),
    ],
)
def test_without_an_answer_it_says_why(formers: Rows | Trouble | None, words: str) -> None:
    told = "".join(text for text, _ in next(opening(formers, 60.0, 120)).left).strip()
    assert told.startswith(words)


def test_a_remark_of_the_engine_is_no_failover() -> None:
    remark = (Safe("no failover of it is known"),)
    told = "".join(text for text, _ in next(opening((FORMERS[0], remark), 60.0, 120)).left).strip()
    assert told.startswith("No failover of it is known: how long one takes here nobody can say.")


def test_titles_may_stand_in_another_order() -> None:
    assert in_a_line((Safe("OUTAGE"), Safe("TIME")), [(Safe("9 s"), Safe("now"))], None).startswith("Last one: 9 s.")


def test_it_is_called_a_failover_wherever_it_is_named() -> None:
    assert states.noun(failing_over()) == "failover"
    assert states.noun(failing_over(action="promote.instance", title="Promote")) == "promotion"
    assert states.noun(failing_over(action="fail-over.cache", title="Test failover")) == "test failover"
    assert states.noun(failing_over(action="snapshot.instance", title="Snapshot")) == "snapshot"
    assert "Esc:Stop watching (the failover continues)" in hints(GOING, None, viewer=False)


async def planned(seen: Seen, word: str = "Type billing") -> Hand:
    await seen.press("F")
    await seen.until(lambda text: word in text)
    return Hand(seen)


async def test_it_opens_with_how_long_the_last_ones_took_and_what_it_would_cost(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.plan, gate.formers = failing_over(), FORMERS
        await planned(seen)
        text = await seen.until(lambda text: "Last three: 74, 81, 96 s." in text)
        assert gate.args("failover.formers") == {"id": "billing"}
        first, *rest = seen.lines[2:6]
        assert first.strip().startswith("Last three")
        assert rest[1].strip() == "2026-01-12 02:03Z, failover, unplanned, by AWS, 81 s, told by RDS events"
        assert "Who is hit 182 sessions of 3 applications drop" in text
        assert "Wise first a snapshot of billing" in text
        assert gate.asked.count("failover.formers") == 1


async def test_what_the_engine_cannot_say_of_the_past_stops_nothing(tmp_path: Path) -> None:
    async with gated(tmp_path, offers=ADMIN) as (seen, gate):
        gate.plan = failing_over()
        gate.refuses["failover.formers"] = Trouble("CloudTrail does not answer.")
        hand = await planned(seen)
        await seen.until(lambda text: "is not known: CloudTrail does not answer." in " ".join(text.split()))
        await hand.type(*"billing", "enter")
        await seen.until(lambda _: "act.confirm" in gate.asked)


async def test_the_snapshot_before_it_is_of_what_fails_over(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.plan = failing_over(resource="catalogue")
        await seen.press("colon", *"go catalogue-1", "enter")
        hand = await planned(seen)
        seen.engine.acted.clear()
        await hand.type("ctrl+t")
        await seen.until(lambda _: "act.plan" in gate.asked)
        assert gate.args("act.plan") == {"action": "snapshot", "id": "catalogue"}


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_once_it_is_sent_the_stopwatch_stands_above_all_else(size: tuple[int, int], tmp_path: Path) -> None:
    async with gated(tmp_path, size, offers=ADMIN) as (seen, gate):
        gate.plan, gate.formers = failing_over(), FORMERS
        await planned(seen)
        gate.tell(GOING)
        await seen.until(lambda text: "Sent: RebootDBInstance" in text)
        assert "Last three" not in seen.text
        await tell(seen, runs.IS_DOWN)
        text = await seen.until(lambda text: "0:42 of 1:00" in text and ("[down]" in text or "Phase 2" in text))
        assert text.index("Down for 42 s") < text.index("AWS is at it.")
        await tell(seen, runs.LATE)
        text = await seen.until(lambda text: "OVERDUE" in text)
        assert "Esc:Stop watching (the failover continues)" in text
        await seen.press("escape")
        await seen.until(lambda text: "failover of billing continues. :fo shows it." in " ".join(text.split()))


async def test_a_viewer_who_opens_it_sees_the_stopwatch_and_asks_nothing(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), mode="view", offers=ADMIN) as (seen, gate):
        gate.tell(failing_over())
        await seen.press("colon", *"ops", "enter")
        await seen.until(lambda text: "Failover" in text and "planned" in text)
        await seen.press("enter")
        await seen.until(lambda text: "Failover of billing  planned" in text)
        gate.tell(GOING)
        await tell(seen, runs.IS_DOWN)
        await seen.until(lambda text: "Down for 42 s" in text)
        assert gate.asked == []


async def test_a_refusal_stands_before_all_else_and_the_past_is_not_asked_for(tmp_path: Path) -> None:
    single = row("standby", "block", "Single-AZ: this would be a full outage, not a failover.", seen="MultiAZ is false")
    async with gated(tmp_path, offers=ADMIN) as (seen, gate):
        gate.plan = failing_over("refused", checks=(single,), outcome=single.what, seen=single.seen, word="")
        await planned(seen, "REFUSED")
        assert seen.lines[2].strip() == single.what
        assert "failover.formers" not in gate.asked


async def test_a_list_is_read_to_its_end_before_space_confirms_it(tmp_path: Path) -> None:
    settings = "; ".join(f"setting {number}: 1, was 0" for number in range(30))
    listed = PENDING.model_copy(update={"seen": Safe("") + settings})
    async with gated(tmp_path, offers=ADMIN) as (seen, gate):
        gate.plan = failing_over(checks=(*PASSED, listed))
        hand = await planned(seen, "[ ]")
        assert "setting 0: 1" in seen.text
        assert "setting 29" not in seen.text
        await hand.type("space")
        await seen.until(lambda text: confirming.READ_LIST in text and "[x]" not in text)
        await hand.type("pagedown", "pagedown", "pagedown", "pagedown")
        await seen.until(lambda text: "setting 29: 1" in text)
        await hand.type("space", "pageup", "pageup", "pageup", "pageup")
        await seen.until(lambda text: "[x] This reboot will also apply" in text)
        await hand.type("tab", *"billing", "enter")
        await seen.until(lambda _: "act.confirm" in gate.asked)
        assert gate.args("act.confirm")["overrides"] == ["pending"]


async def test_a_short_list_is_confirmed_at_once_and_another_plans_list_is_read_anew(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.plan = failing_over(checks=(*PASSED, PENDING))
        hand = await planned(seen, "[ ]")
        assert "cost threshold: 50, was 5\n" in seen.text
        await hand.type("space")
        await seen.until(lambda text: "[x] This reboot" in text)
        gate.tell(failing_over(plan="0000aaaa", checks=(*PASSED, PENDING), began=NOW))
        await seen.until(lambda text: "plan 0000aaaa" in text and "[ ] This reboot" in text)


async def test_a_countdown_stays_in_the_footer_and_what_is_sent_is_in_the_head(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.tell(failing_over("intent", sends_at=NOW + 4_000))
        await tell(seen, runs.run("preflight"))
        await seen.until(lambda text: "failover of billing is sent in 4 s (:ops)" in text and "FAILOVER" not in text)
        gate.tell(GOING)
        await tell(seen, runs.IS_DOWN)
        seen.app.say(NO_TEXT)
        text = await seen.until(lambda text: "FAILOVER billing DOWN" in text)
        assert "(:ops)" not in text
        assert ":fo shows the failover of billing" in text
