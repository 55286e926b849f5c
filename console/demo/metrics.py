"""Which numbers would CloudWatch give for a machine over one period? Named and measured as CloudWatch does."""

from __future__ import annotations

from console.demo.instances import GIB, KIB, LOG_PER_COMMIT, Activity, Instance
from console.demo.inventory import Machine
from console.demo.load import Load, rushed
from console.demo.noise import key, smooth
from console.demo.scenario.causes import CALM, Strain

VACUUM_AGE = 200e6  # autovacuum_freeze_max_age: at that age a table is frozen

Numbers = dict[str, float | None]
"""By CloudWatch's name; None where it answers and has no data."""


def of_instance(instance: Instance, t: float, free_gib: float | None) -> Numbers:
    """RDS and Aurora instances. ``free_gib``: of its own volume, None for shared storage."""
    now, machine = instance.activity(t), instance.machine
    numbers: Numbers = {
        "CPUUtilization": round(now.cpu, 3),
        "DatabaseConnections": float(now.sessions),
        "FreeableMemory": _free_memory(machine, now),
        "ReadIOPS": round(now.reads, 2),
        "WriteIOPS": round(now.writes, 2),
        "ReadLatency": round(now.read_latency, 7),
        "WriteLatency": round(now.write_latency, 7),
        "ReadThroughput": round(now.reads * 22 * KIB),
        "WriteThroughput": round(now.writes * 14 * KIB + now.commits * LOG_PER_COMMIT),
        "DiskQueueDepth": round(now.reads * now.read_latency + now.writes * now.write_latency, 3),
        "NetworkReceiveThroughput": round(now.commits * 5.1 * KIB + now.sessions * 900),
        "NetworkTransmitThroughput": round((now.reads - now.cold) * 3.4 * KIB + now.sessions * 2100),
    }
    lag = instance.lag(t)
    if machine.storage_type == "aurora":
        return numbers | _aurora(instance, now, lag)
    if free_gib is not None:
        numbers["FreeStorageSpace"] = round(free_gib * GIB)
    if machine.storage_type == "gp2":
        numbers["BurstBalance"] = round(instance.burst_balance(t), 2)
    if lag is not None:
        numbers["ReplicaLag"] = round(lag, 3)
    return numbers | _of_engine(instance, now, t)


def _of_engine(instance: Instance, now: Activity, t: float) -> Numbers:
    """What AWS publishes of one engine alone."""
    log = instance.origin.activity(t).commits * LOG_PER_COMMIT
    match instance.machine.engine.partition("-")[0]:
        case "sqlserver":
            return {"FailedSQLServerAgentJobsCount": 0.0}
        case "postgres":
            aged = VACUUM_AGE * (0.35 + 0.3 * smooth(key(instance.machine.id, "age"), t, 43_200))
            return {
                "MaximumUsedTransactionIDs": float(round(aged)),
                "TransactionLogsGeneration": round(log),
                "TransactionLogsDiskUsage": round(4 * GIB + 90 * log),
                "CheckpointLag": round(30 + 12 * smooth(key(instance.machine.id, "checkpoint"), t, 300), 1),
                "SwapUsage": 0.0,
            }
        case "mysql" | "mariadb":
            return {"BinLogDiskUsage": round(0.2 * GIB + 600 * now.commits * LOG_PER_COMMIT), "SwapUsage": 0.0}
    return {}


def _free_memory(machine: Machine, now: Activity) -> float:
    return round((0.14 * machine.memory_gib - 0.004 * now.sessions - 0.0004 * now.reads) * GIB)


def _aurora(instance: Instance, now: Activity, lag: float | None) -> Numbers:
    pressure = now.cpu / 100
    numbers: Numbers = {
        "FreeLocalStorage": round((96 - 14 * pressure - 0.02 * now.sessions) * GIB),
        "BufferCacheHitRatio": round(99.9 - 0.8 * pressure, 3),
        "Deadlocks": 0.0,
    }
    if now.commits:
        numbers["CommitLatency"] = round(1000 * now.write_latency * 3.1, 3)  # four of six copies
        numbers["CommitThroughput"] = round(now.commits, 2)
    if lag is not None:
        numbers["AuroraReplicaLag"] = round(1000 * lag, 2)
    return numbers


def of_cluster(writer: Instance, reader: Instance, seed: int, t: float, hours: float) -> Numbers:
    """The volume that an Aurora cluster's instances share; what is billed comes every five minutes, as a sum."""
    wrote, read = writer.activity(t), reader.activity(t)
    source = key(seed, writer.machine.cluster, "volume")
    volume = 610 + 0.21 * hours + 2 * smooth(source, t, 3600)
    return {
        "VolumeBytesUsed": round(volume * GIB),
        "VolumeReadIOPs": round(300 * (wrote.reads + read.reads)),
        "VolumeWriteIOPs": round(300 * wrote.writes),
        "AuroraReplicaLagMaximum": round(1000 * (reader.lag(t) or 0.0), 2),
        "BackupRetentionPeriodStorageUsed": round((240 + 9 * smooth(source + 1, t, 86_400)) * GIB),
    }


ITEMS = 1_900_000 / 60  # keys for each percent of its memory
HITS = 0.965  # of what is asked for, on a usual day
WRITES = 2600.0
BARE = 0.06  # of its memory, that is taken with no key in it
WITHIN_S = (20.0, 300.0)  # a flushed cache fills to two thirds


def asked_of_cache(machine: Machine, seed: int, t: float, strain: Strain = CALM) -> float:
    """Demand, about 1 in its busiest usual hour."""
    return rushed(Load.of(seed, machine).reads(t), strain)


def memory_of_cache(machine: Machine, seed: int, t: float, strain: Strain = CALM) -> float:
    """Percent, where nothing was flushed."""
    load, source = Load.of(seed, machine), key(seed, machine.id, "cache")
    memory = 52 + 9 * load.reads(t - 1800) + 1.5 * smooth(source + 1, t, 900)  # sessions live half an hour
    return memory + (99.4 - memory) * strain("cache-memory-pressure")


def fills_s(hits: float) -> float:
    """How long a flushed cache takes to fill to two thirds: each hit that is lost brings one key back."""
    return min(max(60 * ITEMS / max(hits, 1.0), WITHIN_S[0]), WITHIN_S[1])


def of_cache(
    machine: Machine,
    seed: int,
    t: float,
    strain: Strain = CALM,
    behind: float = 0.0,
    *,
    serves: bool = True,
    gone: float = 0.0,
) -> Numbers:
    """``behind``: seconds that a cause adds to its lag; ``gone``: the share of its keys that was flushed and is not
    back yet. Who does not serve is asked nothing.
    """
    load, source = Load.of(seed, machine), key(seed, machine.id, "cache")
    asked = asked_of_cache(machine, seed, t, strain) if serves else 0.0
    reads = machine.reads * asked
    writes = WRITES * load.writes(t) if serves else 0.0  # a replica applies what its primary writes
    pressure, storm, saturated = (strain(c) for c in ("cache-memory-pressure", "connection-storm", "cpu-saturation"))
    misses = reads * (0.035 + 0.012 * smooth(source, t, 600) + 0.5 * pressure)  # what was thrown out is asked for
    refilled = (reads - misses) * gone
    misses += refilled
    full = memory_of_cache(machine, seed, t, strain)
    memory = full * (1 - (1 - BARE) * gone)
    engine = machine.cpu * asked + 0.8 + 0.4 * smooth(source + 2, t, 20)
    engine += (99.0 - engine) * min(1.0, saturated + 0.2 * pressure + 0.3 * storm)
    numbers: Numbers = {
        "CPUUtilization": round(0.62 * engine + 1.1, 3),
        "EngineCPUUtilization": round(engine, 3),
        "CurrConnections": float(round(machine.sessions * (0.6 + 0.4 * asked) * (1 + 4 * storm))) if serves else 0.0,
        "NewConnections": float(round(60 * 1.4 * asked * (1 + 60 * storm))),
        "CurrItems": float(round(ITEMS * full * (1 - gone))),
        "CacheHits": float(round(60 * (reads - misses))),
        "CacheMisses": float(round(60 * misses)),
        "CacheHitRate": round(100 * (1 - misses / reads), 3) if reads else None,
        "Evictions": float(round(60 * 900 * pressure * asked * (1 - min(1.0, 20 * gone)))),
        "DatabaseMemoryUsagePercentage": round(memory, 3),
        "FreeableMemory": round(machine.memory_gib * GIB * (1 - memory / 100) * 0.97),
        "NetworkBytesIn": float(round(60 * ((writes + refilled) * 700 + reads * 90))),
        "NetworkBytesOut": float(round(60 * (reads * 820 - refilled * 780))),
    }
    if machine.source is not None:
        numbers["ReplicationLag"] = round(cache_lag(machine, seed, t) + behind, 3)
        numbers["MasterLinkHealthStatus"] = 0.0  # of a migration, and there is none
    return numbers


def cache_lag(machine: Machine, seed: int, t: float) -> float:
    return 0.35 + 0.3 * smooth(key(seed, machine.id, "lag"), t, 17)  # the age of the last acknowledgement


def of_table(machine: Machine, seed: int, t: float, strain: Strain = CALM) -> Numbers:
    load, source = Load.of(seed, machine), key(seed, machine.id, "table")
    too_much = strain("table-throttled")
    asked = 1 + 3 * too_much
    written = machine.commits * load.writes(t)
    elsewhere: Numbers = {}
    if machine.region:  # told only of what is replicated
        late = 780 + 160 * smooth(source + 2, t, 300) + 90 * load.writes(t)
        elsewhere["ReplicationLatency"] = round(late, 1) if written else None
    return elsewhere | {
        "ConsumedReadCapacityUnits": round(60 * machine.reads * load.reads(t) * asked, 1),
        "ConsumedWriteCapacityUnits": round(60 * written * asked, 1),
        "ProvisionedReadCapacityUnits": 600.0,
        "ProvisionedWriteCapacityUnits": 300.0,
        "WriteThrottleEvents": float(round(800 * too_much)) if too_much else None,  # told only when there are any
        "SuccessfulRequestLatency": round(3.1 + 0.7 * smooth(source + 1, t, 240) + 0.4 * load.reads(t), 3),
    }
