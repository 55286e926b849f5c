"""What an error means for what was sent: a number of the server's is its answer, and everything else is not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import CannotCollect
from collectors.sqlserver.wire.errors import About
from console.actions.flushes.plan_answers import DENIED, answered
from console.actions.life import State

ABOUT = About("db:1433", seconds=60)


def of(state: str, text: str) -> BaseException:
    return RuntimeError(state, text)


@pytest.mark.parametrize("number", sorted(DENIED))
def test_a_missing_grant_is_rejected_and_named(number: int) -> None:
    told = answered(of("42000", f"[42000] [Driver][SQL Server]You may not. ({number}) (SQLExecDirectW)"), ABOUT)
    assert (told.state, told.is_denied) == (State.REJECTED, False)
    assert f"({number})" in told.said
    assert "Grant ALTER SERVER STATE" in told.said


def test_another_refusal_is_rejected_in_the_words_of_the_server_without_its_literals() -> None:
    told = answered(of("42000", "[42000] [SQL Server]No plan 'secret' here. (2549) (SQLExecDirectW)"), ABOUT)
    assert told.state is State.REJECTED
    assert "No plan '…' here." in told.said
    assert "secret" not in told.said


@pytest.mark.parametrize(
    "error",
    [
        of("08S01", "[08S01] [Driver]Communication link failure (0) (SQLExecDirectW)"),
        of("08S01", "[08S01] [FreeTDS][SQL Server]Read from the server failed (20004) (SQLExecDirectW)"),
        of("HYT00", "[HYT00] [Driver]Query timeout expired (0) (SQLExecDirectW)"),
        of("HY008", "[HY008] [Driver]Operation canceled (0) (SQLExecDirectW)"),
        CannotCollect("The answer is larger than any that was foreseen."),
        MemoryError(),
        RuntimeError(),
    ],
)
def test_what_is_no_answer_of_the_server_is_unknown(error: BaseException) -> None:
    assert answered(error, ABOUT).state is State.UNKNOWN


@given(st.text(), st.text())
def test_nothing_that_comes_is_taken_for_done(state: str, text: str) -> None:
    assert answered(of(state, text), ABOUT).state in (State.UNKNOWN, State.REJECTED)
