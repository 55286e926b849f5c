"""What is decided by numbers alone: patterns, the pace, samples, statistics, the load that comes to an origin."""

from __future__ import annotations

import re
from datetime import timedelta
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from console.actions.craft import Sent, Way
from console.actions.flushes.at_once import Reply, Said, answered
from console.actions.flushes.executed import LATE, Times, judged, proof
from console.actions.flushes.expected import Expected
from console.actions.flushes.nodes import holders, is_moving, myself, number, worded
from console.actions.flushes.pace import LEAST, LEEWAY_S, MOST, SLOW, Pace
from console.actions.flushes.pattern import begins_with
from console.actions.flushes.risk_checks import Load
from console.actions.flushes.sample import FEW, Sample, counted, shares
from console.actions.life import State
from tests.actions.given import NOW

SPECIAL = st.text(alphabet=st.sampled_from("ab*?[]^-\\:ä"), max_size=8)
BEFORE = Expected("0001", "sessions-001", "run", {"flushdb": 2, "flushall": 0}, keys=100)


def matches(pattern: str, key: str) -> bool:
    """As Redis reads a pattern that has no `?`, `*` or brackets of its own but for the last."""
    assert pattern.endswith("*")
    literal, rest = "", pattern[:-1]
    while rest:
        assert rest[0] not in "*?[]", pattern
        rest = rest[1:] if rest[0] == "\\" else rest
        literal, rest = literal + rest[0], rest[1:]
    return key.startswith(literal)


@given(SPECIAL, SPECIAL)
def test_a_pattern_matches_what_begins_with_it_and_nothing_else(prefix: str, key: str) -> None:
    assert matches(begins_with(prefix), prefix + key)
    assert matches(begins_with(prefix), key) is key.startswith(prefix)
    if not re.search(r"[\\*?\[\]]", prefix):
        assert fnmatchcase(prefix + key, begins_with(prefix))


@given(st.lists(st.floats(min_value=1e-5, max_value=2.0), min_size=1, max_size=60), st.floats(600, 50_000))
def test_the_pace_stays_within_its_bounds_and_halves_where_the_node_is_busy(journeys: list[float], most: float) -> None:
    pace = Pace(most, most)
    for took in journeys:
        before, pace = pace, pace.after(took)
        assert LEAST <= pace.rate <= most
        is_busy = took > min(before.quickest, took) * SLOW + LEEWAY_S
        assert (pace.rate < before.rate) if is_busy and before.rate > LEAST else pace.rate >= before.rate


def test_what_is_only_looked_at_costs_a_fifth_of_what_is_deleted() -> None:
    assert Pace().seconds(deleted=250, looked_at=250) == 250 / MOST
    assert Pace().seconds(deleted=0, looked_at=250) == 50 / MOST


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=20))
def test_of_each_database_as_many_are_sampled_as_it_has_of_all(keys: list[int]) -> None:
    wanted = shares(keys)
    assert all(0 <= want <= have for want, have in zip(wanted, keys, strict=True))
    assert all(want >= min(FEW, have) for want, have in zip(wanted, keys, strict=True))
    assert sum(wanted) <= 1000 + (FEW + 1) * len(keys)


def test_a_sample_is_judged_by_the_keys_that_are_meant() -> None:
    keys = ["session:1", "session:2", "session:3", "queue:1", "gone:1"]
    told = [(-1, "string"), (60, "string"), (-1, "string"), (-1, "list"), (-2, "none")]
    of_sessions = counted(keys, "session:", told)
    assert of_sessions == Sample(looked=4, matching=3, without_ttl=2, keeping=0)
    assert of_sessions.suspicions == ("67% of 3 sampled keys have no TTL",)
    assert of_sessions.estimate(1000) == 750
    whole = counted(keys, "", told)
    assert whole.suspicions == ("75% of 4 sampled keys have no TTL", "25% of 4 sampled keys are streams or lists")
    assert Sample(1000, 1000, 500, 100).suspicions == ()  # at the bound, not beyond it
    assert Sample().suspicions == ()


@given(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["run", "another"]))
def test_how_often_it_was_executed_is_told_by_the_same_servers_own_count(before: int, now: int, run_id: str) -> None:
    of = Expected("0001", "it", "run", {"flushdb": before, "flushall": 0}, keys=9)
    info = {"run_id": run_id, "cmdstat_flushdb": f"calls={now},usec=4", "db0": "keys=3,expires=0", "db1": "keys=70"}
    found = proof(of, info, "flushdb", "0")
    wanted = Times.NEVER if now == before else Times.ONCE if now == before + 1 else Times.MORE
    assert found.times is (Times.UNTOLD if run_id != "run" or now < before else wanted)
    assert found.keys == 3


def told(calls: int, run_id: str = "run") -> dict[str, str]:
    return {"run_id": run_id, "cmdstat_flushdb": f"calls={calls}", "db0": "keys=4"}


@pytest.mark.parametrize(
    ("infos", "accepted", "late", "way", "words"),
    [
        ([told(3), told(3)], True, False, Way.DONE, "executed once on each of 2 primaries; 200 keys before, 8 now"),
        ([told(3), told(3)], False, False, Way.DONE, "executed once on each"),
        ([told(3), told(5)], False, False, Way.DONE, "up to 3 times since the plan, by others too or twice"),
        ([told(3), told(0)], True, False, Way.DONE, "do not prove"),
        ([told(2), told(2)], False, False, Way.UNDER_WAY, "Not all statistics show it yet"),
        ([told(2), told(2)], False, True, Way.FAILED, "It did not arrive"),
        ([told(3), told(2)], False, True, Way.FAILED, "Only a part was flushed. sessions-001: executed once"),
        ([told(3), told(1, "another")], False, True, Way.FAILED, "Whether all was executed cannot be proved"),
    ],
)
def test_what_the_statistics_prove(
    infos: list[dict[str, str]], accepted: bool, late: bool, way: Way, words: str
) -> None:
    now = NOW + (LATE if late else timedelta(seconds=1))
    seen = judged([proof(BEFORE, info, "flushdb", "0") for info in infos], Sent(NOW, now, accepted))
    assert seen.way is way
    assert words in seen.said
    assert len(seen.proof) == len(infos)


OK, NO, LOST = Reply("a", Said.OK), Reply("b", Said.REFUSED, "b refused it."), Reply("b", Said.LOST, "b: no answer.")


@given(st.lists(st.sampled_from([OK, NO, LOST]), min_size=1, max_size=5))
def test_it_is_rejected_only_where_nothing_was_executed_anywhere(replies: list[Reply]) -> None:
    first = next((n for n, each in enumerate(replies) if each.said is not Said.OK), len(replies) - 1)
    sent = replies[: first + 1]
    found = answered(sent, [each.name for each in replies])
    if all(each.said is Said.OK for each in replies):
        assert found.state is State.ACCEPTED
    elif sent == [NO]:
        assert found.state is State.REJECTED
    else:
        assert found.state is State.UNKNOWN
        assert ("Flushed: a" in found.said) is (len(sent) > 1)
        assert ("Not asked: " in found.said) is (len(sent) < len(replies))


def test_the_load_that_comes_is_operations_by_hits_by_the_share_that_is_flushed() -> None:
    assert str(Load(12_400, 0.964, 1.0)) == "12,400 operations/s x 96.4% hits = about 11,954/s more"
    assert str(Load(12_400, 0.964, 0.25)) == "12,400 operations/s x 96.4% hits x 25% of its keys = about 2,988/s more"
    assert "nobody knows how many hit" in str(Load(12_400, None, 1.0))


@given(st.text(max_size=60))
def test_whatever_a_node_says_is_read_without_a_fault(said: str) -> None:
    assert number(said) >= 0
    assert all(isinstance(value, str) for value in worded(said).values())
    for read in (myself, holders, is_moving):
        read(said)
    assert number("12") == 12
    assert Safe(said) == said


def test_who_holds_slots_is_read_from_what_a_node_says_of_its_neighbours() -> None:
    lines = (
        "aa 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-8191 [5461->-bb]\n"
        "bb 10.0.0.2:6379@16379 master - 0 0 2 connected 8192-16383\n"
        "cc 10.0.0.3:6379@16379 slave bb 0 0 2 connected\n"
        "dd 10.0.0.4:6379@16379 master - 0 0 3 connected\n"
    )
    assert myself(lines) == "aa"
    assert holders(lines) == {"aa": "10.0.0.1:6379@16379", "bb": "10.0.0.2:6379@16379"}
    assert is_moving(lines)
