"""The overview as its user has it: sorted, grouped, marked, filtered, and through every size."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.readings import Alarm, Alarms, Gone, ResourceId
from collectors.safe import Safe
from tests.rig.played import MOMENT, PLAYED
from tests.rig.stage import Seen, screen

OPEN, FOLDED = "\u25be", "\u25b8"
CACHE = re.compile(r"cache  2 resources")


def alarm(name: str) -> Alarms:
    """It is a warning."""
    told = Alarm(Safe("too-slow"), Safe("ALARM"), MOMENT, Safe("it is"), Safe(""))
    return Alarms(ResourceId(Safe(name)), MOMENT + PLAYED + timedelta(seconds=5), (told,))


def rows(seen: Seen) -> list[str]:
    """The first word of each row, and the sign of a headline."""
    found = []
    for line in seen.lines[2:]:
        if not line.strip() or " within every bound " in line or " WARN for " in line:
            break
        found.append(line[1:].split()[0])
    return found


async def choose(seen: Seen, key: str, title: str, typed: str) -> None:
    await seen.press(key)
    await seen.until(lambda text: title in text)
    await seen.press(*typed, "enter")
    await seen.until(lambda text: title not in text)


async def test_the_worst_comes_up_under_a_cursor_that_nobody_moved_with_its_reason_and_since_when(
    tmp_path: Path,
) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        seen.engine.say(alarm("reporting"))
        text = await seen.until(lambda text: "WARN" in text)
        assert rows(seen)[0] == "reporting"
        assert re.search(r"reporting +WARN +\d+[sm] alarm too-slow", text)
        assert re.search(r"reporting  WARN for \d+[sm]: alarm too-slow", text)


async def test_o_sorts_by_what_is_chosen_and_the_same_again_turns_it_round(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await choose(seen, "o", "Sort by", "cpu")
        await seen.until(lambda text: f"{OPEN}CPU" in text)
        busiest = rows(seen)
        assert busiest[:2] == ["reporting", "billing"]
        await choose(seen, "o", "Sort by", "cpu")
        await seen.until(lambda text: "\u25b4CPU" in text)
        assert rows(seen)[:2] == ["sessions-002", "sessions-001"]
        assert rows(seen)[-2:] == busiest[-2:] == ["carts", "catalogue"], "what has no processor stays at the end"


async def test_another_order_begins_at_its_top_wherever_the_cursor_was(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 12)) as seen:
        await seen.press("G")
        await choose(seen, "o", "Sort by", "cpu")
        await seen.until(lambda text: rows(seen)[0] == "reporting")
        await seen.press("3")
        await seen.until(lambda text: text.split("\n")[1].startswith(" reporting"))


async def test_where_in_the_rows_one_is_hides_no_title(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 16)) as seen:
        await choose(seen, "v", "Group by", "kind")
        await seen.press("G")
        text = await seen.until(lambda text: "5-16/16" in text)
        assert text.split("\n")[1].endswith("RPO  AGE")


async def test_leaving_the_list_of_columns_changes_nothing(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        before = rows(seen)
        await seen.press("o")
        await seen.until(lambda text: "Sort by" in text)
        await seen.press(*"nonesuch", "enter")
        await seen.until(lambda text: "Nothing matches" in text)
        await seen.press("escape")
        await seen.until(lambda text: "Sort by" not in text)
        assert rows(seen) == before


async def test_v_groups_the_worst_first_and_space_or_enter_folds(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.engine.say(alarm("sessions-002"))
        await seen.until(lambda text: "WARN" in text)
        await choose(seen, "v", "Group by", "kind")
        text = await seen.until(lambda text: f"{OPEN} cache" in text)
        assert re.search(r"cache  2 resources  WARNING  \(1 warn\)", text)
        assert rows(seen)[:3] == [OPEN, "sessions-002", "sessions-001"]
        for key in ("space", "enter"):
            await seen.press("g", key)
            await seen.until(lambda text: f"{FOLDED} cache" in text)
            assert rows(seen)[:2] == [FOLDED, OPEN]
            await seen.press(key)
            await seen.until(lambda text: f"{OPEN} cache" in text)
        await choose(seen, "v", "Group by", "not")
        await seen.until(lambda text: OPEN not in text.split("\n")[2])


async def test_a_headline_leads_to_the_worst_of_its_group(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await choose(seen, "v", "Group by", "kind")
        await seen.press("g", "3")
        await seen.until(lambda text: text.split("\n")[1].startswith(" sessions-001"))


async def test_space_marks_and_esc_clears_first_the_filter_then_the_marks(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("space", "j", "space")
        await seen.until(lambda text: "2 marked" in text and "*billing" in text and "*carts" in text)
        await seen.press("space")
        await seen.until(lambda text: "1 marked" in text and "*carts" not in text)
        await seen.press("slash", *"bill", "enter", "escape")
        assert "1 marked" in await seen.until(lambda text: "catalogue" in text)
        await seen.press("escape")
        await seen.until(lambda text: "marked" not in text and "*" not in text)
        assert seen.app.is_running


async def test_the_filter_goes_along_and_every_screen_says_that_there_is_one(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("slash", *"role:replica", "enter")
        await seen.until(lambda text: "/role:replica  3 of 12" in text.split("\n")[0])
        await seen.press("5")
        await seen.until(lambda text: "COLLECTOR" in text)
        assert "/role:replica  3 of 12" in seen.lines[0]
        await seen.press("1", "3", "J")
        await seen.until(lambda text: text.split("\n")[1].startswith(" orders-replica-2"))
        await seen.press("1")
        await seen.until(lambda text: "orders-replica-2  within every bound" in text)
        await seen.press("slash", *",primary", "enter")
        await seen.until(lambda text: "/role:replica,primary " in text.split("\n")[0])


async def test_a_filter_that_is_not_understood_says_so_and_hides_nothing(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        before = rows(seen)
        await seen.press("slash", *"rol:replica")
        await seen.until(lambda text: "rol: is not known; did you mean role:? Nothing is hidden." in text)
        assert rows(seen)[: len(before)] == before


async def test_a_marked_resource_that_goes_is_no_row(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("space")
        await seen.until(lambda text: "*billing" in text)
        seen.engine.say(Gone(ResourceId(Safe("billing")), MOMENT + PLAYED))
        await seen.until(lambda text: "billing" not in text and "marked" not in text)


SHOWN = {
    (79, 20): ("SEV", "SINCE", "WHY", "CPU", "LAG", "RPO", "AGE"),
    (80, 24): ("SEV", "SINCE", "WHY", "CPU", "LAG", "RPO", "AGE"),
    (120, 40): ("ROLE", "SEV", "SINCE", "WHY", "CPU", "CONN", "FREE", "LAG", "RPO", "CPU, 30 min", "AGE"),
    (200, 50): ("ENGINE", "AZ", "STATUS", "TOP WAIT", "CPU, 30 min", "AGE"),
}


@pytest.mark.parametrize("size", SHOWN, ids="{0[0]}x{0[1]}".format)
async def test_at_each_size_what_matters_has_a_column(size: tuple[int, int], tmp_path: Path) -> None:
    async with screen(tmp_path, size) as seen:
        assert all(title in seen.lines[1] for title in SHOWN[size])
        assert any("orders-replica-1 " in line for line in seen.lines), "no name is cut"


async def test_columns_may_be_chosen(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.app.columns = ("level", "name", "cpu")
        seen.app.repaint_now()
        await seen.until(lambda text: text.split("\n")[1].split() == [f"SEV{OPEN}", "RESOURCE", "CPU"])
