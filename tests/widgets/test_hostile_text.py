"""May any text, however hostile, send the terminal a byte that Textual would not itself send?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import pytest
from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot

from collectors.safe import Safe, sanitise
from console.screen.thrift import ThriftyApp
from tests.rig.battery import battery
from tests.rig.bytes_oracle import foreign
from tests.rig.capture import CaptureDriver, Model, drive, taken
from tests.rig.hostile import strings
from widgets.bar import Bar, Ends
from widgets.chart import Chart, ChartData
from widgets.columns import Column
from widgets.draw import Align
from widgets.keys import KeyEntry, KeyList
from widgets.prompt import Prompt
from widgets.table import Cell, Row, Table
from widgets.tone import Tone

COUNT = battery(10_000)
SIZE = (240, 130)
WIDE, HIGH = 16, 100  # strings abreast and above each other


class Everything(ThriftyApp[None]):
    CSS = """
    Screen { background: ansi_default; layout: vertical; }
    Table { height: 101; } Bar { height: 4; } Chart { height: 6; } KeyList { height: 1fr; }
    """

    def __init__(self, words: list[Safe], *, thrift: bool) -> None:
        super().__init__(thrift=thrift, driver_class=CaptureDriver, ansi_color=True)
        self.words = words

    def compose(self) -> ComposeResult:
        columns = [Column(str(n), self.words[n], 14, align=Align.RIGHT if n % 2 else Align.LEFT) for n in range(WIDE)]
        yield Bar()
        yield Table(columns, empty=self.words[0])
        yield Chart()
        yield Prompt(self.words[1])
        entries = [KeyEntry(key, what, group) for key, what, group in zip(*[iter(self.words[:60])] * 3, strict=True)]
        yield KeyList(self.words[2], entries, self.words[3:5])


def show(app: Everything, words: list[Safe]) -> None:
    rows = [
        Row(words[n], tuple(Cell(text, Tone.PLAIN) for text in words[n : n + WIDE])) for n in range(0, len(words), WIDE)
    ]
    app.query_one(Table).show(rows)
    tones = [(text, tone) for text, tone in zip(words, list(Tone), strict=False)]
    app.query_one(Bar).show_lines([Ends(tuple(tones[:4]), tuple(tones[4:]))] * 4)
    app.query_one(Chart).show(ChartData(words[5], words[6], ((0, 1.0), (1, 2.0)), 0, 2))


def batches(texts: Iterable[str], size: int) -> Iterable[list[Safe]]:
    source = iter(texts)
    while batch := [sanitise(text) for text in islice(source, size)]:
        yield batch


@pytest.mark.parametrize(("thrift", "count"), [(True, COUNT), (False, COUNT // 5)], ids=["thrifty", "plain"])
async def test_no_text_sends_the_terminal_anything_but_text(thrift: bool, count: int) -> None:
    app = Everything([sanitise(text) for text in strings(1, 60)], thrift=thrift)
    model = Model(*SIZE)

    async def script(pilot: Pilot[Any]) -> None:
        for number, words in enumerate(batches(strings(2, count), WIDE * HIGH)):
            show(app, words)
            await pilot.pause()
            sent = taken(app)
            assert len(sent) > 1000
            assert foreign(sent) == ""
            if number == 0:
                model.feed(sent)
                assert sum(line.count("SELECT") for line in model.lines) > 50  # these are the strings

    await drive(app, script, SIZE)


async def test_nothing_that_is_pasted_acts_on_the_terminal() -> None:
    app = Everything([Safe("word")] * 60, thrift=True)

    async def script(pilot: Pilot[Any]) -> None:
        prompt = app.query_one(Prompt)
        for text in strings(3, 100):
            prompt.clear()
            prompt.post_message(events.Paste(text))
            await pilot.pause()
            assert foreign(taken(app)) == ""
            assert prompt.text == sanitise(prompt.text)

    await drive(app, script, (80, 30))
