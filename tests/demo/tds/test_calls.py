"""Prepared statements: which text does a handle stand for, and for how long?"""

from __future__ import annotations

import pytest

from console.demo.tds.answering import TdsError
from console.demo.tds.arguments import Argument
from console.demo.tds.calls import Call, Prepared, Procedure, Run


def call(procedure: str, *values: object) -> Call:
    return Call(procedure, tuple(Argument(f"@{number}", value) for number, value in enumerate(values)))


def test_a_handle_stands_for_its_statement_until_it_is_given_back() -> None:
    prepared = Prepared()
    first = prepared.run_of(call(Procedure.PREPARE, None, "@P1 int", "SELECT @P1"))
    second = prepared.run_of(call(Procedure.PREPEXEC, None, "@P1 int", "DELETE @P1", 5))
    assert (first.text, second.text, second.values, second.returns) == (None, "DELETE @P1", (5,), "@0")
    assert prepared.run_of(call(Procedure.EXECUTE, first.handle, 7)) == Run("SELECT @P1", (7,))
    assert prepared.run_of(call(Procedure.EXECUTE, second.handle)) == Run("DELETE @P1")
    assert prepared.run_of(call(Procedure.UNPREPARE, first.handle)) == Run()
    with pytest.raises(TdsError, match="8179"):
        prepared.run_of(call(Procedure.EXECUTE, first.handle, 7))
    assert prepared.run_of(call(Procedure.EXECUTE, second.handle)) == Run("DELETE @P1")


def test_a_statement_prepared_instead_of_another_ends_it() -> None:
    prepared = Prepared()
    first = prepared.run_of(call(Procedure.PREPARE, None, "", "SELECT 1")).handle
    second = prepared.run_of(call(Procedure.PREPEXEC, first, "", "SELECT 2")).handle
    assert second != first
    with pytest.raises(TdsError, match="8179"):
        prepared.run_of(call(Procedure.EXECUTE, first))


def test_executesql_needs_no_declaration() -> None:
    prepared = Prepared()
    assert prepared.run_of(call(Procedure.EXECUTESQL, "SELECT 1")) == Run("SELECT 1")
    assert prepared.run_of(call(Procedure.EXECUTESQL, "SELECT @a", "@a int", 3)) == Run("SELECT @a", (3,))


@pytest.mark.parametrize("procedure", [*Procedure])
def test_a_call_without_arguments_is_refused(procedure: Procedure) -> None:
    with pytest.raises(TdsError, match=r"201|2812"):
        Prepared().run_of(call(procedure))
