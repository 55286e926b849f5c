"""Which instance of a counter speaks, and what is said of one that never has a value."""

from __future__ import annotations

import logging

import pytest

from collectors.database.rows import Rows
from collectors.readings import Metric, ResourceId
from collectors.safe import Safe
from collectors.sqlserver.asking import Question, Server, Servers
from collectors.sqlserver.core_counters import core
from collectors.sqlserver.counter_kinds import Kind, sample
from collectors.sqlserver.counters import Counters, values
from tests.estate.builders import START

ORDERS = ResourceId(Safe("orders-primary"))
Row = tuple[str, str, str, int, int]


def told(*rows: Row) -> dict[str, float | None]:
    return {str(one.metric): found.value for one, found in values(None, sample(("node",), 0, rows))}


def test_of_logs_the_fullest_of_a_database_speaks() -> None:
    logs = (("tempdb", 9), ("orders", 71), ("_Total", 88), ("mssqlsystemresource", 95), ("rdsadmin", 99))
    rows = [("MSSQL$A:Databases", "Percent Log Used", name, value, Kind.RAW) for name, value in logs]
    assert told(*rows) == {"counter.Percent Log Used": 71.0}


def test_where_the_server_has_a_sum_that_one_speaks() -> None:
    queues = (("orders", 5), ("_Total", 12), ("billing", 7))
    rows = [("SQLServer:Database Replica", "Log Send Queue", name, value, Kind.RAW) for name, value in queues]
    assert told(*rows) == {"counter.Log Send Queue": 12.0}
    assert told(rows[0]) == {}


def test_a_counter_of_another_object_is_another_counter() -> None:
    assert told(("SQLServer:Buffer Node", "Page life expectancy", "000", 7, Kind.RAW)) == {}
    assert told(("SQLServer:Buffer Manager", "PAGE LIFE EXPECTANCY  ", "", 7, Kind.RAW)) == {
        "counter.Page life expectancy": 7.0
    }


def test_no_two_core_counters_are_told_by_one_name() -> None:
    assert len({one.metric for one in core().values()}) == len(core())


class WithoutBases(Server, Servers):
    def of(self, about: ResourceId) -> Server:
        return self

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        head = Rows(("node", "started", "ms_ticks"), (("EC2AMAZ-1", START, 5),))
        names = ("object_name", "counter_name", "instance_name", "cntr_value", "cntr_type")
        return head, Rows(names, (("SQLServer:Buffer Manager", "Buffer cache hit ratio", "", 5, int(Kind.RATIO)),))


async def test_what_will_never_have_a_value_is_told_once_with_the_reason(caplog: pytest.LogCaptureFixture) -> None:
    collector = Counters(WithoutBases(), lambda: START)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            found = [reading async for reading in collector.collect(ORDERS)]
    assert [(one.name, one.value) for one in found if isinstance(one, Metric)] == [
        ("counter.Buffer cache hit ratio", None)
    ]
    assert [record.getMessage() for record in caplog.records] == [
        "counter.Buffer cache hit ratio of orders-primary has no value: its base is missing"
    ]
