"""A value is never said to be more, or more certain, than it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe, sanitise
from console.numbers import number
from console.protocol.res import MetricState, Value
from console.screen.values import ASCII_SIGNS, SIGNS, said
from console.times import span

NOW = 1_700_000_000_000


def value(v: float | None, state: MetricState = "fresh", unit: str = "Percent") -> Value:
    return Value(v=v, t=NOW - 180_000, u=sanitise(unit), s=state)


@pytest.mark.parametrize(
    ("given_value", "words"),
    [
        (value(0.0), "0.0%"),
        (value(None, "none"), "∅"),
        (value(None), "∅"),
        (value(41.0, "stale"), "? 3m"),
        (value(None, "pending"), "…"),
        (value(None, "error"), "✕"),
        (None, "—"),
    ],
)
def test_zero_pending_stale_absent_and_failing_never_look_alike(given_value: Value | None, words: str) -> None:
    assert said(given_value, NOW, SIGNS)[0] == words


def test_a_value_that_may_yet_come_is_pending_not_inapplicable() -> None:
    assert said(None, NOW, SIGNS, pending=True)[0] == "…"


def test_without_unicode_the_signs_are_ascii_and_still_differ() -> None:
    states: tuple[MetricState, ...] = ("none", "pending", "error", "stale")
    values = [value(1.0 if state == "stale" else None, state) for state in states]
    words = [said(each, NOW, ASCII_SIGNS)[0] for each in (*values, None)]
    assert all(word.isascii() for word in words)
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("v", "unit", "words"),
    [
        (41.04, "Percent", "41.0%"),
        (0, "Bytes", "0B"),
        (512 * 2**20, "Bytes", "512MiB"),
        (1.5 * 2**40, "Bytes", "1.5TiB"),
        (1023 * 2**20, "Bytes", "1.0GiB"),
        (0.0042, "Seconds", "4.2ms"),
        (0.00042, "Seconds", "420us"),
        (0, "Seconds", "0s"),
        (3.21, "Seconds", "3.2s"),
        (600, "Seconds", "10m"),
        (913.4, "ms/s", "913ms/s"),
        (12345, "Count", "12.3k"),
        (0.42, "Count", "0.42"),
        (7, "Count", "7"),
        (128.4, "Count/Second", "128/s"),
    ],
)
def test_a_number_has_the_digits_that_a_decision_needs(v: float, unit: str, words: str) -> None:
    assert number(v, unit) == words


UNITS = ("Percent", "Bytes", "Bytes/Second", "Seconds", "Milliseconds", "Count", "Count/Second", "ms/s", "?")


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(UNITS))
def test_any_number_in_any_unit_is_one_short_safe_word(v: float, unit: str) -> None:
    words = number(v, unit)
    assert isinstance(words, Safe)
    assert words == sanitise(words)
    assert len(words) <= 12 or abs(v) > 1e15


@given(st.floats(0, 1e12))
def test_a_span_never_says_more_than_has_passed(seconds: float) -> None:
    words = span(seconds)
    sizes = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "y": 365 * 86_400}
    assert int(words[:-1]) * sizes[words[-1]] <= seconds
