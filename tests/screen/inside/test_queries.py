"""The screen of statements and indexes: by each measure, to their end, with what a person asks by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.errors import Trouble
from collectors.inside.indexes import DAY_S, Indexes
from collectors.inside.queries import Queries, Statement
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.protocol.requests import Said
from console.screen.inside import query_rows
from tests.rig.played import MOMENT
from tests.rig.stage import Seen, screen

SIZES = ((80, 24), (120, 40), (200, 50))
ORDERS = ResourceId(Safe("orders-primary"))
TEXT = "SELECT {name} FROM dbo.{name} WHERE id = @P1"
LATER = MOMENT + timedelta(minutes=2)


def statement(name: str, **costs: float | None) -> Statement:
    usual: dict[str, float | None] = {"executions": 10.0, "cpu_ms": 10.0, "elapsed_ms": 20.0, "reads": 100.0}
    usual |= {"writes": 0.0, "rows": 10.0, "wait_ms": None, **costs}
    text = Safe(TEXT.format(name=name))
    return Statement(Safe(f"0x{name}"), Safe("0x01"), Safe("orders"), text, **usual)  # type: ignore[arg-type]


TOLD = Queries(
    ORDERS,
    LATER,
    (
        statement("burner", cpu_ms=4_000.0, elapsed_ms=4_100.0, executions=2.0),
        statement("waiter", elapsed_ms=9_000.0, wait_ms=8_900.0),
        statement("reader", reads=900_000.0),
        statement("writer", writes=5_000.0),
        statement("caller", executions=2_000.0, rows=2_000.0),
    ),
    60.0,
    Safe("Query Store of orders"),
    trouble=Safe("Query Store is off in orders_archive"),
    suspicions=(Safe("One statement is called 2,000 times a second"),),
    count=230,
    cpu_ms=8_000.0,
)


async def to_orders(seen: Seen, *said: Queries | Indexes) -> None:
    seen.engine.say(*said)
    await seen.press(*"jjjjjj", "9")
    await seen.until(lambda text: "orders-primary" in text.split("\n")[1] and "STATEMENTS" in text)


def first_row(seen: Seen) -> str:
    head = next(n for n, line in enumerate(seen.lines) if "SHARE" in line or "SCORE" in line or "WRITES  " in line)
    return seen.lines[head + 1]


@pytest.mark.parametrize("size", SIZES)
async def test_the_key_goes_round_the_measures_and_the_dearest_by_each_stands_first(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with screen(tmp_path, size) as seen:
        await to_orders(seen, TOLD)
        for name, word in (
            ("burner", "by CPU"),
            ("waiter", "by duration"),
            ("reader", "by pages read"),
            ("writer", "by pages written"),
            ("caller", "by calls"),
            ("waiter", "by waits"),
            ("burner", "by CPU"),
        ):
            await seen.until(lambda text, word=word: f"STATEMENTS {word}" in text)  # type: ignore[misc]
            assert f"SELECT {name}" in first_row(seen), word
            await seen.press("o")


async def test_the_line_above_says_how_much_since_when_and_by_what_and_a_share_is_of_all(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await to_orders(seen, TOLD)
        text = await seen.until(lambda text: "burner" in text)
        assert "all: CPU 8000ms/s, 230 statements  each second of 60s  Query Store of orders" in text
        assert "One statement is called 2,000 times a second" in text
        assert "Query Store is off in orders_archive." in text
        assert first_row(seen).split()[0] == "50%"
        assert "each takes 2050ms, 2000ms of CPU, reads 50 pages, gives 5 rows" in text
        assert "what still runs is on Activity" in text


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (replace(TOLD, rows=(), interval_s=None), "This was the first look, or another node answered"),
        (replace(TOLD, rows=()), "No statement has ended in this interval."),
    ],
)
async def test_why_nothing_is_shown_is_said(told: Queries, says: str, tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        await to_orders(seen, told)
        assert says in await seen.until(lambda text: says in text)


async def test_where_nobody_tells_of_waits_that_is_said_when_they_are_asked_for(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await to_orders(seen, replace(TOLD, rows=tuple(replace(row, wait_ms=None) for row in TOLD.rows)))
        await seen.press(*"ooooo")
        await seen.until(lambda text: "only Query Store knows" in text)
        await seen.press("o")
        await seen.until(lambda text: "only Query Store knows" not in text)


class Hand:
    """What is asked by hand, and what comes back."""

    def __init__(self, said: Said | Trouble) -> None:
        self.said, self.asked = said, list[tuple[str, str, Mapping[str, object]]]()

    async def __call__(self, about: ResourceId, question: str, args: Mapping[str, object]) -> Said:
        self.asked.append((about, question, args))
        if isinstance(self.said, Trouble):
            raise self.said
        return self.said


def rows(*cells: tuple[str, ...]) -> Said:
    return tuple(tuple(map(Safe, row)) for row in cells)


@pytest.mark.parametrize("size", SIZES)
async def test_a_plan_is_asked_for_and_where_it_is_saved_is_shown(size: tuple[int, int], tmp_path: Path) -> None:
    hand = Hand(rows(("what", "is"), ("saved", "/state/plans/a.sqlplan"), ("operators", "12")))
    async with screen(tmp_path, size) as seen:
        seen.engine.inquire = hand
        await to_orders(seen, TOLD)
        await seen.press("p")
        text = await seen.until(lambda text: "saved: /state/plans/a.sqlplan" in text)
        assert "operators: 12" in text
        (asked,) = hand.asked
        assert asked == (ORDERS, "plan", {"hash": "0xburner", "plan": "0x01", "database": "orders"})
        await seen.press("j")
        await seen.until(lambda text: "a.sqlplan" not in text)  # another statement has another plan


async def test_why_there_is_no_plan_is_said_in_the_footer(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.engine.inquire = Hand(Trouble("The server has no plan of this statement any more.", mend="Ask again."))
        await to_orders(seen, TOLD)
        await seen.press("p")
        await seen.until(lambda text: "no plan of this statement any more. Ask again." in text)


async def test_a_viewer_may_not_ask(tmp_path: Path) -> None:
    hand = Hand(())
    async with screen(tmp_path, mode="view") as seen:
        seen.engine.inquire = hand
        await to_orders(seen, TOLD)
        await seen.press("p")
        await seen.until(lambda text: "This is a viewer" in text)
        assert hand.asked == []


@pytest.mark.parametrize("size", SIZES)
async def test_missing_and_unused_indexes_are_two_more_tables(size: tuple[int, int], tmp_path: Path) -> None:
    async with screen(tmp_path, size) as seen:
        await to_orders(seen, TOLD)
        await seen.press("v")
        text = await seen.until(lambda text: "MISSING INDEXES" in text)
        assert "61 days of evidence" in text
        assert "knows no order of keys" in text
        assert "SCORE" in text
        assert "wanted" in text
        assert "p:Save plan" not in text
        await seen.press("v")
        text = await seen.until(lambda text: "INDEXES THAT NOBODY READS" in text)
        assert "written" in text
        assert "f asks how fragmented" in text
        await seen.press("v")
        await seen.until(lambda text: "STATEMENTS" in text)


async def test_with_less_than_a_month_nothing_is_called_unused(tmp_path: Path) -> None:
    young = Indexes(ORDERS, LATER, (), (), 9.6 * DAY_S, Safe("EC2AMAZ-1"))
    async with screen(tmp_path, (80, 24)) as seen:
        await to_orders(seen, TOLD, young)
        await seen.press("v")
        await seen.until(lambda text: "misses no index" in text)
        await seen.press("v")
        text = await seen.until(lambda text: "9 days of evidence on this node; 30 are needed." in text)
        assert "9 days of evidence on EC2AMAZ-1" in text


@pytest.mark.parametrize("size", SIZES)
async def test_fragmentation_is_asked_only_by_hand_and_of_the_table_under_the_cursor(
    size: tuple[int, int], tmp_path: Path
) -> None:
    pieces = rows(("index", "fragmented", "pages"), ("PK_a", "73.2%", "91"))
    hand = Hand(pieces)
    async with screen(tmp_path, size) as seen:
        seen.engine.inquire = hand
        await to_orders(seen, TOLD)
        await seen.press("i")  # statements have none
        await seen.press("v")
        await seen.until(lambda text: "f asks how fragmented" in text)
        assert hand.asked == []
        await seen.press("i")
        text = await seen.until(lambda text: "73.2%" in text)
        assert "PK_a" in text
        ((_, question, args),) = hand.asked
        assert question == "fragmentation"
        assert str(args["table"]).startswith("[orders].[dbo].[")
        assert str(args["table"]) in first_row(seen)


async def test_space_gives_most_of_the_screen_to_one_statement(tmp_path: Path) -> None:
    text = Safe(", ".join(f"column_{n}" for n in range(90)))
    long = replace(TOLD.rows[0], text=text)
    async with screen(tmp_path, (80, 24)) as seen:
        await to_orders(seen, replace(TOLD, rows=(long,)))
        await seen.until(lambda text: "column_1," in text)
        assert "column_89" not in seen.text
        await seen.press("space")
        await seen.until(lambda text: "column_89" in text)


async def test_another_resource_shows_its_own_and_what_cannot_be_looked_into_says_so(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await to_orders(seen, TOLD)
        await seen.press("J")
        await seen.until(lambda text: "orders-primary" not in text.split("\n")[1] and "burner" not in text)
        await seen.press("escape", *"gj", "9")
        await seen.until(lambda text: "Not applicable to" in text)


def test_of_equal_costs_the_order_stays() -> None:
    equal = replace(TOLD, rows=tuple(replace(row, cpu_ms=1.0) for row in TOLD.rows))
    names = [row.hash for row in query_rows.ordered(equal, "cpu_ms")]
    assert names == sorted(names)
