"""What does the Query Store of a demo's database say? On for one server, off for another, full for a third."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.database.rows import Rows
from collectors.inside.statement_totals import Totals
from console.demo.sqlserver.catalogue import application
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.queries import Planned, counted, here, is_since, one_row, plan_of, planned
from console.demo.sqlserver.run import HOUR_S, Run, all_kinds, counters, run_of

FULL = 65_536
STORES: Mapping[str, tuple[str, int]] = {
    "orders": ("READ_WRITE", 0),
    "warehouse": ("READ_WRITE", 0),
    "billing": ("READ_ONLY", FULL),
}
"""By database; the others have it off."""
PART = ("plan_id", "interval_id", "execution_type")

COUNTED = (
    "database_name", "query_hash", "query_plan_hash", "query_id", *PART, "is_fresh", "executions", "cpu_us",
    "elapsed_us", "reads", "writes", "row_count", "grant_kb",
)  # fmt: skip


def _databases(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    app = application(moment.model.machines[moment.about])
    names = sorted((app.database, *app.others))
    rows = tuple((name, int(name in STORES), 1) for name in names)
    return (Rows(("database_name", "is_query_store_on", "has_access"), rows),)


def _state(_: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    name = str(arguments[0])
    rows = ((name, *STORES[name]),) if name in STORES else ()
    return (Rows(("database_name", "actual_state", "readonly_reason"), rows),)


def this_hour(moment: Moment) -> list[tuple[int, Planned]]:
    """With their numbers: what each has cost since the hour began, by which Query Store sums it up."""
    before = counters(moment).at_hour(moment.t)
    began = {kind.hash: run_of(kind, before) for kind in all_kinds(moment)}
    found = []
    for number, each in enumerate(planned(moment), 1):
        run = each.run
        if each.kind.hash in began:
            run = _less(run, began[each.kind.hash])
        found.append((number, Planned(each.kind, each.created, run)))
    return found


def _less(run: Run, before: Run) -> Run:
    gained = Totals(*(a - b for a, b in zip(run.totals.amounts, before.totals.amounts, strict=True)))
    return Run(gained, {name: ms - before.waits.get(name, 0.0) for name, ms in run.waits.items()})


def _store(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    name, since, _ = arguments
    hour = int(moment.t // HOUR_S)
    rows: list[tuple[object, ...]] = []
    for number, each in this_hour(moment) if name in _main(moment) else ():
        executions, cpu, elapsed, reads, writes, row_count, _spills, grant = counted(each.run)
        began = max(each.created, float(hour * HOUR_S))
        if executions:
            costs = map(float, (cpu, elapsed, reads, writes, row_count, grant))
            fresh = is_since(began, since, moment)
            hashes = (each.kind.hash, each.kind.plan)
            rows.append((name, *hashes, number, number, hour, 0, fresh, executions, *costs))
    return Rows(COUNTED, tuple(rows)), one_row(here(moment))


def _waits(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    name, hour = arguments[0], int(moment.t // HOUR_S)
    rows = [
        (name, number, hour, 0, category, int(ms))
        for number, each in (this_hour(moment) if name in _main(moment) else ())
        for category, ms in each.run.waits.items()
        if int(ms)
    ]
    return (Rows(("database_name", *PART, "wait_category", "wait_ms"), tuple(rows)),)


def _texts(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    name, *wanted = arguments
    rows = [(name, number, each.kind.text) for number, each in enumerate(planned(moment), 1) if number in wanted]
    return (Rows(("database_name", "query_id", "statement"), tuple(rows)),)


def _plan(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    name, query_hash, plan_hash = arguments
    plan = plan_of(moment, query_hash, plan_hash)
    return (Rows(("database_name", "query_plan"), ((name, plan),) if plan else ()),)


def _main(moment: Moment) -> tuple[str, ...]:
    """Where all that runs is."""
    return (application(moment.model.machines[moment.about]).database,)


ANSWERS: Mapping[str, Answer] = {
    "user_databases": _databases,
    "query_store_state": _state,
    "query_store": _store,
    "query_store_waits": _waits,
    "query_store_texts": _texts,
    "query_store_plan": _plan,
}
