"""Figures several lines high: each sign apart from every other, in every alphabet, and all lines equally wide."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.digits import HIGH, KNOWN, LOW, digits
from widgets.draw import width
from widgets.tone import Symbols

EACH_WAY = tuple(product(Symbols, (HIGH, LOW)))


def test_it_can_be_read() -> None:
    assert digits("0:42", Symbols.BRAILLE, LOW) == ("█▀█ ▄ █ █ ▀▀█", "█ █ ▄ ▀▀█ █▀▀", "▀▀▀     ▀ ▀▀▀")
    assert digits("0:42", Symbols.ASCII, LOW) == (" _         _ ", "| | . |_|  _|", "|_| .   | |_ ")


@pytest.mark.parametrize(("symbols", "lines"), EACH_WAY)
def test_no_two_signs_look_alike(symbols: Symbols, lines: int) -> None:
    assert len({digits(sign, symbols, lines) for sign in KNOWN}) == len(KNOWN)


@given(st.text("0123456789:-", min_size=1, max_size=8), st.sampled_from(EACH_WAY))
def test_its_lines_are_equally_wide_and_as_many_as_were_asked_for(text: str, way: tuple[Symbols, int]) -> None:
    drawn = digits(text, *way)
    assert len(drawn) == way[1]
    assert len({width(line) for line in drawn}) == 1


@given(st.text("0123456789:-", max_size=8), st.sampled_from((HIGH, LOW)))
def test_in_ascii_it_is_ascii(text: str, lines: int) -> None:
    assert all(line.isascii() for line in digits(text, Symbols.ASCII, lines))


def test_a_second_changes_few_cells() -> None:
    before, after = digits("0:42", Symbols.BLOCK, HIGH), digits("0:43", Symbols.BLOCK, HIGH)
    changed = sum(a != b for one, other in zip(before, after, strict=True) for a, b in zip(one, other, strict=True))
    assert changed <= 12
