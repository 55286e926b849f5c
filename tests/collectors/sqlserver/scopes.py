"""Does every name of a statement mean something: each table documented, each column one column of one table?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from tests.collectors.sqlserver.documented import Known, View, views
from tests.collectors.sqlserver.faults import Report

FUNCTION_COLUMNS = {
    "openjson": {"key": Known("nvarchar(4000)"), "value": Known("nvarchar(max)"), "type": Known("int")},
    "string_split": {"value": Known("nvarchar(max)")},
}
SCALARS = frozenset({"sys.fn_hadr_is_primary_replica", "sys.fn_varbintohexstr"})
XML_METHODS = frozenset({"value", "query", "exist", "nodes"})
KEEPS_TYPE = (exp.Min, exp.Max, exp.Paren)


@dataclass(slots=True)
class Source:
    """What one alias stands for; without columns where that is a fault already told."""

    columns: dict[str, Known] | None
    view: View | None = None
    inner: list[Output] | None = None  # of a derived table


@dataclass(frozen=True, slots=True)
class Output:
    """One column of a result."""

    name: str
    known: Known
    node: exp.Expr


@dataclass(slots=True)
class Scope:
    """The aliases of one SELECT, and of those around it that it may look into."""

    report: Report
    outer: Scope | None
    tables: dict[str, list[Output]]  # by WITH
    sources: dict[str, Source] = field(default_factory=dict)

    def add(self, alias: str, source: Source, node: exp.Expr) -> None:
        if alias in self.sources:
            self.report.node(node, f"the alias {alias} is given twice")
        self.sources[alias] = source

    def find(self, alias: str) -> Source | None:
        scope: Scope | None = self
        while scope is not None:
            if alias in scope.sources:
                return scope.sources[alias]
            scope = scope.outer
        return None


def outputs(
    report: Report, query: exp.Expr, outer: Scope | None = None, tables: dict[str, list[Output]] | None = None
) -> list[Output]:
    """The columns that a query gives; what is wrong with its names goes to the report."""
    known = dict(tables or {})
    given = query.args.get("with_")
    for one in given.expressions if given else ():
        known[one.alias] = _renamed(outputs(report, one.this, outer, known), one)
    if isinstance(query, exp.Subquery):
        return outputs(report, query.this, outer, known)
    if isinstance(query, exp.SetOperation):
        outputs(report, query.expression, outer, known)
        return outputs(report, query.this, outer, known)
    if not isinstance(query, exp.Select):
        report.node(query, f"a {type(query).__name__} where a SELECT was expected")
        return []
    return _of_select(report, query, Scope(report, outer, known))


def _of_select(report: Report, select: exp.Select, scope: Scope) -> list[Output]:
    given = select.args.get("from_")
    sources = [given.this] if given else []
    sources += [join.this for join in select.args.get("joins") or ()] + list(select.args.get("laterals") or ())
    for source in sources:
        _add(scope, source)
    results = list(_results(scope, select))
    names = {each.name for each in results}
    derived = {id(each) for source in sources for each in (source, source.this) if isinstance(each, exp.Query)}
    for node in _own(select, derived):
        if isinstance(node, exp.Query):
            outputs(report, node, scope, scope.tables)
        elif isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
            report.node(node, "SELECT *: name the columns")
        elif isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            ordered = isinstance(node.parent, exp.Ordered) and not node.table and node.name in names
            if not ordered:
                _resolve(scope, node, node.table, node.name)
        elif isinstance(node, exp.Dot) and not isinstance(node.parent, (exp.Dot, exp.Lateral)):
            _call(scope, node)
    return results


def _own(select: exp.Select, derived: set[int]) -> Iterator[exp.Expr]:
    """What belongs to this SELECT: its inner ones are named, not entered, and those in FROM were judged before."""
    inner = select.args.get("with_")

    def closed(node: exp.Expr) -> bool:
        return node is inner or (isinstance(node, exp.Query) and node is not select)

    nodes = (node for node in select.walk(prune=closed) if node is not select and node is not inner)
    return (node for node in nodes if id(node) not in derived)


def _results(scope: Scope, select: exp.Select) -> Iterator[Output]:
    for number, node in enumerate(select.expressions, 1):
        if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star)):
            continue
        if isinstance(node, exp.EQ) and isinstance(node.this, exp.Parameter):
            continue  # into a variable
        name = node.alias_or_name if isinstance(node, (exp.Alias, exp.Column)) else ""
        yield Output(name or f"({number})", _known(scope, node), node)


def _known(scope: Scope, node: exp.Expr) -> Known:
    """Of what type a result is, where it is a column as it stands."""
    while isinstance(node, (exp.Alias, *KEEPS_TYPE)):
        node = node.this
    source = scope.find(node.table) if isinstance(node, exp.Column) else None
    return (source.columns or {}).get(node.name, Known()) if source else Known()


def _add(scope: Scope, node: exp.Expr) -> None:
    alias = node.alias
    if isinstance(node, exp.Subquery):
        inner = _renamed(outputs(scope.report, node.this, scope.outer, scope.tables), node)
        scope.add(alias, Source({each.name: each.known for each in inner}, inner=inner), node)
    elif isinstance(node, exp.Values):
        scope.add(alias, Source({name: Known() for name in node.alias_column_names}), node)
    elif isinstance(node, exp.Lateral) and isinstance(node.this, exp.Subquery):
        inner = _renamed(outputs(scope.report, node.this.this, scope, scope.tables), node)
        scope.add(alias, Source({each.name: each.known for each in inner}, inner=inner), node)
    elif isinstance(node, exp.Lateral):
        _function(scope, node, path_of(node.this))
    elif isinstance(node, exp.Table) and not node.db and node.name in scope.tables:
        given = scope.tables[node.name]
        scope.add(alias or node.name, Source({each.name: each.known for each in given}, inner=given), node)
    elif isinstance(node, exp.Table):
        _function(scope, node, path_of(node))
    else:
        scope.report.node(node, f"a {type(node).__name__} in FROM, which this check cannot read")


def _function(scope: Scope, node: exp.Expr, path: list[str]) -> None:
    """A view, or a function that gives a table."""
    name, alias = plain(path), node.alias or path[-1]
    view = views().get(name)
    if view is not None:
        if view.since > scope.report.since:
            scope.report.node(node, f"{name} {newer(view.since)}")
        scope.add(alias, Source(dict(view.columns), view), node)
    elif len(path) == 1 and path[0].lower() in FUNCTION_COLUMNS:
        scope.add(alias, Source(FUNCTION_COLUMNS[path[0].lower()]), node)
    elif path[-1] == "nodes" and len(path) == 3:
        _resolve(scope, node, path[0], path[1])
        scope.add(alias, Source({column: Known("xml") for column in node.alias_column_names}), node)
    else:
        lower = name.lower()
        hint = f": it is spelt {lower}, which matters where the collation says so" if lower in views() else ""
        scope.report.node(node, f"{name} is not in dmv_columns.toml{hint}")
        scope.add(alias, Source(None), node)


def _resolve(scope: Scope, node: exp.Expr, alias: str, column: str) -> None:
    report = scope.report
    if alias:
        source = scope.find(alias)
        if source is None:
            report.node(node, f"{alias}.{column}: nothing here is called {alias}")
        else:
            _check(report, node, source, f"{alias}.{column}", column)
        return
    having = [source for source in scope.sources.values() if source.columns is None or column in source.columns]
    if len(having) == 1:
        _check(report, node, having[0], column, column)
    elif having:
        names = " or ".join(alias for alias, source in scope.sources.items() if source in having)
        report.node(node, f"{column} is ambiguous: of {names}?")
    else:
        report.node(node, f"{column} is a column of nothing here; write alias.{column}")


def _check(report: Report, node: exp.Expr, source: Source, said: str, column: str) -> None:
    if source.columns is None:
        return
    known = source.columns.get(column)
    if known is None:
        of = source.view.name if source.view else "what is selected there"
        report.node(node, f"{said}: {of} has no such column")
    elif known.since > report.since:
        report.node(node, f"{said} {newer(known.since)}")
    elif known.type == "sql_variant" and not isinstance(node.parent, (exp.Cast, exp.Convert)):
        report.node(node, f"{said} is a sql_variant, which the driver cannot read: CAST it")


def newer(since: int) -> str:
    return f"exists since {since}: say `-- since: {since}` on the second line"


def _call(scope: Scope, node: exp.Dot) -> None:
    """`a.b.value(...)` on XML, or a function by its full name."""
    path = path_of(node)
    if len(path) == 3 and path[2] in XML_METHODS:
        _resolve(scope, node, path[0], path[1])
    elif ".".join(path) not in SCALARS:
        scope.report.node(node, f"{'.'.join(path)}(...) is not a function that is known here")


def path_of(node: exp.Expr) -> list[str]:
    """`["sys", "dm_os_volume_stats"]`, however the parser has cut it."""
    if isinstance(node, exp.Dot):
        return [*path_of(node.this), *path_of(node.expression)]
    if isinstance(node, (exp.Table, exp.Column)):
        return [part.name for part in node.parts]
    return [node.name]


def plain(path: list[str]) -> str:
    """The views of `sys` are in every database; which one makes no difference to their columns."""
    if len(path) == 3 and path[1] == "sys":
        path = path[1:]
    return ".".join(path)


def _renamed(inner: list[Output], node: exp.Expr) -> list[Output]:
    """`AS t (a, b)`."""
    names = node.alias_column_names
    return [Output(n, each.known, each.node) for n, each in zip(names, inner, strict=False)] if names else inner
