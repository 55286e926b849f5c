"""What dies or stops beside the screen is brought back, and what is suspended returns whole."""

from __future__ import annotations

import os
import re
import shlex
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.guard.program import PROGRAMS, Program
from tests.guard.test_leaving import given_back
from tests.rig.battery import some
from tests.rig.processes import marked
from tests.rig.terminal import PROMPT, Place, Terminal, wait_until


def test_a_dead_engine_is_started_again_and_the_screen_is_unhurt(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        screen = terminal.pid("screen")
        first = terminal.kill("engine", signal.SIGKILL)
        terminal.wait_for_change()
        second = terminal.pid("engine", other_than=first, timeout=4)
        assert terminal.pid("screen") == screen
        terminal.wait_for_change()
        assert second not in {first, screen}
        terminal.press(program.quit_key)
        assert terminal.status() == 0
        given_back(terminal)


def test_neither_end_of_the_screen_kills_the_engine(program: Program, tmp_path: Path) -> None:
    """It goes by itself, once it finds that nobody holds a lease: it could be tracking an action."""
    with program.on_a_terminal(tmp_path) as terminal:
        engine = terminal.pid("engine")
        os.kill(engine, signal.SIGSTOP)
        terminal.kill("screen", signal.SIGKILL)
        terminal.status()
        left = [process.pid for process in terminal.processes() if process.name != "dbc-emulator"]
        assert left == [engine]
        os.kill(engine, signal.SIGCONT)
        terminal.wait_until_alone()


def test_the_engine_holds_no_terminal_and_no_session_of_ours(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        engine = terminal.pid("engine")
        held = [os.readlink(entry) for entry in Path(f"/proc/{engine}/fd").iterdir() if entry.is_symlink()]
        assert not [path for path in held if path.startswith(("/dev/pts", "/dev/tty"))]
        assert os.getsid(engine) == engine
        assert os.getsid(terminal.pid("screen")) != engine


def test_ctrl_z_gives_the_shell_its_terminal_and_fg_paints_anew(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path, place=Place.BASH) as terminal:
        engine = terminal.pid("engine")
        for _ in range(2):
            mark = len(terminal.output)
            terminal.press("ctrl+z")
            terminal.wait_for_output(rb"Stopped", after=mark)
            terminal.wait_for(re.compile(re.escape(PROMPT) + r"\s*\Z"))
            assert not terminal.left_on() - {"paste"}, "bash itself turns bracketed paste on"
            states = {process.name: process.state for process in terminal.processes()}
            assert states["dbc-guard"] == states["dbc-screen"] == "T"
            assert states["dbc-engine"] != "T"
            mark = len(terminal.output)
            terminal.send("fg\n")
            terminal.wait_for_output(rb"\x1b\[\?1049h", after=mark)
            terminal.wait_for(program.painted)
            terminal.wait_for_change()
        assert terminal.pid("engine") == engine
        terminal.press(program.quit_key)
        given_back_to_bash(terminal)


def test_a_shell_that_waits_for_a_wrapper_gets_its_terminal_too(program: Program, tmp_path: Path) -> None:
    wrapped = replace(program, command=("sh", "-c", shlex.join(program.command) + "; echo wrapper ends"))
    with wrapped.on_a_terminal(tmp_path, place=Place.BASH) as terminal:
        mark = len(terminal.output)
        terminal.press("ctrl+z")
        terminal.wait_for_output(rb"Stopped", after=mark)
        terminal.send("fg\n")
        terminal.wait_for(program.painted)
        terminal.wait_for_change()
        terminal.press(program.quit_key)
        terminal.wait_for_output(rb"wrapper ends\r\n", after=mark)
        given_back_to_bash(terminal)


def test_a_guard_that_is_continued_alone_continues_the_screen(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        terminal.press("ctrl+z")
        wait_until(lambda: ("dbc-guard", "T") in {(p.name, p.state) for p in terminal.processes()}, "a stopped guard")
        mark = len(terminal.output)
        terminal.kill("guard", signal.SIGCONT)
        terminal.wait_for_output(rb"\x1b\[\?1049h", after=mark)
        terminal.wait_for_change()
        terminal.press(program.quit_key)
        assert terminal.status() == 0
        given_back(terminal)


def test_a_stopped_job_that_is_killed_leaves_nothing(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path, place=Place.BASH) as terminal:
        mark = len(terminal.output)
        terminal.press("ctrl+z")
        terminal.wait_for_output(rb"Stopped", after=mark)
        terminal.send("kill %1\n")
        given_back_to_bash(terminal)


def test_a_screen_that_was_stopped_from_outside_stops_the_job_in_order(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path, place=Place.BASH) as terminal:
        mark = len(terminal.output)
        terminal.kill("screen", signal.SIGSTOP)
        terminal.wait_for_output(rb"Stopped", after=mark)
        assert not terminal.left_on() - {"paste"}
        terminal.send("kill -9 %1\n")
        given_back_to_bash(terminal)


def test_started_in_the_background_it_waits_for_the_foreground(program: Program, tmp_path: Path) -> None:
    with Terminal(
        ["true"], place=Place.BASH, cwd=Path(__file__).parents[2], env={"TEST_LEASE": str(tmp_path / "lease")}
    ) as terminal:
        terminal.send(shlex.join(program.command) + " &\n")
        wait_until(lambda: [process for process in terminal.processes() if process.state == "T"], "a stopped process")
        terminal.send("fg\n")
        terminal.wait_for(program.painted)
        terminal.press(program.quit_key)
        given_back_to_bash(terminal)


@pytest.mark.parametrize("wrapped", [False, True])
def test_where_no_shell_could_continue_it_it_never_suspends(program: Program, wrapped: bool, tmp_path: Path) -> None:
    if wrapped:
        program = replace(program, command=("sh", "-c", shlex.join(program.command) + "; exit $?"))
    with program.on_a_terminal(tmp_path, place=Place.LEADER) as terminal:
        terminal.press("ctrl+z", program.quit_key)  # a screen that had stopped would not read the second
        assert terminal.status() == 0


@pytest.mark.parametrize("program", [one for one in PROGRAMS if one.viewer], ids=str)
def test_a_viewer_has_no_engine_and_never_suspends(program: Program, tmp_path: Path) -> None:
    with replace(program, command=program.viewer or ()).on_a_terminal(tmp_path) as terminal:
        assert {process.name for process in terminal.processes()} == {"dbc-guard", "dbc-screen"}
        terminal.press("ctrl+z", program.quit_key)
        assert terminal.status() == 0
        given_back(terminal)


@pytest.mark.parametrize("size", some([(20, 5), (80, 24), (200, 60)], 1))
def test_it_starts_and_leaves_at_any_size(program: Program, size: tuple[int, int], tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path, size=size, answer=False) as terminal:
        terminal.resize(size[0] + 10, size[1] + 3)
        terminal.wait_for_change()
        terminal.press(program.quit_key)
        assert terminal.status() == 0
        given_back(terminal)


def given_back_to_bash(terminal: Terminal) -> None:
    """Nothing left but bash, whose own modes are raw while it reads a line."""
    wait_until(lambda: not terminal.processes(), lambda: f"the end of {marked(terminal.mark)}")
    mark = len(terminal.output)
    terminal.send("stty -a; echo done\n")
    seen = terminal.wait_for_output(rb"\r\ndone\r\n", after=mark)[mark:]
    assert re.search(rb"[ \n]icanon\b", seen)
    assert re.search(rb"[ \n]echo\b", seen)
    assert not terminal.left_on() - {"paste"}
