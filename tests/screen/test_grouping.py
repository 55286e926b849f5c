"""Does a group say how bad it is, and does the worst stand first?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe, sanitise
from console.protocol.res import Res
from console.screen.arranging import ways
from console.screen.grouping import grouped, headline, lines
from tests.screen.estate import res, with_cpu
from widgets.tone import Symbols

ESTATE: dict[str, Res] = {
    Safe("a"): res(level="critical", tags={"Team": "shop"}, engine="mysql"),
    Safe("b"): res(level="high", tags={"Team": "shop"}),
    Safe("c"): res(level="critical", tags={"Team": "pay"}),
    Safe("d"): with_cpu(None, tags={"Team": "pay"}),
    Safe("e"): res(level="critical", tags={"Team": "pay"}),
    Safe("f"): res(cluster="f"),
}
TEAMS = grouped(tuple(map(sanitise, ESTATE)), ESTATE, "tag:Team")


def said(index: int, symbols: Symbols = Symbols.BRAILLE, *, folded: bool = False) -> str:
    return "".join(text for text, _ in headline(TEAMS[index], symbols, folded=folded))


def test_the_worst_group_stands_first_and_says_in_words_what_is_in_it() -> None:
    assert said(0) == "\u25be pay  3 resources  CRITICAL  (2 crit, 1 unseen)"
    assert said(1) == "\u25be shop  2 resources  CRITICAL  (1 crit, 1 high)"
    assert said(2, folded=True) == "\u25b8 without Team  1 resource  all well"
    assert said(2, Symbols.ASCII, folded=True).isascii()


def test_a_folded_group_is_its_headline_alone() -> None:
    assert lines(TEAMS, frozenset({TEAMS[0].key})) == (TEAMS[0].key, TEAMS[1].key, "a", "b", TEAMS[2].key, "f")


def test_every_tag_of_the_estate_is_a_way_to_group_it() -> None:
    found = {item.key: item.note for item in ways(ESTATE.values())}
    assert found["engine"] == "2 groups"
    assert found["tag:Team"] == "3 groups"
    assert found["cluster"] == "2 groups"
    assert found[""] == ""


teams = st.dictionaries(st.text("abcdef", min_size=1).map(sanitise), st.sampled_from(["", "x", "y"]), min_size=1)


@given(teams, st.sets(st.sampled_from(["", "x", "y"])))
def test_no_resource_is_lost_or_twice_in_groups(given: dict[Safe, str], folded: set[str]) -> None:
    estate: dict[str, Res] = {name: res(cluster=cluster) for name, cluster in given.items()}
    groups = grouped(tuple(given), estate, "cluster")
    assert sorted(name for group in groups for name in group.members) == sorted(estate)
    shown = lines(groups, frozenset(group.key for group in groups if group.title in folded))
    assert len(set(shown)) == len(shown)
    assert not {group.key for group in groups} & set(estate)
