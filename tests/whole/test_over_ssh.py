"""Over a real OpenSSH: is it drawn, does it fit, what does a lost line leave behind, and does tmux keep it?"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.dbconsole import COMMAND, environment
from tests.rig.needs import need
from tests.rig.openssh import Openssh, openssh
from tests.rig.terminal import Terminal, wait_until
from tests.whole.away import until_time_has_passed
from tests.whole.running import ROWS, console, listening, rows

DEMO = (*COMMAND, "demo")


@pytest.fixture
def ssh(folder: Path) -> Iterator[Openssh]:
    with openssh(folder) as server:
        yield server


def demo(ssh: Openssh, folder: Path) -> str:
    return ssh.shell(DEMO, environment(folder))


def shows_all_rows(terminal: Terminal) -> list[str]:
    wait_until(lambda: len(rows(terminal.text())) == ROWS, lambda: f"the rows in\n{terminal.text()}", 30)
    return rows(terminal.text())


def drop(terminal: Terminal) -> None:
    """The client is gone, and its connection with it."""
    (client,) = terminal.processes()
    os.kill(client.pid, signal.SIGKILL)


def test_it_is_drawn_obeys_fits_and_leaves_the_terminal_as_it_was(ssh: Openssh, folder: Path) -> None:
    with ssh.client(demo(ssh, folder)) as terminal:
        shows_all_rows(terminal)
        terminal.press("j", "enter")
        terminal.wait_for("VALUE")
        terminal.resize(80, 24)
        terminal.wait_for(re.compile(r"\A.{60,80}\n"))
        terminal.wait_for("VALUE")
        terminal.press("q")
        terminal.wait_for("RESOURCE")
        terminal.press("q")
        assert terminal.status() == 0
        assert terminal.left_on() == set()
        ssh.wait_until_alone()


def test_a_dropped_line_leaves_nothing_behind(ssh: Openssh, folder: Path) -> None:
    with ssh.client(demo(ssh, folder)) as terminal:
        shows_all_rows(terminal)
        assert ssh.processes()
        drop(terminal)
        ssh.wait_until_alone()


def test_a_line_that_went_dead_leaves_nothing_behind(ssh: Openssh, folder: Path) -> None:
    """No hang-up comes: a laptop was closed. The server gives its client up, and the console goes."""
    with ssh.client(demo(ssh, folder)) as terminal:
        shows_all_rows(terminal)
        terminal.resize(20, 5)  # where nothing ticks: OpenSSH 9 asks after its client only in a second without output
        terminal.wait_for(re.compile(r"\A.{5,20}\n"))
        (client,) = terminal.processes()
        os.kill(client.pid, signal.SIGSTOP)
        ssh.wait_until_alone()


def test_a_forced_command_shows_a_viewer_and_nothing_else(ssh: Openssh, folder: Path) -> None:
    with console(folder, "demo") as first:
        socket = listening(folder)
        shows_all_rows(first)
        ssh.allow(force=ssh.shell((*COMMAND, "view", str(socket)), environment(folder)))
        with ssh.client(f"touch {folder}/proof") as viewer:
            shows_all_rows(viewer)
            assert "READ-ONLY" in viewer.text().splitlines()[0]
            viewer.press("ctrl+z")
            viewer.wait_for("Ctrl+Z is off here")
            assert not any(process.state == "T" for process in ssh.processes())
            viewer.press("ctrl+c")
            viewer.status()
        ssh.wait_until_alone()
        assert not (folder / "proof").exists()
        assert len(rows(first.text())) == ROWS


def test_in_tmux_it_outlives_its_line_and_is_whole_at_another_size(ssh: Openssh, folder: Path) -> None:
    need("tmux")
    tmux = ["tmux", "-L", "test", "-f", "/dev/null"]
    env = environment(folder, TMUX_TMPDIR=str(folder))
    with ssh.client(ssh.shell([*tmux, "new-session", *DEMO], env)) as first:
        shows_all_rows(first)
        roles = {p.pid for p in ssh.processes() if p.name in {"dbc-guard", "dbc-engine", "dbc-screen"}}
        assert len(roles) == 3
        drop(first)
    until_time_has_passed([*tmux, "capture-pane", "-p"], env)
    with ssh.client(ssh.shell([*tmux, "attach-session"], env), size=(132, 43)) as again:
        shows_all_rows(again)
        again.wait_for(re.compile(r"\A.{100,132}\n"))
        assert roles <= {p.pid for p in ssh.processes()}
        again.press("q")
        assert again.status() == 0
        ssh.wait_until_alone()
