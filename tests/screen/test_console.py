"""The console as its user has it: what is shown, and what each key does."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.readings import Gone, Metric, ResourceId
from collectors.safe import Safe
from tests.rig.played import MOMENT, PLAYED
from tests.rig.stage import screen

EVERYTHING = (
    *("billing", "carts", "catalogue", "customers", "orders-primary", "orders-replica-1", "reporting"),
    *("catalogue-1", "catalogue-2", "orders-replica-2", "sessions-001", "sessions-002"),
)
ORDERS = ResourceId(Safe("orders-primary"))


def processor(value: float, seconds: int = 120) -> Metric:
    observed = MOMENT + PLAYED + timedelta(seconds=seconds)
    return Metric(ORDERS, observed, Safe("cloudwatch.CPUUtilization"), value, Safe("Percent"))


def row(text: str, name: str) -> str:
    return next(line for line in text.split("\n") if line.startswith(f" {name} "))


async def test_the_whole_estate_is_on_one_screen_with_a_chart(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        text = seen.text
        assert all(row(text, name) for name in EVERYTHING)
        assert re.search(r"orders-primary +primary +\d+\.\d%", text)
        assert "billing · CPUUtilization" in text
        assert any("⠀" < character <= "⣿" for character in text)


async def test_the_header_says_estate_mode_and_ages(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        said = r" resilient-database +DEMO .* up \d+[sm] .* data \d+s +10:0\d:\d\dZ"
        assert re.fullmatch(said, seen.lines[0])


async def test_a_viewer_reads_that_it_is_read_only(tmp_path: Path) -> None:
    async with screen(tmp_path, mode="view") as seen:
        assert "READ-ONLY" in seen.lines[0]


async def test_a_new_value_is_on_the_screen_without_a_key(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.engine.say(processor(98.7))
        await seen.until(lambda text: "98.7%" in row(text, "orders-primary"))


async def test_a_resource_that_appears_or_vanishes_does_so_on_the_screen_and_the_cursor_stays(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("G")
        await seen.until(lambda text: "sessions-002 · " in text)
        seen.engine.say(Gone(ORDERS, MOMENT + PLAYED))
        text = await seen.until(lambda text: "orders-primary" not in text)
        assert "sessions-002 · " in text


async def test_moving_the_cursor_moves_the_chart(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("j", "j", "j")
        await seen.until(lambda text: "catalogue-1 · CPUUtilization" in text)
        await seen.press("l")
        await seen.until(lambda text: "catalogue-1 · " in text and "catalogue-1 · CPU" not in text)
        await seen.press("h")
        await seen.until(lambda text: "catalogue-1 · CPUUtilization" in text)


async def test_the_filter_narrows_as_it_is_typed_and_esc_shows_all_again(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("slash", *"orders REPL")
        text = await seen.until(lambda text: "billing" not in text)
        assert row(text, "orders-replica-1")
        assert row(text, "orders-replica-2")
        assert not any(line.startswith(" orders-primary") for line in text.split("\n"))
        await seen.press("enter")
        assert "/orders REPL" in seen.text, "rows are hidden, and this says so"
        await seen.press("escape")
        await seen.until(lambda text: all(f" {name} " in text for name in EVERYTHING))


async def test_a_filter_that_matches_nothing_says_so_and_names_the_way_back(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("slash", *"nonesuch")
        await seen.until(lambda text: "Nothing matches 'nonesuch'. Esc shows all." in text)


async def test_keys_that_are_typed_into_the_filter_do_nothing_else(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("slash", *"qz?jk")
        await seen.until(lambda text: "Nothing matches 'qz?jk'" in text)
        assert seen.app.is_running
        assert "FROZEN" not in seen.lines[0]


async def test_enter_opens_a_resource_and_esc_or_q_goes_back(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        for back in ("escape", "q"):
            await seen.press("enter")
            text = await seen.until(lambda text: "backups kept" in text)
            assert "DBInstanceClass" in text
            assert re.search(r"FreeStorageSpace +\d+GiB", text)
            assert re.search(r"wait\.\w+ +[\d.]+k?ms/s +\ds +\w", text)
            await seen.press(back)
            await seen.until(lambda text: "orders-primary" in text)


async def test_a_resource_that_vanishes_while_it_is_open_says_so(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("slash", *"orders-prim", "enter", "enter")
        await seen.until(lambda text: "DBInstanceClass" in text)
        seen.engine.say(Gone(ORDERS, MOMENT + PLAYED))
        await seen.until(lambda text: "orders-primary is no longer in the estate." in text)


async def test_a_frozen_view_stays_while_the_console_goes_on(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("z")
        text = await seen.until(lambda text: "FROZEN" in text)
        before = row(text, "orders-primary")
        seen.engine.say(processor(97.5))
        await seen.until(lambda text: bool(re.search(r"FROZEN [1-9]s", text)))
        assert row(seen.text, "orders-primary") == before
        await seen.press("z")
        await seen.until(lambda text: "97.5%" in row(text, "orders-primary") and "FROZEN" not in text)


async def test_help_names_every_key_that_works_here_and_how_others_may_watch(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        bindings = [one.binding for one in seen.app.screen.active_bindings.values()]
        await seen.press("question_mark")
        text = await seen.until(lambda text: "Keys" in text)
        assert all((binding.description in text) == (binding.description != "Suspend") for binding in bindings)
        assert f"dbconsole view {tmp_path / 'view.sock'}"[:60] in text
        await seen.press("question_mark")
        await seen.until(lambda text: "billing" in text)


async def test_an_engine_that_is_lost_leaves_the_picture_aged_and_says_since_when(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        (tmp_path / "control.sock").unlink()
        await seen.engine.vanish()
        text = await seen.until(lambda text: "ENGINE LOST" in text)
        assert re.search(r"ENGINE LOST \ds ago", text)
        assert row(text, "orders-primary")
        await seen.until(lambda text: "There is no console at" in " ".join(text.split("\n")[-4:]))


async def test_a_long_notice_is_read_to_its_end_and_the_keys_stay(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        seen.app.say(
            Safe("No region is known for the account default. Name regions in the profile, or give `--region REGION`.")
        )
        text = await seen.until(lambda text: "--region REGION`." in text)
        assert "?:Help" in text.split("\n")[-1]
        assert "No region is known" in text.split("\n")[-3]


async def test_ctrl_z_where_nothing_could_continue_it_says_so(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("ctrl+z")
        await seen.until(lambda text: "Ctrl+Z is off here" in text)
        await seen.until(lambda text: "Ctrl+Z is off here" not in text)


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_q_and_ctrl_c_leave(key: str, tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press(key)
        assert seen.app.return_code == 0
        assert not seen.app.is_running


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (40, 12), (79, 20), (80, 24), (200, 50)])
async def test_every_key_works_at_any_size(size: tuple[int, int], tmp_path: Path) -> None:
    async with screen(tmp_path, size) as seen:
        for key in ("j", "enter", "j", "escape", "question_mark", "escape", "slash", "o", "enter", "z", "z", "l", "G"):
            await seen.press(key)
        assert seen.app.is_running


async def test_a_terminal_that_is_too_small_says_what_is_needed_and_still_takes_keys(tmp_path: Path) -> None:
    async with screen(tmp_path, (14, 9)) as seen:
        assert seen.lines[:2] == ["needs 16x4", "has 14x9"]
        await seen.press("5")
        assert "needs 16x4" in seen.text
        await seen.pilot.resize_terminal(80, 24)
        await seen.until(lambda text: "COLLECTOR" in text and "needs" not in text)


async def test_a_digit_jumps_to_a_screen_and_the_brackets_go_along_the_way_that_was_gone(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("j", "3")
        await seen.until(lambda text: "VALUE" in text)
        await seen.press("5")
        await seen.until(lambda text: "COLLECTOR" in text)
        await seen.press("1")
        await seen.until(lambda text: "RESOURCE" in text)
        await seen.press("left_square_bracket")
        await seen.until(lambda text: "COLLECTOR" in text)
        await seen.press("left_square_bracket")
        await seen.until(lambda text: "COLLECTOR" not in text and "VALUE" in text)
        await seen.press("right_square_bracket")
        await seen.until(lambda text: "COLLECTOR" in text)
        await seen.press("escape")
        await seen.until(lambda text: "VALUE" in text)


async def test_from_one_resource_to_the_next_without_going_back(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("3")
        await seen.until(lambda text: text.split("\n")[1].startswith(" billing"))
        await seen.press("J")
        await seen.until(lambda text: text.split("\n")[1].startswith(" carts"))
        await seen.press("K", "K")
        await seen.until(lambda text: not text.split("\n")[1].startswith((" carts", " billing")))


async def test_what_comes_is_shown_behind_a_list_that_is_open(tmp_path: Path) -> None:
    """Somebody who forgets that it is open must not look at an old picture that says it is new."""
    async with screen(tmp_path) as seen:
        await seen.press("o")
        await seen.until(lambda text: "Sort by" in text)
        seen.engine.say(processor(98.7))
        await seen.until(lambda text: "98.7%" in text and "Sort by" in text)


async def test_leaving_a_screen_goes_to_the_one_before_and_not_through_its_resources(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("3", "J", "J", "J", "q")
        await seen.until(lambda text: "RESOURCE" in text and "VALUE" not in text)


async def test_a_terminal_without_unicode_gets_none(tmp_path: Path) -> None:
    async with screen(tmp_path, symbols="ascii") as seen:
        for key in ("j", "enter", "escape", "question_mark"):
            await seen.press(key)
            assert seen.text.isascii(), seen.text
