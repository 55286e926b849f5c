"""The resource screen as its user has it: look closer, go back in time, read out, compare."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from collectors.safe import Safe
from console.protocol.bodies import Ghosts, Past, Points
from console.screen.ghosts import DAY_MS, WEEK_MS
from tests.rig.stage import Seen, screen
from widgets.chart import Chart

MINUTE = 60_000
SIZES = [(79, 20), (80, 24), (120, 40), (200, 50)]


async def opened(seen: Seen) -> str:
    await seen.press("3")
    return await seen.until(lambda text: "CPUUtilization" in text and "VALUE" in text)


def titles(seen: Seen) -> list[str]:
    """The first lines of the charts that are to be seen."""
    shown = [chart for chart in seen.app.screen.query(Chart) if chart.display]
    return ["".join(words for words, _ in chart.runs(0)) for chart in shown]


async def test_zoom_and_pan_say_which_stretch_is_seen_and_one_key_returns_to_now(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        assert "1h to now" in await opened(seen)
        await seen.press("plus", "plus")
        assert "15m to now" in seen.text
        await seen.press("less_than_sign")
        assert "09:38 to 09:53Z, not now" in seen.text
        assert re.search(r"CPUUtilization  last \d", seen.text)
        await seen.press("minus")
        assert "09:23 to 09:53Z" in seen.text
        await seen.press("equals_sign")
        assert "30m to now" in seen.text


@pytest.mark.parametrize("size", SIZES)
async def test_the_cursor_reads_out_a_time_and_a_value_at_any_size(size: tuple[int, int], tmp_path: Path) -> None:
    async with screen(tmp_path, size) as seen:
        await opened(seen)
        await seen.press("comma", "comma")
        assert re.match(r"CPUUtilization  09:59:00  \d+%", titles(seen)[0])
        await seen.press("full_stop", "full_stop")
        assert "  now " in titles(seen)[0]
        await seen.press("comma", "equals_sign")
        assert "  now " in titles(seen)[0]


async def test_times_of_the_read_out_are_those_of_the_zone(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await opened(seen)
        seen.app.look_at(zone=timezone(timedelta(hours=2)))
        await seen.press("comma", "comma")
        assert "  11:59:00  " in titles(seen)[0]


@pytest.mark.parametrize("size", SIZES)
async def test_a_marked_value_stands_below_the_one_under_the_cursor_on_the_same_axis(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with screen(tmp_path, size) as seen:
        await opened(seen)
        await seen.press("space", "j", "j")
        assert [title.split()[0] for title in titles(seen)] == ["DatabaseConnections", "CPUUtilization"]
        charts = [chart for chart in seen.app.screen.query(Chart) if chart.display]
        axes = {tuple(chart.runs(chart.size.height - 1)) for chart in charts}
        assert len(axes) == 1
        await seen.press("k", "k", "space")
        assert "CPUUtilization" in titles(seen)[0]


async def test_the_same_value_of_a_resource_that_was_marked_stands_below(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await opened(seen)
        seen.app.look_at(marked=(Safe("carts"), Safe("orders-primary")))
        await seen.pilot.pause()
        assert [title.split("  ")[0] for title in titles(seen)] == [
            "billing · CPUUtilization",
            "orders-primary · CPUUtilization",
        ]


async def test_where_nothing_is_compared_a_second_chart_uses_the_room(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await opened(seen)
        assert [title.split()[0] for title in titles(seen)] == ["CPUUtilization", "DatabaseConnections"]


async def test_what_was_marked_stays_marked_on_the_next_resource(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        await opened(seen)
        await seen.press("j", "j", "space", "g", "J", "J", "J")
        await seen.until(lambda text: "VALUE" in text)
        first = seen.lines[1].split()[0]
        assert first != "billing"
        assert len(titles(seen)) == 2


async def test_a_viewer_reads_who_can_ask_for_ghosts(tmp_path: Path) -> None:
    async with screen(tmp_path, mode="view") as seen:
        await opened(seen)
        await seen.press("b")
        assert "LEAST LIKE USUAL" in seen.text
        assert "only the engine's own console can ask" in seen.text
        await seen.press("b")
        assert "LEAST LIKE USUAL" not in seen.text


def told_of(seen: Seen, **usual: float) -> None:
    """The engine tells ghosts of billing: each value as it was all the while, yesterday and last week."""
    now = seen.app.picture.now_ms or 0
    times = range(now - 60 * MINUTE, now, MINUTE)
    series = {
        Safe(f"cloudwatch.{name}"): Past(
            yesterday=Points(t=tuple(time - DAY_MS for time in times), v=(value,) * 60),
            last_week=Points(t=tuple(time - WEEK_MS for time in times), v=(value / 2,) * 60),
        )
        for name, value in usual.items()
    }
    body = Ghosts(start=now - 60 * MINUTE, end=now, metrics=4, usd=0.0004, series=series)
    seen.engine.core.teller.state("ghost", "billing", body=body)


async def test_ghosts_stand_behind_the_line_and_the_least_usual_value_is_a_key_away(tmp_path: Path) -> None:
    async with screen(tmp_path, mode="view") as seen:
        await opened(seen)
        told_of(seen, CPUUtilization=50.0, DatabaseConnections=60.0)
        await seen.press("b")
        text = await seen.until(lambda text: "2.9x yesterday's" in text)
        assert "dotted yesterday, dashed last week: $0.0004" in text
        assert "yesterday dotted" in titles(seen)[0]
        await seen.press("tab", "enter", "comma", "comma")
        assert re.match(r"DatabaseConnections  09:59:00  18\d.*yesterday 60\.?0?  last week 30", titles(seen)[0])
        await seen.press("b")
        assert "yesterday" not in seen.text


async def test_values_that_are_as_usual_are_not_listed(tmp_path: Path) -> None:
    async with screen(tmp_path, mode="view") as seen:
        await opened(seen)
        told_of(seen, CPUUtilization=50.0)
        await seen.press("b")
        await seen.until(lambda text: "None of 1 values is unlike both yesterday" in text)


async def test_in_a_small_terminal_tab_turns_from_the_values_to_what_is_unlike_usual(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24), mode="view") as seen:
        await opened(seen)
        await seen.press("b")
        assert "VALUE" in seen.text
        await seen.press("tab")
        assert "LEAST LIKE USUAL" in seen.text
        assert "VALUE" not in seen.text
        await seen.press("tab")
        assert "VALUE" in seen.text


async def test_it_is_arranged_anew_when_the_terminal_grows(tmp_path: Path) -> None:
    async with screen(tmp_path, (79, 20)) as seen:
        await opened(seen)
        assert "EVENTS" not in seen.text
        await seen.pilot.resize_terminal(200, 50)
        text = await seen.until(lambda text: "EVENTS" in text)
        assert "1h to now" in text
        await seen.pilot.resize_terminal(60, 10)
        await seen.until(lambda text: "EVENTS" not in text and "VALUE" in text)


@pytest.mark.parametrize("size", [(20, 4), (24, 4), (40, 12), (79, 20), (100, 16), (300, 90)])
async def test_every_key_is_taken_at_any_size(size: tuple[int, int], tmp_path: Path) -> None:
    looking = ("plus", "minus", "less_than_sign", "comma", "full_stop", "equals_sign")
    choosing = ("space", "j", "b", "tab", "tab", "b", "J", "K")
    async with screen(tmp_path, size, symbols="ascii") as seen:
        await seen.press("3", *looking, *choosing)
        assert seen.app.is_running
        assert seen.text.isascii()
