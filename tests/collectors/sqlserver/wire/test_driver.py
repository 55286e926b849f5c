"""Which driver is taken, and that it is told exactly what it should be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.sqlserver.wire import driver as drivers
from collectors.sqlserver.wire.driver import Driver, Family, choose, connection_string
from collectors.sqlserver.wire.target import Encryption, Target
from console.demo.tds.answering import Login
from tests.rig import tds

NEW, OLD, FREE = "ODBC Driver 18 for SQL Server", "ODBC Driver 17 for SQL Server", "FreeTDS"
ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("registered", "wanted", "found"),
    [
        ([FREE, OLD, NEW], "", Driver(NEW, Family.MICROSOFT)),
        (["SQLite3", OLD, FREE], "", Driver(OLD, Family.MICROSOFT)),
        ([FREE], "", Driver(FREE, Family.FREETDS)),
        ([FREE, NEW], FREE, Driver(FREE, Family.FREETDS)),
        ([], "/opt/libmsodbcsql-18.6.so.2.1", Driver("/opt/libmsodbcsql-18.6.so.2.1", Family.MICROSOFT)),
        ([], "/usr/lib/odbc/libtdsodbc.so", Driver("/usr/lib/odbc/libtdsodbc.so", Family.FREETDS)),
    ],
)
def test_the_best_driver_is_taken_or_the_one_that_is_named(registered: list[str], wanted: str, found: Driver) -> None:
    assert choose(registered, wanted) == found


@pytest.mark.parametrize(
    ("registered", "wanted", "words", "mend"),
    [
        (["SQLite3"], "", "no ODBC driver for SQL Server", "msodbcsql18"),
        ([FREE], NEW, "no ODBC driver named ODBC Driver 18", "there are: FreeTDS"),
        ([], "/lib/libsqlite3odbc.so", "is no driver that is known here", "FreeTDS"),
    ],
)
def test_without_one_it_says_what_to_install(registered: list[str], wanted: str, words: str, mend: str) -> None:
    with pytest.raises(CannotCollect, match=words) as raised:
        choose(registered, wanted)
    assert mend in raised.value.mend


PROGRAM = """
import asyncio, sys, time
sys.modules["pyodbc"] = None
from collectors.errors import CannotCollect
from collectors.sqlserver.asking import Question
from collectors.database.secret import InEnvironment
from collectors.sqlserver.wire.target import Target
from collectors.sqlserver.wire.wired import Wired
from collectors.threads import Threads

async def ask():
    asked = Wired(Target("127.0.0.1"), InEnvironment("u", "P", {"P": "p"}), Threads(), time.monotonic)
    try:
        await asked.ask(Question("one", "SELECT 1"))
    except CannotCollect as trouble:
        print(trouble.line())

asyncio.run(ask())
"""


def test_without_the_driver_manager_there_is_one_line_that_says_what_to_install() -> None:
    done = subprocess.run([sys.executable, "-P", "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=ROOT,
                          env={"PYTHONPATH": str(ROOT)}, timeout=60)  # fmt: skip
    (line,) = done.stdout.splitlines()
    assert line.startswith("SQL Server cannot be asked: pyodbc finds no ODBC driver manager.")
    assert "Install unixODBC" in line


def test_nothing_loads_pyodbc_before_a_server_is_asked() -> None:
    program = "import sys, console.profiles, collectors.sqlserver.wire.servers; assert 'pyodbc' not in sys.modules"
    subprocess.run(
        [sys.executable, "-P", "-c", program], check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, timeout=60
    )


def test_the_microsoft_driver_is_told_to_verify() -> None:
    text = connection_string(Driver(NEW, Family.MICROSOFT), Target("db", 1433), Credentials("u", "p"))
    assert "Server={tcp:db,1433};Encrypt={yes};TrustServerCertificate={no};" in text
    assert "MultiSubnetFailover={Yes};" in text
    trusting = connection_string(
        Driver(NEW, Family.MICROSOFT), Target("db", encryption=Encryption.TRUST), Credentials("u", "p")
    )
    assert "Encrypt={yes};TrustServerCertificate={yes};" in trusting


def test_freetds_is_told_to_encrypt_and_which_version_to_speak() -> None:
    text = connection_string(Driver(FREE, Family.FREETDS), Target("db", 1433), Credentials("u", "p"))
    assert "Server=db;Port=1433;TDS_Version=7.4;Encryption=require;" in text


def test_credentials_show_no_password() -> None:
    assert "hunter2" not in repr(Credentials("u", "hunter2")) + str(Credentials("u", "hunter2"))


PASSWORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from("{};=' \"[]()\\,?*!@"),
    min_size=1,
    max_size=30,
)


@given(said=PASSWORDS)
@example(said="a;b}c")
@example(said="};UID=sa")
@example(said="{x")
@example(said=" x ")
@example(said="x}")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_password_of_any_characters_reaches_the_server_as_it_is(
    server: tds.Serving, script: tds.Script, driver: tds.Driver, said: str
) -> None:
    came: list[tuple[str, str]] = []

    def admits(login: Login, password: str) -> bool:
        came.append((login.user, password))
        return True

    script.admits = admits  # type: ignore[method-assign]  # for each example anew, which a fixture is not
    family = Family.FREETDS if driver.name == tds.FREETDS else Family.MICROSOFT
    target = Target("127.0.0.1", server.port, Encryption.OFF)
    try:
        text = connection_string(Driver(driver.named, family), target, Credentials("who", said))
    except CannotCollect:
        assert family is Family.FREETDS
        assert "}" in said
        return
    drivers.manager().connect(text, autocommit=True, timeout=5).close()
    assert came == [("who", said)]


def test_a_nul_is_refused_and_not_cut_at() -> None:
    for driver in (Driver(NEW, Family.MICROSOFT), Driver(FREE, Family.FREETDS)):
        with pytest.raises(CannotCollect, match="PWD has a NUL") as raised:
            connection_string(driver, Target("db"), Credentials("u", "hunter\0002"))
        assert "hunter" not in raised.value.line()
