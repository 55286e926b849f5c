"""Which indexes does a demo's server miss, never read, or find in pieces? By its tables and by how long it has run."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from operator import itemgetter

from collectors.database.rows import Rows
from console.demo.noise import key, uniform
from console.demo.sqlserver.catalogue import TableOf, application
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.queries import one_row, told

SUGGESTED = 4  # tables
WRITES_PER_COMMIT = 0.15
MISSING = (
    "table_name", "equality_columns", "inequality_columns", "included_columns", "user_seeks", "user_scans",
    "avg_total_user_cost", "avg_user_impact", "last_user_seek",
)  # fmt: skip


def _missing(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    """The optimiser has asked for them ever since the node started, in some of the tables."""
    app, up_s = application(moment.model.machines[moment.about]), moment.t - moment.node.started
    rows = []
    for table in app.tables[:SUGGESTED]:
        source = key("missing", app.database, table.name)
        seeks = floor(up_s * (0.002 + 0.05 * uniform(source, 0)))
        cost, impact = round(3 + 60 * uniform(source, 1), 2), round(38 + 60 * uniform(source, 2), 2)
        last = told(moment.t - 300 * uniform(source, floor(moment.t / 300)))
        first, second, third = table.columns
        name = f"[{app.database}].[dbo].[{table.name}]"
        rows.append((name, f"[{third}]", f"[{first}]", f"[{second}]", seeks, floor(seeks / 40), cost, impact, last))
    since = one_row({"node": moment.node.name, "up_s": floor(up_s)})
    return Rows(MISSING, tuple(rows)), since


def _usage(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    app, up_s = application(moment.model.machines[moment.about]), moment.t - moment.node.started
    name = str(arguments[0])
    commits = moment.model.machines[moment.about].commits
    rows: list[tuple[int, tuple[object, ...]]] = []
    for table in app.tables if name == app.database else ():
        for index in _indexes(table)[1:]:
            source = key("usage", name, table.name, index)
            if uniform(source, 0) < 0.6:  # most are read
                continue
            updates = floor(up_s * commits * WRITES_PER_COMMIT * table.weight / 24 * uniform(source, 1))
            size = floor(2**20 * uniform(source, 2) ** 2)
            rows.append((updates, (name, "dbo", table.name, index, updates, size)))
    columns = ("database_name", "schema_name", "table_name", "index_name", "updates", "used_kb")
    return (Rows(columns, _largest(rows)),)


def _indexes(table: TableOf) -> tuple[str, ...]:
    columns = (table.parent, *table.columns)
    return (f"PK_{table.name}", *(f"IX_{table.name}_{column}" for column in columns))


def _fragmentation(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    """Grows through the week, until it is reorganised in the night to Sunday."""
    app = application(moment.model.machines[moment.about])
    table = next((each for each in app.tables if str(arguments[1]).endswith(f"[{each.name}]")), None)
    week = (moment.t / 86_400 + 4) % 7 / 7
    rows: list[tuple[int, tuple[object, ...]]] = []
    for index in _indexes(table) if table else ():
        source = key("pieces", table.name if table else "", index)
        kind = "CLUSTERED INDEX" if index.startswith("PK_") else "NONCLUSTERED INDEX"
        pieces = min(99.0, 2 + 96 * week * uniform(source, 0))
        pages = floor(400_000 * uniform(source, 1) ** 2) + 20
        rows.append((pages, (index, kind, 1, round(pieces, 2), pages)))
    columns = ("index_name", "index_type", "partition_number", "fragmentation", "page_count")
    return (Rows(columns, _largest(rows)),)


def _largest(rows: list[tuple[int, tuple[object, ...]]]) -> tuple[tuple[object, ...], ...]:
    """First."""
    return tuple(row for _, row in sorted(rows, key=itemgetter(0), reverse=True))


ANSWERS: Mapping[str, Answer] = {
    "missing_indexes": _missing,
    "index_usage": _usage,
    "index_fragmentation": _fragmentation,
}
