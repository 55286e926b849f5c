"""Is what is written exactly what is needed, and do terminals make of it what was meant?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from console.screen import cells
from console.screen.cells import Canvas, Unfamiliar
from console.screen.diff import Terminal
from console.screen.sgr import Pen, change, pen_of
from tests.rig.bytes_oracle import foreign
from tests.rig.capture import Model

WIDTH, HEIGHT = 24, 4
STYLES = [
    Style(),
    Style(bold=True),
    Style(dim=True, color="green"),
    Style(reverse=True, color="red"),
    Style(underline=True),
    Style(color="#123456", bgcolor="yellow"),
    Style(bold=True, dim=True, italic=True, strike=True, bgcolor="bright_blue"),
]
pens = st.builds(Pen, st.integers(0, 0x1FF), st.sampled_from(["", "31", "38;5;9", "97"]), st.sampled_from(["", "44"]))
letters = st.sampled_from([*"aaaabc   ", "漢", "é", "⠿", "█", "…"])
pieces = st.tuples(st.text(letters, min_size=1, max_size=WIDTH), st.sampled_from(STYLES))
placed = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), pieces)
frames = st.lists(st.lists(placed, max_size=6), min_size=1, max_size=6)
Frame = list[tuple[int, int, tuple[str, Style]]]


def strip(words: str, style: Style | None = None) -> Strip:
    return Strip([Segment(words, style)])


def canvas_of(lines: list[str]) -> Canvas:
    canvas = Canvas(Size(max(map(len, lines)), len(lines)))
    for y, line in enumerate(lines):
        canvas.put(0, y, strip(line), ColorSystem.EIGHT_BIT)
    return canvas


@given(frames)
@settings(max_examples=150, deadline=None)
def test_the_terminal_shows_the_canvas_after_any_history(history: list[Frame]) -> None:
    terminal, model, canvas = Terminal(), Model(WIDTH, HEIGHT), Canvas(Size(WIDTH, HEIGHT))
    for frame in history:
        for x, y, (words, style) in frame:
            canvas.put(x, y, strip(words, style), ColorSystem.EIGHT_BIT)
        sent = terminal.paint(canvas)
        assert foreign(sent) == ""
        model.feed(sent)
        afresh = Model(WIDTH, HEIGHT)
        afresh.feed(Terminal().paint(canvas))
        assert model.cells() == afresh.cells()
        assert [[glimpse.text for glimpse in row] for row in model.cells()] == canvas.text
        assert terminal.paint(canvas) == ""


@given(pens, pens)
def test_a_pen_changes_into_any_other_by_no_more_than_saying_it_anew(before: Pen, after: Pen) -> None:
    def cell(sequence: str) -> object:
        model = Model(2, 1)
        model.feed(sequence + "x")
        return model.cells()[0][0]

    assert cell(change(Pen(), before) + change(before, after)) == cell(change(Pen(), after))
    assert len(change(before, after)) <= len(f"\x1b[;{';'.join(after.codes())}m")


def test_one_digit_that_changed_costs_a_move_and_the_digit() -> None:
    terminal = Terminal()
    terminal.paint(canvas_of(["cpu 41.2% conn 120", "cpu 17.9% conn 88 "]))
    sent = terminal.paint(canvas_of(["cpu 41.3% conn 120", "cpu 17.9% conn 88 "]))
    assert sent == "\x1b[1;8H3"


def test_a_short_gap_is_written_over_and_a_long_one_stepped_over() -> None:
    terminal = Terminal()
    terminal.paint(canvas_of(["1 2 3              4"]))
    assert terminal.paint(canvas_of(["5 6 7              8"])) == "\x1b[H5 6 7\x1b[14C8"


def test_an_emptied_line_is_erased_and_not_overwritten() -> None:
    terminal = Terminal()
    terminal.paint(canvas_of(["name and a lot of words"]))
    assert terminal.paint(canvas_of(["name                   "])) == "\x1b[1;6H\x1b[K"


def test_a_gap_in_another_style_is_stepped_over() -> None:
    terminal, canvas = Terminal(), canvas_of(["1 2"])
    canvas.put(1, 0, strip("x", Style(color="red")), ColorSystem.EIGHT_BIT)
    terminal.paint(canvas)
    canvas.put(0, 0, strip("3"), ColorSystem.EIGHT_BIT)
    canvas.put(2, 0, strip("4"), ColorSystem.EIGHT_BIT)
    assert terminal.paint(canvas) == "\x1b[H3\x1b[C4"


def test_what_is_erased_does_not_take_the_colour_of_what_was_written() -> None:
    terminal, canvas = Terminal(), canvas_of(["name and a lot of words"])
    terminal.paint(canvas)
    canvas.put(0, 0, strip("NAME", Style(reverse=True)), ColorSystem.EIGHT_BIT)
    canvas.put(4, 0, strip(" " * 19), ColorSystem.EIGHT_BIT)
    assert terminal.paint(canvas) == "\x1b[H\x1b[7mNAME\x1b[C\x1b[m\x1b[K"


def test_after_forgetting_everything_is_sent_again() -> None:
    terminal, canvas = Terminal(), canvas_of(["all of it"])
    first = terminal.paint(canvas)
    terminal.forget()
    assert terminal.paint(canvas) == first == "\x1b[m\x1b[2J\x1b[Hall of it"


def test_after_letters_that_terminals_measure_differently_the_place_is_said_anew() -> None:
    wide = Canvas(Size(8, 1))
    wide.put(0, 0, strip("🙂ab"), ColorSystem.EIGHT_BIT)
    assert Terminal().paint(wide).endswith("🙂\x1b[1;3Hab")


def test_a_control_character_that_came_so_far_is_not_sent() -> None:
    canvas = Canvas(Size(20, 1))
    canvas.put(0, 0, strip("a\x1b[2Jb\x9b\x07c"), ColorSystem.EIGHT_BIT)
    assert foreign(Terminal().paint(canvas)) == ""
    assert "".join(canvas.text[0]).startswith("a[2Jbc ")


def test_a_wide_letter_whose_half_is_overwritten_leaves_a_blank() -> None:
    canvas = Canvas(Size(6, 1))
    canvas.put(0, 0, strip("漢字表"), ColorSystem.EIGHT_BIT)
    canvas.put(1, 0, strip("xyz"), ColorSystem.EIGHT_BIT)
    assert canvas.text[0] == [" ", "x", "y", "z", "表", ""]


def test_a_link_is_left_to_textual() -> None:
    with pytest.raises(Unfamiliar):
        Canvas(Size(9, 1)).put(0, 0, strip("here", Style(link="https://example.com")), ColorSystem.EIGHT_BIT)


def test_colours_come_down_to_what_the_terminal_has() -> None:
    assert pen_of(Style(color="#ff0000"), ColorSystem.STANDARD) == Pen(0, "31", "")
    assert pen_of(Style(color="#ff0000"), ColorSystem.EIGHT_BIT) == Pen(0, "38;5;196", "")


def test_every_letter_taken_for_narrow_is_narrow() -> None:
    assert all(cell_len(letter) == 1 for letter in cells._NARROW)
