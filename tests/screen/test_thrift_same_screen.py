"""Does the screen end the same with thrift as without it, in every cell and style?"""

from __future__ import annotations

import random
from typing import Any, ClassVar

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from collectors.safe import Safe, sanitise
from console.screen.thrift import ThriftyApp
from tests.rig.bytes_oracle import foreign
from tests.rig.capture import CaptureDriver, Model, drive, taken
from widgets.bar import Bar
from widgets.chart import Chart, ChartData, Threshold
from widgets.columns import Column
from widgets.draw import Align
from widgets.table import Cell, Row, Table
from widgets.themes import THEMES
from widgets.tone import Depth, Look, Symbols, Tone

WORDS = ("orders-primary", "漢字の表", "é́ acute", "naïve", "42.5%", "", "a" * 40, "日本", "✕ denied", "⠿⡇ dots", "x漢")
KEYS = ("j", "k", "G", "g", "pagedown", "ctrl+o", "escape", "tab", "ctrl+l", "z")
SIZES = ((80, 24), (120, 40), (47, 13), (20, 5), (101, 31))


class Question(ModalScreen[None]):
    CSS = """
    Question { align: center middle; }
    Question Static { width: 31; height: 7; border: round red; background: blue; }
    """
    BINDINGS: ClassVar = [("escape", "dismiss", "close")]

    def compose(self) -> ComposeResult:
        yield Static("Is it safe? 日本語 said twice", markup=False)


class Dashboard(ThriftyApp[None]):
    CSS = """
    Table { height: 2fr; } Chart { height: 1fr; } Static { height: 2; text-style: underline; background: $primary; }
    """
    BINDINGS: ClassVar = [("ctrl+o", "ask", "ask")]

    def compose(self) -> ComposeResult:
        yield Bar()
        aligns = (Align.LEFT, Align.RIGHT, Align.RIGHT)
        columns = [Column(str(n), Safe(f"title {n}"), 6 + n, n % 2, aligns[n % 3], n) for n in range(7)]
        yield Table(columns, empty=Safe("nothing here"))
        yield Chart()
        yield Input("typed")
        yield Static("words", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False  # by the clock, so that two runs would differ
        self.query_one(Table).focus()

    def action_ask(self) -> None:
        self.push_screen(Question())


def step(app: Dashboard, rng: random.Random) -> None:
    """Something new to show, often only a little different from before."""
    base = app.screen_stack[0]
    table = base.query_one(Table)
    rows = {row.key: row for row in table.rows}
    for _ in range(rng.choice((1, 1, 3, 30))):
        key = sanitise(f"row {rng.randrange(60)}")
        cells = tuple(Cell(sanitise(rng.choice(WORDS)), rng.choice(list(Tone))) for _ in range(7))
        rows[key] = Row(key, cells)
    kept = list(rows.values())
    if rng.random() < 0.2:
        rng.shuffle(kept)
        kept = kept[: rng.randrange(len(kept) + 1)]
    table.show(kept)
    points = tuple((n * 1000, None if rng.random() < 0.1 else rng.random() * 100) for n in range(rng.randrange(80)))
    data = ChartData(Safe("load 負荷"), Safe("Percent"), points, 0, 80_000, thresholds=(Threshold(70.0),))
    base.query_one(Chart).show(data)
    left = [(sanitise(rng.choice(WORDS)), rng.choice(list(Tone))) for _ in range(4)]
    base.query_one(Bar).show(left, [(Safe("end"), Tone.DIM)])
    if rng.random() < 0.3:
        base.query_one(Static).update(sanitise(rng.choice(WORDS)))
    if rng.random() < 0.1:
        table.look = Look(rng.choice(list(THEMES.values())), rng.choice(list(Symbols)), rng.choice(list(Depth)))


async def screens(seed: int, *, thrift: bool, sync: bool, theme: str) -> tuple[list[Any], int]:
    """The screen after each of some sixteen steps, and the characters it took."""
    rng = random.Random(seed)
    app = Dashboard(thrift=thrift, driver_class=CaptureDriver)
    seen: list[Any] = []
    spent = 0

    async def script(pilot: Pilot[None]) -> None:
        nonlocal spent
        width, height = SIZES[0]
        model = Model(width, height)
        app.theme = theme
        for _ in range(16):
            roll = rng.random()
            if roll < 0.15:
                width, height = rng.choice(SIZES)
                await pilot.resize_terminal(width, height)
                await pilot.pause(0.03)  # Textual gathers resizes for 1/120 s
                spent += len(taken_into(model, app, (width, height)))
            elif roll < 0.5:
                await pilot.press(rng.choice(KEYS))
            else:
                step(app, rng)
            await pilot.pause()
            spent += len(taken_into(model, app, None))
            seen.append(model.cells())

    await drive(app, script, SIZES[0], sync=sync)
    return seen, spent


def taken_into(model: Model, app: Dashboard, size: tuple[int, int] | None) -> str:
    if size is not None and (model.screen.columns, model.screen.lines) != size:
        model.resize(*size)
    text = taken(app)
    assert foreign(text) == ""
    model.feed(text)
    return text


@pytest.mark.parametrize("seed", range(9))
async def test_a_thrifty_screen_is_the_same_in_every_cell_and_style(seed: int) -> None:
    sync, theme = seed % 2 == 0, ("ansi-dark", "textual-dark", "nord")[seed % 3]
    thrifty, few = await screens(seed, thrift=True, sync=sync, theme=theme)
    plain, many = await screens(seed, thrift=False, sync=sync, theme=theme)
    for number, (ours, textual) in enumerate(zip(thrifty, plain, strict=True)):
        for y, (our_row, row) in enumerate(zip(ours, textual, strict=True)):
            assert our_row == row, f"step {number}, line {y}"
    assert few < many / 2
