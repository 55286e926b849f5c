"""Which statements do the shop's applications send, and how much of each server's work is each of them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from console.demo.inventory import Machine
from console.demo.noise import key, uniform

NUMBERED = "0123456789-"
SAME_STATEMENTS = 1024
READ, WRITE, BAD = "read", "write", "bad"  # what drives it: clients that look, commits, a cause that burns processors


@dataclass(frozen=True, slots=True)
class Kind:
    """One statement. ``calls``: its share of its drive's; ``cpu`` and ``pages``: of the whole server's."""

    text: str
    database: str
    drive: str = READ
    calls: float = 1.0
    cpu: float = 1.0
    pages: float = 1.0
    rows: float = 1.0  # of one call
    spills: float = 0.0
    grant_kb: float = 0.0

    @property
    def hash(self) -> bytes:
        return _handle("statement", self.database, self.text)

    @property
    def plan(self) -> bytes:
        return _handle("plan", self.database, self.text)


@lru_cache(SAME_STATEMENTS)
def _handle(*of: str) -> bytes:
    return key(*of).to_bytes(8, "big")


@dataclass(frozen=True, slots=True)
class TableOf:
    name: str
    parent: str  # the column by which it is looked up
    columns: tuple[str, ...]
    state: tuple[str, ...]  # literals that programs write into their statements
    weight: float  # how much it is used, beside the others


@dataclass(frozen=True, slots=True)
class Application:
    database: str
    others: tuple[str, ...]
    tables: tuple[TableOf, ...]
    bad: str  # what a cause that burns processors runs


@dataclass(frozen=True, slots=True)
class Shape:
    """A statement about any table, and what one call of it costs beside the others."""

    text: str
    drive: str
    calls: float
    cpu: float
    pages: float
    rows: float
    sorts: bool = False


SHAPES = (
    Shape("SELECT {x}.id, {x}.{a}, {x}.{b} FROM dbo.{t} AS {x} WHERE {x}.id = @P1", READ, 40, 1, 1, 1),
    Shape(
        "SELECT {x}.id, {x}.{a}, {x}.{b}, {x}.{c} FROM dbo.{t} AS {x} WHERE {x}.{parent} = @P1 ORDER BY {x}.id",
        READ, 30, 3, 4, 6,
    ),
    Shape(
        "SELECT TOP (100) {x}.id, {x}.{b} FROM dbo.{t} AS {x} WHERE {x}.{c} = '{one}' AND {x}.{a} > @P1",
        READ, 6, 40, 60, 70,
    ),
    Shape("SELECT COUNT(*) FROM dbo.{t} AS {x} WHERE {x}.{c} IN ('{one}', '{other}')", READ, 1, 260, 500, 1),
    Shape(
        "SELECT {x}.{parent}, MAX({x}.{a}) FROM dbo.{t} AS {x} WHERE {x}.{b} BETWEEN @P1 AND @P2 "
        "GROUP BY {x}.{parent} ORDER BY MAX({x}.{a}) DESC OFFSET 0 ROWS FETCH NEXT 50 ROWS ONLY",
        READ, 0.4, 900, 1500, 50, sorts=True,
    ),
    Shape("INSERT INTO dbo.{t} ({parent}, {a}, {b}, {c}) VALUES (@P1, @P2, @P3, '{one}')", WRITE, 10, 1, 1, 1),
    Shape("UPDATE dbo.{t} SET {a} = @P1, {c} = '{other}' WHERE id = @P2", WRITE, 14, 2, 2, 1),
    Shape("DELETE FROM dbo.{t} WHERE {parent} = @P1 AND {c} = '{other}'", WRITE, 1, 6, 12, 3),
)  # fmt: skip


def _table(name: str, parent: str, columns: str, state: str, weight: float) -> TableOf:
    return TableOf(name, parent, tuple(columns.split()), tuple(state.split()), weight)


APPLICATIONS: Mapping[str, Application] = {
    "orders": Application(
        "orders",
        ("orders_archive",),
        (
            _table("orders", "customer_id", "state total changed", "new picked sent", 5),
            _table("order_items", "order_id", "sku quantity price", "open packed", 8),
            _table("stock", "sku", "on_hand reserved warehouse", "LEJ1 HAM2", 6),
            _table("prices", "sku", "currency amount valid_from", "EUR CHF", 4),
            _table("shipments", "order_id", "carrier tracking state", "handed-over lost", 2),
            _table("vouchers", "code", "worth used_by expires", "SPRING10 STAFF", 1),
            _table("returns", "order_id", "reason state amount", "asked received", 1),
            _table("picking_lists", "warehouse", "opened closed picker", "LEJ1 HAM2", 1),
        ),
        "SELECT TOP (50) o.id, o.customer_id, o.total FROM dbo.orders AS o "
        "WHERE UPPER(o.note) LIKE '%GIFT%' OR CAST(o.changed AS date) = '2026-03-11' ORDER BY o.total DESC",
    ),
    "customers": Application(
        "customers",
        (),
        (
            _table("customers", "email", "name tier last_seen", "gold staff", 6),
            _table("addresses", "customer_id", "street city country", "invoice delivery", 5),
            _table("consents", "customer_id", "purpose given_at sent", "newsletter tracking", 3),
            _table("logins", "customer_id", "at device outcome", "ok refused", 4),
            _table("devices", "customer_id", "kind seen_at name", "phone tablet", 2),
            _table("wishes", "customer_id", "sku added_at note", "open bought", 2),
            _table("tickets", "customer_id", "subject state agent", "open waiting", 1),
            _table("points", "customer_id", "balance earned expires", "earned spent", 2),
        ),
        "SELECT c.id, c.email FROM dbo.customers AS c WHERE LOWER(c.name) LIKE '%maier%' OR c.phone LIKE '%4711%'",
    ),
    "billing": Application(
        "billing",
        ("ledger",),
        (
            _table("invoices", "customer_id", "due amount state", "open paid", 6),
            _table("invoice_lines", "invoice_id", "sku quantity amount", "goods freight", 7),
            _table("payments", "invoice_id", "amount iban received", "card transfer", 4),
            _table("reminders", "invoice_id", "level sent_at fee", "first last", 1),
            _table("accounts", "customer_id", "balance limit_eur state", "good blocked", 3),
            _table("tax_rates", "country", "rate valid_from valid_to", "DE AT", 2),
            _table("refunds", "payment_id", "amount reason state", "asked done", 1),
            _table("mandates", "customer_id", "iban signed revoked", "active revoked", 1),
        ),
        "SELECT i.customer_id, SUM(l.amount) FROM dbo.invoices AS i JOIN dbo.invoice_lines AS l ON l.invoice_id = i.id "
        "WHERE YEAR(i.due) = 2026 AND i.state <> 'paid' GROUP BY i.customer_id",
    ),
    "reporting": Application(
        "warehouse",
        (),
        (
            _table("fact_sales", "day_id", "sku quantity total", "web shop", 6),
            _table("fact_stock", "day_id", "sku on_hand value", "LEJ1 HAM2", 4),
            _table("fact_visits", "day_id", "page visits buyers", "home cart", 3),
            _table("dim_day", "year", "month week holiday", "2025 2026", 3),
            _table("dim_product", "sku", "name family brand", "mugs plates", 3),
            _table("dim_customer", "customer_id", "tier country since", "gold staff", 2),
            _table("load_log", "job", "began ended outcome", "sales stock", 1),
            _table("targets", "month", "family revenue margin", "mugs plates", 1),
        ),
        "SELECT p.family, d.month, SUM(f.total) FROM dbo.fact_sales AS f CROSS JOIN dbo.dim_day AS d "
        "JOIN dbo.dim_product AS p ON p.sku = f.sku WHERE d.year IN (2025, 2026) GROUP BY p.family, d.month",
    ),
}
OF_READERS = 0.85  # of processors and pages
LOOP_SHARE = 1.1  # as many calls again as all the rest of that application's looking
_LOOPS = {"customers": "SELECT a.id, a.street, a.city, a.country FROM dbo.addresses AS a WHERE a.id = @P1"}
"""Where a program asks for each row by itself."""


def application(machine: Machine) -> Application:
    """A copy of an application has the statements of the first."""
    return APPLICATIONS[machine.app.rstrip(NUMBERED)]


def kinds(machine: Machine) -> tuple[Kind, ...]:
    """What follows a source is only read."""
    return _kinds(machine.app.rstrip(NUMBERED), machine.source is not None)


@cache
def _kinds(app: str, is_read_only: bool) -> tuple[Kind, ...]:
    found = [kind for table in APPLICATIONS[app].tables for kind in _of(app, table)]
    if is_read_only:
        found = [kind for kind in found if kind.drive == READ]
    of_readers = 1.0 if is_read_only else OF_READERS
    shared = [*_shared(found, READ, of_readers), *_shared(found, WRITE, 1 - of_readers)]
    if app in _LOOPS:
        loop = Kind(_LOOPS[app], APPLICATIONS[app].database, calls=LOOP_SHARE, cpu=0.03, pages=0.01)
        shared.append(loop)
    bad = Kind(APPLICATIONS[app].bad, APPLICATIONS[app].database, BAD, rows=48, spills=0.7, grant_kb=262_144)
    return (*shared, bad)


def _shared(all_kinds: list[Kind], drive: str, of_all: float) -> Iterator[Kind]:
    found = [kind for kind in all_kinds if kind.drive == drive]
    calls = sum(kind.calls for kind in found)
    cpu, pages = (sum(kind.calls * getattr(kind, what) for kind in found) for what in ("cpu", "pages"))
    for kind in found:
        of_cpu, of_pages = of_all * kind.calls * kind.cpu / cpu, of_all * kind.calls * kind.pages / pages
        yield replace(kind, calls=kind.calls / calls, cpu=of_cpu, pages=of_pages)


def _of(app: str, table: TableOf) -> Iterator[Kind]:
    """By key, by parent, by state, counted, a page of a list; then what writes. Each costs in its own way."""
    (a, b, c), (one, other, *_) = table.columns, table.state
    names = {"t": table.name, "x": table.name[0], "parent": table.parent, "a": a, "b": b, "c": c}
    chance = key("kinds", app, table.name)
    for n, shape in enumerate(SHAPES):
        vary = 0.5 + uniform(chance, n)
        yield Kind(
            text=shape.text.format(**names, one=one, other=other),
            database=APPLICATIONS[app].database,
            drive=shape.drive,
            calls=table.weight * shape.calls * vary,
            cpu=shape.cpu / vary,
            pages=shape.pages,
            rows=shape.rows,
            spills=0.02 if shape.sorts else 0.0,
            grant_kb=4096.0 if shape.sorts else 0.0,
        )
