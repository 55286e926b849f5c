"""What do the demo's SQL Servers answer about deadlocks? Reports as the server writes them, values and all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import floor
from xml.sax.saxutils import escape, quoteattr

from collectors.database.rows import Rows
from collectors.readings import ResourceId
from console.demo.model import Model
from console.demo.noise import key, uniform
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.node import node
from console.demo.sqlserver.said import rows, told, who
from console.demo.sqlserver.stored import stored

SLOT_S = 60.0  # in which there is at most one
CHANCE = 0.008
CHANCE_BLOCKED = 0.6
BEFORE = 214  # since the node started, until the play began
DIAGNOSTICS_S = 300  # something else is written, and read over
EDITIONS = {
    "ee": "Enterprise Edition: Core-based Licensing (64-bit)",
    "se": "Standard Edition (64-bit)",
    "web": "Web Edition (64-bit)",
    "ex": "Express Edition (64-bit)",
}
_EPOCH_OF_FILES = 11_644_473_600  # seconds from 1601, from which names of files count


def met(model: Model, about: ResourceId, since: float, until: float) -> Iterator[float]:
    """When deadlocks happened, after ``since`` and up to ``until``, none before the play began."""
    machine, chance = model.machines[about], key(about, "deadlocks")
    if not machine.commits:
        return
    for slot in range(floor(max(since, model.start) / SLOT_S), floor(until / SLOT_S) + 1):
        at = SLOT_S * (slot + uniform(chance, 2 * slot))
        blocked = model.strain(about, at)("blocking") if at <= until else 0.0
        likely = uniform(chance, 2 * slot + 1) < CHANCE + CHANCE_BLOCKED * blocked
        if likely and max(since, model.start) < at <= until and model.serves(about, at):
            yield at


def _here(moment: Moment, since: float) -> Iterator[float]:
    """Those that the node of now has met."""
    for at in met(moment.model, moment.about, since, moment.t):
        if node(moment.model, moment.about, at).counts_as == moment.node.counts_as:
            yield at


def count(moment: Moment) -> int:
    return BEFORE + sum(1 for _ in _here(moment, moment.model.start))


def _source(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    machine = moment.model.machines[moment.about]
    row = {
        **who(moment),
        "now_utc": told(moment.t + moment.node.clock_offset_s),
        "edition": EDITIONS[machine.engine.removeprefix("sqlserver-")],
        "is_rds": 1,
        "deadlocks": count(moment),
    }
    return (rows([row]),)


COLUMNS = ("file_name", "file_offset", "event_data")


def _reports(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    """What was written behind the place that is named, and the last of all that was."""
    _, named, offset = (*arguments, "", "", 0)[:3]
    start = moment.model.start
    file = _file(moment)
    since = start + int(str(offset)) / 1000 if named == file else start
    found = [(at, _report(moment, at)) for at in _here(moment, since)]
    other: list[tuple[float, str | None]] = [*found]
    last = floor(moment.t / DIAGNOSTICS_S) * DIAGNOSTICS_S
    if last > max([since, *(at for at, _ in found)]):
        other.append((last, None))
    return (
        rows(
            ({"file_name": file, "file_offset": _offset(at, start), "event_data": text} for at, text in other), COLUMNS
        ),
    )


def _offset(at: float, start: float) -> int:
    return -floor(-1000 * (at - start))


def _file(moment: Moment) -> str:
    ticks = int((moment.node.started + _EPOCH_OF_FILES) * 10_000_000)
    return f"D:\\rdsdbdata\\log\\system_health_0_{ticks}.xel"


_STATEMENTS = {
    "orders": (
        ("UPDATE dbo.stock SET reserved = reserved + 2 WHERE sku = 'MUG-0441'", "dbo.stock", "checkout-web"),
        ("UPDATE dbo.orders SET state = 'picked' WHERE id = 80144213", "dbo.orders", "orders-api"),
    ),
    "customers": (
        ("UPDATE dbo.customers SET tier = 'gold' WHERE id = 81544", "dbo.customers", "customer-api"),
        ("UPDATE dbo.consents SET sent = 1 WHERE customer_id = 81544", "dbo.consents", "newsletter"),
    ),
    "billing": (
        ("INSERT INTO dbo.payments (invoice_id, amount) VALUES (99120, 49.90)", "dbo.payments", "billing-api"),
        ("UPDATE dbo.invoices SET reminders = 3 WHERE id = 99120", "dbo.invoices", "dunning-worker"),
    ),
    "warehouse": (
        ("INSERT INTO dbo.fact_sales SELECT s.id FROM stage.sales AS s WHERE s.day = 31", "dbo.fact_sales", "SSIS"),
        ("UPDATE dbo.dim_day SET is_open = 1 WHERE year = 2026", "dbo.dim_day", "SSIS"),
    ),
}  # fmt: skip


def _report(moment: Moment, at: float) -> str:
    database = stored(moment.model.machines[moment.about]).main
    statements = _STATEMENTS.get(database, _STATEMENTS["orders"])
    first = 51 + int(400 * uniform(key(moment.about, "deadlock", at), 0))
    sides = [
        (f"process{n:x}", session, *one)
        for n, session, one in zip((0x1A40, 0x2B80), (first, first + 23), statements, strict=True)
    ]
    stamp = datetime.fromtimestamp(at + moment.node.clock_offset_s, UTC).isoformat(timespec="milliseconds")
    processes = "".join(_process(*side, database) for side in sides)
    locks = "".join(
        f'<keylock objectname={quoteattr(f"{database}.{table}")} indexname="PK_{table[4:]}" mode="X">'
        f'<owner-list><owner id="{owner}" mode="X"/></owner-list>'
        f'<waiter-list><waiter id="{waiter}" mode="U" requestType="wait"/></waiter-list></keylock>'
        for (owner, _, _, table, _), (waiter, *_) in zip(sides, reversed(sides), strict=True)
    )
    return (
        f'<event name="xml_deadlock_report" package="sqlserver" timestamp="{stamp.replace("+00:00", "Z")}">'
        f'<data name="xml_report"><value><deadlock><victim-list><victimProcess id="{sides[0][0]}"/></victim-list>'
        f"<process-list>{processes}</process-list><resource-list>{locks}</resource-list></deadlock></value></data></event>"
    )


def _process(name: str, session: int, statement: str, _: str, program: str, database: str) -> str:
    return (
        f'<process id="{name}" spid="{session}" clientapp={quoteattr(program)} hostname="WEB-01"'
        f' loginname="svc_{database}" currentdbname={quoteattr(database)} waittime="1204"><executionStack/>'
        f"<inputbuf>{escape(statement)}</inputbuf></process>"
    )


ANSWERS: Mapping[str, Answer] = {"deadlock_source": _source, "deadlocks": _reports}
