"""Ids: no two alike, short where that is enough, the same however the places came to be listed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collectors.aws.names import Names, Thing
from collectors.aws.place import Account, Place

HOME = Place(Account("shop"), "eu-west-1")
ABROAD = Place(Account("shop"), "us-east-1")
OTHERS = Place(Account("office"), "eu-west-1")

plain_names = st.sampled_from(["a", "b", "orders", "orders-1"])
dotted = st.sampled_from(["a.cluster", "orders.table", "orders.cluster.table", "a.b", "orders.cache", "a.table.table"])
things = st.one_of(
    st.builds(Thing, st.sampled_from(["instance", "cluster", "cache"]), plain_names),
    st.builds(Thing, st.just("table"), st.one_of(plain_names, dotted)),
)
estates = st.dictionaries(st.sampled_from([HOME, ABROAD, OTHERS]), st.frozensets(things, max_size=8), max_size=3)


def named(estate: dict[Place, frozenset[Thing]]) -> dict[tuple[Place, Thing], str]:
    """After a pass over each place, and another that corrects the first."""
    names = Names()
    for place, listed in estate.items():
        names.put(place, listed)
    return {
        (place, thing): about for place, listed in estate.items() for thing, about in names.put(place, listed).items()
    }


@given(estates)
def test_no_two_resources_have_one_id(estate: dict[Place, frozenset[Thing]]) -> None:
    ids = named(estate)
    assert len(set(ids.values())) == sum(map(len, estate.values()))


@given(estates)
def test_a_name_that_is_the_only_one_is_the_id(estate: dict[Place, frozenset[Thing]]) -> None:
    names = [thing.name for things in estate.values() for thing in things]
    for (_, thing), about in named(estate).items():
        if names.count(thing.name) == 1 and "." not in thing.name:
            assert about == thing.name


@given(estates)
def test_an_id_names_its_place_exactly_where_another_has_the_name(estate: dict[Place, frozenset[Thing]]) -> None:
    for (place, thing), about in named(estate).items():
        elsewhere = any(thing.name == each.name for other in estate if other != place for each in estate[other])
        assert about.endswith(f"@{place}") == elsewhere


@given(estates, estates)
def test_ids_depend_on_what_is_there_and_not_on_what_was(
    before: dict[Place, frozenset[Thing]], after: dict[Place, frozenset[Thing]]
) -> None:
    names = Names()
    for place, listed in before.items():
        names.put(place, listed)
    for place in before.keys() | after.keys():
        names.put(place, after.get(place, frozenset()))
    ids = {(place, thing): about for place in after for thing, about in names.put(place, after[place]).items()}
    assert ids == named(after)


def test_two_kinds_of_one_name_in_one_place_are_told_apart_by_kind() -> None:
    ids = Names().put(HOME, [Thing("cluster", "orders"), Thing("table", "orders"), Thing("table", "carts")])
    assert ids == {
        ("cluster", "orders"): "orders.cluster",
        ("table", "orders"): "orders.table",
        ("table", "carts"): "carts",
    }


def test_a_table_called_like_a_qualified_cluster_is_not_taken_for_it() -> None:
    names = Names()
    names.put(HOME, [Thing("cluster", "orders"), Thing("table", "orders"), Thing("table", "orders.cluster")])
    assert names.put(ABROAD, [Thing("table", "orders")]) == {("table", "orders"): "orders@us-east-1.shop"}
    assert names.put(HOME, [Thing("cluster", "orders"), Thing("table", "orders.cluster")]) == {
        ("cluster", "orders"): "orders@eu-west-1.shop",
        ("table", "orders.cluster"): "orders.cluster.table",
    }


def test_two_accounts_of_one_region_are_told_apart_by_their_names_here() -> None:
    names = Names()
    names.put(HOME, [Thing("instance", "orders")])
    assert names.put(OTHERS, [Thing("instance", "orders")]) == {("instance", "orders"): "orders@eu-west-1.office"}


def test_what_an_id_would_do_to_a_terminal_is_shown_instead() -> None:
    assert Names().put(HOME, [Thing("table", "a\x1b[2J")]) == {("table", "a\x1b[2J"): "a␛[2J"}
