"""A counter's value is by its type: no negative, no spike, and no number where there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.sqlserver.counter_kinds import (
    FELL,
    NO_BASE,
    NOT_YET,
    NOTHING_COUNTED,
    UNKNOWN_KIND,
    Counter,
    CounterKey,
    Kind,
    Said,
    Sample,
    key_of,
    said,
    sample,
)

Row = tuple[str, str, str | None, int, int]
NODE, OTHER = ("EC2AMAZ-1", 1), ("EC2AMAZ-2", 1)
LOCKS = "SQLServer:Locks"


def taken(ms: int, *rows: Row, epoch: tuple[object, ...] = NODE) -> Sample:
    return sample(epoch, ms, rows)


def one(name: str, value: int, kind: int, instance: str = "") -> Row:
    return (LOCKS, name, instance, value, kind)


def of(name: str, before: Sample | None, after: Sample) -> Said:
    return said(key_of(LOCKS, name, ""), before, after)


@pytest.mark.parametrize(
    "written", ["SQLServer:Buffer Manager", "MSSQL$NAME:Buffer Manager    ", "SQLSERVER:buffer manager"]
)
def test_an_object_is_known_by_what_stands_behind_the_instances_name(written: str) -> None:
    assert key_of(written, "Page life expectancy   ", None) == ("buffer manager", "page life expectancy", "")


@pytest.mark.parametrize("kind", [65536, 65792])
def test_a_value_that_is_told_as_it_is_needs_no_second_sample(kind: int) -> None:
    assert of("User Connections", None, taken(0, one("User Connections", 42, kind))) == Said(42.0)


@pytest.mark.parametrize("kind", [272696320, 272696576])
def test_a_sum_is_a_rate_by_the_servers_clock(kind: int) -> None:
    before, after = (taken(ms, one("Lock Waits/sec", v, kind)) for ms, v in ((1_000, 500), (6_000, 750)))
    assert of("Lock Waits/sec", before, after) == Said(50.0)
    assert of("Lock Waits/sec", None, after) == NOT_YET
    assert of("Lock Waits/sec", after, before) == NOT_YET  # its clock went back


def test_a_sum_that_fell_or_that_another_node_counted_is_no_rate() -> None:
    before = taken(1_000, one("Lock Waits/sec", 500, Kind.RATE))
    assert of("Lock Waits/sec", before, taken(2_000, one("Lock Waits/sec", 499, Kind.RATE))) == FELL
    other = taken(2_000, one("Lock Waits/sec", 10**9, Kind.RATE), epoch=OTHER)
    assert of("Lock Waits/sec", before, other) == NOT_YET


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Buffer cache hit ratio", "Buffer cache hit ratio base"),
        ("Buffer Cache Hit Ratio", "BUFFER CACHE HIT RATIO BASE"),
        ("CPU usage %", "CPU usage % base"),
        ("Worktables From Cache Ratio", "Worktables From Cache Base"),
        ("Avg Disk Read IO (ms)", "Avg Disk Read IO (ms) Base"),
    ],
)
def test_a_ratio_is_over_the_base_of_its_own_sample(name: str, base: str) -> None:
    rows = one(name, 75, Kind.RATIO), one(base, 300, Kind.BASE)
    assert of(name, None, taken(0, *rows)) == Said(25.0)
    assert of(name, None, taken(0, rows[0], one(base, 0, Kind.BASE))) == NOTHING_COUNTED
    assert of(name, None, taken(0, rows[0])) == NO_BASE


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Average Wait Time (ms)", "Average Wait Time Base"),
        ("Average Latch Wait Time (ms)", "Average Latch Wait Time base"),
        ("Avg. Length of Batched Writes", "Avg. Length of Batched Writes BS"),
    ],
)
def test_an_average_is_over_what_its_base_gained(name: str, base: str) -> None:
    before = taken(0, one(name, 1_000, Kind.AVERAGE), one(base, 10, Kind.BASE))
    after = taken(1_000, one(name, 1_600, Kind.AVERAGE), one(base, 14, Kind.BASE))
    idle = taken(2_000, one(name, 1_600, Kind.AVERAGE), one(base, 14, Kind.BASE))
    assert of(name, before, after) == Said(150.0)
    assert of(name, after, idle) == NOTHING_COUNTED
    assert of(name, None, after) == NOT_YET
    assert of(name, before, taken(1_000, one(name, 1_600, Kind.AVERAGE))) == NO_BASE


def test_a_base_of_another_instance_is_none() -> None:
    rows = one("Average Wait Time (ms)", 5, Kind.AVERAGE), one("Average Wait Time Base", 5, Kind.BASE, "_Total")
    assert of("Average Wait Time (ms)", None, taken(0, *rows)) == NO_BASE


def test_a_type_that_nobody_knows_has_no_value() -> None:
    assert of("Odd", None, taken(0, one("Odd", 5, 542180608))) == UNKNOWN_KIND


names = st.sampled_from(["a", "a base", "b (ms)", "b base", "c ratio", "c base"])
kinds = st.sampled_from([*map(int, Kind), 1])
rows_ = st.dictionaries(names, st.builds(Counter, st.integers(0, 2**53), kinds), min_size=1)
samples = st.builds(
    lambda epoch, ms, found: Sample(epoch, ms, {CounterKey("o", name, ""): row for name, row in found.items()}),
    st.sampled_from([NODE, OTHER]),
    st.integers(0, 10**9),
    rows_,
)


@given(samples, samples)
def test_nothing_is_negative_and_nothing_is_more_than_was_counted(before: Sample, after: Sample) -> None:
    for key, row in after.rows.items():
        found = said(key, before, after)
        assert (found.value is None) == bool(found.why)
        if found.value is None:
            continue
        assert found.value >= 0
        match row.kind:
            case Kind.RATE | Kind.RATE_32:
                assert before.epoch == after.epoch
                assert found.value <= 1000 * row.value / (after.ms - before.ms)
            case Kind.RATIO:
                assert found.value <= 100
            case _:
                assert found.value <= row.value
