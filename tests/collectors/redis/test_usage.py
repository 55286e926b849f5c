"""INFO of several versions, and of none: what a version leaves out is not told, and what is no INFO is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import CannotCollect
from collectors.inside.cache import Keys
from collectors.inside.replication import LinkState
from collectors.redis import latency, slow_log
from collectors.redis.asking import Reply
from collectors.redis.usage import COUNTERS, Usage, databases, errors, percentiles, sample, usage

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
FOUR = {
    "redis_version": "4.0.14",
    "run_id": "abc",
    "uptime_in_seconds": "86400",
    "role": "slave",
    "master_host": "10.0.0.7",
    "master_port": "6379",
    "master_link_status": "down",
    "connected_clients": "12",
    "client_longest_output_list": "3",
    "used_memory": "850",
    "maxmemory": "1000",
    "maxmemory_policy": "allkeys-lru",
    "mem_fragmentation_ratio": "-nan",
    "used_cpu_sys": "1.5",
    "used_cpu_user": "2.5",
    "keyspace_hits": "0",
    "keyspace_misses": "0",
    "cmdstat_get": "calls=10,usec=50,usec_per_call=5.00",
    "db3": "keys=7,expires=2,avg_ttl=90000",
    "db0": "keys=12,expires=0,avg_ttl=0",
}


def test_version_four_tells_less_and_that_is_read() -> None:
    told = usage(FOUR)
    assert (told.version, told.memory.percent, told.memory.fragmentation) == ("Redis 4.0.14", 85.0, None)
    assert (told.clients.most, told.clients.longest_output, told.hit_percent) == (None, 3, None)
    assert (told.link, told.source) == (LinkState.BROKEN, "10.0.0.7:6379")
    assert told.saving.is_well is None
    counted = sample(told, FOUR, NOW)
    assert (counted.at_s, counted.counters["cpu"], counted.commands["get"].us) == (NOW.timestamp(), 4.0, 50)
    assert "total_error_replies" not in counted.counters
    assert databases(FOUR) == (Keys(0, 12, 0), Keys(3, 7, 2, 90.0))
    assert (percentiles(FOUR), errors(FOUR)) == ({}, ())


def test_valkey_is_called_by_its_name_and_its_own_clock_counts() -> None:
    seven = {
        **FOUR,
        "role": "master",
        "valkey_version": "8.0.1",
        "server_time_usec": "1795331596730024",
        "used_cpu_sys_main_thread": "0.5",
        "used_cpu_user_main_thread": "0.25",
        "latency_percentiles_usec_get": "p50=5.023,p99=9.1,p99.9=nan",
        "errorstat_NOPERM": "count=3",
        "errorstat_OOM": "count=9",
    }
    told = usage(seven)
    assert (told.version, told.link) == ("Valkey 8.0.1", None)
    assert sample(told, seven, NOW).at_s == pytest.approx(1795331596.730024)
    assert told.cpu_s() == 0.75
    assert percentiles(seven) == {"get": {"p50": 5.023, "p99": 9.1}}
    assert errors(seven) == (("OOM", 9), ("NOPERM", 3))


@pytest.mark.parametrize(
    ("name", "value"), [("used_memory", "much"), ("role", None), ("cmdstat_get", "calls=many"), ("db0", "expires=1")]
)
def test_the_field_that_is_wrong_is_named(name: str, value: str | None) -> None:
    fields = {**FOUR, name: value} if value is not None else {key: FOUR[key] for key in FOUR if key != name}
    with pytest.raises(CannotCollect) as raised:
        read(fields)
    assert raised.value.seen.startswith(name)


def read(fields: dict[str, str]) -> Usage:
    told = usage(fields)
    sample(told, fields, NOW)
    databases(fields)
    percentiles(fields)
    errors(fields)
    _ = (told.memory, told.clients, told.saving, told.link, told.version, told.source, told.hit_percent)
    return told


keys = st.sampled_from([*Usage.model_fields, *COUNTERS, "cmdstat_get", "db0", "db\u0663", "errorstat_X"])


@given(st.dictionaries(keys, st.text(max_size=30) | st.integers().map(str) | st.floats().map(str)))
def test_whatever_a_server_says_is_read_or_refused_in_our_words(fields: dict[str, str]) -> None:
    with suppress(CannotCollect):
        read({"role": "master", "used_memory": "1", **fields})


replies = st.recursive(
    st.none() | st.integers() | st.text(max_size=10), lambda inner: st.lists(inner, max_size=6), max_leaves=20
)


@given(replies)
def test_whatever_is_replied_is_read_or_refused_in_our_words(reply: Reply) -> None:
    for rows in (slow_log.rows, latency.rows):
        with suppress(CannotCollect):
            rows(reply)


def test_a_slow_log_of_four_and_of_six_parts() -> None:
    four: Reply = [7, 1795331596, 12_000, ["GET", "session:1"]]
    six: Reply = [8, 1795331597, 15_000, ["SET", "session:1", "v"], "10.0.0.7:5012", "worker"]
    new, old = slow_log.rows([six, four])
    assert (new.id, new.us, new.command, new.key, new.words) == (8, 15_000, "SET", "session:… (9)", 3)
    assert (old.at.year, old.words) == (2026, 2)
