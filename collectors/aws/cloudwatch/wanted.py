"""Which metrics is a resource asked for? What its kind and engine have, and what a threshold of the profile needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
        *("ReadThrottleEvents", "DBInstanceReplicaLag", "DBClusterReplicaLagMaximum", "ClusterReplicaLag"),
        *("ClusterReplicaLagMaximum", "UnusedMemory"),
    }
)
"""What says whether it is well; the rest says why."""

_DISK = ("ReadIOPS", "WriteIOPS", "ReadLatency", "WriteLatency", "DiskQueueDepth")
_INSTANCE = (
    *("CPUUtilization", "DatabaseConnections", "FreeableMemory", *_DISK, "ReadThroughput", "WriteThroughput"),
    *("NetworkReceiveThroughput", "NetworkTransmitThroughput"),
)
_AURORA = ("FreeLocalStorage", "BufferCacheHitRatio", "Deadlocks", "CommitLatency", "CommitThroughput")
_VOLUME = ("VolumeBytesUsed", "VolumeReadIOPs", "VolumeWriteIOPs", "BackupRetentionPeriodStorageUsed")
_CACHE = (
    *("CPUUtilization", "CurrConnections", "NewConnections", "CurrItems", "Evictions", "FreeableMemory"),
    *("NetworkBytesIn", "NetworkBytesOut"),
)
_REDIS = ("EngineCPUUtilization", "CacheHits", "CacheMisses", "CacheHitRate", "DatabaseMemoryUsagePercentage")
_TABLE = (
    *("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ProvisionedReadCapacityUnits"),
    *("ProvisionedWriteCapacityUnits", "WriteThrottleEvents", "ReadThrottleEvents", "SuccessfulRequestLatency"),
)
_DOCDB = ("CPUUtilization", "DatabaseConnections", "FreeableMemory", "FreeLocalStorage", "BufferCacheHitRatio", *_DISK)
_NEPTUNE = (
    *("CPUUtilization", "FreeableMemory", "BufferCacheHitRatio", "TotalRequestsPerSec", "NetworkThroughput"),
    "MainRequestQueuePendingRequests",
)


def _always(_: Found) -> bool:
    return True


def _is(engine: str, role: str = "") -> Callable[[Found], bool]:
    return lambda found: found.engine.startswith(engine) and role in ("", found.role)


def _is_not(engine: str, role: str = "") -> Callable[[Found], bool]:
    return lambda found: not found.engine.startswith(engine) and role in ("", found.role)


USUAL: tuple[tuple[str, str, Callable[[Found], bool], tuple[str, ...]], ...] = (
    ("AWS/RDS", "instance", _always, _INSTANCE),
    ("AWS/RDS", "instance", _is("aurora"), _AURORA),
    ("AWS/RDS", "instance", _is("aurora", "reader"), ("AuroraReplicaLag",)),
    ("AWS/RDS", "instance", _is_not("aurora"), ("FreeStorageSpace",)),
    ("AWS/RDS", "instance", _is_not("aurora", "replica"), ("ReplicaLag",)),
    ("AWS/RDS", "instance", _is_not("aurora", "reader"), ("ReplicaLag",)),  # of a cluster that shares no volume
    ("AWS/RDS", "instance", lambda found: found.engine == "postgres", ("TransactionLogsGeneration",)),  # or it is idle
    ("AWS/RDS", "instance", lambda found: found.storage == "gp2", ("BurstBalance",)),
    ("AWS/RDS", "instance", _is("sqlserver"), ("FailedSQLServerAgentJobsCount",)),
    ("AWS/RDS", "cluster", _is("aurora"), (*_VOLUME, "AuroraReplicaLagMaximum")),
    ("AWS/ElastiCache", "cache", _always, _CACHE),
    ("AWS/ElastiCache", "cache", _is_not("memcached"), _REDIS),
    ("AWS/ElastiCache", "cache", _is_not("memcached", "replica"), ("ReplicationLag",)),
    ("AWS/ElastiCache", "cache", _is("memcached"), ("GetHits", "GetMisses", "UnusedMemory")),
    ("AWS/DynamoDB", "table", _always, _TABLE),
    ("AWS/DocDB", "instance", _always, _DOCDB),
    ("AWS/DocDB", "instance", _is("docdb", "reader"), ("DBInstanceReplicaLag",)),
    ("AWS/DocDB", "cluster", _always, (*_VOLUME, "DBClusterReplicaLagMaximum")),
    ("AWS/Neptune", "instance", _always, _NEPTUNE),
    ("AWS/Neptune", "instance", _is("neptune", "reader"), ("ClusterReplicaLag",)),
    ("AWS/Neptune", "cluster", _always, (*_VOLUME, "ClusterReplicaLagMaximum")),
)
"""Of a namespace and a kind, where that holds, which metrics."""

_OF_SOME = frozenset((namespace, name) for namespace, _, _, names in USUAL for name in names)

DYNAMODB, LATENCY = "AWS/DynamoDB", "ReplicationLatency"
ONLY_WHEN_IT_HAPPENS = frozenset({"AWS/DynamoDB", "AWS/Neptune"})  # no throttled request, no point
_MORE = {"SuccessfulRequestLatency": (("Operation", "GetItem"),)}  # the reads that most applications wait for
_OF_ALL_MEMBERS = frozenset({"AuroraReplicaLagMaximum"})  # an instance's, which AWS gives for the whole cluster too


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

    @property
    def comes_when_it_happens(self) -> bool:
        """Whether it may say nothing for days, and then be the one that matters."""
        return self.namespace in ONLY_WHEN_IT_HAPPENS


def wanted(found: Found, extra: Iterable[str] = ()) -> tuple[Wanted, ...]:
    """``extra``: names of values that a profile's thresholds look at; those that this resource cannot have are left."""
    usual = [_wanted(found, name, "", essential=name in ESSENTIAL) for name in _names(found)]
    known = {each.name for each in usual if each}
    more = [_of_threshold(found, name) for name in extra if name not in known]
    return tuple(each for each in (*usual, *_of_regions(found), *more) if each is not None)


def latency_to(region: str) -> str:
    """The name of a global table's value for one of its replicas."""
    return f"{PREFIX}{LATENCY}.{region}"


def _of_regions(found: Found) -> Iterator[Wanted]:
    fact = metrics()[DYNAMODB, LATENCY]
    for each in found.ties.elsewhere if found.namespace == DYNAMODB else ():
        yield Wanted(
            name=sanitise(latency_to(each.region)),
            namespace=DYNAMODB,
            metric=LATENCY,
            dimensions=(*found.dimensions, ("ReceivingRegion", each.region)),
            statistic=str(fact.statistic),
            unit=fact.unit,
            period=fact.period,
            essential=True,
        )


def _names(found: Found) -> Iterator[str]:
    for namespace, kind, holds, names in USUAL:
        if (namespace, kind) == (found.namespace, found.kind) and holds(found):
            yield from names


def _of_threshold(found: Found, value: str) -> Wanted | None:
    """`cloudwatch.TargetResponseTime.p99`: a metric, and a statistic where it is not the usual one."""
    if not value.startswith(PREFIX):
        return None
    metric, _, statistic = value.removeprefix(PREFIX).partition(".")
    if (found.namespace, metric) in _OF_SOME and metric not in _names(found):
        return None  # a threshold may be about every engine, but a SQL Server has no Aurora's lag
    return _wanted(found, metric, statistic, essential=True)


def _wanted(found: Found, metric: str, statistic: str, *, essential: bool) -> Wanted | None:
    fact = metrics().get((found.namespace, metric))
    if fact is None:
        return None
    dimensions = found.dimensions + _MORE.get(metric, ())
    of_all = metric in _OF_ALL_MEMBERS and found.kind == "cluster"
    if not of_all and tuple(name for name, _ in dimensions) != fact.dimensions:
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
