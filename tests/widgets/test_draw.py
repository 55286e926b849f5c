"""Does text take exactly the cells it is given, whatever it is made of?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from collectors.safe import Safe, sanitise
from widgets import draw
from widgets.draw import Align
from widgets.themes import THEMES
from widgets.tone import Depth, Look, Theme, Tone

texts = st.text(st.sampled_from([*"abc xyz", "漢", "字", "\u0301", "é", "🙂", "⠿"]), max_size=30).map(sanitise)
runs = st.lists(st.tuples(texts, st.sampled_from(list(Tone))), max_size=6)
DOTS = Safe("…")


@given(texts, st.integers(0, 40), st.sampled_from(Align))
def test_fitted_text_takes_exactly_its_cells(text: Safe, cells: int, align: Align) -> None:
    assert cell_len(draw.fit(text, cells, DOTS, align)) == cells


@given(texts, st.integers(0, 40))
def test_cut_text_is_a_beginning_and_says_that_it_was_cut(text: Safe, cells: int) -> None:
    short = draw.cut(text, cells, DOTS)
    assert draw.width(short) <= cells
    assert short == text or not short or (short[-1] == "…" and text.startswith(short[:-1]))
    assert (short == text) == (draw.width(text) <= cells)


@given(runs, st.integers(0, 40), st.sampled_from(list(THEMES.values())), st.sampled_from(Depth))
def test_a_strip_is_as_long_as_asked_and_every_segment_has_a_style(
    pieces: list[draw.Run], cells: int, theme: Theme, depth: Depth
) -> None:
    strip = draw.strip(pieces, cells, Look(theme, depth=depth))
    assert sum(cell_len(segment.text) for segment in strip) == strip.cell_length == cells
    assert all(segment.style is not None for segment in strip)  # NO_COLOR stops Textual at a None


def test_neighbours_that_look_alike_are_one_segment() -> None:
    pieces = [(Safe("a"), Tone.PLAIN), (Safe("b"), Tone.PLAIN), (Safe("c"), Tone.BAD)]
    assert [segment.text for segment in draw.strip(pieces, 5, Look())] == ["ab", "c", "  "]


def test_a_mark_without_a_letter_does_not_join_what_stands_before_it() -> None:
    assert draw.width(Safe("\u0301a")) == 2
