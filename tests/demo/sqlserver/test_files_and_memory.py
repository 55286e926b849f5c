"""What the demo's servers say of files, memory and counters agrees with CloudWatch, with the waits and with itself."""

from __future__ import annotations

import pytest

from collectors.inside.files import Files
from collectors.inside.memory import Memory, PageLife
from collectors.readings import Happened, Metric, ResourceId
from collectors.sqlserver.counters import Counters
from collectors.sqlserver.deadlocks import Deadlocks
from collectors.sqlserver.files import FileStalls
from collectors.sqlserver.memory import MemoryUse
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.causes import FAILOVER_S
from console.demo.scenario.load import load
from console.demo.scenario.script import Entry, Given, Ramp, Setting, Times
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.sessions import sessions_at
from tests.demo.sqlserver.asking import CUSTOMERS, ORDERS, REPLICA, REPORTING, START, Asked, model, only

SQL_SERVERS = [machine.id for machine in MACHINES if machine.engine.startswith("sqlserver")]


async def files_at(played: Model, about: ResourceId, *times: float) -> Files:
    asked = Asked(FileStalls, played)
    found = [only(Files, await asked.at(about, t)) for t in times]
    return found[-1]


async def counters_at(played: Model, about: ResourceId, *times: float) -> dict[str, float | None]:
    asked = Asked(Counters, played)
    found = [await asked.at(about, t) for t in times]
    return {one.name: one.value for one in found[-1] if isinstance(one, Metric)}


async def memory_at(played: Model, about: ResourceId, *times: float) -> Memory:
    asked = Asked(MemoryUse, played)
    return [only(Memory, await asked.at(about, t)) for t in times][-1]


def measured(played: Model, about: ResourceId, name: str, *times: float) -> float:
    values = [played.metrics(about, START + t)[name] or 0.0 for t in times]
    return sum(values) / len(values)


@pytest.mark.parametrize("about", SQL_SERVERS)
async def test_the_files_add_up_to_what_cloudwatch_measures_of_the_volume(about: ResourceId) -> None:
    played = model()
    found = await files_at(played, about, 10, 40)
    within = range(10, 40)
    reads, writes = sum(f.reads_per_s for f in found.files), sum(f.writes_per_s for f in found.files)
    assert found.interval_s == 30
    assert reads == pytest.approx(measured(played, about, "ReadIOPS", *within), rel=0.02)
    assert writes == pytest.approx(measured(played, about, "WriteIOPS", *within), rel=0.02)
    stalled = sum((f.read_ms or 0) * f.reads_per_s for f in found.files) / reads
    assert stalled == pytest.approx(1000 * measured(played, about, "ReadLatency", *within), rel=0.05)
    free = measured(played, about, "FreeStorageSpace", 40)
    assert found.volumes[0].free_bytes == pytest.approx(free, rel=0.001)
    used = found.volumes[0].total_bytes - found.volumes[0].free_bytes
    assert 0.8 * used < sum(f.size_bytes for f in found.files) < 1.1 * used


async def test_a_log_waits_as_long_as_the_commits_do() -> None:
    entry = Entry(START + 5, ORDERS, cause="log-write-throttle")
    calm, throttled = await files_at(model(), ORDERS, 100, 130), await files_at(model(entry), ORDERS, 100, 130)
    (before,), (after,) = ([f for f in found.files if f.name == "orders_log"] for found in (calm, throttled))
    assert before.write_ms is not None
    assert after.write_ms is not None
    assert after.write_ms > 20 * before.write_ms
    rate = model(entry).waits(ORDERS, START + 115)["WRITELOG"]
    assert after.write_ms == pytest.approx(rate.ms_per_s / rate.tasks_per_s, rel=0.2)


async def test_after_a_failover_nothing_is_compared_with_the_other_node() -> None:
    played = model(Entry(START + 20, ORDERS, cause="failover"))
    asked = Asked(FileStalls, played)
    await asked.at(ORDERS, 10)
    after = only(Files, await asked.at(ORDERS, 30 + FAILOVER_S))
    assert after.interval_s is None
    assert all(f.read_ms is None and f.reads_per_s == 0 for f in after.files)
    again = only(Files, await asked.at(ORDERS, 60 + FAILOVER_S))
    assert again.interval_s == 30


async def test_the_log_fills_until_its_backup_and_says_what_holds_it() -> None:
    early, late = await files_at(model(), ORDERS, 10), await files_at(model(), ORDERS, 290)
    (a,), (b,) = ([d for d in found.databases if d.name == "orders"] for found in (early, late))
    assert a.log_used_percent is not None
    assert b.log_used_percent is not None
    assert b.log_used_percent > a.log_used_percent
    assert (a.reuse, b.reuse) == ("", "LOG_BACKUP")
    assert "backup" in b.reuse_words
    assert "rdsadmin" not in {d.name for d in early.databases}


async def test_log_full_shows_the_fullest_log_first_and_why() -> None:
    played = Model(1, START, MACHINES, load("log-full").script(START, {m.id: m for m in MACHINES}))
    found = await files_at(played, ORDERS, 200, 255)
    first = found.databases[0]
    assert (first.name, first.reuse) == ("orders", "ACTIVE_TRANSACTION")
    assert first.log_used_percent is not None
    assert first.log_used_percent > 95
    assert "transaction" in first.reuse_words
    counted = await counters_at(played, ORDERS, 200, 255)
    assert counted["counter.Percent Log Used"] == first.log_used_percent
    cleared = await files_at(played, ORDERS, 430)
    assert all((d.log_used_percent or 0) < 30 for d in cleared.databases)


async def test_a_slow_disk_is_seen_at_the_file_it_is_about() -> None:
    played = Model(1, START, MACHINES, load("slow-disk").script(START, {m.id: m for m in MACHINES}))
    found = await files_at(played, CUSTOMERS, 100, 130)
    worst = max(found.files, key=lambda f: f.read_ms or 0)
    assert worst.name == "customers_data"
    assert worst.read_ms == pytest.approx(85, rel=0.02)
    tempdb = next(f for f in found.files if f.name == "tempdev")
    assert tempdb.read_ms == pytest.approx(1000 * measured(played, CUSTOMERS, "ReadLatency", *range(100, 130)), rel=0.1)


@pytest.mark.parametrize("about", SQL_SERVERS)
async def test_counters_agree_with_the_rest(about: ResourceId) -> None:
    played = model()
    found = await counters_at(played, about, 10, 25)
    assert found["counter.User Connections"] == measured(played, about, "DatabaseConnections", 25)
    reads = measured(played, about, "ReadIOPS", *range(10, 25))
    assert found["counter.Page reads/sec"] == pytest.approx(22 / 8 * reads, rel=0.03)
    inside = await memory_at(played, about, 25)
    assert found["counter.Page life expectancy"] == inside.page_life_s
    assert found["counter.Total Server Memory (KB)"] == inside.used_kb
    assert found["counter.Buffer cache hit ratio"] is not None
    assert 90 < found["counter.Buffer cache hit ratio"] <= 100


async def test_more_is_asked_by_day_than_by_night() -> None:
    day, night = [await counters_at(model(start=START - back), ORDERS, 10, 25) for back in (0, 8 * 3600)]
    assert (day["counter.Batch Requests/sec"] or 0) > 2 * (night["counter.Batch Requests/sec"] or 1)


@pytest.mark.parametrize(
    ("name", "usual", "expected"),
    [
        ("Batch Requests/sec", Given(123.0), 123.0),
        ("Free list stalls/sec", Ramp(to=7.0, over=1.0), 7.0),
        ("Page life expectancy", Given(44), 44.0),
        ("Buffer cache hit ratio", Given(71.5), 71.5),
        ("Percent Log Used", Given(93), 93.0),
        ("Processes blocked", Given(12), 12.0),
        ("Memory Grants Pending", Given(3), 3.0),
        ("Redo Queue KB", Given(2048), 2048.0),
    ],
)
async def test_a_scenario_sets_a_counter_as_it_is_told(name: str, usual: Given | Ramp, expected: float) -> None:
    played = model(Entry(START + 1, ORDERS, sets={f"counter.{name}": usual}))
    found = await counters_at(played, ORDERS, 10, 25)
    assert found[f"counter.{name}"] == pytest.approx(expected, rel=0.01)


async def test_each_core_counter_that_is_told_has_a_value_in_the_second_sample() -> None:
    found = await counters_at(model(), REPORTING, 10, 25)
    assert len(found) >= 29
    idle = {"counter.Average Wait Time (ms)"}  # nobody may have waited
    assert {name for name, value in found.items() if value is None} <= idle


@pytest.mark.parametrize("about", SQL_SERVERS)
async def test_a_usual_day_has_memory_enough(about: ResourceId) -> None:
    played = model()
    asked = Asked(MemoryUse, played)
    for t in range(0, 1200, 60):
        found = only(Memory, await asked.at(about, t))
        assert found.page_life is PageLife.FINE
        assert not found.is_low
        assert found.used_kb <= found.target_kb
        assert sum(clerk.kb for clerk in found.clerks) <= found.used_kb
        assert found.processors is not None
        assert found.processors.queued == 0


async def test_who_waits_for_memory_waits_by_resource_semaphore_too() -> None:
    sets = {"wait.RESOURCE_SEMAPHORE": Given(6000.0)}
    played = model(Entry(START + 1, REPORTING, sets=sets))
    found = await memory_at(played, REPORTING, 30)
    waiting = [grant for grant in found.grants if grant.granted_kb is None]
    there = sessions_at(Moment.of(played, REPORTING, START + 30))
    assert {grant.session for grant in waiting} == {s.id for s in there if s.wait_type == "RESOURCE_SEMAPHORE"}
    assert 3 <= len(waiting) == found.pools[0].waiting <= 9
    assert found.grants[: len(waiting)] == tuple(waiting)
    assert found.pools[0].available_kb == 0
    held = {s.id: 8 * s.granted_pages for s in there if s.granted_pages}
    assert {grant.session: grant.granted_kb for grant in found.grants if grant.granted_kb is not None} == held


async def test_no_processor_is_free_when_all_are_busy() -> None:
    busy = await memory_at(model(Entry(START + 1, ORDERS, cause="cpu-saturation")), ORDERS, 120)
    calm = await memory_at(model(), ORDERS, 120)
    assert busy.processors is not None
    assert calm.processors is not None
    assert busy.processors.runnable > busy.processors.cores > calm.processors.runnable
    sets: dict[str, Setting] = {"scheduler.work_queue": Given(9), "scheduler.runnable_tasks": Times(2)}
    full = await memory_at(model(Entry(START + 1, ORDERS, sets=sets)), ORDERS, 30)
    assert full.processors is not None
    assert full.processors.queued == 9
    assert full.processors.workers == full.processors.most_workers


async def test_little_free_memory_is_low_and_a_shorter_page_life_is_said_to_be() -> None:
    sets: dict[str, Setting] = {"cloudwatch.FreeableMemory": Given(2.0**28), "counter.Page life expectancy": Times(0.2)}
    found = await memory_at(model(Entry(START + 60, ORDERS, sets=sets)), ORDERS, 0, 30, 90)
    assert found.is_low
    assert found.page_life is PageLife.FELL


async def test_blocking_brings_deadlocks_each_told_once_and_counted() -> None:
    played = model(Entry(START + 60, ORDERS, cause="blocking"))
    asked, counters = Asked(Deadlocks, played), Asked(Counters, played)
    found = [reading for t in range(0, 1800, 60) for reading in await asked.at(ORDERS, t)]
    assert len(found) >= 5
    assert len(found) == len(set(found))
    assert all(isinstance(one, Happened) and "dbo.stock" in one.text and "MUG" not in one.text for one in found)
    again = await Asked(Deadlocks, played).at(ORDERS, 1740)
    assert again == found  # an engine that is started anew reads the same of the last hour
    await counters.at(ORDERS, 0)
    rates = {str(one.name): one.value for one in await counters.at(ORDERS, 1740) if isinstance(one, Metric)}
    assert (rates["counter.Number of Deadlocks/sec"] or 0) * 1740 == pytest.approx(len(found))


async def test_a_replica_that_is_only_read_has_none() -> None:
    asked = Asked(Deadlocks, model(Entry(START + 60, REPLICA, cause="blocking")))
    assert [reading for t in range(0, 1800, 60) for reading in await asked.at(REPLICA, t)] == []


async def test_another_nodes_page_life_has_not_fallen() -> None:
    shorter: dict[str, Setting] = {"counter.Page life expectancy": Times(0.45)}
    entries = Entry(START + 20, ORDERS, cause="failover"), Entry(START + 30, ORDERS, sets=shorter)
    found = await memory_at(model(*entries), ORDERS, 0, 30 + FAILOVER_S)
    assert found.page_life is not PageLife.FELL
