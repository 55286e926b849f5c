"""What else changed with a failover is looked at: memory, jobs of the agent, alarms, the hit rate of a cache."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collectors.readings import ResourceId
from collectors.safe import Safe
from console.failover.besides import besides
from console.failover.observed import Asked, Kind, Member, Within
from console.failover.run import Run
from tests.failover.given import DARK, OPEN, READER, SENT, SWAPPED, at, begun, knocks, listed, seen, standby

RINGS = Safe("orders-cpu")


def items(run: Run, seconds: float) -> dict[str, tuple[str, str]]:
    return {name: (state, said) for name, state, said in besides(run, at(seconds))}


def after(before: Within, now: Within) -> Run:
    """A failover of a SQL Server with these known of it."""
    door = [*knocks(4, 30, DARK), *knocks(30, 36, OPEN, "node-b")]
    was, swapped = standby(within=before), replace(SWAPPED, within=now)
    return seen(begun(), [listed(-3, was), Asked(at(0), "accepted"), *door, listed(60, swapped)])


def test_what_nobody_has_told_since_is_unknown() -> None:
    run = seen(begun(), SENT)
    assert {state for state, _ in items(run, 5).values()} == {"unknown"}
    whole = Within(4, ())
    only_before = seen(begun(), (listed(-3, standby(within=whole)), *SENT[1:]))
    assert {state for state, _ in items(only_before, 5).values()} == {"unknown"}, "what was before proves nothing"


def test_jobs_that_the_new_primary_has_not_are_missing() -> None:
    assert items(after(Within(jobs=4), Within(jobs=4)), 90)["agent jobs"] == ("proved", "4 are enabled, as before")
    state, said = items(after(Within(jobs=4), Within(jobs=1)), 90)["agent jobs"]
    assert (state, said.startswith("1 of 4 are enabled here")) == ("missing", True)
    assert items(after(Within(), Within(jobs=4)), 90)["agent jobs"][0] == "unknown"
    assert items(after(Within(jobs=4), Within()), 90)["agent jobs"][0] == "unknown"


def test_an_alarm_that_rang_before_is_no_news_and_one_that_rings_since_is() -> None:
    assert items(after(Within(alarms=()), Within(alarms=())), 90)["alarms"] == ("proved", "none is in ALARM")
    same = items(after(Within(alarms=(RINGS,)), Within(alarms=(RINGS,))), 90)["alarms"]
    assert same == ("proved", "none but those of before: orders-cpu")
    new = items(after(Within(alarms=()), Within(alarms=(RINGS,))), 90)["alarms"]
    assert new == ("missing", "in ALARM since: orders-cpu")


def test_memory_is_cold_for_ten_minutes_and_nobody_has_measured_it() -> None:
    run = after(Within(), Within())
    soon, later = items(run, 90)["caches"], items(run, 40 + timedelta(minutes=10).total_seconds())["caches"]
    assert (soon[0], later[0]) == ("unknown", "unknown")
    assert soon[1].startswith("cold, up for 60 s")
    assert later[1].startswith("filled for 10 min")


def node(name: ResourceId, role: str, **more: float) -> Member:
    return Member(name, Safe(role), Safe("available"), within=Within(**more))  # type: ignore[arg-type]


def test_the_hit_rate_is_that_of_whoever_leads() -> None:
    first, second = ResourceId(Safe("orders")), READER
    before = listed(-3, node(first, "primary", hit_rate=97.0), node(second, "replica", hit_rate=10.0))

    def run(hit_rate: float, evictions: float = 0.0) -> Run:
        now = node(second, "primary", hit_rate=hit_rate, evictions=evictions)
        return seen(begun(Kind.CACHE), (before, Asked(at(0), "accepted"), listed(90, now, node(first, "replica"))))

    assert items(run(96.0), 95)["hit rate"] == ("proved", "96 %, 97 % before")
    assert items(run(60.0, 12), 95)["hit rate"] == ("missing", "60 %, 97 % before; 12 evictions in a minute")
    assert "agent jobs" not in items(run(96.0), 95)
