"""A whole round of SCAN meets each key that stays once, whatever is flushed meanwhile; a glob is Redis' own."""

from __future__ import annotations

import itertools
import time
from functools import lru_cache

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from console.demo.flushes import Flush
from console.demo.model import Model
from console.demo.redis.content import _add
from console.demo.redis.held import Held, fits, literal_of, scan
from console.demo.redis.keys import FAMILIES, family_at, number_of, run_of
from tests.demo.played import NOON
from tests.demo.redis.serving import PRIMARY

T = NOON.timestamp()
SMALL = 1  # the database with few keys: a round of it is quick
FIRST, END = run_of(SMALL)


def one_round(model: Model, t: float, counts: list[int], pending: list[tuple[int, int]]) -> list[int]:
    cursor, found, turn = 0, list[int](), 0
    while True:
        held = Held(model, PRIMARY, t, pending)
        cursor, some = scan(held, SMALL, cursor, counts[turn % len(counts)])
        found += [number for _, number in some]
        turn += 1
        if cursor == 0:
            return found


inside = st.tuples(st.integers(FIRST, END - 1), st.integers(1, 30_000)).map(lambda r: (r[0], min(END, r[0] + r[1])))


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])  # to shrink one takes minutes
@example([500], [(3136000, 3148282), (3136000, 3148282)], 125.8, [])
@given(
    st.lists(st.integers(500, 9000), min_size=1, max_size=4),
    st.lists(inside, max_size=3),
    st.floats(0, 200),
    st.lists(inside, max_size=2),
)
def test_each_key_is_met_once_in_a_round(
    counts: list[int], gone: list[tuple[int, int]], later: float, pending: list[tuple[int, int]]
) -> None:
    model = Model(1, T)
    model.learn([Flush(str(n), T - n, PRIMARY, "UNLINK", runs=(run,)) for n, run in enumerate(gone)])
    found, held = one_round(model, T + later, counts, pending), Held(model, PRIMARY, T + later, pending)
    assert len(found) == len(set(found))
    assert found == list(held.between(FIRST, END))
    assert not any(a <= number < b for number in found for a, b in pending)
    assert len(found) == 0 or abs(held.size(SMALL) - len(found)) < 0.05 * len(found) + 60
    some = found[:: max(1, len(found) // 20)]
    assert all(held.has(number) for number in some)


def test_a_key_that_was_flushed_comes_back_once_and_stays() -> None:
    model = Model(1, T)
    model.learn([Flush("a", T, PRIMARY, "FLUSHALL", runs=((FIRST, END),))])
    there = [set(Held(model, PRIMARY, T + after).between(FIRST, FIRST + 5000)) for after in (0, 20, 60, 200, 2000)]
    assert there[0] == set()
    assert all(before < after for before, after in itertools.pairwise(there))
    assert there[-1] == set(Held(Model(1, T), PRIMARY, T + 2000).between(FIRST, FIRST + 5000))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1_500_000), st.integers(900, 5000))
def test_a_few_keys_from_anywhere_tell_of_all(cursor: int, count: int) -> None:
    """As in the order of hashes: whoever samples does not take the first family for the whole."""
    held = Held(Model(1, T), PRIMARY, T)
    _, found = scan(held, 0, cursor, count)
    for family in FAMILIES[:3]:
        share = sum(each is family for each, _ in found) / len(found)
        assert share == pytest.approx(family.weight / 49, abs=0.04)


def test_what_no_key_begins_with_is_not_looked_for() -> None:
    held = Held(Model(1, T), PRIMARY, T)
    assert scan(held, 0, 0, 10, "mine") == (0, [])
    assert {family.prefix for family, _ in scan(held, 0, 0, 1000, "cart:1")[1]} == {"cart:"}


def test_a_round_of_the_large_database_meets_all_of_it() -> None:
    held, cursor, found, families = Held(Model(1, T), PRIMARY, T), 0, 0, set[str]()
    while True:
        cursor, some = scan(held, 0, cursor, 10_007)
        found += len({number for _, number in some})
        families |= {family.prefix for family, _ in some[:1] + some[-1:]}
        if cursor == 0:
            break
    assert found == held.size(0)
    assert families == {"session:", "catalogue:"}


@given(st.sampled_from(FAMILIES), st.integers(0, 10_000))
def test_a_name_is_that_of_its_number(family: object, n: int) -> None:
    assert isinstance(family, type(FAMILIES[0]))
    number = family.first + n
    assert number_of(family.database, f"{family.prefix}{n}") == number
    assert family_at(number) == family
    assert number_of(1 - family.database, f"{family.prefix}{n}") is None


letters = st.text("ab:*?\\[]^-", max_size=12)


@lru_cache(4096)
def slowly(pattern: str, name: str) -> bool:
    """As Redis' own matcher goes about it, a letter at a time."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return slowly(pattern[1:], name) or (bool(name) and slowly(pattern, name[1:]))
    if pattern[0] == "?":
        return bool(name) and slowly(pattern[1:], name[1:])
    if pattern[0] == "\\" and len(pattern) > 1:
        return name[:1] == pattern[1] and slowly(pattern[2:], name[1:])
    return name[:1] == pattern[0] and slowly(pattern[1:], name[1:])


@given(st.text("ab:*?\\", max_size=12), st.text("ab:*?\\", max_size=10))
def test_a_glob_matches_as_redis_matches_it(pattern: str, name: str) -> None:
    assert fits(pattern)(name) == slowly(pattern, name)
    if slowly(pattern, name):
        assert name.startswith(literal_of(pattern))


@example("[^]", "a")
@given(letters, st.text("ab:*?\\[]^-", max_size=10))
def test_no_pattern_is_too_odd_and_none_takes_long(pattern: str, name: str) -> None:
    began = time.process_time()  # a machine with other work is not counted
    fits(pattern)(name)
    fits("*a" * 40 + "b" + pattern)("a" * 400 + name)
    assert time.process_time() - began < 0.5


def test_a_class_of_letters() -> None:
    assert fits("k[a-c]?")("kb1")
    assert not fits("k[^a-c]?")("kb1")
    assert fits("k[c-a]")("kb")
    assert not fits("[ab")("a")
    assert fits("k[^]")("kb")


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)).map(lambda r: (r[0], r[0] + r[1])), max_size=20))
def test_runs_are_kept_apart_and_in_order(given_runs: list[tuple[int, int]]) -> None:
    kept: list[tuple[int, int]] = []
    for run in given_runs:
        _add(kept, run)
    assert {n for a, b in kept for n in range(a, b)} == {n for a, b in given_runs for n in range(a, b)}
    assert all(one[1] < other[0] for one, other in itertools.pairwise(kept))
