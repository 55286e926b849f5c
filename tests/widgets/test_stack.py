"""Layers one upon the other: their order, their heights, gaps, and that no colour is needed to tell them apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from widgets import draw
from widgets.chart import ChartData, Ghost
from widgets.stack import MOST, Layer, filling, stacked
from widgets.tone import Symbols

MINUTE = 60_000
HOUR = 60 * MINUTE
SIZE = (61, 12)


def layer(name: str, value: float | None, since: int = 0) -> Layer:
    return Layer(Safe(name), tuple((t, value) for t in range(since, HOUR, MINUTE)))


def data(*layers: Layer, ghosts: tuple[Ghost, ...] = ()) -> ChartData:
    sums: dict[int, float] = {}
    for each in layers:
        for t, value in each.points:
            sums[t] = sums.get(t, 0.0) + (value or 0.0)
    return ChartData(Safe("waits"), Safe("ms/s"), tuple(sums.items()), 0, HOUR, every=MINUTE, ghosts=ghosts)


def lines(*layers: Layer, symbols: Symbols = Symbols.ASCII, ghosts: tuple[Ghost, ...] = ()) -> list[str]:
    told = stacked(data(*layers, ghosts=ghosts), layers, SIZE, symbols)
    return ["".join(text for text, _ in line) for line in told]


@pytest.mark.parametrize("symbols", list(Symbols))
def test_fillings_differ_without_any_colour(symbols: Symbols) -> None:
    signs = [filling(index, symbols)[0] for index in range(MOST)]
    assert len(set(signs)) == MOST
    assert all(sign.strip() for sign in signs)
    assert filling(MOST + 3, symbols) == filling(MOST - 1, symbols)


def test_the_first_lies_at_the_bottom_and_each_is_as_high_as_its_share() -> None:
    body = [line[30] for line in lines(layer("a", 500.0), layer("b", 500.0))[1:-1]]
    first, second = filling(0, Symbols.ASCII)[0], filling(1, Symbols.ASCII)[0]
    filled = [sign for sign in body if sign != " "]
    assert filled == [second] * (len(filled) // 2) + [first] * (len(filled) - len(filled) // 2)
    assert len(filled) > 6


def test_what_was_not_observed_is_blank_and_what_is_little_is_seen() -> None:
    half = Layer(Safe("a"), tuple((t, 1.0 if t < HOUR // 2 else None) for t in range(0, HOUR, MINUTE)))
    big = Layer(Safe("b"), ((MINUTE, 10_000.0),))
    bottom = lines(half, big)[-2]
    assert filling(0, Symbols.ASCII)[0] in bottom[10:30]
    assert not bottom[45:].strip()


def test_a_ghost_of_the_sum_stands_above_it() -> None:
    ghost = Ghost(Safe("yesterday"), tuple((t, 900.0) for t in range(0, HOUR, MINUTE)))
    told = lines(layer("a", 300.0), ghosts=(ghost,))
    assert any(line[10:].count(".") > 30 for line in told)


def test_without_a_point_it_says_why() -> None:
    empty = ChartData(Safe("waits"), Safe("ms/s"), (), 0, HOUR, empty=Safe("nothing came"))
    assert any("nothing came" in text for line in stacked(empty, (), SIZE, Symbols.BLOCK) for text, _ in line)


@given(
    st.lists(st.lists(st.one_of(st.none(), st.floats(0, 1e9)), max_size=60), max_size=MOST),
    st.tuples(st.integers(1, 90), st.integers(1, 20)),
    st.sampled_from(list(Symbols)),
)
def test_whatever_it_is_given_it_stays_in_its_place(
    values: list[list[float | None]], size: tuple[int, int], symbols: Symbols
) -> None:
    layers = [Layer(Safe("x"), tuple((n * MINUTE, v) for n, v in enumerate(each))) for each in values]
    told = stacked(data(*layers), layers, size, symbols)
    assert len(told) == size[1]
    assert all(draw.runs_width(line) <= size[0] for line in told)
