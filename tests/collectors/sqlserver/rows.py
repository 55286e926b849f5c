"""Is the number of rows that a query gives bounded, whatever the server holds?"""

from __future__ import annotations

from sqlglot import exp

from tests.collectors.sqlserver.scopes import path_of, plain

ONE = "one row"
ONE_EACH = "one row for what it is asked about"
FEW: dict[str, str] = {
    "sys.dm_os_sys_info": ONE,
    "sys.dm_os_sys_memory": ONE,
    "sys.dm_os_process_memory": ONE,
    "sys.dm_os_host_info": ONE,
    "sys.dm_hadr_cluster": ONE,
    "sys.dm_db_log_space_usage": ONE,
    "sys.database_query_store_options": ONE,
    "sys.dm_exec_sql_text": ONE_EACH,
    "sys.dm_exec_input_buffer": ONE_EACH,
    "sys.dm_exec_query_plan": ONE_EACH,
    "sys.dm_exec_text_query_plan": ONE_EACH,
    "sys.dm_exec_query_plan_stats": ONE_EACH,
    "sys.dm_exec_query_statistics_xml": ONE_EACH,
    "sys.dm_os_volume_stats": ONE_EACH,
    "sys.dm_db_log_stats": ONE_EACH,
    "sys.dm_db_page_info": ONE_EACH,
    "sys.dm_os_wait_stats": "a thousand types of wait, as the build has them",
    "sys.dm_os_schedulers": "one for each core",
    "sys.dm_exec_query_resource_semaphores": "two for each resource pool",
    "sys.configurations": "a hundred, as the build has them",
    "sys.fn_my_permissions": "the permissions that exist",
}
"""Views and functions of few rows, and why."""

FEW_RESULTS: dict[tuple[str, int], str] = {
    ("deadlocks", 1): "the reader stops at the end of a file, and keeps its place",
    ("files", 3): "the volumes of two databases",
    ("flush_server", 1): "one database, by its name",
    ("log_space", 1): "two counters for each database",
    ("platform", 1): "one database, by its name",
    ("query_store_texts", 1): "those of the ids that are asked for",
}
"""Results of few rows that cannot be told from the statement: its name, which of its results, and why."""


def bounded(query: exp.Expr, given: dict[str, exp.Expr] | None = None) -> bool:
    """By TOP, because it aggregates, or because what it reads has few rows."""
    tables = dict(given or {})
    with_ = query.args.get("with_")
    tables.update({one.alias: one.this for one in (with_.expressions if with_ else ())})
    if isinstance(query, exp.Subquery):
        return bounded(query.this, tables)
    if isinstance(query, exp.SetOperation):
        return bounded(query.this, tables) and bounded(query.expression, tables)
    limit = query.args.get("limit")
    if limit is not None:
        return not limit.find(exp.LimitOptions) or not limit.find(exp.LimitOptions).args.get("percent")
    if query.args.get("group") or any(_aggregates(each) for each in query.expressions):
        return True
    start = query.args.get("from_")
    sources = [start.this] if start else []
    sources += [join.this for join in query.args.get("joins") or ()] + list(query.args.get("laterals") or ())
    return all(_few(source, tables) for source in sources)


def _aggregates(node: exp.Expr) -> bool:
    def closed(inner: exp.Expr) -> bool:
        return isinstance(inner, (exp.Query, exp.Window))

    return any(isinstance(each, exp.AggFunc) for each in node.walk(prune=closed))


def _few(source: exp.Expr, tables: dict[str, exp.Expr]) -> bool:
    if isinstance(source, exp.Values):
        return True
    if isinstance(source, exp.Subquery):
        return bounded(source, tables)
    if isinstance(source, exp.Lateral):
        inner = source.this
        return bounded(inner, tables) if isinstance(inner, exp.Subquery) else plain(path_of(inner)) in FEW
    if isinstance(source, exp.Table) and not source.db and source.name in tables:
        return bounded(tables[source.name], tables)
    return plain(path_of(source)) in FEW
