"""A second pair of eyes: what does a viewer beside the console see, and what does it do when there is none to view?"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.guard.test_leaving import given_back
from tests.rig.dbconsole import environment, run
from tests.rig.terminal import wait_until
from tests.whole.running import ROWS, SHOWN, console, demo, listening, one_line, rows, said_at_the_end, view_socket


def test_neither_a_viewer_that_leaves_nor_one_that_is_killed_is_missed(folder: Path) -> None:
    with demo(folder, "--speed", "30") as own:
        pids = {process.pid for process in own.processes()}
        for signal_sent in (None, signal.SIGKILL):
            with console(folder, "view", str(listening(folder))) as viewer:
                viewer.wait_for(SHOWN)
                if signal_sent is None:
                    viewer.press("q")
                else:
                    viewer.kill("screen", signal_sent)
                assert viewer.status() == (0 if signal_sent is None else 128 + signal_sent)
                given_back(viewer)
            own.wait_for_change()
        assert {process.pid for process in own.processes()} == pids


def test_a_viewer_shows_the_same_rows_keeps_them_when_the_engine_goes_and_finds_the_next_one(folder: Path) -> None:
    with demo(folder) as own, console(folder, "view", str(listening(folder))) as viewer:
        viewer.wait_for("READ-ONLY")
        seen = rows(own.text())
        assert len(seen) == ROWS
        wait_until(lambda: rows(viewer.text()) == seen, "the same rows")
        assert "READ-ONLY" not in own.text()
        own.press("q")
        assert own.status() == 0
        own.wait_until_alone()
        assert rows(viewer.wait_for("ENGINE LOST")) == seen
        with demo(folder):
            viewer.wait_for(" resilient-database  DEMO READ-ONLY    ")
        viewer.wait_for("ENGINE LOST")
        viewer.press("q")
        assert viewer.status() == 0
        given_back(viewer)


def test_the_only_console_need_not_be_named_and_of_two_one_has_to_be(folder: Path) -> None:
    with demo(folder):
        for named in ((), (str(listening(folder).parent),)):
            with console(folder, "view", *named) as viewer:
                viewer.wait_for("READ-ONLY")
                viewer.wait_for(SHOWN)
        with demo(folder):
            sockets = [str(listening(folder)), str(listening(folder, "resilient-database-2"))]
            with console(folder, "view") as viewer:
                assert viewer.status() == 3
                one_line(said_at_the_end(viewer), "More than one console runs here.", *sockets, "dbconsole view SOCKET")
                assert b"\x1b" not in viewer.output
            done = run("view", "--once", env=environment(folder))
            assert (done.returncode, done.stdout) == (3, "")
            one_line(done.stderr, "More than one console runs here.", *sockets)
            with console(folder, "view", sockets[1]) as viewer:
                viewer.wait_for(SHOWN)


@pytest.mark.parametrize("once", [(), ("--once",)])
def test_where_none_runs_a_line_says_how_to_start_one(folder: Path, once: tuple[str, ...]) -> None:
    with console(folder, "view", *once) as viewer:
        assert viewer.status() == 3
        one_line(said_at_the_end(viewer), "No console runs under this user.", "dbconsole demo")
        assert b"\x1b" not in viewer.output


def test_a_socket_that_is_not_there_is_named_on_a_terminal_that_was_given_back(folder: Path) -> None:
    missing = folder / "x.sock"
    with console(folder, "view", str(missing)) as viewer:
        assert viewer.status() == 3
        given_back(viewer)
        one_line(said_at_the_end(viewer), f"There is no console at {missing}.", "Start `dbconsole demo`")


def test_what_a_dead_console_left_behind_is_not_taken_for_one(folder: Path) -> None:
    with demo(folder) as terminal:
        listening(folder)
        for pid in [terminal.pid(role) for role in ("guard", "engine", "screen")]:  # without a guard a screen leaves
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        terminal.wait_until_alone()
        assert view_socket(folder).is_socket(), "killed, it could not clean up"
        one_line(run("view", "--once", env=environment(folder)).stderr, "No console runs under this user.")
        named = run("view", "--once", str(view_socket(folder)), env=environment(folder))
        assert named.returncode == 3
        one_line(named.stderr, "is gone", "nobody listens")
    with demo(folder):
        assert run("view", "--once", env=environment(folder)).returncode == 0
