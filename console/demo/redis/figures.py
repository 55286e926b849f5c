"""What does INFO count and measure of a cache at a time? The numbers that CloudWatch has of it, in Redis' words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from console.demo.instances import GIB
from console.demo.inventory import Machine
from console.demo.load import DAY
from console.demo.metrics import Numbers
from console.demo.model import Model
from console.demo.redis.held import Held
from console.demo.redis.keys import DATABASES, FAMILIES
from console.demo.redis.run import COSTS, FLUSHES, SENT, began, counted, flushed, is_store

Pairs = Iterable[tuple[str, str]]
OF_MEMORY = 0.75  # of its machine's, that keys may take
OVERHEAD = 64 << 20
MOST_CLIENTS = 65_000
FLUSH_USEC = 30  # of one that leaves the work to another thread
UNLINK_USEC = 90
PERCENTILES = (("p50", 0.8), ("p99", 4.0), ("p99.9", 15.0))  # as many times what a call takes


def server(model: Model, machine: Machine, t: float) -> Iterator[tuple[str, str]]:
    up = max(0.0, t - began(model, machine.id, t))
    yield "redis_version", f"{machine.version}.0" if machine.version.count(".") == 1 else machine.version
    yield "redis_mode", "standalone"
    yield "os", "Amazon ElastiCache"
    yield "tcp_port", "6379"
    yield "server_time_usec", str(round(t * 1e6))
    yield "uptime_in_seconds", str(int(up))
    yield "uptime_in_days", str(int(up / DAY))


def persistence(model: Model, machine: Machine, t: float) -> Iterator[tuple[str, str]]:
    saved = model.newest_snapshot(machine.id, t) if machine.retention_days else None
    yield "rdb_last_save_time", str(int(began(model, machine.id, t) if saved is None else saved))
    yield "rdb_last_bgsave_status", "ok"
    yield "aof_enabled", "0"
    yield "aof_last_write_status", "ok"


def sections(model: Model, machine: Machine, t: float) -> Mapping[str, Pairs]:
    numbers, sums = model.metrics(machine.id, t), counted(model, machine.id, t)
    calls = flushed(model, machine.id, t)
    return {
        "clients": _clients(numbers),
        "memory": _memory(model, machine, numbers, t),
        "stats": _stats(sums, calls, numbers),
        "cpu": _cpu(sums),
        "commandstats": _commands(sums, calls),
        "latencystats": _latency(sums, numbers),
        "errorstats": (),
        "keyspace": keyspace(model, machine, t),
        "cluster": (("cluster_enabled", "0"),),
    }


def _clients(numbers: Numbers) -> Iterator[tuple[str, str]]:
    yield "connected_clients", _whole(numbers.get("CurrConnections"))
    yield "maxclients", str(MOST_CLIENTS)
    yield "client_recent_max_output_buffer", "20504"
    yield "blocked_clients", "0"


def _memory(model: Model, machine: Machine, numbers: Numbers, t: float) -> Iterator[tuple[str, str]]:
    most = machine.memory_gib * GIB * OF_MEMORY
    used = most * (numbers.get("DatabaseMemoryUsagePercentage") or 0.0) / 100
    yield "used_memory", _whole(used)
    yield "used_memory_human", f"{used / GIB:.2f}G"
    yield "used_memory_rss", _whole(1.06 * used + OVERHEAD)
    yield "used_memory_peak", _whole(max(used, 0.66 * most))
    yield "used_memory_overhead", str(OVERHEAD)
    yield "maxmemory", _whole(most)
    yield "maxmemory_human", f"{most / GIB:.2f}G"
    yield "maxmemory_policy", "noeviction" if is_store(model, machine.id, t) else "allkeys-lru"
    yield "mem_fragmentation_ratio", f"{1.06 + OVERHEAD / max(used, 1.0):.2f}"
    yield "lazyfree_pending_objects", "0"


def _stats(sums: Mapping[str, float], calls: Mapping[str, int], numbers: Numbers) -> Iterator[tuple[str, str]]:
    yield "total_connections_received", _whole(sums.get("connections"))
    yield "total_commands_processed", _whole(sums.get("commands", 0.0) + sum(calls.values()))
    asked = ((numbers.get("CacheHits") or 0.0) + (numbers.get("CacheMisses") or 0.0)) / 60
    yield "instantaneous_ops_per_sec", _whole(asked)
    yield "total_net_input_bytes", _whole(sums.get("received"))
    yield "total_net_output_bytes", _whole(sums.get("sent"))
    yield "rejected_connections", "0"
    yield "expired_keys", _whole(sums.get("expired"))
    yield "evicted_keys", _whole(sums.get("evicted"))
    yield "keyspace_hits", _whole(sums.get("hits"))
    yield "keyspace_misses", _whole(sums.get("misses"))
    yield "total_error_replies", "0"


def _cpu(sums: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    spent = sums.get("cpu", 0.0)
    for name, share in (("sys", 0.4), ("user", 0.6)):
        yield f"used_cpu_{name}", f"{spent * share * 1.1:.6f}"
        yield f"used_cpu_{name}_main_thread", f"{spent * share:.6f}"


def _commands(sums: Mapping[str, float], calls: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for name in SENT:
        if number := int(sums.get(name, 0.0)):
            yield _command(name, number, sums.get(f"usec.{name}", 0.0))
    for name in FLUSHES:
        if number := calls[name]:
            yield _command(name, number, number * (UNLINK_USEC if name == "unlink" else FLUSH_USEC))


def _command(name: str, calls: int, usec: float) -> tuple[str, str]:
    spent = f"usec={usec:.0f},usec_per_call={usec / calls:.2f}"
    return f"cmdstat_{name}", f"calls={calls},{spent},rejected_calls=0,failed_calls=0"


def _latency(sums: Mapping[str, float], numbers: Numbers) -> Iterator[tuple[str, str]]:
    queueing = 1 + 3 * ((numbers.get("EngineCPUUtilization") or 0.0) / 100) ** 3
    for name in COSTS:
        if calls := sums.get(name):
            each = sums.get(f"usec.{name}", 0.0) / calls
            told = ",".join(f"{label}={each * times * queueing:.3f}" for label, times in PERCENTILES)
            yield f"latency_percentiles_usec_{name}", told


def keyspace(model: Model, machine: Machine, t: float) -> Iterator[tuple[str, str]]:
    held, ends = Held(model, machine.id, t), not is_store(model, machine.id, t)
    for database in range(DATABASES):
        here = [each for each in FAMILIES if each.database == database]
        if keys := held.size(database) if here else 0:
            shares = sum(each.share for each in here)
            average = sum(each.share * each.lives_s for each in here) / shares * 500  # half of it, in milliseconds
            yield f"db{database}", f"keys={keys},expires={keys if ends else 0},avg_ttl={average if ends else 0:.0f}"


def _whole(number: float | None) -> str:
    return str(int(number or 0.0))
