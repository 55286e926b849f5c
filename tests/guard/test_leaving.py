"""However it ends, the terminal is as it was found and no process is left."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.guard.program import PROGRAMS, ROOT, Program, environment
from tests.rig.battery import some
from tests.rig.terminal import Place, Terminal, wait_until


def given_back(terminal: Terminal) -> None:
    terminal.wait_until_alone()
    wait_until(lambda: not terminal.left_on(), lambda: f"the end of {terminal.left_on()}", 3)
    assert terminal.line_modes() == terminal.modes_before


@pytest.mark.parametrize("place", some([Place.JOB, Place.LEADER], 1))
def test_quitting_gives_the_terminal_back(program: Program, place: Place, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path, place=place) as terminal:
        terminal.press(program.quit_key)
        assert terminal.status() == 0
        if place is Place.JOB:  # with its leader the whole session loses the terminal
            given_back(terminal)
        assert b"\x18" not in terminal.output, "a screen that cleaned up after itself is not cleaned up after again"


@pytest.mark.parametrize("program", [one for one in PROGRAMS if one.fail_key], ids=str)
def test_an_exception_becomes_one_line_that_names_the_log(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        terminal.press(str(program.fail_key))
        assert terminal.status() == 1
        given_back(terminal)
        (log,) = (tmp_path / "state" / "log").glob("screen-*.log")
        said = terminal.text().replace("\n", "")
        assert f"dbconsole: The screen failed (ValueError: as the test wanted). The traceback is in {log}." in said
        assert "Traceback" not in said
        assert "Traceback" in log.read_text()
        assert log.stat().st_mode & 0o777 == 0o600


REFUSES = """
import sys
from collectors.errors import Trouble
from console import guard
def screen(guarded):
    raise Trouble("No engine answers.", seen="/run/x", mend="Start one.")
sys.exit(guard.run(None, screen))
"""


def test_trouble_before_the_first_paint_is_one_line_where_the_cursor_was() -> None:
    with Terminal(["sh", "-c", f"echo above; '{sys.executable}' -c '{REFUSES}'"], cwd=ROOT) as terminal:
        assert terminal.status() == 3
        terminal.wait_for("above\ndbconsole: No engine answers. (/run/x) Start one.\n")
        assert b"\x1b" not in terminal.output


def test_a_line_for_a_closed_standard_error_is_lost_and_nothing_else() -> None:
    with Terminal(["sh", "-c", f"'{sys.executable}' -c '{REFUSES}' 2>/dev/full"], cwd=ROOT) as terminal:
        assert terminal.status() == 3
        assert terminal.output == b""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=str
)
def test_a_signal_to_the_guard_ends_everything(
    program: Program, number: signal.Signals, status: int, tmp_path: Path
) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        terminal.kill("guard", number)
        assert terminal.status() == status
        given_back(terminal)
        assert b"\x18" not in terminal.output, "the screen was asked, and left in order"


def test_ctrl_c_before_the_first_paint_ends_it_without_a_traceback(tmp_path: Path) -> None:
    (program,) = (program for program in PROGRAMS if program.name == "tiny_app")  # the one that takes a while to import
    with Terminal(program.command, env=environment(tmp_path), cwd=ROOT) as terminal:
        terminal.pid("screen")
        terminal.press("ctrl+c")
        assert terminal.status() == 130
        given_back(terminal)
        assert b"Traceback" not in terminal.output
        assert b"dbconsole:" not in terminal.output


@pytest.mark.parametrize("program", [one for one in PROGRAMS if one.ignores_int], ids=str)
def test_int_is_the_guards_business_and_leaves_the_screen_unhurt(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        screen = terminal.kill("screen", signal.SIGINT)
        terminal.wait_for_change()
        terminal.wait_for_change()
        assert terminal.pid("screen") == screen
        terminal.press(program.quit_key)
        assert terminal.status() == 0


def test_a_killed_screen_leaves_no_trace_but_a_line(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        terminal.kill("screen", signal.SIGKILL)
        assert terminal.status() == 137
        given_back(terminal)
        assert "dbconsole: The screen was ended by SIGKILL." in terminal.text()


def test_a_screen_that_lost_its_guard_leaves_by_itself(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        terminal.kill("guard", signal.SIGKILL)
        assert terminal.status() == -signal.SIGKILL
        given_back(terminal)


def test_a_stalled_screen_that_lost_its_guard_is_gone_within_seconds(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        stall(terminal)
        terminal.kill("guard", signal.SIGKILL)
        terminal.wait_until_alone(5)
        terminal.go_on()
        given_back(terminal)


@pytest.mark.parametrize("place", [Place.LEADER, Place.JOB])  # the job's leader ignores HUP, and so the job gets none
def test_a_terminal_that_goes_away_takes_everything_with_it(program: Program, place: Place, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path, place=place) as terminal:
        terminal.hang_up()
        terminal.wait_until_alone()
        if place is Place.LEADER:
            assert terminal.status() == 129


def test_a_stalled_terminal_cannot_stop_term(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        stall(terminal)
        terminal.kill("guard", signal.SIGTERM)
        assert terminal.status(timeout=5) == 143
        terminal.go_on()
        given_back(terminal)


def test_a_second_in_a_stalled_terminal_costs_nothing_at_its_return(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        stall(terminal)
        terminal.go_on()
        terminal.wait_for_change()
        terminal.press(program.quit_key)
        assert terminal.status() == 0
        given_back(terminal)


def test_term_to_the_screen_alone_ends_everything(program: Program, tmp_path: Path) -> None:
    with program.on_a_terminal(tmp_path) as terminal:
        terminal.kill("screen", signal.SIGTERM)
        terminal.status()
        given_back(terminal)


def stall(terminal: Terminal) -> None:
    """Read no more, and let the screen write until nothing more goes in."""
    terminal.stall()

    def full() -> bool:
        terminal.press("ctrl+l")  # a thrifty screen says little unless it is asked to paint anew
        return terminal.is_full()

    wait_until(full, "the terminal to be full", 20)
