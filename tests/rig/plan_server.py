"""A SQL Server with a plan cache, as far as flushes go: it reads each statement letter by letter, as a server does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collectors.database.rows import Rows
from console.demo.tds.answering import Answerer, Asked, Login, TdsError
from console.demo.tds.prologue import entered_by, tag_of
from tests.rig.tds import PASSWORD, USER

FLUSHER = "dbconsole_flush"
BORN = datetime(2026, 1, 5, 8, 0, 0, tzinfo=UTC)
ONE = "0x06000500" + "AB" * 40
OTHER = "0x06000500" + "CD" * 40
_ONE = re.compile(r"DBCC FREEPROCCACHE \((0x[0-9A-F]{2,128})\) WITH NO_INFOMSGS;")
_ALL = "DBCC FREEPROCCACHE WITH NO_INFOMSGS;"
_DATABASE = "ALTER DATABASE SCOPED CONFIGURATION CLEAR PROCEDURE_CACHE;"
_NO_DBCC = TdsError(2571, f"User '{FLUSHER}' does not have permission to run DBCC freeproccache.", severity=14)
_NO_ALTER = TdsError(15247, "User does not have permission to perform this action.")


def naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


@dataclass
class Cached:
    """One plan."""

    handle: str
    text: str
    database: str = "shop"
    created: datetime = BORN + timedelta(days=1)
    query_hash: bytes = b"\x0a" * 8

    @property
    def text_hash(self) -> bytes:
        return hashlib.sha256(self.text.encode("utf-16-le")).digest()


def usual() -> list[Cached]:
    return [
        Cached(ONE, "SELECT * FROM orders WHERE email = 'someone@example.com'"),
        Cached(OTHER, "SELECT 1 FROM carts", query_hash=b"\x0b" * 8),
        Cached("0x05000600" + "EF" * 40, "EXEC pay", "odd ]; name", query_hash=b"\x0c" * 8),
    ]


@dataclass
class PlanServer(Answerer):
    """``met``: called with the tag of what throws plans out, before and after; it may raise or cut the line."""

    plans: list[Cached] = field(default_factory=usual)
    databases: dict[str, tuple[int, str, str]] = field(
        default_factory=lambda: {
            "master": (1, "ONLINE", "READ_WRITE"),
            "shop": (5, "ONLINE", "READ_WRITE"),
            "odd ]; name": (6, "ONLINE", "READ_WRITE"),
            "copy": (7, "ONLINE", "READ_ONLY"),
            "rdsadmin": (8, "ONLINE", "READ_WRITE"),
        }
    )
    node: str = "EC2AMAZ-1A2B3C4"
    started: datetime = BORN
    may_server: bool = True
    may_database: bool = True
    lets: bool = True  # False: it says that one may, and then refuses
    knows_xml: bool = True
    running: int = 0  # flushes that are at work when they are first asked for
    stays: bool = False  # whoever sends USE is in master all the same
    asked: list[Asked] = field(default_factory=list)
    flushed: list[str] = field(default_factory=list)  # what was done, in words
    met: Callable[[str, str], None] = lambda tag, when: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def admits(self, login: Login, password: str) -> bool:
        return login.user in (USER, FLUSHER) and password == PASSWORD

    async def answer(self, asked: Asked) -> Sequence[Rows]:
        self.asked.append(asked)
        tag = tag_of(asked.text)
        if name := entered_by(asked.text):
            self.met(tag, "before")
            if name not in self.databases:
                raise TdsError(911, f"Database '{name}' does not exist. Make sure that the name is entered correctly.")
            return ()
        known = getattr(self, f"_{tag}", None)
        if known is not None:
            self.met(tag, "before")
            return list(known(asked))
        return self._run(asked, tag)

    def _run(self, asked: Asked, tag: str) -> Sequence[Rows]:
        """Whatever else is in the text is not what one sends here."""
        text = asked.text.partition("*/\n")[2].strip()
        self.met(tag, "before")
        one = _ONE.fullmatch(text)
        if one is None and text not in (_ALL, _DATABASE):
            raise TdsError(102, "Incorrect syntax near something.", severity=15)
        needs, refusal = (self.may_database, _NO_ALTER) if text == _DATABASE else (self.may_server, _NO_DBCC)
        if asked.login.user != FLUSHER or not (needs and self.lets):
            raise refusal
        if one is not None and all(plan.handle != one[1] for plan in self.plans):
            raise TdsError(2549, "There is no plan of that handle.")
        within = self._within(asked)
        self.plans = [plan for plan in self.plans if not self._goes(plan, text, one[1] if one else "", within)]
        self.flushed.append(one[1] if one else within if text == _DATABASE else "all")
        self.met(tag, "after")
        return ()

    def _within(self, asked: Asked) -> str:
        return "master" if self.stays else asked.login.database or "master"

    @staticmethod
    def _goes(plan: Cached, text: str, handle: str, within: str) -> bool:
        if handle:
            return plan.handle == handle
        return text == _ALL or plan.database == within

    def _flush_server(self, asked: Asked) -> Sequence[Rows]:
        is_flusher = asked.login.user == FLUSHER
        names = ("server_name", "machine", "node", "started", "up_s", "database_name", "may_server", "may_database")
        up = int((self.clock() - self.started).total_seconds())
        may = (int(is_flusher and self.may_server), int(is_flusher and self.may_database))
        row = (self.node, self.node, self.node, naive(self.started), up, self._within(asked), *may)
        return (Rows(names, (row,)),)

    def _flush_handle(self, asked: Asked) -> Sequence[Rows]:
        names = ("query_hash", "created", "executions", "text_hash", "statement")
        found = [plan for plan in self.plans if plan.handle == asked.arguments[0]]
        rows = [(p.query_hash, naive(p.created).isoformat(), 412, p.text_hash, p.text) for p in found]
        return (Rows(names, tuple(rows)),)

    def _flush_database(self, asked: Asked) -> Sequence[Rows]:
        names = ("database_name", "database_id", "state_desc", "updateability")
        wanted = str(asked.arguments[0]).casefold()  # as most servers' collation has it
        found = [(name, *told) for name, told in self.databases.items() if name.casefold() == wanted]
        return (Rows(names, tuple(found)),)

    def _flush_plans(self, asked: Asked) -> Sequence[Rows]:
        age, name, again = asked.arguments
        assert name == again
        until = self.clock() + timedelta(seconds=int(str(age)))
        old = [plan for plan in self.plans if plan.created < until and name in ("", plan.database)]
        counts, stores = (len(old), 64 * len(old)), (len(self.plans), 64 * len(self.plans))
        return Rows(("plans", "size_kb"), (counts,)), Rows(("entries", "size_kb"), (stores,))

    def _flush_running(self, asked: Asked) -> Sequence[Rows]:
        running, self.running = self.running, 0
        return (Rows(("running",), ((running,),)),)

    def _flush_saved(self, asked: Asked) -> Sequence[Rows]:
        if not self.knows_xml:
            raise TdsError(297, "The user does not have permission to perform this action.")
        handle, _, name, _ = asked.arguments
        names = (
            "query_hash", "query_plan_hash", "sql_handle", "plan_handle", "created", "last_run", "executions", "cpu_us",
            "elapsed_us", "reads", "writes", "row_count", "statement", "query_plan",
        )  # fmt: skip
        found = [p for p in self.plans if handle in ("", p.handle) and name in ("", p.database)]
        xml = '<ShowPlanXML><Stmt StatementText="SELECT secret FROM t WHERE a = 4711"/></ShowPlanXML>'
        rows = [
            (
                p.query_hash, b"p" * 8, b"s" * 20, bytes.fromhex(p.handle[2:]), naive(p.created).isoformat(),
                naive(p.created).isoformat(), 412, 10**6, 10**6, 5, 0, 7, p.text, xml,
            )
            for p in found
        ]  # fmt: skip
        return (Rows(names, tuple(rows)),)
