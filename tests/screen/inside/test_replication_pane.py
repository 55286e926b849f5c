"""The screen of replication: what each engine tells, at every size, and what is chosen is told in full."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import Described
from collectors.safe import sanitise
from console.environment import SymbolSet
from console.screen.inside.replication_layout import LEAST_CHART, heights
from console.screen.trail import Place
from tests.rig.counted import CountedApp, cost, cost_of_nothing
from tests.rig.screens import SIZES, SPLIT
from tests.rig.stage import Seen, screen
from tests.screen.inside.copied import AT, FAILED_OVER, FAMILIES, IN_STEP, about, link
from tests.screen.test_snapshots import compare_in, sheet

SNAPSHOTS = Path(__file__).parent / "snapshots"
WORDS = {
    "sql-server": (
        "behind 12.4s",
        "broken >=3m",
        "Multi-AZ standby",
        "12.0s, 912MiB",
        "But AWS says in step",
    ),
    "postgres": ("behind 900.0ms", "silent >=48.0s", "old_warehouse", "41.0GiB", "Promoted now"),
    "mysql": ("broken >=5m", "1062: Duplicate entry", "88.0MiB"),
    "redis": ("seeding", "60.0MiB"),
    "aurora": ("behind 21.6ms", "would lose nothing"),
    "dynamodb": ("in step", "broken", "eu-central-1", "us-east-1", "its key"),
}


@asynccontextmanager
async def told(which: str, folder: Path, size: tuple[int, int] = (120, 40), **others: Any) -> AsyncIterator[Seen]:
    """The screen, once it shows that family."""
    make, of = FAMILIES[which]
    async with screen(folder, size, **others) as seen:
        readings = make()
        seen.engine.say(*(each for each in readings if isinstance(each, Described)))
        seen.engine.say(*readings)
        seen.engine.core.teller.happened(FAILED_OVER)
        seen.app.go(Place("replication", sanitise(of)))
        await seen.until(lambda text: all(words in " ".join(text.split()) for words in WORDS[which][:2]))
        await seen.until_still()
        yield seen


@pytest.mark.parametrize("size", [*SIZES, SPLIT])
async def test_an_availability_group_at_each_size(size: tuple[int, int], tmp_path: Path) -> None:
    async with told("sql-server", tmp_path, size) as seen:
        assert all(words in " ".join(seen.text.split()) for words in WORDS["sql-server"])
        compare_in(SNAPSHOTS, f"replication-sql-server-{size[0]}x{size[1]}", await sheet(seen))


@pytest.mark.parametrize("which", [each for each in FAMILIES if each != "sql-server"])
async def test_each_engine_on_the_smallest_usual_screen(which: str, tmp_path: Path) -> None:
    async with told(which, tmp_path, (80, 24)) as seen:
        assert all(words in " ".join(seen.text.split()) for words in WORDS[which])
        compare_in(SNAPSHOTS, f"replication-{which}-80x24", await sheet(seen))


@pytest.mark.parametrize("symbols", ["block", "ascii"])
async def test_with_other_symbols(symbols: SymbolSet, tmp_path: Path) -> None:
    async with told("sql-server", tmp_path, (80, 24), symbols=symbols) as seen:
        assert seen.text.isascii() or symbols != "ascii"
        compare_in(SNAPSHOTS, f"replication-sql-server-80x24-{symbols}", await sheet(seen))


async def test_the_databases_of_a_link_are_those_of_the_link_under_the_cursor(tmp_path: Path) -> None:
    async with told("sql-server", tmp_path) as seen:
        assert "suspended from user" not in seen.text
        await seen.press("o", "j")
        text = await seen.until(lambda text: "suspended from user" in text)
        rows = [line.split()[0] for line in text.split("\n") if "SYNCHRON" in line]
        assert rows == ["!archive", "orders", "catalogue"]  # the worst first
        await seen.press("o")
        assert seen.app.focused is not None
        assert seen.app.focused.id == "second"


async def test_keys_go_from_node_to_node_and_enter_opens_one(tmp_path: Path) -> None:
    async with told("sql-server", tmp_path) as seen:
        await seen.press("j", "j")
        await seen.until(lambda text: "orders-replica-1 copies from orders-primary: 12.4s behind" in text)
        await seen.press("k")
        await seen.until(lambda text: "Multi-AZ standby copies from orders-primary: in step" in text)
        await seen.press("enter")
        await seen.until(lambda text: "Multi-AZ standby is no resource that can be looked at" in text)
        await seen.press("j", "enter")
        await seen.until(lambda text: "CLOUDWATCH" in text and "orders-replica-1" in text)


async def test_what_failed_over_and_what_may_not_be_seen_are_said(tmp_path: Path) -> None:
    async with told("sql-server", tmp_path) as seen:
        assert "09:21:02 orders-primary: Multi-AZ instance failover completed" in seen.text
    async with told("mysql", tmp_path / "other") as seen:
        await seen.press("k")
        await seen.until(lambda text: "Who follows this server is not seen: it needs REPLICATION SLAVE." in text)


async def test_tab_goes_only_to_what_applies_and_the_strip_says_so(tmp_path: Path) -> None:
    async with told("redis", tmp_path) as seen:
        assert "Waits" not in seen.lines[1]
        await seen.press("tab")
        await seen.until(lambda text: "Days" in text)
        await seen.press("tab")
        await seen.until(lambda text: "Held up by" in text)
        await seen.press("tab")
        await seen.until(lambda text: "WHO COPIES FROM WHOM" in text)
        seen.app.go(Place("replication", sanitise("orders-primary")))
        await seen.until(lambda text: "Memory" in text)
        await seen.press("tab", "tab")
        await seen.until(lambda text: "CATEGORY" in text or "waited" in text)


async def test_it_is_reached_by_its_other_name_and_from_the_tile(tmp_path: Path) -> None:
    async with told("sql-server", tmp_path) as seen:
        seen.app.go(Place("board", sanitise("orders-primary")))
        await seen.until(lambda text: "REPLICA LAG" in text)
        await seen.press("l", "l", "enter")
        await seen.until(lambda text: "WHO COPIES FROM WHOM" in text)
        await seen.press("escape", "colon", *"lag", "enter")
        await seen.until(lambda text: "WHO COPIES FROM WHOM" in text)


async def test_who_has_no_copy_and_who_went_are_said_to(tmp_path: Path) -> None:
    async with told("redis", tmp_path) as seen:
        seen.app.go(Place("replication", sanitise("reporting")))
        await seen.until(lambda text: "Nobody tells of any link from reporting" in text)
        seen.app.go(Place("replication", sanitise("nowhere")))
        await seen.until(lambda text: "nowhere is no longer in the estate" in text)


async def test_an_engine_that_is_lost_leaves_the_last_word_and_says_so(tmp_path: Path) -> None:
    async with told("sql-server", tmp_path) as seen:
        (tmp_path / "control.sock").unlink()
        await seen.engine.vanish()
        text = await seen.until(lambda text: "The engine is lost" in text)
        assert "broken >=3m" in text


async def test_text_meant_to_do_harm_is_shown_as_text(tmp_path: Path) -> None:
    async with told("sql-server", tmp_path) as seen:
        evil = link("orders-primary", "[red]a\x1b[2J\u202e", IN_STEP)
        standby = link("orders-primary", "Multi-AZ standby", IN_STEP)
        near = link("orders-primary", "orders-replica-2", IN_STEP)
        fact = about("orders-primary", "primary", at=AT + timedelta(seconds=5), downstream=(evil, standby, near))
        seen.engine.say(fact)
        text = await seen.until(lambda text: "[red]a" in text)
        assert "\x1b" not in text


async def test_the_overview_has_a_word_for_a_dead_link_and_no_number(tmp_path: Path) -> None:
    async with told("sql-server", tmp_path) as seen:
        seen.app.go(Place("overview"))
        text = await seen.until(lambda text: "broken" in text)
        (row,) = (line for line in text.split("\n") if line.lstrip().startswith("orders-replica-2"))
        assert "broken" in row


async def test_it_keeps_to_its_budget_of_bytes(tmp_path: Path) -> None:
    async with told("sql-server", tmp_path, make=CountedApp) as seen:
        await cost(seen, "escape")
        seen.app.go(Place("replication", sanitise("orders-primary")))
        await seen.until_still()
        for key in ("j", "k", "o", "j"):
            assert await cost(seen, key) < 1_500, key
        assert await cost_of_nothing(seen) == 0


ROWS = st.integers(0, 40)


@given(st.integers(0, 80), ROWS, ROWS, ROWS, st.fixed_dictionaries({"members": ROWS, "happened": st.integers(0, 3)}))
def test_parts_never_take_more_rows_than_there_are(
    room: int, detail: int, links: int, second: int, others: dict[str, int]
) -> None:
    found = heights(room, detail=detail, links=links, second=second, **others)
    each = (found.topology, found.happened, found.detail, found.links, found.second, found.chart)
    assert sum(each) <= room
    assert min(each) >= 0
    assert found.topology >= min(room, 3, others["members"] + 1)
    assert not found.chart or found.chart >= LEAST_CHART
    assert found.chart or found.detail >= min(detail, room // 5)
