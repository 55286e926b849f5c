"""What a flush does to the embedded estate: all of it follows from when it was, and how much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.flushes import Flush, Flushes, Gap, emptied, entry, flush_of, missing
from console.demo.inventory import machines
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.redis.keys import END, run_of
from console.demo.redis.run import flushed
from console.demo.redis.said import said
from tests.demo.played import NOON

T = NOON.timestamp()
PRIMARY, REPLICA, ORIGIN = (ResourceId(Safe(name)) for name in ("sessions-001", "sessions-002", "orders-primary"))
ALL = Flush("all", T, PRIMARY, "FLUSHALL", runs=((0, END),))


def number(model: Model, about: ResourceId, name: str, t: float) -> float:
    found = model.metrics(about, t)[name]
    assert found is not None
    return found


def flushed_model(*flushes: Flush, scenario: str = "resilient-database") -> Model:
    model = model_of(scenario, seed=1, size=12, start=NOON)
    model.learn(flushes)
    return model


def test_the_hit_rate_falls_at_once_and_comes_back_by_and_by() -> None:
    model, before = flushed_model(ALL), model_of("resilient-database", seed=1, size=12, start=NOON)
    rates = [number(model, PRIMARY, "CacheHitRate", T + after) for after in (-1, 0, 30, 60, 120, 300, 900)]
    assert rates[0] == before.metrics(PRIMARY, T - 1)["CacheHitRate"]
    assert rates[1] == 0
    assert rates[1:] == sorted(rates[1:])
    assert 10 < rates[2] < 60
    assert rates[-1] == number(before, PRIMARY, "CacheHitRate", T + 900)
    keys = [number(model, PRIMARY, "CurrItems", T + after) for after in (-1, 0, 60)]
    assert keys[1] == 0 < keys[2] < 0.8 * keys[0]
    memory = [number(model, PRIMARY, "DatabaseMemoryUsagePercentage", T + after) for after in (-1, 0)]
    assert memory[0] > 50
    assert memory[1] < 5
    assert number(model, REPLICA, "CurrItems", T) == 0  # whoever follows has what its primary has


def test_the_origin_bears_what_the_cache_no_longer_answers() -> None:
    model, before = flushed_model(ALL), model_of("resilient-database", seed=1, size=12, start=NOON)
    for name, more in (("CPUUtilization", 20), ("ReadIOPS", 500), ("DatabaseConnections", 20)):
        now, usual = (number(each, ORIGIN, name, T + 1) for each in (model, before))
        assert now > usual + more, name
        assert number(model, ORIGIN, name, T + 900) == number(before, ORIGIN, name, T + 900)
    waits = [each.waits(ORIGIN, T + 1)["SOS_SCHEDULER_YIELD"].ms_per_s for each in (model, before)]
    assert waits[0] > 2 * waits[1]
    bystander = ResourceId(Safe("customers"))
    assert model.metrics(bystander, T + 1) == before.metrics(bystander, T + 1)
    lost = [number(each, PRIMARY, "CacheHits", T + 1) / 60 for each in (before, model)]
    assert model.flood(ORIGIN, T + 1) == pytest.approx(2 * (lost[0] - lost[1]), rel=0.05)  # of both nodes


def test_less_that_was_flushed_is_less_that_is_missed() -> None:
    sessions = Flush("part", T, PRIMARY, "UNLINK", runs=((0, 500_000),))
    model = flushed_model(sessions)
    assert 30 < number(model, PRIMARY, "CacheHitRate", T + 1) < 85
    assert model.flood(ORIGIN, T + 1) < 0.6 * flushed_model(ALL).flood(ORIGIN, T + 1)


def test_in_a_rush_hour_the_origin_has_no_room_and_drowns() -> None:
    model = flushed_model(scenario="stampede")
    # before it begins too: CloudWatch tells of a minute when it is over
    assert all(60 < number(model, ORIGIN, "CPUUtilization", T + after) < 90 for after in range(-600, 1800, 60))
    model.learn([replace(ALL, at=T + 300)])
    assert number(model, ORIGIN, "CPUUtilization", T + 310) > 95
    assert number(model, ORIGIN, "CPUUtilization", T + 1500) < 90


def test_what_several_flushes_took_is_gone_once_and_those_of_a_moment_ago_are_added_up() -> None:
    halves = Gap(0.0, ((0, 50),), 10.0), Gap(0.0, ((50, 100),), 10.0)
    whole = Gap(0.0, ((0, 100),), 10.0)
    assert missing(halves, (0, 100), 5.0) == pytest.approx(missing([whole], (0, 100), 5.0))
    assert missing([whole, whole], (0, 100), 0.0) == pytest.approx(1.0)
    assert missing([whole], (0, 100), -1.0) == missing([whole], (200, 300), 1.0) == missing([whole], (5, 5), 0) == 0


runs = st.lists(st.tuples(st.integers(0, 99), st.integers(1, 40)).map(lambda r: (r[0], r[0] + r[1])), max_size=4)
gaps = st.lists(st.builds(Gap, st.floats(0, 100), runs.map(tuple), st.floats(1, 300)), max_size=6)


@settings(deadline=None, max_examples=80)
@given(gaps, st.floats(-10, 500))
def test_a_share_that_is_missing_is_a_share_and_the_mean_of_its_keys(found: list[Gap], t: float) -> None:
    total = missing(found, (0, 150), t)
    assert 0 <= total <= 1
    each = [missing(found, (n, n + 1), t) for n in range(150)]
    assert total == pytest.approx(sum(each) / 150, abs=1e-6)


def test_told_twice_it_counts_once_in_any_order_and_of_strangers_nothing_is_learnt() -> None:
    second = replace(ALL, id="second", at=T + 60)
    stranger = replace(ALL, id="stranger", about=ResourceId(Safe("nobody")))
    forth, back = flushed_model(ALL, second, ALL, stranger), flushed_model(second, ALL)
    assert forth.flushes.all == back.flushes.all == [ALL, second]
    assert forth.metrics(PRIMARY, T + 70) == back.metrics(PRIMARY, T + 70)
    assert Flushes([ALL]).joined([ALL]).all == [ALL]


def test_a_flush_survives_json_and_what_is_none_is_refused() -> None:
    assert flush_of(entry(ALL)) == ALL
    for spoilt in ({"share": 2}, {"runs": [[5, 5]]}, {"runs": [[-1, 5]]}, {"at": "nan"}, {"calls": -1}):
        with pytest.raises(ValueError, match=r"flush|runs"):
            flush_of({**entry(ALL), **spoilt})


def test_info_tells_what_cloudwatch_tells() -> None:
    model = flushed_model(ALL)
    before, after = (said(model, PRIMARY, T + at) for at in (300, 360))
    gained = {name: int(after[name]) - int(before[name]) for name in ("keyspace_hits", "keyspace_misses")}
    assert gained["keyspace_hits"] == pytest.approx(number(model, PRIMARY, "CacheHits", T + 330), rel=0.03)
    assert gained["keyspace_misses"] == pytest.approx(number(model, PRIMARY, "CacheMisses", T + 330), rel=0.1)
    assert int(after["connected_clients"]) == number(model, PRIMARY, "CurrConnections", T + 360)
    used = 100 * int(after["used_memory"]) / int(after["maxmemory"])
    assert used == pytest.approx(number(model, PRIMARY, "DatabaseMemoryUsagePercentage", T + 360), abs=0.01)
    keys = sum(int(after[name].partition("keys=")[2].partition(",")[0]) for name in ("db0", "db1"))
    assert keys == pytest.approx(number(model, PRIMARY, "CurrItems", T + 360), rel=1e-3)


def test_no_counter_of_info_ever_falls_while_the_same_run_goes_on() -> None:
    model = flushed_model(ALL)
    counters = ("keyspace_hits", "keyspace_misses", "total_commands_processed", "total_net_input_bytes", "evicted_keys")
    told = [said(model, PRIMARY, T - 20 + 7 * n) for n in range(40)]
    assert len({each["run_id"] for each in told}) == 1
    for name in counters:
        numbers = [int(each[name]) for each in told]
        assert numbers == sorted(numbers), name


def test_one_execution_is_counted_once_on_each_node_of_the_group() -> None:
    model = flushed_model(ALL, replace(ALL, id="db", at=T + 5, operation="FLUSHDB", runs=(run_of(1),)))
    for about in (PRIMARY, REPLICA):
        assert flushed(model, about, T - 1) == {"flushdb": 0, "flushall": 0, "unlink": 0}
        assert flushed(model, about, T + 1) == {"flushdb": 0, "flushall": 1, "unlink": 0}
        assert said(model, about, T + 6)["cmdstat_flushdb"].startswith("calls=1,")
    assert "cmdstat_flushdb" not in said(model, PRIMARY, T + 1)


def test_plans_that_were_thrown_out_cost_processors_until_they_are_compiled_again() -> None:
    plans = Flush("plans", T, ORIGIN, "FREEPROCCACHE", share=1.0)
    model, before = flushed_model(plans), model_of("resilient-database", seed=1, size=12, start=NOON)
    assert [model.emptied(ORIGIN, T + after) for after in (-1, 0)] == [0, 1]
    assert 0.3 < model.emptied(ORIGIN, T + 60) < 0.4
    assert emptied([plans, plans], T) == 1
    cpu = [number(each, ORIGIN, "CPUUtilization", T + 1) for each in (model, before)]
    assert cpu[0] > cpu[1] + 15
    assert model.metrics(ORIGIN, T + 900) == before.metrics(ORIGIN, T + 900)


def test_a_store_says_so_and_each_copy_of_the_estate_has_its_own_origin() -> None:
    usual, store = flushed_model(), flushed_model(scenario="store-not-cache")
    assert said(usual, PRIMARY, T + 1)["maxmemory_policy"] == "allkeys-lru"
    assert said(store, PRIMARY, T + 1)["maxmemory_policy"] == "noeviction"
    assert "expires=0," in said(store, PRIMARY, T + 1)["db0"]
    hot = ResourceId(Safe("hot-001"))
    assert (
        said(model_of("database-architect", seed=1, size=None, start=NOON), hot, T)["maxmemory_policy"] == "noeviction"
    )
    origins = {str(each.id): each.origin for each in machines(24) if each.kind == "cache"}
    assert origins["sessions-002-001"] == "orders-002-primary"
