"""The board as its user has it: four things of one resource at once, tabs where it is small, and honest places."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from collectors.readings import BackupStatus, ResourceId
from collectors.safe import Safe
from console.protocol.meta import BoardLayout
from console.screen import layout
from console.screen.layout import Own
from console.screen.panes import HOME, PANES
from console.screen.tiles.all import TILES
from profiles import board
from tests.rig.played import MOMENT, PLAYED
from tests.rig.stage import screen

TITLES = ("CLOUDWATCH", "WAITS", "REPLICA LAG", "BACKUPS")


def shows(words: str, text: str) -> bool:
    return words in text


async def test_metrics_waits_lag_and_backups_of_one_resource_are_live_at_once(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("2")
        text = await seen.until(lambda text: all(title in text for title in TITLES) and "waited in all" in text)
        assert "would be lost by restoring now" in text
        assert "CPUUtilization" in text


async def test_where_it_is_small_there_are_tabs_and_each_shows_its_tile(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        await seen.press("2")
        text = await seen.until(lambda text: "DatabaseConnections" in text)
        assert all(title in text for title in TITLES)
        assert "waited in all" not in text
        await seen.press("tab")
        await seen.until(lambda text: "waited in all" in text and "DatabaseConnections" not in text)
        await seen.press("tab", "tab")
        await seen.until(lambda text: "would be lost by restoring now" in text)
        await seen.press("shift+tab", "shift+tab", "shift+tab")
        await seen.until(lambda text: "DatabaseConnections" in text)


async def test_growing_and_shrinking_the_terminal_shows_all_or_one(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("2")
        await seen.until(lambda text: "waited in all" in text)
        await seen.pilot.resize_terminal(80, 24)
        await seen.until(lambda text: "DatabaseConnections" in text and "waited in all" not in text)
        await seen.pilot.resize_terminal(120, 40)
        await seen.until(lambda text: "DatabaseConnections" in text and "waited in all" in text)


async def test_enter_opens_what_tells_it_in_full_and_esc_comes_back(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("2")
        await seen.until(lambda text: "waited in all" in text)
        await seen.press("enter")
        await seen.until(lambda text: "VALUE" in text)
        await seen.press("escape")
        await seen.until(lambda text: "waited in all" in text)


async def test_the_keys_of_actions_are_there_and_say_why_they_do_nothing(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("2")
        await seen.until(lambda text: "F,S,X:Actions ×unknown" in text)
        for key, word in (("F", "Fail over"), ("S", "Snapshot"), ("X", "Flush")):
            await seen.press(key)
            await seen.until(partial(shows, f"{word} is locked: nobody has said yet what may be done here."))


async def test_the_next_resource_is_shown_without_going_back(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("2")
        first = await seen.until(lambda text: "waited in all" in text)
        await seen.press("J")
        await seen.until(lambda text: text.split("\n")[1] != first.split("\n")[1])


async def test_a_table_has_no_waits_and_is_not_said_to_lack_them(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("slash", *"carts", "enter", "2")
        await seen.until(lambda text: "Not applicable to a table." in text)


async def test_a_tab_that_is_not_shown_says_how_grave_it_is(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        await seen.press("2")
        await seen.until(lambda text: "DatabaseConnections" in text)
        resource = seen.app.view.chosen
        assert resource is not None
        seen.engine.say(BackupStatus(ResourceId(resource), MOMENT + PLAYED, timedelta(0), None, None, None))
        await seen.until(lambda text: "BACKUPS WARN" in " ".join(text.split()))


async def test_a_layout_of_ones_own_goes_before_the_profiles_and_may_change_while_it_runs(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("2")
        await seen.until(lambda text: "waited in all" in text)
        as_it_was = seen.app.looks
        seen.app.dress(replace(as_it_was, board=Own(rows=(("facts", "alarms"),))))
        await seen.until(lambda text: "DECLARED AND FOUND" in text and "waited in all" not in text)
        seen.app.dress(as_it_was)
        await seen.until(lambda text: all(title in text for title in TITLES))


async def test_a_tile_says_how_old_it_is_and_opens_the_screen_that_tells_more(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.app.dress(replace(seen.app.looks, board=Own(rows=(("cloudwatch", "findings"),))))
        await seen.press("2")
        await seen.until(lambda text: "Nothing is found wrong" in text and "1m ago" in text)
        await seen.press("tab", "enter")
        await seen.until(lambda text: "VALUE" in text)


def test_every_tile_opens_a_screen_that_is_there() -> None:
    assert {tile.opens for tile in TILES.values()} <= {HOME.pane, *PANES}


def test_every_tile_that_a_profile_may_name_is_there() -> None:
    assert set(TILES) == set(board.TILES)


@pytest.mark.parametrize(
    ("size", "names"),
    [((120, 40), (("waits",), ("lag",))), ((200, 50), (("waits", "lag", "events"),))],
)
def test_the_profile_says_where_each_tile_stands(size: tuple[int, int], names: layout.Rows) -> None:
    told = BoardLayout(
        rows=((Safe("waits"),), (Safe("lag"), Safe("of-a-later-release"))),
        wide=((Safe("waits"), Safe("lag"), Safe("events")),),
    )
    assert layout.rows_for(told, size, TILES) == names


def test_a_layout_of_which_nothing_is_known_is_the_plain_one() -> None:
    told = BoardLayout(rows=((Safe("later"),),), wide=((Safe("later"),),))
    assert layout.rows_for(told, (120, 40), TILES) == layout.PLAIN
    assert layout.rows_for(None, (120, 40), TILES) == layout.PLAIN


def test_a_row_without_a_chart_leaves_the_room_to_those_that_have_one() -> None:
    assert layout.height([6, 4]) == 6
    assert layout.height([6, None]) is None
    assert layout.shared([None, 6], 36) == [None, 6]
    assert layout.shared([None, 6], 17) == [None, None], "too little would be left for the chart"
    assert layout.shared([8, 6], 36) == [None, None], "nobody would take what is left"
