"""The command line: everything by its name, with what may follow, from any screen."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from console.screen.command.matching import Offer, Offers, taken
from console.screen.command.past import KEPT, OFFERED, Past
from tests.rig.stage import screen

OFFERS = Offers(
    (
        Offer("board", Safe("screen 2")),
        Offer("sort", Safe("by a column"), lambda: ("cpu", "lag", "level")),
        Offer("filter", Safe("what matches"), lambda: (), free=True),
    ),
    keys=(("mark", Safe("Mark or fold"), Safe("Space")),),
    resources=(Safe("orders-primary"), Safe("billing")),
    past=("sort lag", "gone away"),
)


def keys(typed: str) -> list[str]:
    return [item.key for item in OFFERS.matching(typed)]


def test_what_was_done_last_is_offered_first_and_what_no_longer_exists_is_not() -> None:
    assert keys("")[0] == ":sort lag"
    assert not any("gone away" in key for key in keys(""))


def test_a_command_is_found_by_its_beginning_and_a_key_by_what_it_does() -> None:
    assert keys("boa")[0] == ":board"
    assert keys("fold") == ["!mark"]
    assert keys("orders") == ["@orders-primary"]


def test_what_may_follow_a_command_is_offered_once_its_name_is_there() -> None:
    assert keys("sort ") == [":sort cpu", ":sort lag", ":sort level"]
    assert keys("sort l") == [":sort lag", ":sort level"]
    assert keys("sort nonesuch") == []


def test_where_anything_may_follow_what_is_typed_is_taken_as_it_is() -> None:
    assert keys("filter engine:redis !replica") == [":filter engine:redis !replica"]
    assert taken(":filter engine:redis !replica") == ("filter", "engine:redis !replica")


@given(st.text(max_size=40))
def test_whatever_is_typed_no_item_is_offered_twice(typed: str) -> None:
    found = keys(typed)
    assert len(found) == len(set(found))


def test_commands_are_kept_from_one_start_to_the_next_each_once(tmp_path: Path) -> None:
    first = Past(lambda: tmp_path)
    for command in ("sort lag", "board", "sort lag"):
        first.add(command)
    assert Past(lambda: tmp_path).latest == ("sort lag", "board")
    for number in range(KEPT + 10):
        first.add(f"filter {number}")
    again = Past(lambda: tmp_path)
    assert len(again.latest) == OFFERED
    assert len((tmp_path / "commands.kept").read_text(encoding="utf-8").splitlines()) == KEPT


def test_a_viewer_keeps_none(tmp_path: Path) -> None:
    past = Past(lambda: None)
    past.add("board")
    assert past.latest == ("board",)
    assert list(tmp_path.iterdir()) == []


async def test_a_screen_is_opened_by_its_name(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("colon", *"colle", "enter")
        await seen.until(lambda text: "COLLECTOR" in text and "TARGET" in text)


async def test_a_resource_is_gone_to_by_a_part_of_its_name(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("colon", *"orders-prim", "enter")
        await seen.until(lambda text: "WAITS" in text and text.split("\n")[1].startswith(" orders-primary"))


async def test_a_screen_of_another_resource_is_opened_by_both_names(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("colon", *"files bill", "enter")
        await seen.until(lambda text: "Files" in text and text.split("\n")[1].startswith(" billing"))


async def test_a_filter_that_is_given_on_the_line_holds_on_the_overview(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("colon", *"filter role:replica", "enter")
        await seen.until(lambda text: "/role:replica" in text and "billing" not in text)


async def test_what_needs_more_than_its_name_asks_for_it(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("colon", *"window", "enter")
        await seen.until(lambda text: "window 15m" in text)
        await seen.press(*"3h", "enter")
        await seen.until(lambda text: "07:00" in text or "08:00" in text)


async def test_esc_leaves_it_and_nothing_has_happened(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("colon", *"qz")
        await seen.until(lambda text: ":  qz" in text)
        await seen.press("escape")
        await seen.until(lambda text: "qz" not in text and "o:Sort" in text)
        assert seen.app.is_running


async def test_what_was_typed_in_one_go_is_the_command_and_nothing_else(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.burst("colon", *"files", "space", *"orders-primary", "enter")
        await seen.until(lambda text: "FILE" in text and "orders-primary" in text.split("\n")[1])


async def test_an_order_that_was_typed_in_one_go_goes_to_no_other_screen(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.burst("o", *"cpu", "enter")
        await seen.until(lambda text: "CPU\u25be" in text or "\u25beCPU" in text)
        assert not seen.engine.core.schedule.paused_all
        assert not any(run.health.paused for run in seen.engine.core.schedule._runs.values())


async def test_in_a_filter_a_colon_and_the_letters_of_other_keys_are_letters(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.burst("slash", *"role", "colon", *"ov")
        await seen.until(lambda text: "/role:ov" in text)


async def test_a_list_that_is_left_twice_in_one_go_is_left_once(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        for keys in (("colon", "escape", "escape"), ("o", "enter", "enter"), ("v", "escape", "enter")):
            await seen.burst(*keys)
            await seen.until(lambda text: "Enter takes it" not in text and "RESOURCE" in text)
