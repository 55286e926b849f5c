"""Whoever follows what is told knows what is there, in whatever order and however interrupted the places are read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.aws.inventory.listed import Listed
from collectors.aws.inventory.telling import Telling
from collectors.aws.names import Names, Thing
from collectors.aws.place import Place
from collectors.readings import Described, Gone
from collectors.safe import Safe
from tests.collectors.aws.asked import ABROAD, HOME, NOW

PLACES = (HOME, ABROAD)
KINDS = ("cluster", "instance", "table")
things = st.builds(Thing, st.sampled_from(KINDS), st.sampled_from(["a", "b", "a.table", "b.cluster"]))
listings = st.frozensets(things, max_size=5)
steps = st.lists(st.tuples(st.sampled_from(PLACES), listings, st.integers(0, 6)), max_size=8)


def rows(listed: frozenset[Thing], place: Place) -> dict[Thing, Listed]:
    return {
        thing: Listed(
            kind=Safe(thing.kind),
            name=thing.name,
            engine=Safe(str(place)),
            arn="",
            namespace="",
            dimensions=(("Name", thing.name),),
            role=Safe(thing.name),
        )
        for thing in listed
    }


class Follower:
    """What a screen would show: id -> (kind, name, place)."""

    def __init__(self) -> None:
        self.shown: dict[str, tuple[str, str, str]] = {}

    def hear(self, reading: Described | Gone) -> None:
        if isinstance(reading, Gone):
            assert reading.about in self.shown, "what was never told cannot be gone"
            del self.shown[reading.about]
        else:
            self.shown[reading.about] = (reading.kind, reading.role, reading.engine)


def a_pass(telling: Telling, follower: Follower, place: Place, listed: frozenset[Thing], most: int = 10**6) -> None:
    """Left off after that many readings."""
    for reading in islice(readings(telling, place, listed), most):
        follower.hear(reading)


def readings(telling: Telling, place: Place, listed: frozenset[Thing]) -> Iterator[Described | Gone]:
    for kind in KINDS:
        yield from telling.tell(place, rows(listed, place), kind, NOW)


@settings(max_examples=300)
@given(steps, listings, listings)
def test_who_follows_knows_what_is_there(
    before: list[tuple[Place, frozenset[Thing], int]], here: frozenset[Thing], there: frozenset[Thing]
) -> None:
    telling, follower = Telling(()), Follower()
    for place, listed, most in before:
        a_pass(telling, follower, place, listed, most)
    now = {HOME: here, ABROAD: there}
    for place in (*PLACES, *PLACES):
        a_pass(telling, follower, place, now[place])
    names = Names()
    for place in PLACES:
        names.put(place, now[place])
    assert follower.shown == {
        about: (thing.kind, thing.name, str(place))
        for place in PLACES
        for thing, about in names.put(place, now[place]).items()
    }


@given(listings, listings)
def test_two_places_told_in_turns_take_nothing_from_each_other(here: frozenset[Thing], there: frozenset[Thing]) -> None:
    """Each reading of one place between two of the other: that is how passes run."""
    telling, follower = Telling(()), Follower()
    for now in ((here, there), (there, here), (there, here), (there, here)):
        told = [readings(telling, place, listed) for place, listed in zip(PLACES, now, strict=True)]
        while told:
            for each in list(told):
                if (reading := next(each, None)) is None:
                    told.remove(each)
                else:
                    follower.hear(reading)
    assert sorted(follower.shown.values()) == sorted(
        (thing.kind, thing.name, str(place))
        for place, listed in zip(PLACES, (there, here), strict=True)
        for thing in listed
    )


@pytest.mark.parametrize("first", ["cluster", "instance"])
def test_another_kind_of_the_name_renames_both_in_one_pass(first: str) -> None:
    telling, follower = Telling(()), Follower()
    a_pass(telling, follower, HOME, frozenset({Thing(first, "a")}))
    both = frozenset({Thing("instance", "a"), Thing("cluster", "a")})
    last = "instance" if first == "cluster" else "cluster"
    for reading in telling.tell(HOME, rows(both, HOME), last, NOW):
        follower.hear(reading)
    assert set(follower.shown) == {"a.instance", "a.cluster"}


def test_a_table_that_takes_the_name_of_what_vanished_is_another_resource() -> None:
    telling = Telling(())
    list(telling.tell(HOME, rows(frozenset({Thing("instance", "a")}), HOME), "instance", NOW))
    told = list(telling.tell(HOME, rows(frozenset({Thing("table", "a")}), HOME), "table", NOW))
    assert [(type(each), str(each.about)) for each in told] == [(Gone, "a"), (Described, "a")]
