"""Which metrics is a resource asked for? What its kind and engine have, and what a threshold of the profile needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from collectors.aws.known import Found
from collectors.aws.metrics import metrics
from collectors.safe import Safe, sanitise

PREFIX = "cloudwatch."

ESSENTIAL = frozenset(
    {
        *("CPUUtilization", "EngineCPUUtilization", "DatabaseConnections", "CurrConnections", "FreeStorageSpace"),
        *("FreeLocalStorage", "FreeableMemory", "DatabaseMemoryUsagePercentage", "BurstBalance", "ReplicaLag"),
        *("AuroraReplicaLag", "AuroraReplicaLagMaximum", "ReplicationLag", "WriteThrottleEvents", "VolumeBytesUsed"),
        "ReadThrottleEvents",
    }
)
"""What says whether it is well; the rest says why."""

_INSTANCE = (
    *("CPUUtilization", "DatabaseConnections", "FreeableMemory", "ReadIOPS", "WriteIOPS", "ReadLatency"),
    *("WriteLatency", "ReadThroughput", "WriteThroughput", "DiskQueueDepth", "NetworkReceiveThroughput"),
    "NetworkTransmitThroughput",
)
_AURORA = ("FreeLocalStorage", "BufferCacheHitRatio", "Deadlocks", "CommitLatency", "CommitThroughput")
_CLUSTER = (
    *("VolumeBytesUsed", "VolumeReadIOPs", "VolumeWriteIOPs", "AuroraReplicaLagMaximum"),
    "BackupRetentionPeriodStorageUsed",
)
_CACHE = (
    *("CPUUtilization", "EngineCPUUtilization", "CurrConnections", "NewConnections", "CurrItems", "CacheHits"),
    *("CacheMisses", "CacheHitRate", "Evictions", "DatabaseMemoryUsagePercentage", "FreeableMemory"),
    *("NetworkBytesIn", "NetworkBytesOut"),
)
_TABLE = (
    *("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ProvisionedReadCapacityUnits"),
    *("ProvisionedWriteCapacityUnits", "WriteThrottleEvents", "ReadThrottleEvents", "SuccessfulRequestLatency"),
)
_MORE = {"SuccessfulRequestLatency": (("Operation", "GetItem"),)}  # the reads that most applications wait for


@dataclass(frozen=True, slots=True)
class Wanted:
    """One series to be asked for."""

    name: Safe  # of the value: cloudwatch.CPUUtilization
    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    unit: Safe
    period: timedelta
    essential: bool


def wanted(found: Found, extra: Iterable[str] = ()) -> tuple[Wanted, ...]:
    """``extra``: names of values that a profile's thresholds look at; those that this resource cannot have are left."""
    usual = [_wanted(found, name, "", essential=name in ESSENTIAL) for name in _names(found)]
    known = {each.name for each in usual if each}
    more = [_of_threshold(found, name) for name in extra if name not in known]
    return tuple(each for each in (*usual, *more) if each is not None)


def _names(found: Found) -> tuple[str, ...]:
    match found.namespace, found.kind:
        case "AWS/ElastiCache", _:
            return _CACHE + (("ReplicationLag",) if found.role == "replica" else ())
        case "AWS/DynamoDB", _:
            return _TABLE
        case "AWS/RDS", "cluster":
            return _CLUSTER if found.engine.startswith("aurora") else ()
        case "AWS/RDS", _:
            return _INSTANCE + _by_engine(found)
        case _:  # DocumentDB and Neptune: what every instance of AWS's own has
            return _INSTANCE if found.kind == "instance" else ()


def _by_engine(found: Found) -> tuple[str, ...]:
    if found.engine.startswith("aurora"):
        return _AURORA + (("AuroraReplicaLag",) if found.role == "reader" else ())
    names = ["FreeStorageSpace"]
    names += ["BurstBalance"] if found.storage == "gp2" else []
    names += ["ReplicaLag"] if found.role == "replica" else []
    names += ["FailedSQLServerAgentJobsCount"] if found.engine.startswith("sqlserver") else []
    return tuple(names)


def _of_threshold(found: Found, value: str) -> Wanted | None:
    """`cloudwatch.TargetResponseTime.p99`: a metric, and a statistic where it is not the usual one."""
    if not value.startswith(PREFIX):
        return None
    metric, _, statistic = value.removeprefix(PREFIX).partition(".")
    return _wanted(found, metric, statistic, essential=True)


def _wanted(found: Found, metric: str, statistic: str, *, essential: bool) -> Wanted | None:
    fact = metrics().get((found.namespace, metric))
    if fact is None:
        return None
    dimensions = found.dimensions + _MORE.get(metric, ())
    if tuple(name for name, _ in dimensions) != fact.dimensions:
        return None
    return Wanted(
        name=sanitise(f"{PREFIX}{metric}" + (f".{statistic}" if statistic else "")),
        namespace=found.namespace,
        metric=metric,
        dimensions=dimensions,
        statistic=statistic or str(fact.statistic),
        unit=fact.unit,
        period=fact.period,
        essential=essential,
    )
