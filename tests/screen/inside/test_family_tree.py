"""Who belongs to whom, by whatever names the witnesses give: every copy once, below its source."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.replication import Link, LinkState, Replication
from collectors.readings import Described, Reading
from collectors.safe import Safe, sanitise
from console.protocol.res import Replication as Bare
from console.protocol.res import Res
from console.screen.inside.copying import links
from console.screen.inside.family_tree import family, nodes
from console.screen.inside.neighbours import Names, near
from console.screen.picture import Picture
from console.screen.values import SIGNS
from tests.screen.bodies import NOW, res, value
from tests.screen.inside.copied import AT, FAMILIES, about, by_aws, link
from widgets.tone import Symbols
from widgets.topology import tree

IN_STEP, BEHIND, BROKEN = LinkState.IN_STEP, LinkState.BEHIND, LinkState.BROKEN


def seen(resources: dict[str, Res], *facts: Reading) -> Picture:
    inside: dict[str, dict[str, Any]] = {}
    for fact in facts:
        if isinstance(fact, Replication):
            inside.setdefault(fact.part, {})[fact.about] = fact
    now = round(AT.timestamp() * 1000)
    return Picture("live", 1.0, now, 0.0, None, None, resources, {}, inside=inside)


def drawn(picture: Picture, of: str) -> list[str]:
    members = family(picture, sanitise(of))
    return [line.text for line in tree(nodes(picture, members, SIGNS), 100, Symbols.BRAILLE)]


def test_names_addresses_and_arns_are_one_resource() -> None:
    names = Names({"ledger": res(facts={"Endpoint": "db-1.c1.eu-west-1.rds.amazonaws.com:5432"}), "b": res()})
    for said in (
        "ledger",
        "db-1.c1.eu-west-1.rds.amazonaws.com",
        "db-1.c1.eu-west-1.rds.amazonaws.com:5432",
        "ledger.c1.eu-west-1.rds.amazonaws.com",
        "arn:aws:rds:eu-west-1:111122223333:db:ledger",
    ):
        assert names.resource(said) == "ledger"
    assert names.resource("10.0.0.7") is None


def test_both_ends_and_aws_are_one_link_although_the_source_knows_only_an_address() -> None:
    facts = (
        about("a", "primary", downstream=(link("a", "10.0.0.7", BEHIND),)),
        about("b", "replica", upstream=(link("10.0.0.1", "b", BEHIND),)),
        by_aws("b", "replica", upstream=(link("a", "b", BEHIND),)),
    )
    picture = seen({"a": res(), "b": res(facts={"ReadReplicaSource": "a"})}, *facts)
    assert [(each.source, each.copy) for each in links(picture)] == [("a", "b")]


def test_two_addresses_of_two_copies_are_not_drawn_beside_them_unless_one_is_dead() -> None:
    two = (link("a", "10.0.0.7", IN_STEP), link("a", "10.0.0.8", IN_STEP))
    copies = [about(copy, "replica", upstream=(link("a", copy, IN_STEP),)) for copy in ("b", "c")]
    estate = {"a": res(), "b": res(), "c": res()}
    assert len(links(seen(estate, about("a", "primary", downstream=two), *copies))) == 2
    dead = (link("a", "10.0.0.7", IN_STEP), link("a", "10.0.0.8", BROKEN))
    assert len(links(seen(estate, about("a", "primary", downstream=dead), *copies))) == 3


def test_more_addresses_than_there_are_copies_are_shown() -> None:
    many = tuple(link("a", f"10.0.0.{number}", IN_STEP) for number in range(3))
    copy = about("b", "replica", upstream=(link("a", "b", IN_STEP),))
    assert len(links(seen({"a": res(), "b": res()}, about("a", "primary", downstream=many), copy))) == 4


def test_the_standby_of_the_database_is_that_of_aws_and_stands_first() -> None:
    picture = seen(
        {"a": res(facts={"SecondaryAvailabilityZone": "eu-west-1b"}), "b": res()},
        about("a", "primary", downstream=(link("a", "b", BEHIND), link("a", "Multi-AZ standby", IN_STEP))),
        by_aws("a", "primary", downstream=(link("a", "standby", IN_STEP),)),
    )
    lines = drawn(picture, "b")
    assert len(lines) == 3
    assert "standby" in lines[1]
    cells = [str(cell.text) for cell in nodes(picture, family(picture, sanitise("a")), SIGNS)[1].cells]
    assert cells[:2] == ["standby", "eu-west-1b"]


def test_a_standby_is_not_taken_for_a_copy_of_which_only_aws_tells() -> None:
    facts = (
        about("a", "primary", downstream=(link("a", "Multi-AZ standby", IN_STEP),)),
        by_aws("b", "replica", upstream=(link("a", "b", BEHIND),)),
    )
    assert [line.split()[-1] for line in drawn(seen({"a": res(), "b": res()}, *facts), "a")] == ["a", "standby", "b"]


def test_where_nobody_tells_of_it_a_standby_is_drawn_all_the_same() -> None:
    lines = drawn(seen({"a": res(facts={"SecondaryAvailabilityZone": "eu-west-1b"})}), "a")
    assert lines == ["a", "└─ not told ─► standby"]


def test_members_of_a_cluster_belong_together_and_the_cluster_is_these() -> None:
    estate = {
        "aurora": res(kind="cluster", role=""),
        "r": res(role="reader", cluster="aurora"),
        "w": res(role="writer", cluster="aurora"),
    }
    for of in estate:
        assert drawn(seen(estate), of) == ["w", "└─ not told ─► r"]


def test_a_word_and_a_number_are_enough_for_a_line() -> None:
    lag = {"replica.lag_s": value(7.0, "Seconds")}
    picture = seen({"a": res(), "b": res(replication=Bare(source="a", state="replicating"), values=lag)})
    assert drawn(picture, "a") == ["a", "└─ replicating 7.0s ─► b"]
    old = {"replica.lag_s": value(7.0, "Seconds", s="stale", t=NOW - 900_000)}
    stale = seen({"a": res(), "b": res(replication=Bare(source="a", state="in step"), values=old)})
    assert drawn(stale, "a") == ["a", "└─ ?in step ─► b"]


def test_one_with_two_sources_stands_once() -> None:
    both = (link("a", "c", IN_STEP), link("b", "c", BROKEN))
    picture = seen({"a": res(), "b": res(), "c": res()}, about("c", "replica", upstream=both))
    assert [line[-1] for line in drawn(picture, "a")] == ["a", "c", "b"]


def test_who_has_nothing_to_do_with_it_is_not_drawn() -> None:
    picture = seen({"a": res(), "b": res(), "x": res()}, about("b", "replica", upstream=(link("a", "b", IN_STEP),)))
    assert drawn(picture, "x") == ["x"]
    assert len(drawn(picture, "a")) == 2


def test_only_what_can_have_to_do_with_it_is_looked_at() -> None:
    estate = {f"p{number}": res() for number in range(50)} | {f"r{number}": res() for number in range(50)}
    facts = [
        about(f"r{number}", "replica", upstream=(link(f"p{number}", f"r{number}", IN_STEP),)) for number in range(50)
    ]
    standby = [about(f"p{number}", "primary", downstream=(link("p", "standby", IN_STEP),)) for number in range(50)]
    assert set(near(seen(estate, *facts, *standby), "p7")) == {"p7", "r7"}


NAMES = st.sampled_from(["a", "b", "c", "d", "10.0.0.1", "standby", "eu-central-1"])
LINKS = st.builds(link, NAMES, NAMES, st.sampled_from(LinkState))
TOLD = st.tuples(st.lists(LINKS, max_size=2), st.lists(LINKS, max_size=3))


@given(st.dictionaries(st.sampled_from("abcd"), TOLD), st.sampled_from("abcd"), st.sampled_from([None, "k"]))
def test_whatever_is_told_the_family_is_drawn_whole(
    given: dict[str, tuple[list[Link], list[Link]]], of: str, cluster: str | None
) -> None:
    facts = [about(name, "both", upstream=tuple(up), downstream=tuple(down)) for name, (up, down) in given.items()]
    estate = {name: res(cluster=cluster, role="writer" if name == "a" else "") for name in "abcd"}
    picture = seen(estate, *facts)
    members = family(picture, sanitise(of))
    keys = [each.key for each in members]
    assert of in keys
    assert len(keys) == len(set(keys))
    assert sorted(line.key for line in tree(nodes(picture, members, SIGNS), 78, Symbols.BRAILLE)) == sorted(keys)
    assert cluster is None or set("abcd") <= set(keys)


@pytest.mark.parametrize("which", FAMILIES)
def test_each_engine_has_its_family_drawn(which: str) -> None:
    make, of = FAMILIES[which]
    facts = make()
    names: dict[str, dict[Safe, Safe]] = {"catalogue-1": {}}
    names |= {each.about: {} for each in facts}
    names |= {each.about: dict(each.facts) for each in facts if isinstance(each, Described)}
    lines = drawn(seen({name: res(facts=listed) for name, listed in names.items()}, *facts), of)
    assert len(lines) == {"sql-server": 4, "postgres": 3, "dynamodb": 3}.get(which, 2)
