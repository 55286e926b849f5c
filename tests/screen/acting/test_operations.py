"""What was begun stays to be seen: in a list, on every screen's footer, and for those who only look."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.safe import NO_TEXT
from console.screen.acting import states
from console.screen.acting.states import OpNews
from tests.screen.acting.plans import COUNTING, DONE, FAILED, IN_FLIGHT, NOW, REFUSED, UNKNOWN, WAITING, op
from tests.screen.acting.stage import Hand, gated

ONE, TWO = "01J9ZV6W8R0000000000000002", "01J9ZV6W8R0000000000000003"
LIST = ("colon", *"operations", "enter")


async def test_the_list_has_what_goes_on_first_and_opens_it_again(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, gate):
        gate.tell(DONE)
        gate.tell(IN_FLIGHT.model_copy(update={"id": ONE, "resource": "customers"}))
        await seen.press("colon", *"ops", "enter")
        text = await seen.until(lambda text: "STATE" in text and "customers" in text)
        assert text.index("under way") < text.index("done ")
        await seen.press("enter")
        await seen.until(lambda text: "Snapshot of customers" in text and "Stop watching" in text)
        await seen.press("escape")
        await seen.until(lambda text: "STATE" in text)
        assert gate.asked == []


async def test_how_it_ended_is_acknowledged_in_the_list_and_in_the_dialog(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, gate):
        gate.tell(FAILED)
        await seen.press(*LIST)
        await seen.until(lambda text: "FAILED" in text)
        await seen.press("A")
        await seen.until(lambda text: "The snapshot of billing is acknowledged." in text)
        await seen.press("enter")
        await seen.until(lambda text: "A:Acknowledge" in text and "Esc:Close" in text)
        await seen.press("A")
        await seen.until(lambda _: gate.asked == ["act.acknowledge"] * 2)
        gate.tell(FAILED.model_copy(update={"acknowledged": "ann"}))
        await seen.until(lambda text: "acknowledged by ann" in text and "A:Acknowledge" not in text)


async def test_one_is_taken_over_and_one_is_withdrawn_and_neither_where_it_means_nothing(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40)) as (seen, gate):
        gate.tell(UNKNOWN)
        await seen.press(*LIST)
        await seen.until(lambda text: "UNKNOWN" in text)
        await seen.press("w", "A")
        await seen.until(lambda text: "There is nothing to acknowledge" in text)
        await seen.press("T")
        await seen.until(lambda text: "This console watches the snapshot of billing from now on." in text)
        gate.tell(WAITING)
        await seen.until(lambda text: "waits for approval" in text)
        await seen.press("T", "w")
        await seen.until(lambda text: "withdrawn: nothing was sent." in text)
        assert gate.asked == ["act.adopt", "act.abort"]


async def test_a_viewer_sees_what_others_run_and_can_do_nothing_to_it(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), mode="view") as (seen, gate):
        gate.tell(op())
        await seen.press(*LIST)
        await seen.until(lambda text: "planned" in text)
        await seen.press("A", "T", "w")
        await seen.until(lambda text: "This is a viewer: only the console that runs the engine may do that." in text)
        seen.app.say(NO_TEXT)
        await seen.press("enter")
        await seen.until(lambda text: "Esc:Close (this is a viewer: it only looks)" in text)
        assert "Type billing" not in seen.text
        await Hand(seen).type(*"billing", "enter", "A")
        gate.tell(COUNTING)
        await seen.until(lambda text: "It is sent in" in text)
        await Hand(seen).type("escape")
        text = await seen.until(lambda text: "STATE" in text)
        assert gate.asked == []
        assert "This is a viewer" not in text, "the dialog did not even ask"


@pytest.mark.parametrize("left", [4.0, 3.2, 0.4, 0.0, -1.0])
def test_a_countdown_is_rounded_up_and_never_below_nought(left: float) -> None:
    counting = op("intent", sends_at=NOW + int(left * 1000))
    assert states.seconds_left(counting, NOW) == {4.0: 4, 3.2: 4, 0.4: 1, 0.0: 0, -1.0: 0}[left]


def test_a_countdown_is_of_the_persons_time_however_fast_the_estates_goes() -> None:
    counting = op("intent", sends_at=NOW + 80_000)
    assert states.seconds_left(counting, NOW, speed=20.0) == 4
    assert states.line([counting], NOW, speed=20.0) == "snapshot of billing is sent in 4 s (:ops)"


def test_the_line_tells_what_is_under_way_and_nothing_else() -> None:
    assert states.line([op(), REFUSED, DONE], NOW) is None
    assert states.line([IN_FLIGHT, DONE], NOW) == "snapshot of billing 42 % (:ops)"
    many = [UNKNOWN.model_copy(update={"id": str(number)}) for number in range(5)]
    assert states.line(many, NOW) == f"{', '.join(['snapshot of billing UNKNOWN for 1m'] * 3)} and 2 more (:ops)"


def test_an_acronym_stays_one_within_a_sentence() -> None:
    assert states.noun(op(title="RDS snapshot")) == "RDS snapshot"
    assert states.noun(op(title="Snapshot")) == "snapshot"


async def test_broken_glass_stands_in_the_header_until_somebody_acknowledges_it(tmp_path: Path) -> None:
    broken = "GLASS BROKEN by ann at 10:00Z for INC-4711: fail over of billing, past freeze"
    async with gated(tmp_path, (80, 24), mode="view") as (seen, gate):
        gate.tell(IN_FLIGHT.model_copy(update={"glass": broken}))
        await seen.until(lambda text: "GLASS BROKEN" in text.splitlines()[0] and "for INC-4711" in text)
        gate.tell(DONE.model_copy(update={"glass": broken}))
        await seen.until(lambda text: "is done" in text)
        assert "GLASS BROKEN" in seen.lines[0]
        gate.tell(DONE.model_copy(update={"glass": broken, "acknowledged": "ann"}))
        await seen.until(lambda text: "GLASS BROKEN" not in text.splitlines()[0])


def test_glass_that_was_broken_for_nothing_is_no_banner() -> None:
    assert states.glass([REFUSED.model_copy(update={"glass": "GLASS BROKEN by ann", "ended": NOW})]) is None


def test_every_state_has_a_word_of_its_own() -> None:
    words = [stage.word for stage in states.STAGES.values()]
    assert len(set(words)) == len(words)
    assert set(states.STAGES) >= {*states.LOOKING, *states.ASKING, *states.COUNTING, *states.UNDER_WAY}


def test_an_end_is_told_once_and_not_of_what_is_in_sight_or_was_so_before() -> None:
    news = OpNews()
    assert news.of({"1": DONE}, besides=None) is None, "it was so when this screen came"
    assert news.of({"1": DONE, "2": IN_FLIGHT}, besides=None) is None
    told = {"1": DONE, "2": FAILED}
    assert news.of(told, besides=None) == "The snapshot of billing is FAILED. RDS ended it."
    assert news.of(told, besides=None) is None
    assert news.of({"1": DONE, "2": UNKNOWN}, besides="2") is None
