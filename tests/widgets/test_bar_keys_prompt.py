"""Do bars, the key list and the prompt say what they must in the room they have?"""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from collectors.safe import Safe, sanitise
from tests.rig.capture import CaptureDriver, Model, drive, taken
from widgets.bar import WORTH_CUTTING, Bar, Ends, joined
from widgets.chart import Chart, ChartData
from widgets.draw import Run, runs_width
from widgets.keys import KeyEntry, KeyList, key_lines
from widgets.prompt import Prompt
from widgets.tone import Look, Tone

SIZE = (50, 12)
words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).map(sanitise)
some_runs = st.lists(st.tuples(words, st.sampled_from(list(Tone))), max_size=5).map(tuple)


def said(*texts: str) -> tuple[Run, ...]:
    return tuple((sanitise(text), Tone.PLAIN) for text in texts)


def text(runs: list[Run]) -> str:
    return "".join(str(part) for part, _ in runs)


@given(some_runs, some_runs, st.integers(0, 100))
def test_both_ends_of_a_bar_fit_or_the_right_one_goes(left: tuple[Run, ...], right: tuple[Run, ...], room: int) -> None:
    line = joined(Ends(left, right), room)
    whole = runs_width(left) + 1 + runs_width(right)
    if right and whole <= room:
        assert runs_width(line) == room
    if runs_width(line) > max(room, runs_width(left[:1])):  # its end is cut as it is drawn
        assert room - runs_width(line[:-1]) >= WORTH_CUTTING


def test_a_narrow_bar_drops_what_matters_least() -> None:
    ends = Ends(said("estate ", "DEMO ", "FROZEN"), said("engine up 3h ", "data 2s"))
    assert text(joined(ends, 40)) == "estate DEMO FROZEN  engine up 3h data 2s"
    assert text(joined(ends, 30)) == "estate DEMO FROZEN     data 2s"
    assert text(joined(ends, 20)) == "estate DEMO FROZEN"
    assert text(joined(ends, 12)) == "estate DEMO "


class Panes(App[None]):
    CSS = "Screen { background: ansi_default; } Bar { height: 2; } Chart { height: 6; }"

    def __init__(self) -> None:
        super().__init__(driver_class=CaptureDriver, ansi_color=True)
        self.model = Model(*SIZE)
        self.said: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Chart()
        yield Prompt(Safe("/"))

    async def see(self, pilot: Pilot[Any]) -> list[str]:
        await pilot.pause()
        self.model.feed(taken(self))
        return [line.rstrip() for line in self.model.lines]

    def on_prompt_changed(self, message: Prompt.Changed) -> None:
        self.said.append(("changed", message.text))

    def on_prompt_submitted(self, message: Prompt.Submitted) -> None:
        self.said.append(("submitted", message.text))

    def on_prompt_cancelled(self) -> None:
        self.said.append(("cancelled", ""))


async def test_showing_the_same_again_sends_nothing_and_one_line_repaints_one_line() -> None:
    app = Panes()
    data = ChartData(Safe("cpu"), Safe("Percent"), tuple((n, float(n)) for n in range(99)), 0, 99)

    def show() -> None:
        app.query_one(Bar).show_lines([Ends(said("one")), Ends(said("two"), said("right"))])
        app.query_one(Chart).show(data)

    async def script(pilot: Pilot[None]) -> None:
        show()
        lines = await app.see(pilot)
        assert lines[0] == "one"
        assert lines[1].startswith("two")
        assert lines[1].endswith("right")
        assert lines[2].startswith("cpu  now 98%")
        show()
        await pilot.pause()
        assert taken(app) == ""
        app.query_one(Bar).show_lines([Ends(said("one")), Ends(said("2"))])
        await pilot.pause()
        sent = taken(app)
        assert "2" in sent
        assert "one" not in sent

    await drive(app, script, SIZE)


async def test_what_is_typed_is_told_and_taken_back() -> None:
    app = Panes()

    async def script(pilot: Pilot[None]) -> None:
        app.query_one(Prompt).focus()
        await pilot.press("o", "r", "x", "backspace", "space", "enter")
        assert (await app.see(pilot))[8] == "/or"
        await pilot.press("ctrl+u", "escape")
        kinds = [kind for kind, _ in app.said]
        assert kinds == ["changed"] * 5 + ["submitted", "changed", "cancelled"]
        assert app.said[5] == ("submitted", "or ")
        assert app.query_one(Prompt).text == ""

    await drive(app, script, SIZE)


async def test_what_is_pasted_is_one_sanitised_line() -> None:
    app = Panes()

    async def script(pilot: Pilot[None]) -> None:
        prompt = app.query_one(Prompt)
        prompt.post_message(events.Paste("na\x1b[31mme\nrm -rf"))
        await app.see(pilot)
        assert prompt.text == sanitise("na\x1b[31mme")
        assert "\x1b" not in prompt.text
        prompt.post_message(events.Paste("漢" * 10_000))
        await app.see(pilot)
        assert len(prompt.text) <= 300
        prompt.clear()
        assert (await app.see(pilot))[8] == "/"

    await drive(app, script, SIZE)


ENTRIES = [KeyEntry(sanitise(f"k{n}"), sanitise(f"does {n}"), Safe("Moving" if n < 5 else "Acting")) for n in range(9)]


def test_every_key_stands_once_in_its_group_in_as_many_columns_as_fit() -> None:
    for width, most in ((44, 99), (100, 14)):
        lines = [text(line) for line in key_lines(Safe("Keys"), ENTRIES, [Safe("a note")], width, Look())]
        assert all(sum(f"does {n}" in line for line in lines) == 1 for n in range(9))
        assert lines.index(" a note") < lines.index(" Moving") < lines.index(" Acting")
        assert len(lines) < most


async def test_a_key_list_longer_than_its_place_scrolls_to_its_end() -> None:
    class Help(Panes):
        def compose(self) -> ComposeResult:
            yield KeyList(Safe("Keys"), [*ENTRIES, KeyEntry(Safe("x"), Safe("the end"))], [Safe("a note")])

        def on_mount(self) -> None:
            self.query_one(KeyList).focus()

    app = Help()

    async def script(pilot: Pilot[None]) -> None:
        assert not any("the end" in line for line in await app.see(pilot))
        await pilot.press("pagedown", "pagedown")
        lines = await app.see(pilot)
        assert "the end" in lines[-1]
        await pilot.press("k")
        assert "the end" not in (await app.see(pilot))[-1]

    await drive(app, script, SIZE)
