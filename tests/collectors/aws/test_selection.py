"""Which resources a selection takes, and when it must know tags for that."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collectors.aws.selection import Choice, Selection

NAMES = st.sampled_from(["orders", "orders-1", "carts"])
KINDS = st.sampled_from(["instance", "cluster", "cache", "table"])
TAGS = st.dictionaries(st.sampled_from(["team", "stage"]), st.sampled_from(["shop", "office", "live"]), max_size=2)
choices = st.builds(
    Choice,
    ids=st.sampled_from([(), ("orders*",), ("carts", "orders"), ("order?",)]),
    tags=st.sampled_from([(), (("team", "shop"),), (("team", "*"), ("stage", "live"))]),
    kinds=st.sampled_from([(), ("instance",), ("cache", "table")]),
)
several = st.lists(choices, max_size=2).map(tuple)
selections = st.builds(Selection, include=several, exclude=several)


def test_everything_belongs_where_nothing_is_said() -> None:
    assert Selection().takes("table", "carts", {})


def test_one_choice_is_enough_and_all_of_its_parts_must_fit() -> None:
    chosen = Selection(include=(Choice(ids=("orders*",), tags=(("team", "shop"),)), Choice(kinds=("cache",))))
    assert chosen.takes("instance", "orders-1", {"team": "shop"})
    assert not chosen.takes("instance", "orders-1", {"team": "office"})
    assert not chosen.takes("instance", "billing", {"team": "shop"})
    assert chosen.takes("cache", "sessions", {})


def test_a_tag_pattern_asks_for_the_tag_to_be_there() -> None:
    chosen = Selection(include=(Choice(tags=(("team", "*"),)),))
    assert chosen.takes("table", "carts", {"team": ""})
    assert not chosen.takes("table", "carts", {"stage": "live"})


def test_what_is_left_out_never_belongs() -> None:
    chosen = Selection(include=(Choice(ids=("orders*",)),), exclude=(Choice(ids=("*-test",)),))
    assert chosen.takes("instance", "orders", {})
    assert not chosen.takes("instance", "orders-test", {})


def test_letters_are_told_apart_by_case_on_every_system() -> None:
    assert not Selection(include=(Choice(ids=("orders",)),)).takes("table", "Orders", {})


@given(selections, KINDS, NAMES, TAGS)
def test_what_needs_no_tags_is_decided_without_them(
    chosen: Selection, kind: str, name: str, tags: dict[str, str]
) -> None:
    if not chosen.needs_tags(kind, name):
        assert chosen.takes(kind, name, tags) == chosen.takes(kind, name, {})


@given(selections, KINDS, NAMES, TAGS)
def test_what_could_not_belong_never_does(chosen: Selection, kind: str, name: str, tags: dict[str, str]) -> None:
    if chosen.takes(kind, name, tags):
        assert chosen.could_take(kind, name)
