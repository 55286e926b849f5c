"""Keys may be given to other things, but never to two that would both answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import console.screen.app  # noqa: F401 - with it every screen and widget is there
from console.screen import keymap
from console.screen.bindings import Bound, Kind, all_bound

BOUND = all_bound()
IDS = sorted({each.id for each in BOUND if each.id})
KEYS = ("f5", "j", "z", "?", "q", "ctrl+r", "x", "tab", "space", "escape", "comma", "é")


def refused(**asked: str) -> str:
    """What is said of keys for ids in which `__` stands for a point and `_` for a dash."""
    named = {name.replace("__", ".").replace("_", "-"): keys for name, keys in asked.items()}
    return " / ".join(str(fault) for fault in keymap.faults(named))


def test_a_free_key_is_given() -> None:
    assert not refused(app__freeze="f5, x")


@pytest.mark.parametrize("name", IDS)
def test_everything_may_be_given_the_keys_that_it_has(name: str) -> None:
    keys = dict.fromkeys(key for bound in BOUND if bound.id == name for key in bound.keys)
    assert keymap.faults({name: ", ".join(keys)}) == []


@pytest.mark.parametrize("name", IDS)
def test_everything_may_be_given_a_key_that_nothing_has(name: str) -> None:
    assert keymap.faults({name: "f19"}) == []


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("F5", "f5"),
        ("Ctrl+R", "ctrl+r"),
        ("ctrl-r", "ctrl+r"),
        ("C-r", "ctrl+r"),
        ("^r", "ctrl+r"),
        ("ctrl+R", "ctrl+r"),
        ("esc", "escape"),
        ("PgUp", "pageup"),
        ("Return", "enter"),
        ("spce", "space"),
        ("ctrl+i", "tab"),
        ("ctrl+m", "enter"),
    ],
)
def test_a_key_that_no_terminal_sends_by_that_name_is_refused_with_the_one_that_was_meant(key: str, meant: str) -> None:
    assert f"Did you mean {meant}?" in refused(app__freeze=key)


@pytest.mark.parametrize("key", ["", "x,", "shift+a", "ctrl+", "+x", "ctrl+alt+x", "two words", "\t", "ctrl+ä", "f25"])
def test_what_is_no_key_is_refused(key: str) -> None:
    assert "is no key" in refused(app__freeze=key)


@pytest.mark.parametrize("key", ["x", "Ä", "?", "+", "question_mark", "ctrl+x", "alt+1", "shift+f5", "ctrl+shift+left"])
def test_what_is_a_key_is_taken(key: str) -> None:
    assert keymap.is_key(key)


def test_two_things_of_one_screen_cannot_have_one_key() -> None:
    assert "'o' is overview.sort: Sort" in refused(overview__group="o")


def test_what_is_heard_everywhere_cannot_have_a_key_that_a_screen_or_a_list_has() -> None:
    assert "resource.ghosts" in refused(app__freeze="b")
    assert "'j' is " in refused(app__freeze="j")
    assert "app.help" in refused(table__down="?")


def test_two_screens_may_have_one_key() -> None:
    assert not refused(collectors__pause="b")


def test_keys_may_change_places() -> None:
    assert not refused(app__freeze="u", app__zone="z")
    assert "app.zone" in refused(app__freeze="u")


def test_the_same_key_under_another_name_is_the_same_key() -> None:
    assert "app.help" in refused(app__freeze="question_mark")
    assert "app.help" in refused(app__freeze="?")


def test_a_key_of_textual_itself_cannot_be_taken() -> None:
    assert "cannot be changed" in refused(app__freeze="ctrl+q")


def test_what_is_heard_in_a_prompt_too_cannot_have_a_key_that_types() -> None:
    for key in ("x", "?", "space"):
        assert "is heard while something is typed, too" in refused(app__interrupt=key)
    assert not refused(app__interrupt="f10")
    assert not refused(overview__filter="x")  # it asks whether something is being typed


def test_keys_of_a_prompt_are_not_offered() -> None:
    assert not [name for name in IDS if name.startswith("prompt.")]


@given(
    st.dictionaries(
        st.sampled_from(IDS), st.lists(st.sampled_from(KEYS), min_size=1, max_size=2).map(", ".join), max_size=4
    )
)
def test_whatever_is_taken_no_key_does_two_things_that_it_did_not_do_before(asked: dict[str, str]) -> None:
    if keymap.faults(asked):
        return
    for one in BOUND:
        for other in BOUND:
            if heard_at_once(one, other) and one.id in asked and one.what != other.what:
                shared = set(keymap.keys_of(one, asked)) & set(keymap.keys_of(other, asked))
                assert shared <= set(one.keys) & set(other.keys), (one, other)


def heard_at_once(one: Bound, other: Bound) -> bool:
    """Seen from the keyboard: the same place, or an app, a screen of it and a widget on that."""
    if one.place == other.place:
        return True
    return one.kind is not other.kind and Kind.OVER not in (one.kind, other.kind)
