"""Does the table show the rows it is given, keep its place, and paint no more than what changed?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from collectors.safe import Safe, sanitise
from tests.rig.capture import CaptureDriver, Model, drive, taken
from widgets.columns import GAP, Column, place
from widgets.draw import Align
from widgets.table import Cell, Row, Table
from widgets.tone import Depth, Look, Symbols, Tone

COLUMNS = (
    Column("name", Safe("NAME"), 8, flex=1, priority=9),
    Column("cpu", Safe("CPU"), 6, align=Align.RIGHT, priority=5),
    Column("note", Safe("NOTE"), 12, flex=1, priority=1),
)
SIZE = (60, 10)


def row(name: str, cpu: str = "1.0%", note: str = "") -> Row:
    return Row(sanitise(name), (Cell(sanitise(name)), Cell(sanitise(cpu), Tone.WARN), Cell(sanitise(note), Tone.DIM)))


def many(count: int) -> list[Row]:
    return [row(f"row-{number:04}") for number in range(count)]


class Shown(App[None]):
    """A table alone, what it has said, and what a terminal shows of it."""

    CSS = "Screen { background: ansi_default; }"

    def __init__(self, rows: Sequence[Row], columns: Sequence[Column] = COLUMNS) -> None:
        super().__init__(driver_class=CaptureDriver, ansi_color=True)
        self.first = rows
        self.columns = columns
        self.said: list[object] = []
        self.model = Model(*SIZE)

    def compose(self) -> ComposeResult:
        yield Table(self.columns, empty=Safe("No resources match."))

    def on_mount(self) -> None:
        self.table.show(self.first)
        self.table.focus()

    @property
    def table(self) -> Table:
        return self.query_one(Table)

    def on_table_moved(self, message: Table.Moved) -> None:
        self.said.append(("moved", message.key))

    def on_table_chosen(self, message: Table.Chosen) -> None:
        self.said.append(("chosen", message.key))

    async def see(self, pilot: Pilot[Any]) -> str:
        """What is on the screen now; keeps nothing unsent."""
        await pilot.pause()
        self.model.feed(taken(self))
        return "\n".join(self.model.lines)


async def test_rows_are_shown_below_their_titles_each_in_its_column() -> None:
    app = Shown([row("orders", "41.2%", "busy"), row("customers", "3.0%")])

    async def script(pilot: Pilot[None]) -> None:
        lines = (await app.see(pilot)).splitlines()
        assert lines[0].split() == ["NAME", "CPU", "NOTE"]
        assert lines[1].split() == ["orders", "41.2%", "busy"]
        assert lines[1].index("41.2%") + 5 == lines[2].index("3.0%") + 4 == lines[0].index("CPU") + 3

    await drive(app, script, SIZE)


async def test_the_same_rows_again_send_nothing() -> None:
    app = Shown(many(30))

    async def script(pilot: Pilot[None]) -> None:
        await app.see(pilot)
        app.table.show(many(30))
        app.table.look = Look()
        await pilot.pause()
        assert taken(app) == ""

    await drive(app, script, SIZE)


async def test_one_changed_cell_repaints_that_cell() -> None:
    app = Shown(many(30))

    async def script(pilot: Pilot[None]) -> None:
        await app.see(pilot)
        rows = many(30)
        rows[3] = row("row-0003", "9.9%")
        app.table.show(rows)
        await pilot.pause()
        sent = taken(app)
        assert "9.9%" in sent
        assert "row-0002" not in sent
        assert len(sent) < 150

    await drive(app, script, SIZE)


async def test_what_is_out_of_sight_costs_nothing() -> None:
    app = Shown(many(3000))

    async def script(pilot: Pilot[None]) -> None:
        assert "1-9/3000" in await app.see(pilot)
        app.table.show([*many(3000)[:2000], *(row(f"row-{number:04}", "77%") for number in range(2000, 3000))])
        await pilot.pause()
        assert taken(app) == ""

    await drive(app, script, SIZE)


async def test_the_cursor_follows_its_row_when_the_order_changes() -> None:
    app = Shown(many(40))

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("j", "j", "j")
        assert app.table.cursor == "row-0003"
        app.table.show(list(reversed(many(40))))
        screen = await app.see(pilot)
        assert app.table.cursor == "row-0003"
        assert "row-0003" in screen
        assert app.said == [("moved", f"row-000{n}") for n in range(4)]

    await drive(app, script, SIZE)


async def test_when_the_row_under_the_cursor_goes_its_neighbour_has_the_cursor() -> None:
    app = Shown(many(5))

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("G")
        app.table.show(many(4))
        await pilot.pause()
        assert app.table.cursor == "row-0003"
        app.table.show([])
        assert "No resources match." in await app.see(pilot)
        assert app.said[-2:] == [("moved", "row-0003"), ("moved", None)]
        app.table.show_empty(Safe("Nothing yet."))
        assert "Nothing yet." in await app.see(pilot)

    await drive(app, script, SIZE)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["j", "down", "k"], "row-0001"),
        (["pagedown"], "row-0008"),
        (["pagedown", "pageup"], "row-0000"),
        (["ctrl+d"], "row-0004"),
        (["G"], "row-0099"),
        (["end", "ctrl+u"], "row-0095"),
        (["G", "g"], "row-0000"),
        (["G", "home", "up"], "row-0000"),
    ],
)
async def test_keys_move_the_cursor_and_it_stays_in_sight(keys: list[str], expected: str) -> None:
    app = Shown(many(100))

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        assert app.table.cursor == expected
        assert expected in await app.see(pilot)

    await drive(app, script, SIZE)


async def test_enter_and_a_second_click_choose_the_row() -> None:
    app = Shown(many(9))

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("j", "enter")
        await pilot.click(Table, offset=(3, 5))
        await pilot.pause()
        assert app.table.cursor == "row-0004"
        await pilot.click(Table, offset=(3, 5))
        await pilot.pause()
        assert app.said[-2:] == [("moved", "row-0004"), ("chosen", "row-0004")]
        assert ("chosen", "row-0001") in app.said
        assert app.table.select(Safe("row-0007"))
        assert not app.table.select(Safe("row-0070"))
        assert app.table.cursor == "row-0007"

    await drive(app, script, SIZE)


async def test_a_change_of_look_repaints() -> None:
    app = Shown([row("a" * 50, "1%", "b" * 50)])

    async def script(pilot: Pilot[None]) -> None:
        assert "…" in await app.see(pilot)
        app.table.look = Look(symbols=Symbols.ASCII, depth=Depth.NONE)
        screen = await app.see(pilot)
        assert "…" not in screen
        assert "~" in screen

    await drive(app, script, SIZE)


async def test_no_color_is_obeyed_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Shown([row("orders")])

    async def script(pilot: Pilot[None]) -> None:
        assert "orders" in await app.see(pilot)
        assert {cell.style[0] for line in app.model.cells() for cell in line if cell.text != " "} == {"default"}

    await drive(app, script, SIZE)


async def test_at_twenty_by_five_the_most_important_column_is_left() -> None:
    app = Shown(many(9))

    async def script(pilot: Pilot[None]) -> None:
        await pilot.resize_terminal(20, 5)
        await pilot.pause(0.05)
        app.model = Model(20, 5)
        lines = (await app.see(pilot)).splitlines()
        assert "row-0000" in lines[1]
        assert "1-4/9" in lines[0]

    await drive(app, script, SIZE)


small = st.integers(0, 5)
column = st.builds(Column, st.just("key"), st.just(Safe("t")), st.integers(1, 20), small, priority=small)
columns = st.lists(column, min_size=1, max_size=8)


@given(columns, st.integers(1, 120))
def test_columns_never_overlap_and_the_least_important_go_first(given: list[Column], room: int) -> None:
    slots = place(tuple(given), room)
    assert slots
    for before, after in pairwise(slots):
        assert after.x == before.x + before.width + GAP
    assert slots[-1].x + slots[-1].width <= room
    kept = {slot.index for slot in slots}
    dropped = set(range(len(given))) - kept
    if dropped:
        assert min(given[index].priority for index in kept) >= max(given[index].priority for index in dropped)
    elif any(column.flex for column in given):
        assert slots[-1].x + slots[-1].width == room or sum(c.width + GAP for c in given) - GAP > room
