"""What does a demo's server say of its plans to whoever would throw them out?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import timedelta

from collectors.database.rows import Rows
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.queries import Planned, counted, planned, server_time, showplan, told
from console.demo.sqlserver.said import rows
from console.demo.sqlserver.shop import USER_DATABASES_FROM
from console.demo.sqlserver.stored import RDS, stored
from console.demo.sqlserver.thrown_out import database_of

VARIANTS = 40  # plans of each statement: programs write their literals into it
PLAN_KB = 64
MOST_SAVED = 20
FOLLOWS = ("replica", "reader")
HERE = (
    "server_name", "machine", "node", "started", "up_s", "database_name", "may_server", "may_database",
)  # fmt: skip
HANDLE = ("query_hash", "created", "executions", "text_hash", "statement")
DATABASE = ("database_name", "database_id", "state_desc", "updateability")
SAVED = (
    "query_hash", "query_plan_hash", "sql_handle", "plan_handle", "created", "last_run", "executions", "cpu_us",
    "elapsed_us", "reads", "writes", "row_count", "statement", "query_plan",
)  # fmt: skip


def here(moment: Moment, database: str = "master", *, may: bool = False) -> Rows:
    """``may``: whether whoever asks may throw plans out."""
    name, offset = moment.node.name, moment.node.clock_offset_s
    started, up = told(moment.node.started + offset), int(moment.t - moment.node.started)
    return Rows(HERE, ((name, name, name, started, up, database, int(may), int(may)),))


def of_handle(moment: Moment, handle: str) -> Planned | None:
    return next((each for each in planned(moment) if _named(each) == handle), None)


def of_database(moment: Moment, name: str) -> list[Planned]:
    """Of all where none is named."""
    return [each for each in planned(moment) if name in ("", database_of(moment, each.kind))]


def databases(moment: Moment) -> dict[str, int]:
    found = {name: number for number, name in stored(moment.model.machines[moment.about]).databases.items()}
    return {**found, RDS: max(*found.values(), USER_DATABASES_FROM) + 1}


def _named(each: Planned) -> str:
    return f"0x{each.handle.hex().upper()}"


def _created(moment: Moment, each: Planned) -> str:
    return told(each.created + moment.node.clock_offset_s).isoformat(timespec="milliseconds")


def _here(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    return (here(moment),)


def _handle(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    each = of_handle(moment, str(arguments[0]))
    if each is None:
        return (Rows(HANDLE),)
    text = hashlib.sha256(each.kind.text.encode("utf-16-le")).digest()
    return (Rows(HANDLE, ((each.kind.hash, _created(moment, each), counted(each.run)[0], text, each.kind.text),)),)


def _database(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    name = str(arguments[0])
    takes = "READ_ONLY" if moment.machine.role in FOLLOWS else "READ_WRITE"
    number = databases(moment).get(name)
    return (Rows(DATABASE, () if number is None else ((name, number, "ONLINE", takes),)),)


def _plans(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    until = server_time(moment) + timedelta(seconds=int(str(arguments[0])))
    offset = moment.node.clock_offset_s
    old = [each for each in of_database(moment, str(arguments[1])) if told(each.created + offset) < until]
    all_ = VARIANTS * len(of_database(moment, ""))
    plans = {"plans": VARIANTS * len(old), "size_kb": VARIANTS * PLAN_KB * len(old)}
    return rows([plans]), rows([{"entries": all_, "size_kb": PLAN_KB * all_}])


def _saved(moment: Moment, arguments: Arguments) -> tuple[Rows, ...]:
    handle, name = str(arguments[0]), str(arguments[2])
    wanted = (each for each in of_database(moment, name) if handle in ("", _named(each)))
    costly = sorted(wanted, key=lambda each: -counted(each.run)[1])[:MOST_SAVED]
    return (Rows(SAVED, tuple(_rows_of(moment, costly))),)


def _running(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    """They are over as soon as they have begun."""
    return (rows([{"running": 0}]),)


def _rows_of(moment: Moment, found: list[Planned]) -> Iterator[tuple[object, ...]]:
    for each in found:
        calls, cpu, elapsed, reads, writes, count, *_ = counted(each.run)
        kind, created, ran = each.kind, _created(moment, each), server_time(moment).isoformat(timespec="milliseconds")
        sql = b"\x02\x00\x00\x00" + kind.hash
        counts = (calls, cpu, elapsed, reads, writes, count)
        yield kind.hash, kind.plan, sql, each.handle, created, ran, *counts, kind.text, showplan(kind)


ANSWERS: Mapping[str, Answer] = {
    "flush_server": _here,
    "flush_handle": _handle,
    "flush_database": _database,
    "flush_plans": _plans,
    "flush_saved": _saved,
    "flush_running": _running,
}
