"""What does the plan cache of a demo's server say? Its statements' counters, their texts and plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import quoteattr

from collectors.database.rows import Rows
from collectors.sqlserver.queries.rows import HANDLE_BYTES
from console.demo.sqlserver.catalogue import BAD, Kind
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.run import Run, all_kinds, counters, run_of, run_of_set
from console.demo.sqlserver.statement_keys import SetStatement, set_statements

FIELDS = (
    "query_hash", "query_plan_hash", "is_fresh", "executions", "cpu_us", "elapsed_us", "reads", "writes", "row_count",
    "spills", "grant_kb", "handle",
)  # fmt: skip
WARM_S = 900.0  # after its start a server has made a plan for each statement
AD_HOC = bytes.fromhex("06000500")
OWN_HANDLE_BYTES = 44
TO_THE_END = (0).to_bytes(4, "big") + (0xFFFFFFFF).to_bytes(4, "big")


@dataclass(frozen=True, slots=True)
class Planned:
    """One statement that has a plan here, and what it has cost."""

    kind: Kind | SetStatement
    created: float
    run: Run


def planned(moment: Moment) -> Iterator[Planned]:
    """Those that have run at all on this node."""
    sums, since = counters(moment).at(moment.t), moment.node.started + WARM_S
    begun = (b for b in moment.model.begins(moment.about, "cpu-saturation") if b <= moment.t)
    bad_since = max(begun, default=since)
    for kind in all_kinds(moment):
        created = since if kind.drive != BAD else bad_since
        yield Planned(kind, created, run_of(kind, sums))
    for made in set_statements(moment.model, moment.about, moment.t):
        yield Planned(made, made.since, run_of_set(made, sums))


def server_time(moment: Moment) -> datetime:
    """By its own clock, without a zone, as a driver gives it."""
    return told(moment.t + moment.node.clock_offset_s)


def told(t: float) -> datetime:
    return datetime.fromtimestamp(t, UTC).replace(tzinfo=None)


def is_since(created: float, since: object, moment: Moment) -> int:
    theirs = told(created) + timedelta(seconds=moment.node.clock_offset_s)
    return int(theirs >= datetime.fromisoformat(str(since)))


def here(moment: Moment) -> Mapping[str, object]:
    started = moment.node.started
    return {
        "node": moment.node.name,
        "started": told(started),
        "ms_ticks": int((moment.t - started) * 1000),
        "version": int(moment.model.machines[moment.about].version.partition(".")[0]),
        "asked": server_time(moment).isoformat(timespec="milliseconds"),
    }


def counted(run: Run) -> tuple[int, ...]:
    """Whole numbers, as the server counts: times in microseconds."""
    calls, cpu, elapsed, reads, writes, rows, spills, grant, _ = run.totals.amounts
    return tuple(int(each) for each in (calls, 1000 * cpu, 1000 * elapsed, reads, writes, rows, spills, grant))


def one_row(row: Mapping[str, object]) -> Rows:
    return Rows(tuple(row), (tuple(row.values()),))


def handle_of(each: Planned) -> bytes:
    """Of an ad hoc batch. A plan that is made anew has another, as it lies elsewhere."""
    made = int(1000 * each.created).to_bytes(8, "big")
    return (AD_HOC + each.kind.hash + made).ljust(OWN_HANDLE_BYTES, b"\0")


def hash_in(handle: bytes) -> bytes:
    return handle[len(AD_HOC) : len(AD_HOC) + 8]


def _stats(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    since = arguments[0]
    rows = []
    for each in planned(moment):
        counts = counted(each.run)
        if counts[0]:
            handle = handle_of(each)
            place = handle.ljust(HANDLE_BYTES, b"\0") + TO_THE_END + bytes([len(handle)])
            rows.append((each.kind.hash, each.kind.plan, is_since(each.created, since, moment), *counts, place))
    return Rows(FIELDS, tuple(rows)), one_row(here(moment))


def _texts(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    """The batch that a statement is of is the statement; ad hoc ones name no database, and their plans do."""
    known = {each.kind.hash: each.kind for each in planned(moment)}
    main = next(iter(all_kinds(moment))).database
    rows = []
    for slot, handle in enumerate(arguments):
        kind = known.get(hash_in(bytes.fromhex(str(handle)[2:]))) if handle else None
        if kind is not None:
            rows.append((slot, 0, main, kind.text))
    return (Rows(("slot", "is_ours", "database_name", "statement"), tuple(rows)),)


def plan_of(moment: Moment, query_hash: object, plan_hash: object) -> str | None:
    wanted = (bytes.fromhex(str(query_hash)[2:]), bytes.fromhex(str(plan_hash)[2:]))
    found = (each.kind for each in planned(moment) if (each.kind.hash, each.kind.plan) == wanted)
    kind = next(found, None)
    return showplan(kind) if kind else None


def showplan(kind: Kind | SetStatement) -> str:
    """With the values that a compiled plan holds: in the statement, in its predicates and as its parameters."""
    text = quoteattr(kind.text)
    scan = "Clustered Index Scan" if isinstance(kind, Kind) and kind.drive == BAD else "Clustered Index Seek"
    return f"""<?xml version="1.0" encoding="utf-16"?>
<ShowPlanXML xmlns="http://schemas.microsoft.com/sqlserver/2004/07/showplan" Version="1.539" Build="15.0.4430.1">
<BatchSequence><Batch><Statements>
<StmtSimple StatementText={text} StatementId="1" StatementCompId="1" StatementType="SELECT"
 StatementSubTreeCost="41.7304" StatementEstRows="48" QueryHash="0x{kind.hash.hex().upper()}"
 QueryPlanHash="0x{kind.plan.hex().upper()}">
<QueryPlan DegreeOfParallelism="1" CachedPlanSize="56" CompileTime="4" CompileCPU="4" CompileMemory="520">
<MissingIndexes><MissingIndexGroup Impact="87.4"><MissingIndex Database="[app]" Schema="[dbo]" Table="[rows]">
<ColumnGroup Usage="EQUALITY"><Column Name="[state]" ColumnId="3"/></ColumnGroup></MissingIndex></MissingIndexGroup>
</MissingIndexes>
<RelOp NodeId="0" PhysicalOp="Sort" LogicalOp="TopN Sort" EstimateRows="48" EstimatedTotalSubtreeCost="41.7304">
<Sort Distinct="0">
<RelOp NodeId="1" PhysicalOp="{scan}" LogicalOp="{scan}" EstimateRows="2100" EstimatedTotalSubtreeCost="40.2">
<IndexScan Ordered="0"><Predicate><ScalarOperator ScalarString="[email]='someone@example.com'">
<Compare CompareOp="EQ"><ScalarOperator><Const ConstValue="'someone@example.com'"/></ScalarOperator></Compare>
</ScalarOperator></Predicate></IndexScan></RelOp></Sort></RelOp>
<ParameterList><ColumnReference Column="@P1" ParameterCompiledValue="N'XX00 4711 0815'"/></ParameterList>
</QueryPlan></StmtSimple></Statements></Batch></BatchSequence></ShowPlanXML>"""


def _plan(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    plan = plan_of(moment, *arguments)
    return (Rows(("query_plan",), ((plan,),) if plan else ()),)


ANSWERS: Mapping[str, Answer] = {"query_stats": _stats, "query_texts": _texts, "plan": _plan}
