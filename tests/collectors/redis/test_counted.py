"""Rates from counters that only rise: none where two looks cannot be compared, and never one below zero."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.redis.counted import Calls, Sample, commands, interval_s, rates

FIRST = Sample(
    "run",
    1000.0,
    500,
    {
        "total_commands_processed": 100.0,
        "keyspace_hits": 60.0,
        "keyspace_misses": 20.0,
        "evicted_keys": 5.0,
        "cpu": 3.0,
    },
    {"get": Calls(80, 800), "set": Calls(20, 400)},
)
LATER = Sample(
    "run",
    1005.0,
    505,
    {**FIRST.counters, "total_commands_processed": 600.0, "keyspace_hits": 150.0, "keyspace_misses": 30.0, "cpu": 4.0},
    {"get": Calls(180, 2800), "set": Calls(20, 400), "keys": Calls(1, 8000, 1)},
)  # fmt: skip


def test_what_was_gained_is_told_by_the_second() -> None:
    found = rates(FIRST, LATER)
    assert found is not None
    assert (found.interval_s, found.operations, found.evictions) == (5.0, 100.0, 0.0)
    assert found.hit_percent == pytest.approx(90)
    assert found.cpu_percent == pytest.approx(20)
    assert found.command_us == pytest.approx(10_000 / 101)
    assert found.expired is None  # this version does not count it


def test_commands_are_those_of_the_interval_by_what_they_took() -> None:
    keys, get = commands(FIRST, LATER, {"get": {"p50": 7.0, "p99": 30.0}})
    assert (keys.name, keys.share, keys.us, keys.failed) == ("KEYS", 80.0, 8000.0, 0.2)
    assert (get.name, get.calls, get.us, get.p99_us, get.p999_us) == ("GET", 20.0, 20.0, 30.0, None)


def test_before_there_is_an_interval_commands_are_those_since_the_start() -> None:
    get, set_ = commands(None, FIRST, {})
    assert (get.name, get.calls, set_.us) == ("GET", 80 / 500, 20.0)
    assert commands(None, Sample("run", 0.0, None, {}, {"config|get": Calls(1, 5)}), {})[0].name == "CONFIG GET"


@pytest.mark.parametrize(
    "after",
    [
        replace(LATER, run_id="another"),
        replace(LATER, at_s=1000.0),
        replace(LATER, at_s=990.0),
        replace(LATER, at_s=4605.0),  # somebody set the server's clock
        replace(LATER, counters={**LATER.counters, "keyspace_hits": 59.0}),  # CONFIG RESETSTAT
        replace(LATER, counters={}),
        replace(LATER, commands={"get": Calls(180, 2800)}),
        replace(LATER, commands={**LATER.commands, "get": Calls(180, 799)}),
    ],
)
def test_what_cannot_be_compared_gives_no_rate(after: Sample) -> None:
    assert interval_s(FIRST, after) is None
    assert rates(FIRST, after) is None
    assert rates(after, replace(after, at_s=after.at_s + 5, uptime_s=510)) is not None  # it is where one begins anew


def test_the_first_look_has_none() -> None:
    assert rates(None, FIRST) is None


numbers = st.integers(0, 10**6)
names = st.sampled_from(["keyspace_hits", "keyspace_misses", "evicted_keys", "total_commands_processed", "cpu"])
samples = st.builds(
    Sample,
    st.sampled_from(["one", "two"]),
    st.floats(0, 100),
    st.none() | st.integers(0, 100),
    st.dictionaries(names, numbers.map(float)),
    st.dictionaries(st.sampled_from(["get", "set"]), st.builds(Calls, numbers, numbers, numbers)),
)


@given(st.lists(samples, min_size=2, max_size=6))
def test_whatever_was_counted_no_rate_is_below_zero_and_no_share_above_all(seen: list[Sample]) -> None:
    for before, after in pairwise(seen):
        found = rates(before, after)
        if found is not None:
            told = (found.operations, found.hits, found.misses, found.evictions, found.cpu_percent, found.command_us)
            assert all(each is None or each >= 0 for each in told)
            assert found.hit_percent is None or 0 <= found.hit_percent <= 100
            assert before.run_id == after.run_id
        ran = commands(before, after, {})
        assert all(each.calls >= 0 and 0 <= each.share <= 100 for each in ran)
        assert sum(each.share for each in ran) <= 100.001
