from __future__ import annotations

import random
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import CELL_LIMIT, DETAIL_LIMIT, MOST_MARKS, Safe, sanitise
from tests.rig.battery import battery

FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
any_text = st.text(st.characters(exclude_categories=()), max_size=60)  # with lone surrogates
hostile_pieces = st.sampled_from(
    [
        *("\x1b[31m", "\x1b]52;c;aGk=\x07", "\x9b2J", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\U000e0041"),
        *("\u00ad", "\ufe0f", "\U000e0101", "\u034f", "\u3164", "\ud800", "\ue000", "\uffff", "\u0301", "\u20e3"),
        *("\u1161", "\u0903", "\r", "\n", "\t", "\x00", "\x7f", "\x85", "[red]x[/]", "日本", "é", "ض", "👩", "a", " "),
    ]
)
hostile_text = st.lists(hostile_pieces | any_text, max_size=12).map("".join)


def harmless(text: str) -> bool:
    """An independent judgement of what may reach a terminal."""
    run = MOST_MARKS
    for character in text:
        category = unicodedata.category(character)
        if category in FORBIDDEN or 0xFE00 <= ord(character) <= 0xFE0F or 0xE0000 <= ord(character) <= 0xE0FFF:
            return False
        run = run + 1 if category.startswith("M") or 0x1160 <= ord(character) <= 0x11FF else 0
        if run > MOST_MARKS:
            return False
    return True


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("orders-primary", "orders-primary"),
        ("\x1b[2J", "␛[2J"),
        ("a\nb\tc\r", "a␊b c␍"),
        ("\x00\x7f", "␀␡"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("safe\u202egnp.exe", "safe⟨U+202E⟩gnp.exe"),
        ("pay\u200bpal", "pay⟨U+200B⟩pal"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("soft\u00adhyphen", "soft⟨U+00AD⟩hyphen"),
        ("❤\ufe0f", "❤⟨U+FE0F⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\ue000\uffff", "⟨U+E000⟩⟨U+FFFF⟩"),
        ("[red]not markup[/red]", "[red]not markup[/red]"),
        ("日本語 čaj ✓ é", "日本語 čaj ✓ é"),
        ("e\u0301\u0302\u0303\u0304", "e\u0301\u0302"),
        ("\u0301a", "◌\u0301a"),
        ("\u1112\u1161\u11ab", "\u1112\u1161\u11ab"),  # a Hangul syllable in its letters
        ("\u1112" + "\u1161" * 9, "\u1112\u1161\u1161"),
    ],
)
def test_what_could_act_is_shown_and_the_rest_stays(outside: str, shown: str) -> None:
    assert sanitise(outside) == shown


@given(hostile_text, st.integers(1, 40))
def test_text_is_harmless_within_its_limit_and_a_second_pass_changes_nothing(text: str, limit: int) -> None:
    once = sanitise(text, limit)
    assert isinstance(once, Safe)
    assert harmless(once)
    assert len(once) <= limit
    assert sanitise(once, limit) == once
    assert sanitise(once) == once


@given(hostile_text)
def test_nothing_disappears_but_surplus_marks(text: str) -> None:
    """Escaped, not stripped: every character that is not a mark can be told from what is shown."""
    shown = sanitise(text)
    for character in text:
        if unicodedata.category(character) in FORBIDDEN - {"Cc"}:
            assert f"⟨U+{ord(character):04X}⟩" in shown


@pytest.mark.parametrize("limit", [CELL_LIMIT, DETAIL_LIMIT])
@pytest.mark.parametrize("unit", ["a", "\x1b", "\u0301", "日", "\n"])
def test_ten_megabytes_are_cut_at_once_and_the_cut_is_seen(unit: str, limit: int) -> None:
    text = unit * (10_000_000 // len(unit))
    began = time.perf_counter()
    shown = sanitise(text, limit)
    assert time.perf_counter() - began < 1.0
    assert shown.endswith("…")
    assert len(shown) <= limit


def test_text_of_exactly_the_limit_is_not_cut() -> None:
    assert sanitise("x" * CELL_LIMIT) == "x" * CELL_LIMIT
    assert sanitise("x" * (CELL_LIMIT + 1)) == "x" * (CELL_LIMIT - 1) + "…"


def test_hostile_strings_by_the_thousands_take_seconds() -> None:
    dice = random.Random(7)
    alphabet = [*map(chr, range(0x20)), *(chr(dice.randrange(0x110000)) for _ in range(4000)), *"[]/\\;m0123"]
    began = time.perf_counter()
    for _ in range(battery(10_000)):
        shown = sanitise("".join(dice.choices(alphabet, k=dice.randrange(1, 24))))
        assert harmless(shown)
    assert time.perf_counter() - began < 30
