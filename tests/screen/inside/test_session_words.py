"""What is said of a session, in few words that are never more than the truth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.blocking import chains
from console.screen.inside.session_detail import gauge
from console.screen.inside.session_words import lasting, sentence
from tests.collectors.inside.sessions import session
from tests.screen.inside.blocked import LATER
from widgets.tone import Symbols

SIZES = {"d": 86_400, "h": 3600, "m": 60, "s": 1}


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (0, "0ms"),
        (999.9, "999ms"),
        (9_990, "9.9s"),
        (59_999, "59s"),
        (230_000, "3m50s"),
        (7_505_000, "2h05m"),
        (100_800_000, "1d04h"),
        (-5, "0ms"),
    ],
)
def test_a_stretch_of_time_has_two_units(ms: float, said: str) -> None:
    assert lasting(ms) == said


@given(st.floats(10_000, 1e11))
def test_it_is_never_said_to_last_longer_than_it_does(ms: float) -> None:
    said, total, digits = lasting(ms), 0, ""
    for character in said:
        if character.isdigit():
            digits += character
        else:
            total, digits = total + int(digits) * SIZES[character], ""
    assert total <= ms / 1000
    assert total > ms / 1000 - 3600


@given(st.floats(0, 100), st.integers(1, 40), st.sampled_from(Symbols))
def test_a_gauge_has_its_length_and_is_full_only_when_it_is_done(percent: float, cells: int, symbols: Symbols) -> None:
    bar = gauge(percent, cells, symbols)
    assert len(bar) == cells
    assert (len(set(bar)) == 1 and bar[0] == gauge(100, 1, symbols)) == (int(cells * percent / 100) == cells)


def test_the_sentence_says_who_holds_up_how_many_for_how_long_and_since_when_it_is_idle() -> None:
    head = session(61, elapsed_ms=None, idle_ms=240_000.0, transactions=1)
    (root,) = chains([head, session(70, 61, wait_ms=230_000.0), session(71, 70, wait_ms=1000.0)])
    assert sentence(root, LATER) == (
        "2 sessions wait for 61 orders-api on API-01 (1 directly), the longest for 3m50s. It is idle 4m00s. "
        "Last it ran: UPDATE t SET a = ?"
    )
