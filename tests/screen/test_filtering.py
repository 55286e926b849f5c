"""Is what was asked for what is shown? Whatever is typed, and while it is still being typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.screen.filtering import FIELDS, parsed, subject_of
from tests.screen.estate import res

ESTATE = {
    "orders-primary": res(level="critical", why=(Safe("log full"),), tags={"Team": "payments", "Tier": "1 gold"}),
    "orders-replica": res(role="replica", level=Severity.WARNING),
    "billing": res(engine="mysql", level=Severity.HIGH, az="eu-west-1b"),
    "carts": res(kind="table", engine="dynamodb", role="", cluster="shop"),
}


def found(asked: str) -> list[str]:
    wanted = parsed(asked)
    return [name for name, each in ESTATE.items() if wanted.matches(subject_of(name, each))]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", list(ESTATE)),
        ("orders REPL", ["orders-replica"]),
        ("payments", ["orders-primary"]),
        ("engine:mysql", ["billing"]),
        ("engine:mysql,dynamo", ["billing", "carts"]),
        ("!role:replica orders", ["orders-primary"]),
        ("!orders", ["billing", "carts"]),
        ("level:>=high", ["orders-primary", "billing"]),
        ("level:high", ["billing"]),
        ("level:<high", ["orders-replica", "carts"]),
        ("level:crit,warn", ["orders-primary", "orders-replica"]),
        ("level:none", ["carts"]),
        ("!level:none az:1a", ["orders-primary", "orders-replica"]),
        ("cluster:shop", ["carts"]),
        ("tag.Team:pay", ["orders-primary"]),
        ('tag.tier:"1 gold"', ["orders-primary"]),
        ("tag.owner:pay", []),
        ("why:log", ["orders-primary"]),
        ("2001:db8", []),
    ],
)
def test_a_filter_finds_what_its_words_say(asked: str, expected: list[str]) -> None:
    assert parsed(asked).faults == ()
    assert found(asked) == expected


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("engin:mysql", "engin: is not known; did you mean engine:?"),
        ("orders level:>=hihg", "level:hihg is not known; did you mean high?"),
        ("level:7", "known: critical high warning info none"),
    ],
)
def test_a_filter_that_cannot_be_understood_says_so_and_hides_nothing(asked: str, says: str) -> None:
    assert says in parsed(asked).faults[0]
    assert found(asked) == list(ESTATE)


words = st.text(st.sampled_from('abcdelrs!:,.<>=" \x1b'), max_size=20)
keyed = st.builds(lambda key, value: f"{key}:{value}", st.sampled_from((*FIELDS, "tag.Team")), words)


@given(st.lists(words | keyed, max_size=4).map(" ".join))
def test_whatever_is_typed_is_a_filter_and_its_words_may_be_shown(asked: str) -> None:
    wanted = parsed(asked)
    assert all(fault == sanitise(fault) for fault in wanted.faults)
    if wanted.faults:
        assert found(asked) == list(ESTATE)


@given(st.sampled_from(["orders engine:post !role:rep", "level:>=warning billing", "tag.Team:pay,x"]), st.data())
def test_what_is_still_being_typed_is_no_fault(asked: str, data: st.DataObject) -> None:
    assert parsed(asked[: data.draw(st.integers(0, len(asked)))]).faults == ()


@given(words.map(str.strip).filter(lambda word: not word.startswith("!")))
def test_what_must_not_match_is_all_that_does_not(word: str) -> None:
    if len(word.split()) == 1 and parsed(word).terms and not parsed(word).faults:
        assert sorted([*found(word), *found("!" + word)]) == sorted(ESTATE)
