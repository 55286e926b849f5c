from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe, sanitise
from console.protocol.refusal import Refused
from console.protocol.topics import HELLO, LOST, READY, REFUSED, parse, topic

names = st.text(min_size=1, max_size=40)


@given(names, names)
def test_any_name_makes_one_level_and_comes_back_safe(estate: str, resource: str) -> None:
    try:
        text = topic(estate, "res", resource)
    except Refused:
        assert len(estate + resource) > 50  # each character may take twelve bytes
        return
    assert text.count("/") == 4
    assert text.isascii()
    assert not set(text) & set("+#$ \x00")
    back = parse(text)
    clean = [sanitise(name.encode("utf-8", "replace").decode()) for name in (estate, resource)]
    assert [back.estate, back.rest[0]] == clean
    assert all(type(part) is Safe for part in (back.estate, back.family, *back.rest))


def test_names_that_need_no_escape_are_readable() -> None:
    assert topic("shop", "res", "orders-primary@eu-west-1.111122223333") == (
        "dbo/v1/shop/res/orders-primary@eu-west-1.111122223333"
    )
    assert topic("shop", "res", "a/b c+é") == "dbo/v1/shop/res/a%2Fb%20c%2B%C3%A9"


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: "dbo/v1/" + text))
def test_a_topic_is_written_in_one_way_only(text: str) -> None:
    try:
        about = parse(text)
    except Refused:
        return
    if about.estate and text.isascii() and "%" not in text:
        assert topic(about.estate, about.family, *about.rest) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "dbo", "dbo/v1", "dbo/v1/", "dbo/v1/shop", "xdbo/v1/shop/meta", "dbo/v1//meta", "dbo/v1/shop/",
        "dbo/v1/shop//", "dbo/v1/shop/res",
        "dbo/v1/shop/res/a/b", "dbo/v1/shop/meta/x", "dbo/v1/shop/res/a%2fb", "dbo/v1/shop/res/%41",
        "dbo/v1/shop/res/%FF", "dbo/v1/shop/res/a b", "dbo/v1/shop/res/%", "dbo/v1/shop/res/é", "dbo/v1/a/b/c/d/e/f/g",
        "dbo/v1/shop/res/" + "x" * 1024,
    ],
)  # fmt: skip
def test_a_topic_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.reason == "topic"


def test_another_version_is_named_as_such() -> None:
    with pytest.raises(Refused, match="another version") as caught:
        parse("dbo/v2/shop/meta")
    assert caught.value.reason == "version"


def test_state_is_kept_and_live_is_not_and_what_is_unknown_is_neither() -> None:
    state = [parse(f"dbo/v1/shop/{rest}") for rest in ("meta", "status", "res/a", "hist/a", "op/1", "lead", "note/1")]
    assert all(about.is_state and not about.is_live for about in state)
    live = [parse(f"dbo/v1/shop/{rest}") for rest in ("tick", "event", "cmd/anna", "ack/anna")]
    assert all(about.is_live and not about.is_state for about in (*live, *map(parse, (HELLO, READY, REFUSED, LOST))))
    later = parse("dbo/v1/shop/forecast/a/b")
    assert not later.is_state
    assert not later.is_live


def test_an_estate_may_have_the_name_of_a_greeting() -> None:
    assert parse("dbo/v1/hello/meta").estate == "hello"
    assert parse("dbo/v1/hello").estate == ""


@pytest.mark.parametrize("parts", [("",), ("shop",), ("shop", ""), ("shop", "a", "b", "c", "d", "e", "f")])
def test_no_topic_is_made_that_nobody_would_take(parts: tuple[str, ...]) -> None:
    with pytest.raises(Refused):
        topic(*parts)
