from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from datetime import timedelta
from itertools import pairwise

import pytest

from collectors.inside.waits import Waits
from collectors.readings import BackupStatus, Described, Happened, Metric, Reading, ReplicaLag, ResourceId
from collectors.redis.all import COLLECTORS as CACHE_COLLECTORS
from collectors.safe import Safe
from collectors.sqlserver.all import COLLECTORS
from console.demo.inventory import MACHINES
from tests.demo.played import NOON, Stage

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def about(readings: Iterable[Reading], name: str) -> list[Reading]:
    return [reading for reading in readings if reading.about == name]


def metrics(readings: Iterable[Reading], name: str) -> list[Metric]:
    return [reading for reading in readings if isinstance(reading, Metric) and reading.name == f"cloudwatch.{name}"]


async def test_the_estate_is_twelve_machines_around_a_multi_az_sql_server() -> None:
    found = await Stage().one_round("inventory")
    described = {reading.about: reading for reading in found if isinstance(reading, Described)}
    assert len(found) == len(described) == 12
    primary = described[ResourceId(Safe("orders-primary"))]
    assert (primary.engine, primary.role, primary.az) == ("sqlserver-ee", "primary", "eu-west-1a")
    assert ("SecondaryAvailabilityZone", "eu-west-1b") in primary.facts
    assert {reading.kind for reading in described.values()} == {"instance", "cluster", "cache", "table"}
    assert {reading.observed for reading in described.values()} == {NOON}


async def test_every_source_and_cluster_named_is_there_or_groups_more_than_one() -> None:
    names = {machine.id for machine in MACHINES}
    assert {machine.source for machine in MACHINES if machine.source} <= names
    for cluster, size in Counter(machine.cluster for machine in MACHINES if machine.cluster).items():
        assert cluster in names or size > 1


async def test_every_collector_does_what_the_schedule_relies_on() -> None:
    stage = Stage()
    names = [collector.name for collector, _ in stage.sources]
    inside = [collector.name for collector in COLLECTORS]
    assert {"waits", "sessions", "files", "memory", "counters", "deadlocks"} <= set(inside)
    of_caches = [collector.name for collector in CACHE_COLLECTORS]
    assert names == ["inventory", "cloudwatch", *inside, *of_caches, "backups", "events"]
    for collector, targets in stage.sources:
        assert timedelta(seconds=5) <= collector.every <= 15 * MINUTE
        assert len(targets) == len(set(targets)) > 0
    described = {reading.about for reading in await stage.one_round("inventory")}
    assert {reading.about for reading in await stage.one_round()} == described


async def test_the_first_pass_brings_three_hours_a_point_for_each_minute() -> None:
    cpu = about(metrics(await Stage().one_round("cloudwatch"), "CPUUtilization"), "orders-primary")
    assert [reading.observed for reading in cpu] == [NOON - MINUTE * n for n in reversed(range(180))]


async def test_later_passes_bring_each_period_once_whatever_was_missed() -> None:
    stage = Stage()
    await stage.one_round("cloudwatch")
    brought: list[Reading] = []
    for pause_s in (0, 59, 1, 30, 300, 7):
        stage.now += timedelta(seconds=pause_s)
        brought += await stage.one_round("cloudwatch")
    cpu = about(metrics(brought, "CPUUtilization"), "billing")
    assert [reading.observed for reading in cpu] == [NOON + MINUTE * n for n in range(1, 7)]


async def test_a_pass_that_was_given_up_is_made_again() -> None:
    stage = Stage()
    (collector, targets) = next(pair for pair in stage.sources if pair[0].name == "cloudwatch")
    begun = collector.collect(targets[0])
    assert isinstance(begun, AsyncGenerator)
    first = await anext(begun)
    await begun.aclose()
    again = [reading async for reading in collector.collect(targets[0])]
    assert again[0] == first
    assert len(metrics(again, "CPUUtilization")) == 180


async def test_what_cloudwatch_gives_every_five_minutes_is_not_given_sooner() -> None:
    readings = await Stage().one_round("cloudwatch")
    slow = metrics(readings, "VolumeReadIOPs")
    assert len(slow) == 36
    assert {reading.observed.minute % 5 for reading in slow} == {0}
    assert {reading.unit for reading in slow} == {"Count"}


async def test_waits_are_of_sql_servers_and_in_the_categories_of_query_store() -> None:
    stage = Stage()
    await stage.one_round("waits")
    readings = [reading for reading in await stage.second_round("waits") if isinstance(reading, Waits)]
    assert [reading.about for reading in readings] == [m.id for m in MACHINES if m.engine.startswith("sqlserver")]
    categories = {(row.type, row.category) for reading in readings for row in reading.rows}
    assert {("WRITELOG", "Tran Log IO"), ("PAGEIOLATCH_SH", "Buffer IO")} <= categories
    assert "Unknown" not in {category for _, category in categories}


async def test_a_replica_tells_its_source_and_its_lag() -> None:
    stage = Stage()
    await stage.one_round("replica-lag")
    found = await stage.second_round("replica-lag")  # at what pace a cache's primary writes is known after two looks
    lags = {r.about: r for r in found if isinstance(r, ReplicaLag)}
    assert {name: lag.source for name, lag in lags.items()} == {
        m.id: m.source for m in MACHINES if m.source and not m.engine.startswith("aurora")
    }
    assert all(lag.lag is not None and lag.lag > timedelta(0) for lag in lags.values())


async def test_backups_tell_what_could_be_restored_now() -> None:
    found = [reading for reading in await Stage().one_round("backups") if isinstance(reading, BackupStatus)]
    for status in found:
        rpo = status.rpo(NOON)
        assert rpo is not None
        assert timedelta(0) < rpo < 9.1 * HOUR
    caches = [s for s in found if s.restorable_until is None]
    assert [status.about for status in caches] == ["sessions-001"]  # a cache has snapshots only
    assert any(status.restore_proof for status in found)


async def test_what_happened_in_the_last_hour_is_told_at_first_and_then_each_thing_once() -> None:
    stage = Stage(now=NOON - 10 * HOUR)
    told: list[Reading] = []
    async for readings in stage.play(timedelta(hours=6), timedelta(minutes=7), "events"):
        told += readings
    happened = [(each.about, each.observed, each.text) for each in told if isinstance(each, Happened)]
    assert len(happened) == len(set(happened)) > 10
    assert ("orders-primary", "Finished DB Instance backup") in {(name, text) for name, _, text in happened}
    assert any("automatic vacuum" in text for _, _, text in happened)
    assert min(observed for _, observed, _ in happened) > NOON - 11 * HOUR


async def test_two_plays_of_a_seed_are_the_same_play_and_another_seed_is_another() -> None:
    async def played(seed: int) -> list[Reading]:
        stage = Stage(seed)
        return [r async for round_ in stage.play(MINUTE, timedelta(seconds=5)) for r in round_]

    assert await played(1) == await played(1)
    assert await played(1) != await played(2)


@pytest.mark.parametrize("family", ["CPUUtilization", "ReadIOPS", "WriteLatency", "FreeStorageSpace"])
async def test_numbers_move_from_minute_to_minute_as_measured_ones_do(family: str) -> None:
    readings = metrics(await Stage().one_round("cloudwatch"), family)
    for name in {ResourceId(reading.about) for reading in readings}:
        values = [reading.value for reading in readings if reading.about == name]
        changes = sum(before != after for before, after in pairwise(values))
        assert changes > 0.95 * (len(values) - 1), name
