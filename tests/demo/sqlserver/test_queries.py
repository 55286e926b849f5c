"""What the demo's statements cost together is what its metrics say; what a scenario does is seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from collectors.inside.indexes import Indexes
from collectors.inside.queries import Queries, Statement
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.collector import SqlServerCollector
from collectors.sqlserver.queries.collector import TopQueries
from collectors.sqlserver.queries.indexes import IndexUse
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.script import Entry, Given, Script
from console.demo.sqlserver.server import ModelServers

START = 1_773_223_200.0
STEP_S = 60.0
ORDERS, CUSTOMERS, BILLING = (ResourceId(Safe(name)) for name in ("orders-primary", "customers", "billing"))


def model(*entries: Entry) -> Model:
    return Model(1, START, MACHINES, Script(entries))


async def played(
    of: Model, about: ResourceId, until: float, made: type[SqlServerCollector] = TopQueries
) -> list[Queries]:
    now = START + 5

    def clock() -> datetime:
        return datetime.fromtimestamp(now, UTC)

    collector = made(ModelServers(of, clock), clock)
    found: list[Queries] = []
    while now <= START + until:
        if of.serves(about, now):
            found += [reading async for reading in collector.collect(about)]  # type: ignore[misc]
        now += STEP_S
    return found


def top(queries: Queries) -> Statement:
    return max(queries.rows, key=lambda row: row.cpu_ms)


@pytest.mark.parametrize("about", [machine.id for machine in MACHINES if machine.engine.startswith("sqlserver")])
async def test_together_they_take_what_the_processors_give(about: ResourceId) -> None:
    of = model()
    told = await played(of, about, 200)
    assert told[0].interval_s is None
    for queries in told[1:]:
        assert queries.interval_s == STEP_S
        t = queries.observed.timestamp()
        samples = [of.activity(about, t - STEP_S + second).cpu for second in range(0, 60, 5)]
        given = of.machines[about].vcpus * 10 * sum(samples) / len(samples)
        assert 0.85 * given <= queries.cpu_ms <= given
        assert queries.count >= 40
        assert sum(row.cpu_ms for row in queries.rows) <= 1.01 * queries.cpu_ms


async def test_no_literal_and_no_statement_of_ours_is_told() -> None:
    for about in (ORDERS, CUSTOMERS, BILLING):
        for row in (await played(model(), about, 130))[-1].rows:
            assert "'" not in row.text
            assert "dbconsole" not in row.text


async def test_each_server_has_another_query_store() -> None:
    orders, customers, billing = [(await played(model(), about, 130))[-1] for about in (ORDERS, CUSTOMERS, BILLING)]
    assert orders.source == "Query Store of orders; query stats for the rest"
    assert any(row.wait_ms and row.wait == "Tran Log IO" for row in orders.rows)
    assert len({(row.hash, row.plan) for row in orders.rows}) == len(orders.rows)
    assert customers.source == billing.source == "query stats"
    assert "off in customers" in customers.trouble
    assert "full and only read" in billing.trouble
    assert all(row.wait_ms is None for row in billing.rows)


async def test_busy_processors_have_a_culprit_that_was_not_there_before() -> None:
    told = await played(model(Entry(START + 130, BILLING, cause="cpu-saturation")), BILLING, 420)
    before, after = told[1], told[-1]
    assert top(after).hash not in {row.hash for row in before.rows}
    assert top(after).cpu_ms > 0.6 * after.cpu_ms
    assert "YEAR(i.due) = ?" in top(after).text
    assert top(after).spills > 0


async def test_a_loop_over_rows_is_suspected_where_there_is_one() -> None:
    quiet, looping = [(await played(model(), about, 130))[-1] for about in (BILLING, CUSTOMERS)]
    assert quiet.suspicions == ()
    assert len(looping.suspicions) == 1
    assert "dbo.addresses" in looping.suspicions[0]


async def test_a_scenario_makes_a_statement() -> None:
    sets = {"calls": 400.0, "total_ms": 900.0, "rows": 400.0, "reads": 1200.0, "text": "SELECT x FROM t WHERE id = 7"}
    entry = Entry(START + 100, BILLING, sets={f"statement.LOOP.{field}": Given(value) for field, value in sets.items()})
    row = next(row for row in (await played(model(entry), BILLING, 400))[-1].rows if row.text.endswith("WHERE id = ?"))
    assert row.executions == pytest.approx(400, rel=0.02)
    assert row.elapsed_ms == pytest.approx(900, rel=0.02)
    assert row.reads == pytest.approx(1200, rel=0.02)


async def test_after_a_failover_nothing_is_compared_with_the_other_nodes_counters() -> None:
    told = await played(model(Entry(START + 100, ORDERS, cause="failover")), ORDERS, 500)
    usual = told[1].cpu_ms
    assert any(queries.interval_s is None for queries in told[1:])
    assert all(0 <= queries.cpu_ms <= 1.5 * usual for queries in told)
    assert told[-1].cpu_ms > 0.5 * usual


async def indexes_of(of: Model, about: ResourceId, at: float) -> Indexes:
    def clock() -> datetime:
        return datetime.fromtimestamp(START + at, UTC)

    readings = [reading async for reading in IndexUse(ModelServers(of, clock), clock).collect(about)]
    (found,) = readings
    assert isinstance(found, Indexes)
    return found


async def test_indexes_are_called_unused_only_by_a_node_that_has_counted_for_a_month() -> None:
    of = model(Entry(START + 100, ORDERS, cause="failover"))
    before, after = await indexes_of(of, ORDERS, 10), await indexes_of(of, ORDERS, 400)
    assert before.is_enough
    assert before.unused
    assert all(each.table.startswith("[orders].[dbo].[") for each in before.unused)
    assert after.evidence_s == pytest.approx(9 * 86_400, rel=0.01)
    assert after.unused == ()
    scores: Sequence[float] = [each.score for each in before.missing]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 4


async def test_each_names_its_plan_and_a_plan_keeps_its_handle() -> None:
    told = await played(model(), ORDERS, 200)
    before, after = ({row.hash: row.plan_handle for row in queries.rows} for queries in told[-2:])
    assert after
    assert all(handle.startswith("0x06") and len(handle) == 2 + 88 for handle in after.values())
    assert len(set(after.values())) == len(after)
    assert {name: before[name] for name in after} == after
