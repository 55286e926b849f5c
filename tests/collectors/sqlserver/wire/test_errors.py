"""What drivers really say, told in words that help: each over the wire, by both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import CannotCollect, Denied, Expired
from collectors.sqlserver.wire.errors import About, said, told
from console.demo.tds.answering import TdsError
from console.demo.tds.faults import DEADLOCK, LOCK_TIMEOUT, PERMISSION, DropMidRow, Fails, Slow
from tests.collectors.sqlserver.wire.asking import ONE, question, wired
from tests.rig import tds

SELECT_DENIED = "The SELECT permission was denied on the object 'backupset', database 'msdb', schema 'dbo'."


async def trouble(server: tds.Serving, driver: tds.Driver, *errors: TdsError) -> CannotCollect:
    asked = wired(server, driver)
    with server.faults.during(Fails(errors)), pytest.raises(CannotCollect) as raised:
        await asked.ask(question(grants=("VIEW SERVER STATE",)))
    assert (await asked.ask(ONE))[0].values == ((1,),), "and the next question is answered"
    return raised.value


async def test_a_missing_grant_is_named(server: tds.Serving, driver: tds.Driver) -> None:
    found = await trouble(server, driver, *PERMISSION)
    assert isinstance(found, Denied)
    assert found.grant == "VIEW SERVER STATE"
    performance = TdsError(300, "VIEW SERVER PERFORMANCE STATE permission was denied on object 'server', database 'm'.")
    found = await trouble(server, driver, performance)
    assert isinstance(found, Denied)
    assert found.grant == "VIEW SERVER PERFORMANCE STATE"
    found = await trouble(server, driver, TdsError(229, SELECT_DENIED))
    assert isinstance(found, Denied)
    assert found.grant == "SELECT ON backupset"


async def test_what_a_version_lacks_is_named_with_the_version(server: tds.Serving, driver: tds.Driver) -> None:
    found = await trouble(server, driver, TdsError(208, "Invalid object name 'sys.dm_db_log_info'."))
    assert found.what.startswith("SQL Server 16.0.4135 on 127.0.0.1:")
    assert found.what.endswith("has no view or table sys.dm_db_log_info.")
    found = await trouble(server, driver, TdsError(207, "Invalid column name 'page_resource'."))
    assert found.what.endswith("has no column page_resource.")


async def test_locks_and_deadlocks_are_told_apart(server: tds.Serving, driver: tds.Driver) -> None:
    assert "waited for a lock" in (await trouble(server, driver, *LOCK_TIMEOUT)).what
    assert "deadlock's victim" in (await trouble(server, driver, *DEADLOCK)).what


async def test_a_literal_is_not_repeated(server: tds.Serving, driver: tds.Driver) -> None:
    conversion = TdsError(245, "Conversion failed when converting the varchar value 'hunter2' to data type int.")
    found = await trouble(server, driver, conversion)
    assert "Conversion failed" in found.line()
    assert "hunter2" not in found.line()


async def test_text_of_the_server_cannot_act_on_a_terminal(server: tds.Serving, driver: tds.Driver) -> None:
    found = await trouble(server, driver, TdsError(208, "Invalid object name 'a\x1b[2Jb'."))
    assert "\x1b" not in found.line()


async def test_too_slow_is_not_cut_off(server: tds.Serving, driver: tds.Driver) -> None:
    asked = wired(server, driver)
    with server.faults.during(Slow(30)), pytest.raises(CannotCollect, match="did not answer within 1 s"):
        await asked.ask(ONE)
    with server.faults.during(DropMidRow()), pytest.raises(CannotCollect, match=r"The connection to .* broke"):
        await asked.ask(ONE)


ABOUT = About("db:1433", user="ro", database="master", is_login=True)
MICROSOFT = "[{state}] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]{text} ({number}) (SQLDriverConnect)"
FREETDS = "[{state}] [FreeTDS][SQL Server]{text} ({number}) (SQLDriverConnect)"


@pytest.mark.parametrize("shape", [MICROSOFT, FREETDS])
@pytest.mark.parametrize(
    ("number", "text", "words"),
    [
        (18456, "Login failed for user 'ro'.", "refuses the login of ro"),
        (18470, "Login failed for user 'ro'. Reason: The account is disabled.", "is disabled"),
        (18486, "Login failed for user 'ro' because the account is currently locked out.", "is locked out"),
        (18487, "Login failed for user 'ro'.  Reason: The password of the account has expired.", "has expired"),
        (18488, "Login failed for user 'ro'.  Reason: The password must be changed.", "must change its password"),
    ],
)
def test_what_only_a_person_can_mend_is_not_tried_again(shape: str, number: int, text: str, words: str) -> None:
    found = told(driver_error(shape, number, text), ABOUT)
    assert (type(found.trouble), found.refuses, found.number) == (Expired, True, number)
    assert words in found.trouble.what


@pytest.mark.parametrize("shape", [MICROSOFT, FREETDS])
@pytest.mark.parametrize(
    ("number", "text", "words"),
    [
        (4060, 'Cannot open database "shop" requested by the login.', "the database shop cannot be opened"),
        (18461, "Login failed for user 'ro'. Reason: Server is in single user mode.", "single-user mode"),
        (18401, "Login failed for user 'ro'. Reason: Server is in script upgrade mode.", "being upgraded"),
    ],
)
def test_what_passes_is_tried_again(shape: str, number: int, text: str, words: str) -> None:
    found = told(driver_error(shape, number, text), ABOUT)
    assert (type(found.trouble), found.refuses, found.number) == (CannotCollect, False, number)
    assert words in found.trouble.what


def driver_error(shape: str, number: int, text: str) -> RuntimeError:
    state = "28000" if shape is MICROSOFT else "42000"
    return RuntimeError(state, shape.format(state=state, text=text, number=number))


def test_a_database_that_cannot_be_opened_is_no_wrong_password() -> None:
    """The server says both."""
    first = MICROSOFT.format(state="42000", text='Cannot open database "shop"', number=4060)
    both = f"{first}; [28000] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Login failed for user 'ro'. (18456)"
    assert not told(RuntimeError("42000", both), ABOUT).refuses


def test_numbers_are_those_of_the_driver_and_not_of_the_text() -> None:
    text = MICROSOFT.format(state="42000", text="Took (18456) rows", number=50000)
    assert said(RuntimeError("42000", text)).numbers == (50000,)


@given(st.lists(st.text(), max_size=3))
def test_any_error_is_told(words: list[str]) -> None:
    line = told(RuntimeError(*words), ABOUT).trouble.line()
    assert line
    assert line.isprintable()
