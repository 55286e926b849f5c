"""A TDS server of a test's own, in a thread of its own, and the ODBC drivers there are to talk to it."""

from __future__ import annotations

import asyncio
import os
import platform
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import pyodbc

from collectors.database.rows import Rows
from console.demo.tds.answering import Answerer, Asked, Login
from console.demo.tds.faults import Faults
from console.demo.tds.serve import listener
from console.demo.tds.session import House

FREETDS, MICROSOFT = "FreeTDS", "Microsoft"
DRIVERS = (FREETDS, MICROSOFT)
USER, PASSWORD = "dbconsole_ro", "not a secret, {really"

NOTHING_MORE: Mapping[str, str] = {}

Answer = Callable[[Asked], Sequence[Rows]]


@dataclass(frozen=True, slots=True)
class Driver:
    """``named`` is what stands after `Driver=`; ``strict``: whether it knows TDS 8."""

    name: str
    named: str
    strict: bool


def driver(name: str) -> Driver:
    """Skips the running test where there is no such driver; fails it in CI."""
    found = _freetds() if name == FREETDS else _microsoft()
    try:
        import pyodbc  # noqa: F401, PLC0415 - it needs unixODBC
    except ImportError:
        found = None
    if found is None:
        reason = f"the ODBC driver of {name}, or unixODBC, is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def drivers() -> list[tuple[str, str]]:
    """Name, and what stands after `Driver=`, of those that are present; in CI all are."""
    found = [driver(name) if os.environ.get("CI") == "true" else each for name, each in _all().items()]
    return [(each.name, each.named) for each in found if each is not None]


def _all() -> dict[str, Driver | None]:
    return {FREETDS: _freetds(), MICROSOFT: _microsoft()}


def _freetds() -> Driver | None:
    libraries = sorted(Path("/usr/lib").glob("*/odbc/libtdsodbc.so"))
    return Driver(FREETDS, str(libraries[0]), strict=False) if libraries else None


def _microsoft() -> Driver | None:
    """The one that its package brings for this machine."""
    spec = find_spec("mssql_python_odbc")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "libs" / "linux" / "debian_ubuntu" / platform.machine() / "lib"
    libraries = sorted(folder.glob("libmsodbcsql-18*.so*"))
    return Driver(MICROSOFT, str(libraries[0]), strict=True) if libraries else None


def state(error: BaseException) -> object:
    """SQLSTATE."""
    return error.args[0]


def numbers(error: BaseException) -> set[int]:
    """The native numbers in a driver's message; it puts more in parentheses than those."""
    return {int(number) for number in re.findall(r"\((\d+)\)", str(error.args[-1]))}


class Script(Answerer):
    """Answers by a function that may be changed; remembers what was asked. A function may block only its own server."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.answer_by: Answer = answer or (lambda asked: [Rows(("one",), ((1,),))])
        self.asked: list[Asked] = []

    async def answer(self, asked: Asked) -> Sequence[Rows]:
        self.asked.append(asked)
        return self.answer_by(asked)

    def admits(self, login: Login, password: str) -> bool:
        return (login.user, password) == (USER, PASSWORD)


class Waits(Script):
    """Never comes to an answer. ``began`` is set when it is asked, ``ended`` when it is told to give up."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.ended = threading.Event(), threading.Event()

    async def answer(self, asked: Asked) -> Sequence[Rows]:
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()
        return ()


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs. ``stop`` ends it at once, whatever is under way."""

    port: int
    faults: Faults
    stop: Callable[[], None]


@contextmanager
def serving(answerer: Answerer, house: House | None = None) -> Iterator[Serving]:
    """A server on a free port of loopback; ``house`` says more about it than who answers."""
    given = replace(house, answerer=answerer) if house else House(answerer)
    ports: list[int] = []
    wrong: list[object] = []
    up, enough = threading.Event(), asyncio.Event()

    async def run() -> None:
        loop.set_exception_handler(lambda _, what: wrong.append(what.get("exception", what["message"])))
        async with listener(given) as port:
            ports.append(port)
            up.set()
            await enough.wait()
            await _turns()  # a connection that was taken just now has a session then, which is ended
        await _turns()  # what was closed is gone then

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), name="tds")
    thread.start()

    def stop() -> None:
        if thread.is_alive():
            loop.call_soon_threadsafe(enough.set)
            thread.join()

    try:
        assert up.wait(10)
        yield Serving(ports[0], given.faults, stop)
    finally:
        stop()
        loop.close()
    assert not wrong, "The server met what it should have been ready for."


async def _turns() -> None:
    """Those of the loop that what has begun needs."""
    for _ in range(5):
        await asyncio.sleep(0)


@contextmanager
def connected(
    driver: Driver, server: Serving, told: Mapping[str, str] = NOTHING_MORE, *, autocommit: bool = True
) -> Iterator[pyodbc.Connection]:
    """Through pyodbc; ``told``: words of the connection string beside the usual ones, or instead of them."""
    import pyodbc  # noqa: PLC0415 - it needs unixODBC

    connection = pyodbc.connect(connection_string(driver, server.port, **told), timeout=5, autocommit=autocommit)
    try:
        yield connection
    finally:
        connection.close()


def fetched(connection: pyodbc.Connection, statement: str, *arguments: object) -> list[tuple[object, ...]]:
    """The rows of the first result set."""
    with closing(connection.cursor()) as cursor:
        return [tuple(row) for row in cursor.execute(statement, *arguments).fetchall()]


def connection_string(driver: Driver, port: int, **more: str) -> str:
    """Without encryption, if nothing else is said. FreeTDS takes the last brace for a letter: no password there."""
    words = {"Driver": f"{{{driver.named}}}", "UID": USER, "PWD": _braced(PASSWORD), "Database": "master"}
    if driver.name == FREETDS:
        words |= {"Server": "127.0.0.1", "Port": str(port), "Encryption": "off", "TDS_Version": "7.4"}
    else:
        words |= {"Server": f"127.0.0.1,{port}", "Encrypt": "no"}
    return ";".join(f"{name}={value}" for name, value in {**words, **more}.items())


def _braced(text: str) -> str:
    return "{" + text.replace("}", "}}") + "}"
