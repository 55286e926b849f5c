"""Inside tmux: is it drawn there, does it come back at another size, and does it go with its session?"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rig.dbconsole import COMMAND, ROOT, environment
from tests.rig.needs import need
from tests.rig.terminal import Terminal, wait_until
from tests.whole.running import ROWS, rows

ROLES = {"dbc-guard", "dbc-engine", "dbc-screen"}


class Tmux:
    """A tmux server of the test's own, with one session."""

    def __init__(self, folder: Path) -> None:
        need("tmux")
        self._command = ["tmux", "-L", "test", "-f", "/dev/null"]
        self.env = environment(folder, TMUX_TMPDIR=str(folder))

    def tell(self, *words: str) -> str:
        done = subprocess.run(
            [*self._command, *words], env=self.env, text=True, capture_output=True, timeout=10, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def client(self, *words: str, size: tuple[int, int]) -> Iterator[Terminal]:
        """A terminal on which tmux shows the session."""
        with Terminal([*self._command, *words], env=self.env, cwd=ROOT, size=size) as terminal:
            yield terminal

    @contextmanager
    def demo(self) -> Iterator[Terminal]:
        with self.client("new-session", *COMMAND, "demo", size=(120, 40)) as terminal:
            shows_all_rows(terminal)
            yield terminal


def shows_all_rows(terminal: Terminal) -> None:
    wait_until(lambda: len(rows(terminal.text())) == ROWS, lambda: f"the rows in\n{terminal.text()}")


def names(terminal: Terminal) -> set[str]:
    return {process.name for process in terminal.processes()}


def test_it_is_drawn_and_drawn_anew_and_q_ends_it(folder: Path) -> None:
    tmux = Tmux(folder)
    with tmux.demo() as terminal:
        assert names(terminal) >= ROLES
        before = rows(terminal.text())
        pane = os.open(tmux.tell("display-message", "-p", "#{pane_tty}"), os.O_WRONLY | os.O_NOCTTY)
        os.write(pane, b"\x1b[2J\x1b[Hwall: the system is going down")
        os.close(pane)
        terminal.wait_for("wall: the system")
        terminal.press("ctrl+l")
        wait_until(lambda: rows(terminal.text()) == before, lambda: f"the rows in\n{terminal.text()}")
        terminal.wait_for(re.compile(r"\A resilient-database  DEMO .*\d\d:\d\d:\d\d"))
        terminal.press("q")
        assert terminal.status() == 0
        terminal.wait_until_alone()
        assert "[exited]" in terminal.text()


def test_it_goes_on_while_detached_and_fits_the_size_it_comes_back_to(folder: Path) -> None:
    tmux = Tmux(folder)
    with tmux.demo() as first:
        pids = {process.pid for process in first.processes() if process.name in ROLES}
        tmux.tell("detach-client")
        assert first.status() == 0
        for size in ((80, 26), (132, 43)):
            with tmux.client("attach-session", size=size) as again:
                again.wait_for(re.compile(rf"\A.{{{size[0] - 2},{size[0]}}}\n"))
                shows_all_rows(again)
                tmux.tell("detach-client")
                assert again.status() == 0
        assert {process.pid for process in first.processes() if process.name in ROLES} == pids


def test_a_killed_session_takes_everything_with_it(folder: Path) -> None:
    tmux = Tmux(folder)
    with tmux.demo() as terminal:
        tmux.tell("kill-session")
        terminal.status()
        terminal.wait_until_alone()
