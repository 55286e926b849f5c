"""A flush empties the plan cache of a demo's server: statements come back one by one, and compiling costs meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from collectors.sqlserver.queries.rows import hexed
from console.demo.flushes import PLANS_BACK_S, Flush
from console.demo.scenario.causes import FAILOVER_S
from console.demo.scenario.script import Entry
from console.demo.sqlserver.answers import ANSWERS
from console.demo.sqlserver.counters import rates
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.plan_cache import VARIANTS
from console.demo.sqlserver.queries import planned
from tests.demo.sqlserver.asking import CUSTOMERS, ORDERS, START, model

AT = START + 300


def flush(**otherwise: Any) -> Flush:
    return Flush(**{"id": "one", "at": AT, "about": ORDERS, "operation": "FREEPROCCACHE", **otherwise})


def asked(of: Any, t: float, name: str, *arguments: object, about: Any = ORDERS) -> list[Mapping[str, object]]:
    return [row for rows in ANSWERS[name](Moment.of(of, about, t), arguments) for row in rows.each()]


def older(of: Any, t: float, database: str = "", age_s: float = 0.0, about: Any = ORDERS) -> int:
    plans, _ = asked(of, t, "flush_plans", int(-age_s), database, database, about=about)
    return int(str(plans["plans"]))


def test_all_are_gone_and_all_come_back_as_new_ones() -> None:
    of = model()
    before = older(of, AT)
    of.learn([flush()])
    assert older(of, AT - 10) == before, "it was not yet"
    assert older(of, AT + 0.5, age_s=1) == 0
    assert 0 < older(of, AT + PLANS_BACK_S) < before
    assert older(of, AT + 6 * PLANS_BACK_S) == before
    assert older(of, AT + 6 * PLANS_BACK_S, age_s=6 * PLANS_BACK_S + 1) == 0


def test_only_those_of_the_database_or_the_one_that_was_named_go_and_on_that_server_alone() -> None:
    all_ = list(planned(Moment.of(model(), ORDERS, AT)))
    before, elsewhere = older(model(), AT), older(model(), AT, about=CUSTOMERS)
    for name, left in (("orders", 0), ("orders_archive", before)):
        of = model()
        of.learn([flush(operation="CLEAR PROCEDURE_CACHE", what=name)])
        assert older(of, AT + 0.5, age_s=1) == left
        assert older(of, AT + 0.5, about=CUSTOMERS) == elsewhere
    one = model()
    one.learn([flush(what=hexed(all_[3].handle))])
    assert older(one, AT + 0.001) == before - VARIANTS
    assert older(one, AT + 5) == before
    assert asked(one, AT + 5, "flush_handle", hexed(all_[3].handle)) == []


def test_what_comes_back_has_another_handle_and_counts_from_the_flush_on() -> None:
    of = model()
    t = AT + 6 * PLANS_BACK_S
    before = {each.kind.hash: each for each in planned(Moment.of(of, ORDERS, t))}
    of.learn([flush()])
    for each in planned(Moment.of(of, ORDERS, t)):
        was = before[each.kind.hash]
        assert each.handle != was.handle
        assert each.created > AT
        assert each.run.totals.executions < was.run.totals.executions or not was.run.totals.executions


def test_a_flush_of_one_node_is_none_of_the_other() -> None:
    of = model(Entry(AT + 10, ORDERS, cause="failover"))
    after = AT + 10 + FAILOVER_S
    before = older(of, after)
    of.learn([flush()])
    assert older(of, AT + 0.5, age_s=1) == 0
    assert older(of, after) == before, "its plans are its own"


def test_compilations_and_cpu_rise_and_are_back_within_twice_the_usual_in_five_minutes() -> None:
    of, usual = model(), model()
    of.learn([flush()])

    def compiled(each: Any, t: float) -> float:
        return rates(each, ORDERS, t)["SQL Compilations/sec"]

    assert compiled(of, AT + 1) > 4 * compiled(usual, AT + 1)
    assert compiled(of, AT + 300) < 2 * compiled(usual, AT + 300)
    assert of.activity(ORDERS, AT + 1).cpu > usual.activity(ORDERS, AT + 1).cpu + 5
    assert of.activity(ORDERS, AT + 600).cpu == pytest.approx(usual.activity(ORDERS, AT + 600).cpu, abs=0.5)


def test_what_was_saved_is_what_cost_most_first() -> None:
    rows = asked(model(), AT, "flush_saved", "", "", "", "")
    costs = [int(str(row["cpu_us"])) for row in rows]
    assert costs == sorted(costs, reverse=True)
    assert len(rows) <= 20
    (one,) = asked(model(), AT, "flush_saved", hexed(rows[2]["plan_handle"]), "", "", "")  # type: ignore[arg-type]
    assert one["query_hash"] == rows[2]["query_hash"]
