"""What the screen of a cache is shown: facts as the collectors tell them, of one group that fills up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from collectors.collector import Collector
from collectors.errors import CannotCollect
from collectors.inside.cache import (
    CacheMemory,
    CacheUse,
    Clients,
    Command,
    Keys,
    Rates,
    Saving,
    Slow,
    SlowLog,
    Spike,
    Spikes,
)
from collectors.inside.replication import LinkState
from collectors.job import Job
from collectors.readings import Described, Metric, Reading
from collectors.safe import NO_TEXT, Safe, sanitise
from tests.rig.stage import StandingEngine
from tests.screen.inside.copied import AT, described, name

GIB = 1024**3
GROUP = "baskets"
FULL = "baskets-0001-001"
RATES = Rates(
    interval_s=5.0, operations=12_800.0, hits=6_100.0, misses=3_900.0, evictions=420.0, expired=31.0, connections=2.0,
    rejected=0.0, errors=0.4, received_bytes=2.1e6, sent_bytes=14.4e6, cpu_percent=91.5, command_us=31.0,
)  # fmt: skip
COMMANDS = (
    Command(Safe("GET"), 9_000.0, 61.2, 7.0, p50_us=5.0, p99_us=29.1, p999_us=180.0),
    Command(Safe("KEYS"), 0.2, 30.1, 155_000.0, p50_us=150_000.0, p99_us=161_000.0, p999_us=161_000.0),
    Command(Safe("SET"), 3_800.0, 8.0, 9.0, failed=12.0),
    Command(Safe("CONFIG GET"), 0.2, 0.7, 40.0),
)
FULL_USE = CacheUse(
    name(FULL),
    AT,
    version=Safe("Redis 7.1.0"),
    run_id=Safe("2424d283e2fb966c55e76dc0cb7bb5dd51ce64a0"),
    role=Safe("primary"),
    is_cluster=True,
    uptime_s=45 * 86_400,
    memory=CacheMemory(
        used=round(11.9 * GIB), most=round(12.4 * GIB), resident=13 * GIB, peak=12 * GIB, overhead=GIB,
        fragmentation=1.09, policy=Safe("allkeys-lru"), freeing=1_204,
    ),
    clients=Clients(312, 2, 65_000, 20_504),
    rates=RATES,
    hit_percent=95.8,
    databases=(Keys(0, 1_203_334, 1_100_200, 2_700.0), Keys(3, 1_200, 0)),
    commands=COMMANDS,
    errors=((Safe("OOM"), 31), (Safe("NOPERM"), 3)),
    saving=Saving(last=AT - timedelta(hours=3), is_well=True),
    replicas=1,
)  # fmt: skip
SLOW = SlowLog(
    name(FULL),
    AT,
    (
        Slow(812, AT - timedelta(seconds=40), 155_204, Safe("KEYS"), NO_TEXT, 2),
        Slow(811, AT - timedelta(minutes=9), 12_004, Safe("HGETALL"), sanitise("cart:… (44)"), 2),
        Slow(790, AT - timedelta(days=3), 31_000, Safe("EVAL"), sanitise("… (12)"), 9),
    ),
    per_s=0.1,
)
SPIKES = Spikes(name(FULL), AT, (Spike(Safe("command"), AT - timedelta(seconds=40), 155, 161),))


class Tells(Collector[str]):
    """One that is well, or may not ask: then its health says so."""

    def __init__(self, called: str, trouble: CannotCollect | None = None) -> None:
        self.name = called  # type: ignore[misc]
        self._trouble = trouble

    every = timedelta(minutes=1)

    async def collect(self, target: str) -> AsyncIterator[Reading]:
        if self._trouble is not None:
            raise self._trouble
        for each in tuple[Reading, ...]():
            yield each


async def asked(engine: StandingEngine, of: str, *collectors: str, trouble: CannotCollect | None = None) -> None:
    """These collectors have looked at that node."""
    for called in collectors:
        engine.core.schedule.add(Tells(called, trouble), of)
        await engine.core.schedule.one_pass(Job(called, of))


def calm(of: str, role: str, **fields: Any) -> CacheUse:
    """A node that has nothing to complain of."""
    rates = replace(RATES, hits=9_600.0, misses=400.0, evictions=0.0, cpu_percent=22.0)
    memory = replace(FULL_USE.memory, used=6 * GIB, freeing=0)
    usual = {"rates": rates, "memory": memory, "errors": (), "commands": COMMANDS[:1]}
    return replace(FULL_USE, about=name(of), role=sanitise(role), **{**usual, **fields})


def aws(of: str, **values: float) -> list[Metric]:
    units = {"EngineCPUUtilization": "Percent", "CPUUtilization": "Percent", "CacheHitRate": "Percent",
             "DatabaseMemoryUsagePercentage": "Percent", "FreeableMemory": "Bytes"}  # fmt: skip
    return [
        Metric(name(of), AT, sanitise(f"cloudwatch.{metric}"), value, sanitise(units.get(metric, "Count")))
        for metric, value in values.items()
    ]


def node(shard: int, number: int, role: str) -> Described:
    facts = ((Safe("Shard"), sanitise(f"{shard:04}")), (Safe("CacheNodeType"), Safe("cache.r6g.large")))
    of, az = f"{GROUP}-{shard:04}-{number:03}", "abc"[number - 1]
    return described(of, "redis", role, f"eu-west-1{az}", kind="cache", cluster=name(GROUP), facts=facts)


def group() -> list[Reading]:
    """Three shards of two nodes; the first primary is full, the third's replica is not logged in to."""
    told: list[Reading] = [node(shard, n, "primary" if n == 1 else "replica") for shard in (1, 2, 3) for n in (1, 2)]
    told += [FULL_USE, SLOW, SPIKES]
    link = {"link": LinkState.IN_STEP, "source": Safe("10.0.0.7:6379"), "replicas": 0}
    told += [calm(f"{GROUP}-0001-002", "replica", **link), calm(f"{GROUP}-0002-001", "primary")]
    told += [calm(f"{GROUP}-0002-002", "replica", **link), calm(f"{GROUP}-0003-001", "primary")]
    for shard in (1, 2, 3):
        for number in (1, 2):
            busy = 92.0 if (shard, number) == (1, 1) else 21.0
            told += aws(
                f"{GROUP}-{shard:04}-{number:03}", EngineCPUUtilization=busy, CPUUtilization=31.0, CurrConnections=312,
                DatabaseMemoryUsagePercentage=95.9 if busy > 90 else 48.0, CacheHitRate=61.0, CurrItems=1_203_334,
                Evictions=25_200.0 if busy > 90 else 0.0,
            )  # fmt: skip
    return told
