"""The same endpoint, another node: what a SQL Server has counted is begun anew, over the wire, by every collector."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.aws.known import Found
from collectors.aws.place import Account, Place
from collectors.database.rows import Rows
from collectors.inside.queries import Statement
from collectors.readings import Metric, Reading, ResourceId
from collectors.safe import Safe
from collectors.sqlserver.collector import SqlServerCollector
from collectors.sqlserver.counters import Counters
from collectors.sqlserver.files import FileStalls
from collectors.sqlserver.queries.collector import TopQueries
from collectors.sqlserver.waits.collector import WaitStats
from collectors.sqlserver.wire.servers import Login, WiredServers
from collectors.sqlserver.wire.target import Encryption
from collectors.threads import Threads
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.sqlserver.wire import USER, ModelAnswerer
from console.demo.tds.answering import Asked
from tests.rig import tds

BILLING = ResourceId(Safe("billing"))
AT = datetime(2026, 3, 11, 10, tzinfo=UTC)
PASSWORD = "only of this test"  # noqa: S105 - it opens nothing
PASS_S = 60.0
COUNTED = {
    *("tasks", "ms", "signal_ms", "cntr_value", "executions", "cpu_us", "elapsed_us"),
    *("reads", "writes", "row_count", "grant_kb"),
    *("num_of_reads", "num_of_bytes_read", "io_stall_read_ms"),
    *("num_of_writes", "num_of_bytes_written", "io_stall_write_ms"),
}
NOW = 65792  # a counter's type: how it is now, and no count
ALREADY = 10**10  # what the other node had counted before
COLLECTORS: tuple[type[SqlServerCollector], ...] = (WaitStats, Counters, FileStalls, TopQueries)


@dataclass(frozen=True, slots=True)
class Node:
    """How its answers differ from the model's."""

    name: str = "NODE-A"
    started: datetime = datetime(2026, 1, 9, 10)
    more: int = 0
    part: int = 1  # of what the model has counted, one in so many

    def answers(self, rows: Rows) -> Rows:
        if "longest_ms" in rows.columns:  # who waits now
            return rows
        values = (row if NOW in row else tuple(map(self._value, rows.columns, row)) for row in rows.values)
        return Rows(rows.columns, tuple(values))

    def _value(self, column: str, value: object) -> object:
        if column == "node":
            return self.name
        if column == "started":
            return self.started
        return value // self.part + self.more if column in COUNTED and isinstance(value, int) else value


A = Node()
OTHERS = {
    "another node that has counted more": replace(A, name="NODE-B", started=datetime(2026, 1, 2), more=ALREADY),
    "another node that has counted less": replace(A, name="NODE-B", started=datetime(2026, 3, 11), part=1000),
    "another node that was started at the same time": replace(A, name="NODE-B", more=ALREADY),
    "the same node, started anew": replace(A, started=datetime(2026, 3, 11), part=1000),
}


class TwoNodes(ModelAnswerer):
    """Whichever node the endpoint leads to; its time goes on by hand."""

    node = A
    passed_s = 0.0

    def __init__(self) -> None:
        super().__init__(Model(1, AT.timestamp(), MACHINES), BILLING, self.now, PASSWORD)

    def now(self) -> datetime:
        return AT + timedelta(seconds=self.passed_s)

    async def answer(self, asked: Asked) -> Sequence[Rows]:
        return [self.node.answers(rows) for rows in await super().answer(asked)]


def rates(reading: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Whatever is told by the second, with where it was found."""
    if isinstance(reading, Metric):
        if reading.value is not None and reading.unit in ("Count/Second", "Milliseconds"):
            yield str(reading.name), reading.value
    elif is_dataclass(reading) and not isinstance(reading, type):
        for each in fields(reading):
            value = getattr(reading, each.name)
            of_statement = isinstance(reading, Statement) and each.name != "plans"
            if ("per_s" in each.name or of_statement) and isinstance(value, int | float):
                yield f"{path}.{each.name}", float(value)
            elif isinstance(value, tuple) or is_dataclass(value):
                yield from rates(value, f"{path}.{each.name}")
    elif isinstance(reading, tuple):
        for one in reading:
            yield from rates(one, path)


async def looked(collector: SqlServerCollector) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    readings: list[Reading] = [each async for each in collector.collect(BILLING)]
    for reading in readings:
        for name, value in rates(reading):
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("kind", COLLECTORS)
async def test_after_a_failover_no_rate_is_negative_and_none_spikes(
    kind: type[SqlServerCollector], other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBC_OF_A_TEST", PASSWORD)
    answerer = TwoNodes()
    login = Login("env:DBC_OF_A_TEST", user=USER, encryption=Encryption.OFF, driver=tds.driver(tds.FREETDS).named)
    with tds.serving(answerer) as server:
        found = Found(BILLING, Place(Account("a"), "r"), "instance", "sqlserver-se", "billing", "", "AWS/RDS", (),
                      endpoint=("127.0.0.1", server.port))  # fmt: skip
        servers = WiredServers([login], lambda _: found, _nobody, Threads(), time.monotonic)
        collector = kind(servers, answerer.now)
        passes = []
        for node in (A, A, A, OTHERS[other], OTHERS[other], OTHERS[other]):
            answerer.node = node
            answerer.passed_s += PASS_S
            passes.append(await looked(collector))
        await servers.close()
    usual = {name: max(max(each.get(name, [0.0])) for each in passes[1:3]) for name in passes[2]}
    assert max(usual.values()) > 1, "there were rates"
    for each in passes[3:]:
        for name, values in each.items():
            assert min(values) >= 0, name
            assert max(values) <= 5 * max(usual.get(name, 0.0), 1.0), (name, max(values), usual.get(name))
    assert any(max(values) > 0 for values in passes[5].values()), "and there are again"


def _nobody(place: Place) -> Any:
    raise AssertionError(f"nothing of AWS is read here: {place}")
