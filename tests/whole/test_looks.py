"""What is drawn where the terminal can do less: no Unicode, no colour, few cells?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rig.terminal import wait_until
from tests.whole.running import SHOWN, demo, rows

COLOURS = re.compile(rb"\x1b\[(?:[\d;:]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:][\d;:]*)?m")


@pytest.mark.parametrize(("env", "arguments"), [({"LANG": "C"}, ()), ({}, ("--symbols", "ascii"))])
def test_without_utf_8_nothing_but_ascii_is_sent(
    folder: Path, env: dict[str, str | None], arguments: tuple[str, ...]
) -> None:
    with demo(folder, "--speed", "30", *arguments, env=env) as terminal:
        terminal.press("?")
        terminal.wait_for("Next row")
        terminal.press("esc")
        terminal.wait_for("RESOURCE")
        terminal.press("enter")
        terminal.wait_for("restorable")
        terminal.press("esc")
        terminal.wait_for("RESOURCE")
        terminal.press("q")
        assert terminal.status() == 0
        assert terminal.output.isascii(), sorted({chr(b) for b in terminal.output if b > 127})


def test_with_utf_8_the_chart_is_drawn_in_braille(folder: Path) -> None:
    with demo(folder) as terminal:
        terminal.wait_for(re.compile("[\u2801-\u28ff]"))


@pytest.mark.parametrize(("env", "arguments"), [({"NO_COLOR": "1"}, ()), ({}, ("--color", "never"))])
def test_where_no_colour_is_wanted_none_is_sent(
    folder: Path, env: dict[str, str | None], arguments: tuple[str, ...]
) -> None:
    with demo(folder, "--speed", "30", *arguments, env=env) as terminal:
        terminal.press("?")
        terminal.wait_for("Next row")
        terminal.press("esc")
        terminal.wait_for("RESOURCE")
        terminal.press("ctrl+l", "q")
        assert terminal.status() == 0
        assert not COLOURS.findall(terminal.output)
        assert re.search(rb"\x1b\[[\d;]*7[\d;]*m", terminal.output), "the cursor's row is no matter of colour"


def test_where_colour_is_wanted_it_is_sent(folder: Path) -> None:
    """Or the test above would see nothing either way."""
    with demo(folder) as terminal:
        assert COLOURS.search(terminal.output)


@pytest.mark.parametrize(
    ("size", "term"),
    [((20, 5), "vt100"), ((80, 24), "linux"), ((200, 50), "screen")],
)
def test_every_size_and_kind_shows_what_is_there_and_obeys_its_keys(
    folder: Path, size: tuple[int, int], term: str
) -> None:
    with demo(folder, size=size, env={"TERM": term}) as terminal:
        wait_until(lambda: rows(terminal.text())[:2] == [SHOWN, "carts"], terminal.text)  # two may come before all
        terminal.press("j", "enter")
        terminal.wait_for("VALUE")
        terminal.wait_for("carts")
        terminal.press("q")
        wait_until(lambda: rows(terminal.text())[:1] == [SHOWN], terminal.text)
        terminal.press("q")
        assert terminal.status() == 0


def test_a_terminal_that_answers_no_question_is_drawn_on_all_the_same(folder: Path) -> None:
    with demo(folder, answer=False) as terminal:
        terminal.press("q")
        assert terminal.status() == 0
