"""A client that waits no longer, and a server that is gone: what is left of the connection?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing

import pytest

from collectors.database.rows import Rows
from console.demo.tds.faults import Huge, Slow
from tests.rig.tds import DRIVERS, Script, Waits, connected, driver, fetched, serving, state

each_driver = pytest.mark.parametrize("name", DRIVERS)
each_way = pytest.mark.parametrize("arguments", [(), (1,)], ids=["batch", "call"])


def in_thread(run: Callable[[], object]) -> tuple[threading.Thread, list[BaseException]]:
    """What it raises is kept. The thread is to be joined before its connection is closed: drivers fall over else."""
    import pyodbc  # noqa: PLC0415 - it needs unixODBC

    raised: list[BaseException] = []

    def caught() -> None:
        try:
            run()
        except pyodbc.Error as error:
            raised.append(error)

    thread = threading.Thread(target=caught)
    thread.start()
    return thread, raised


@each_driver
@each_way
def test_a_query_that_takes_too_long_is_given_up_and_the_connection_goes_on(
    name: str, arguments: tuple[int, ...]
) -> None:
    known = driver(name)
    with serving(Script()) as server, connected(known, server) as connection:
        connection.timeout = 1
        statement = "/* dbconsole:slow */ SELECT" + " ?" * len(arguments)
        with server.faults.during(Slow(60, only="slow")):
            for _ in range(2):
                with pytest.raises(Exception, match=r"(?i)timeout expired") as late:
                    fetched(connection, statement, *arguments)
                assert state(late.value) == "HYT00"
                assert fetched(connection, "SELECT 1") == [(1,)]


@each_driver
@each_way
def test_a_cancelled_query_ends_on_the_server_too(name: str, arguments: tuple[int, ...]) -> None:
    known, waits = driver(name), Waits()
    with serving(waits) as server, connected(known, server) as connection, connection.cursor() as cursor:
        for _ in range(3):
            waits.began.clear()
            waits.ended.clear()
            thread, raised = in_thread(lambda: cursor.execute("SELECT" + " ?" * len(arguments), *arguments))
            assert waits.began.wait(10)
            cursor.cancel()
            thread.join()
            assert waits.ended.wait(10)
            assert [state(error) for error in raised] == ["HY008"]
        connection.execute("SET NOCOUNT ON").close()


@each_driver
def test_a_result_that_is_not_read_to_its_end_stops(name: str) -> None:
    """Closing a cursor in the middle of a long result is attention too."""
    known = driver(name)
    with serving(Script()) as server, connected(known, server) as connection:
        for _ in range(3):
            with server.faults.during(Huge(50, only="huge")), closing(connection.cursor()) as cursor:
                assert len(cursor.execute("/* dbconsole:huge */ SELECT").fetchmany(3)) == 3
            assert fetched(connection, "SELECT 1") == [(1,)]


@each_driver
@each_way
def test_a_server_that_ends_in_the_middle_of_an_answer_is_an_error_at_once(
    name: str, arguments: tuple[int, ...]
) -> None:
    known, waits = driver(name), Waits()
    with serving(waits) as server, connected(known, server) as connection, connection.cursor() as cursor:
        thread, raised = in_thread(lambda: cursor.execute("SELECT" + " ?" * len(arguments), *arguments))
        assert waits.began.wait(10)
        server.stop()
        thread.join()
        assert waits.ended.is_set()
        assert len(raised) == 1


@each_driver
def test_connections_come_and_go(name: str) -> None:
    known, script = driver(name), Script(lambda asked: [Rows(("n",), ((len(asked.text),),))])
    with serving(script) as server:
        for _ in range(20):
            with connected(known, server) as connection:
                assert fetched(connection, "SELECT 1") == [(8,)]
