"""What does INFO say of how a cache does? Its fields, checked and taken apart; what a version leaves out is None."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from collectors.errors import CannotCollect
from collectors.inside.cache import CacheMemory, Clients, Keys, Saving, share
from collectors.inside.replication import LinkState
from collectors.redis.asking import Fields
from collectors.redis.counted import Calls, Sample
from collectors.redis.info import address
from collectors.safe import NO_TEXT, Safe, sanitise

SECTIONS = (
    *("server", "clients", "memory", "persistence", "stats", "replication", "cpu"),
    *("commandstats", "latencystats", "errorstats", "keyspace", "cluster"),
)
COUNTERS = (
    *("total_connections_received", "total_commands_processed", "rejected_connections", "total_error_replies"),
    *("total_net_input_bytes", "total_net_output_bytes", "keyspace_hits", "keyspace_misses"),
    *("expired_keys", "evicted_keys"),
)
_MOST_ERRORS = 8
_COMMAND, _PERCENTILES, _ERROR = "cmdstat_", "latency_percentiles_usec_", "errorstat_"
_OK = "ok"
_FAR = 2**33  # seconds: no time that anything was saved at


def _finite(value: object) -> object:
    """A ratio over nothing is written `nan` or `inf`."""
    try:
        return value if math.isfinite(float(str(value))) else None
    except ValueError:
        return value


Ratio = Annotated[float | None, BeforeValidator(_finite)]


class Usage(BaseModel):
    """Names are INFO's own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: str
    run_id: str = ""
    redis_version: str = ""
    valkey_version: str = ""
    uptime_in_seconds: int | None = None
    server_time_usec: int | None = None
    cluster_enabled: int = 0

    connected_clients: int | None = None
    blocked_clients: int | None = None
    maxclients: int | None = None
    client_recent_max_output_buffer: int | None = None
    client_longest_output_list: int | None = None  # its name before version 5

    used_memory: int
    used_memory_rss: int | None = None
    used_memory_peak: int | None = None
    used_memory_overhead: int | None = None
    maxmemory: int = 0
    maxmemory_policy: str = ""
    mem_fragmentation_ratio: Ratio = None
    lazyfree_pending_objects: int = 0

    loading: int = 0
    rdb_bgsave_in_progress: int = 0
    rdb_last_save_time: int = 0
    rdb_last_bgsave_status: str = ""
    aof_enabled: int = 0
    aof_last_write_status: str = ""

    connected_slaves: int = 0
    master_host: str = ""
    master_port: int = 0
    master_link_status: str = ""
    master_sync_in_progress: int = 0

    used_cpu_sys: Ratio = None
    used_cpu_user: Ratio = None
    used_cpu_sys_main_thread: Ratio = None
    used_cpu_user_main_thread: Ratio = None

    total_connections_received: int | None = None
    total_commands_processed: int | None = None
    rejected_connections: int | None = None
    total_error_replies: int | None = None
    total_net_input_bytes: int | None = None
    total_net_output_bytes: int | None = None
    keyspace_hits: int | None = None
    keyspace_misses: int | None = None
    expired_keys: int | None = None
    evicted_keys: int | None = None

    @property
    def is_primary(self) -> bool:
        return self.role == "master"

    @property
    def version(self) -> Safe:
        """Valkey tells a version of Redis too, for those who ask for one."""
        engine, number = ("Valkey", self.valkey_version) if self.valkey_version else ("Redis", self.redis_version)
        return sanitise(f"{engine} {number}".strip(), 40)

    @property
    def memory(self) -> CacheMemory:
        return CacheMemory(
            used=self.used_memory,
            most=self.maxmemory or None,
            resident=self.used_memory_rss,
            peak=self.used_memory_peak,
            overhead=self.used_memory_overhead,
            fragmentation=self.mem_fragmentation_ratio,
            policy=sanitise(self.maxmemory_policy, 40),
            freeing=self.lazyfree_pending_objects,
        )

    @property
    def clients(self) -> Clients:
        longest = self.client_recent_max_output_buffer
        longest = self.client_longest_output_list if longest is None else longest
        return Clients(self.connected_clients, self.blocked_clients, self.maxclients, longest)

    @property
    def saving(self) -> Saving:
        return Saving(
            is_under_way=bool(self.rdb_bgsave_in_progress),
            last=datetime.fromtimestamp(self.rdb_last_save_time, UTC) if 0 < self.rdb_last_save_time < _FAR else None,
            is_well=_is_well(self.rdb_last_bgsave_status),
            appends=bool(self.aof_enabled),
            appends_well=_is_well(self.aof_last_write_status) if self.aof_enabled else None,
        )

    @property
    def hit_percent(self) -> float | None:
        return share(self.keyspace_hits, self.keyspace_misses)

    @property
    def source(self) -> Safe:
        return sanitise(address(self.master_host, self.master_port), 200) if self.master_host else NO_TEXT

    @property
    def link(self) -> LinkState | None:
        if self.is_primary:
            return None
        if self.master_sync_in_progress or self.loading:
            return LinkState.SEEDING
        return LinkState.IN_STEP if self.master_link_status == "up" else LinkState.BROKEN

    def cpu_s(self) -> float | None:
        """Of the one thread that serves everybody, where that is told apart."""
        if self.used_cpu_sys_main_thread is not None and self.used_cpu_user_main_thread is not None:
            return self.used_cpu_sys_main_thread + self.used_cpu_user_main_thread
        if self.used_cpu_sys is not None and self.used_cpu_user is not None:
            return self.used_cpu_sys + self.used_cpu_user
        return None


def usage(fields: Fields) -> Usage:
    """Raises `CannotCollect`, which names the field, for what is no such answer."""
    try:
        return Usage.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise _strange(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def sample(told: Usage, fields: Fields, now: datetime) -> Sample:
    """The server's own clock where it tells one: ours may have slept."""
    counters = {name: float(value) for name in COUNTERS if (value := getattr(told, name)) is not None}
    if (cpu := told.cpu_s()) is not None:
        counters["cpu"] = cpu
    at = now.timestamp() if told.server_time_usec is None else told.server_time_usec / 1e6
    return Sample(told.run_id, at, told.uptime_in_seconds, counters, dict(_calls(fields)))


def databases(fields: Fields) -> tuple[Keys, ...]:
    """`db0:keys=12,expires=3,avg_ttl=60000`, in the order of their numbers."""
    found = (_keys(name, told) for name, told in fields.items() if name.startswith("db") and name[2:].isdecimal())
    return tuple(sorted(found, key=lambda each: each.database))


def percentiles(fields: Fields) -> Mapping[str, Mapping[str, float]]:
    """By command. They are for reading alone: what is not understood is left out."""
    return {
        name.removeprefix(_PERCENTILES): dict(_numbers(told))
        for name, told in fields.items()
        if name.startswith(_PERCENTILES)
    }


def errors(fields: Fields) -> tuple[tuple[Safe, int], ...]:
    """The most frequent first."""
    found = [
        (sanitise(name.removeprefix(_ERROR), 40), int(dict(_numbers(told)).get("count", 0)))
        for name, told in fields.items()
        if name.startswith(_ERROR)
    ]
    return tuple(sorted(found, key=lambda each: -each[1])[:_MOST_ERRORS])


def _calls(fields: Fields) -> Iterator[tuple[str, Calls]]:
    for name, told in fields.items():
        if name.startswith(_COMMAND):
            numbers = dict(_numbers(told))
            if "calls" not in numbers or "usec" not in numbers:
                raise _strange(f"{sanitise(name, 60)}: no calls that are understood")
            failed = numbers.get("failed_calls", 0) + numbers.get("rejected_calls", 0)
            yield name.removeprefix(_COMMAND), Calls(int(numbers["calls"]), int(numbers["usec"]), int(failed))


def _keys(name: str, told: str) -> Keys:
    numbers = dict(_numbers(told))
    if "keys" not in numbers or not name[2:].isascii():
        raise _strange(f"{sanitise(name, 40)}: no keys that are understood")
    ttl = numbers.get("avg_ttl", 0) / 1000
    return Keys(int(name[2:8]), int(numbers["keys"]), int(numbers.get("expires", 0)), ttl or None)


def _numbers(told: str) -> Iterator[tuple[str, float]]:
    for word in told.split(","):
        name, _, value = word.partition("=")
        try:
            number = float(value)
        except ValueError:
            continue
        if math.isfinite(number):
            yield name, number


def _is_well(word: str) -> bool | None:
    return word == _OK if word else None


def _strange(seen: str) -> CannotCollect:
    what = "The cache answered in a form that is not understood."
    return CannotCollect(what, seen=seen, mend="Tell us the server's version.")
