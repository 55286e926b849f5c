"""The statement about sessions, and what is made of its rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from collectors.database.question import tag
from collectors.safe import NO_TEXT
from collectors.sqlserver.asking import text_of
from collectors.sqlserver.session_rows import Counted, Here, Named, SessionRow, one_each, session
from collectors.sqlserver.undertakings import undertaking

THEIRS = datetime(2026, 3, 11, 9, 55)
OURS = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
HERE = Here({5: "orders"}, THEIRS, OURS)
MINUTE = timedelta(minutes=1)


def row(number: int = 60, **more: Any) -> SessionRow:
    usual: dict[str, Any] = dict.fromkeys(SessionRow.model_fields)
    usual |= {"session_id": number, "request_id": 0, "login_time": THEIRS - 60 * MINUTE, "session_status": "running"}
    usual |= {"request_status": "running", "command": "SELECT", "database_id": 5, "listed": 1}
    return SessionRow.model_validate(usual | more)


def idle(**more: Any) -> SessionRow:
    return row(request_id=None, request_status=None, command=None, session_status="sleeping", **more)


def test_the_statement_gives_what_its_rows_are_read_by() -> None:
    text = text_of("sessions")
    assert text.startswith(tag("sessions"))
    statements = sqlglot.parse(text, read="tsql")
    assert [set(each.named_selects) for each in statements if each] == [  # type: ignore[attr-defined]
        set(SessionRow.model_fields),
        set(Counted.model_fields),
        set(Named.model_fields),
    ]


def test_what_is_taken_from_a_part_of_it_is_in_that_part() -> None:
    """Of each table in brackets: the columns that are asked of it are those that it gives."""
    (whole, *_) = sqlglot.parse(text_of("sessions"), read="tsql")
    assert whole is not None
    parts = {each.alias: set(each.this.named_selects) for each in whole.find_all(sqlglot.exp.Subquery)}
    assert set(parts) == {"one", "hld", "trx", "dtx", "spc", "tsk"}
    for column in whole.find_all(sqlglot.exp.Column):
        assert column.table, f"{column.name} says not whose it is"
        assert column.table not in parts or column.name in parts[column.table], f"{column.table}.{column.name}"


def test_an_idle_session_with_a_transaction_tells_both_ages_by_the_servers_own_clock() -> None:
    found = session(
        idle(last_request_end=THEIRS - 4 * MINUTE, transaction_begin=THEIRS - 6 * MINUTE, open_transactions=1), HERE
    )
    assert (found.elapsed_ms, found.idle_ms, found.status) == (None, 240_000.0, "sleeping")
    assert found.transaction_began == OURS - 6 * MINUTE


def test_who_never_asked_anything_is_idle_since_it_came() -> None:
    assert session(idle(last_request_end=datetime(1900, 1, 1)), HERE).idle_ms == 3_600_000.0


@pytest.mark.parametrize(
    ("blocking", "by", "held"),
    [
        (61, 61, ""),
        (60, 0, ""),
        (None, 0, ""),
        (0, 0, ""),
        (-2, -2, "orphaned"),
        (-5, 0, "not tracked"),
        (-9, -9, "no session"),
    ],
)
def test_who_blocks_is_a_session_or_said_in_words(blocking: int | None, by: int, held: str) -> None:
    found = session(row(blocking_session_id=blocking), HERE)
    assert found.blocked_by == by
    assert held in found.held
    assert bool(found.held) == bool(held)


def test_literals_are_gone_before_there_is_a_fact() -> None:
    found = session(row(statement="UPDATE c SET iban = 'DE02 1203' WHERE id = 81544 AND name = N'O''Neil"), HERE)
    assert not any(secret in found.statement for secret in ("DE02", "81544", "Neil"))
    assert found.statement.startswith("UPDATE c SET iban = ?")


def test_of_several_requests_of_one_session_the_blocked_one_is_told() -> None:
    quick, long, blocked = (
        row(request_id=0, total_elapsed_time=5),
        row(request_id=1, total_elapsed_time=90_000),
        row(request_id=2, total_elapsed_time=10, blocking_session_id=61),
    )
    assert one_each([quick, long]) == [long]
    assert one_each([quick, long, blocked, row(61)]) == [blocked, row(61)]


@pytest.mark.parametrize(
    ("command", "text", "kind"),
    [
        ("BACKUP DATABASE", "", "backup"),
        ("RESTORE LOG", "", "restore"),
        ("DBCC", "ALTER INDEX ix ON t REORGANIZE", "index"),
        ("DBCC TABLE CHECK", "DBCC CHECKDB", "check"),
        ("ALTER INDEX", "", "index"),
        ("CREATE TABLE", "", "DDL"),
        ("KILLED/ROLLBACK", "", "rollback"),
        ("SELECT", "", ""),
        ("", "ALTER INDEX ix ON t REBUILD", ""),
    ],
)
def test_work_that_lasts_has_a_name(command: str, text: str, kind: str) -> None:
    assert undertaking(command, text) == kind


def test_how_far_it_is_is_told_by_what_tells_it() -> None:
    backup = session(row(command="BACKUP DATABASE", percent_complete=40.0, estimated_completion_time=90_000), HERE)
    assert (backup.percent, backup.remaining_ms, backup.task) == (40.0, 90_000.0, "backup")
    begun = session(row(command="BACKUP DATABASE", percent_complete=0.0), HERE)
    assert (begun.percent, begun.remaining_ms) == (0.0, None)
    rebuilt = session(row(command="ALTER INDEX", percent_complete=0.0), HERE)
    assert (rebuilt.percent, rebuilt.task) == (None, "index")
    assert session(row(), HERE).task == NO_TEXT


@given(st.text(max_size=30), st.integers(-40_000, 40_000), st.integers(-(2**31), 2**62))
def test_odd_rows_are_told_as_far_as_they_go(text: str, number: int, large: int) -> None:
    odd = row(wait_type=text, wait_resource=text, statement=text, program_name=text, blocking_session_id=number)
    assert session(odd.model_copy(update={"tempdb_pages": number, "log_bytes": large, "dop": number}), HERE).degree >= 1
