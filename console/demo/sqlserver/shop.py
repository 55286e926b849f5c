"""Who connects to the shop's databases, from where, and to do what?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from console.demo.inventory import Machine
from console.demo.noise import uniform

USER_DATABASES_FROM = 5  # master, tempdb, model and msdb are 1 to 4
NUMBERED = "0123456789-"
SAME_MACHINES = 128


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    command: str = "SELECT"
    database: str = ""  # empty: the client's own
    table: int = 0  # object_id, which a lock is told by


@dataclass(frozen=True, slots=True)
class Client:
    """One program that connects, from one of its hosts."""

    program: str
    login: str
    hosts: tuple[str, ...]
    database: str
    reads: tuple[Statement, ...]
    writes: tuple[Statement, ...] = ()
    share: int = 1  # of the sessions

    def host(self, chance: float) -> str:
        return self.hosts[int(chance * len(self.hosts))]


def _read(text: str, table: int = 0) -> Statement:
    return Statement(text, table=table)


def _write(text: str, command: str, table: int) -> Statement:
    return Statement(text, command, table=table)


_WEB, _API, _WORKERS = ("WEB-01", "WEB-02", "WEB-03", "WEB-04"), ("API-01", "API-02", "API-03"), ("WRK-01", "WRK-02")
_ORDERS = (
    Client(
        "checkout-web",
        "svc_checkout",
        _WEB,
        "orders",
        (
            _read("SELECT o.id, o.state, o.total FROM dbo.orders AS o WHERE o.customer_id = 81544 AND o.state <> ''"),
            _read("SELECT TOP (20) i.sku, i.quantity FROM dbo.order_items AS i WHERE i.order_id = @o ORDER BY i.line"),
        ),
        (
            _write("UPDATE dbo.stock SET reserved = reserved + @n WHERE sku = 'MUG-0441'", "UPDATE", 661577395),
            _write("INSERT INTO dbo.orders (customer_id, state, total) VALUES (@c, 'new', @t)", "INSERT", 245575913),
        ),
        share=5,
    ),
    Client(
        "orders-api",
        "svc_orders",
        _API,
        "orders",
        (_read("SELECT o.id, o.state FROM dbo.orders AS o WHERE o.changed > @since AND o.warehouse = 'LEJ1'"),),
        (_write("UPDATE dbo.orders SET state = 'picked', changed = @now WHERE id = @id", "UPDATE", 245575913),),
        share=4,
    ),
    Client(
        "stock-worker",
        "svc_stock",
        _WORKERS,
        "orders",
        (_read("SELECT s.sku, s.on_hand - s.reserved FROM dbo.stock AS s WHERE s.warehouse = 'LEJ1'"),),
        (
            _write(
                "MERGE dbo.stock AS t USING @delta AS d ON t.sku = d.sku WHEN MATCHED THEN UPDATE SET on_hand = d.n;",
                "MERGE",
                661577395,
            ),
        ),
        share=2,
    ),
)
_CUSTOMERS = (
    Client(
        "customer-api",
        "svc_customers",
        _API,
        "customers",
        (_read("SELECT c.id, c.name, c.tier FROM dbo.customers AS c WHERE c.email = 'someone@example.com'"),),
        (_write("UPDATE dbo.customers SET last_seen = SYSUTCDATETIME() WHERE id = 81544", "UPDATE", 309576141),),
        share=4,
    ),
    Client(
        "newsletter",
        "svc_mail",
        _WORKERS,
        "customers",
        (_read("SELECT TOP (500) c.id, c.email FROM dbo.customers AS c WHERE c.opt_in = 1 AND c.id > @last"),),
        (_write("UPDATE dbo.consents SET sent = sent + 1 WHERE customer_id = @id", "UPDATE", 341576255),),
    ),
)
_BILLING = (
    Client(
        "billing-api",
        "svc_billing",
        _API,
        "billing",
        (_read("SELECT i.id, i.due, i.amount FROM dbo.invoices AS i WHERE i.state = 'open' AND i.customer_id = @c"),),
        (
            _write("INSERT INTO dbo.payments (invoice, amount, iban) VALUES (@i, 49.90, 'XX00')", "INSERT", 405576483),
            _write("UPDATE dbo.invoices SET state = 'paid' WHERE id = @i", "UPDATE", 373576369),
        ),
        share=4,
    ),
    Client(
        "dunning-worker",
        "svc_dunning",
        _WORKERS,
        "billing",
        (_read("SELECT i.id FROM dbo.invoices AS i WHERE i.due < @day AND i.state = 'open'"),),
        (_write("UPDATE dbo.invoices SET reminders = reminders + 1 WHERE id = @i", "UPDATE", 373576369),),
    ),
)
_REPORTING = (
    Client(
        "Power BI Desktop",
        "bi_reader",
        ("PBI-GW1",),
        "warehouse",
        (
            _read(
                "SELECT d.month, SUM(f.total) FROM dbo.fact_sales AS f JOIN dbo.dim_day AS d ON d.id = f.day_id "
                "WHERE d.year = 2026 GROUP BY d.month OPTION (HASH JOIN)"
            ),
        ),
        (),
        share=2,
    ),
    Client(
        "SSIS-load-sales",
        "svc_etl",
        ("ETL-01",),
        "warehouse",
        (_read("SELECT MAX(f.loaded) FROM dbo.fact_sales AS f WITH (NOLOCK)"),),
        (_write("INSERT INTO dbo.fact_sales WITH (TABLOCK) SELECT s.* FROM stage.sales AS s", "INSERT", 437576597),),
    ),
)
CLIENTS: Mapping[str, tuple[Client, ...]] = {
    "orders": _ORDERS,
    "customers": _CUSTOMERS,
    "billing": _BILLING,
    "reporting": _REPORTING,
}
TABLES: Mapping[str, str] = {
    "orders": "dbo.order_items",
    "customers": "dbo.customers",
    "billing": "dbo.invoices",
    "reporting": "dbo.fact_sales",
}


@dataclass(frozen=True, slots=True)
class Shop:
    """The clients of one server, how many connections they keep, and its databases by their ids.

    ``table`` is the largest, about which the long work is.
    """

    clients: tuple[Client, ...]
    table: str
    pool: int
    databases: Mapping[int, str]
    shares: tuple[Client, ...]  # each client as often as its share

    def id_of(self, database: str) -> int:
        return next(number for number, name in self.databases.items() if name == database)

    def client(self, source: int, n: int) -> Client:
        """The ``n``-th session's: each client has as many as its share."""
        return self.shares[int(uniform(source, n) * len(self.shares))]


@lru_cache(SAME_MACHINES)
def shop(machine: Machine) -> Shop:
    """A copy of an application has the clients of the first. What follows a source is only read."""
    app = machine.app.rstrip(NUMBERED)
    found = CLIENTS[app]
    clients = tuple(replace(client, writes=()) for client in found) if machine.source else found
    names: Sequence[str] = sorted({client.database for client in found})
    system = {1: "master", 2: "tempdb", 3: "model", 4: "msdb"}
    own = dict(enumerate([*names, "rdsadmin"], USER_DATABASES_FROM))
    shares = tuple(client for client in clients for _ in range(client.share))
    return Shop(clients, TABLES[app], machine.sessions, {**system, **own}, shares)
