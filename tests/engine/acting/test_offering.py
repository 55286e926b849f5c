"""What a key stands for, told before anybody asks: of which engines it is, and what is possible of the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.access.role import Role
from console.actions.all import ACTIONS
from console.engine.acting.offering import offers
from tests.actions.given import situation

OFFERS = {str(each.name): each for each in offers(ACTIONS, situation()).actions}


def test_a_flush_is_of_some_engines_and_what_is_of_any_names_none() -> None:
    assert set(OFFERS["flush"].engines) >= {"redis*", "valkey*"}
    assert OFFERS["snapshot"].engines == OFFERS["fail-over"].engines == OFFERS["promote"].engines == ()
    assert (OFFERS["flush"].key, OFFERS["flush"].role) == ("X", "admin")


def test_where_there_is_no_flush_it_tells_what_else_is_possible_and_the_others_tell_nothing() -> None:
    begins = [str(each) for each, _ in OFFERS["flush"].instead]
    assert {"cache memcached", "table", "instance postgres"} <= set(begins)
    assert OFFERS["snapshot"].instead == ()


@pytest.mark.parametrize(
    ("role", "free"),
    [
        (Role.VIEWER, set[str]()),
        (Role.OPERATOR, {"snapshot", "fail-over"}),
        (Role.ADMIN, {"snapshot", "fail-over", "promote", "flush"}),
    ],
)
def test_each_key_is_locked_for_whoever_is_less_than_it_wants_and_says_so(role: Role, free: set[str]) -> None:
    told = offers(ACTIONS, replace(situation(), role=role)).actions
    assert {offer.name for offer in told if not offer.locked} == free
    wanting = {offer.locked.partition(";")[0] for offer in told if offer.locked}
    assert all(" needs " in words for words in wanting), wanting
