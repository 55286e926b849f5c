"""The collector says everything; a viewer hears it, and says what it asks for. A password proves no name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.mqtt.embedded_rights import (
    NO_SUCH_VERSION,
    NOT_IN,
    Guest,
    Passwords,
    admit,
    may_hear,
    may_publish,
    may_subscribe,
)
from console.mqtt.packets import LEVEL, Connect

PASSWORDS = Passwords(b"theirs", b"ours")
KIM = Connect(LEVEL, "any", 10, is_clean=True, user="kim@shop", password=b"ours")
COLLECTOR = Guest("collector", is_collector=True, keep_alive=10)
VIEWER = Guest("kim@shop", is_collector=False, keep_alive=10)


def test_a_viewer_comes_by_any_name_with_the_viewers_password() -> None:
    assert admit(KIM, PASSWORDS) == VIEWER
    assert admit(replace(KIM, keep_alive=0), PASSWORDS) == replace(VIEWER, keep_alive=300)
    assert admit(replace(KIM, keep_alive=60_000), PASSWORDS) == replace(VIEWER, keep_alive=300)


def test_the_collector_comes_with_its_own_and_may_leave_a_will() -> None:
    said = replace(KIM, user="collector", password=b"theirs", will=("dbo/v1/shop/status", b"", 0x28))
    assert admit(said, PASSWORDS) == COLLECTOR
    assert admit(replace(said, will=("$SYS/x", b"", 0)), PASSWORDS) == NOT_IN


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": None, "password": None},
        {"password": None},
        {"password": b""},
        {"password": b"our"},
        {"user": "collector"},
        {"user": "kim", "password": b"theirs"},
        {"user": ""},
        {"user": "kim/+"},
        {"user": "#"},
        {"user": "k" * 65},
        {"user": "kim\n"},
        {"is_clean": False},
        {"will": ("dbo/v1/shop/cmd/kim@shop", b"", 0)},
    ],
    ids=str,
)
def test_nobody_else_is_let_in_and_no_viewer_leaves_a_will_or_a_session(wrong: dict[str, object]) -> None:
    assert admit(replace(KIM, **wrong), PASSWORDS) == NOT_IN  # type: ignore[arg-type]


def test_another_version_is_told_so_before_it_is_asked_for_a_password() -> None:
    assert admit(replace(KIM, level=5, password=None), PASSWORDS) == NO_SUCH_VERSION


@pytest.mark.parametrize(
    "topic",
    ["dbo/v1/shop/meta", "dbo/v1/shop/cmd/lee", "dbo/v1/shop/cmd/kim@shop/x", "dbo/v1/cmd/kim@shop", "$SYS/x",
     "cmd/kim@shop", "dbo/v1//cmd/kim@shop", "dbo/v1/+/cmd/kim@shop", "dbo/v1/shop/ack/kim@shop",
     "dbo/v1/a/b/cmd/kim@shop"],
)  # fmt: skip
def test_a_viewer_says_only_what_it_asks_for_in_its_own_name(topic: str) -> None:
    assert not may_publish(VIEWER, topic)
    assert may_publish(VIEWER, "dbo/v1/shop/cmd/kim@shop")


def test_a_viewer_hears_all_but_what_others_ask_and_are_answered() -> None:
    for topic in ("meta", "res/orders", "tick", "event", "presence/lee", "ack/kim@shop"):
        assert may_hear(VIEWER, f"dbo/v1/shop/{topic}")
    for topic in ("dbo/v1/shop/cmd/lee", "dbo/v1/shop/ack/lee", "$SYS/broker", "shop/meta"):
        assert not may_hear(VIEWER, topic)
    assert may_hear(COLLECTOR, "dbo/v1/shop/cmd/lee")
    assert not may_publish(COLLECTOR, "$SYS/broker")


def test_filters_that_no_broker_takes_or_that_match_nothing_of_ours_are_refused() -> None:
    for asked in ("dbo/v1/#", "#", "dbo/v1/+/res/+", "dbo/v1/shop/meta"):
        assert may_subscribe(VIEWER, asked)
    for asked in ("$SYS/#", "dbo/v1/#/x", "dbo/v1/a+/x", "other/#", "+/#"):
        assert not may_subscribe(VIEWER, asked)
