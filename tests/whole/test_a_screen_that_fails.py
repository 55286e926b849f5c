"""The real screen meets a fault of ours: one line, the terminal as it was, nothing left, and no value of a variable."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.rig.dbconsole import ROOT, environment
from tests.rig.terminal import Terminal

FAULTY = """
import sys
from console.protocol.mirror import Mirror
from console.cli import run

def now_ms(self, monotonic):
    password = "hunter" + "2"
    raise ValueError("as the test wanted")

Mirror.now_ms = now_ms
sys.exit(run(["demo"]))
"""


def test_a_fault_in_the_screen_is_one_line_that_names_the_log(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-P", "-c", FAULTY], env=environment(tmp_path), cwd=ROOT) as terminal:
        assert terminal.status() == 1
        terminal.wait_until_alone()
        assert not terminal.left_on()
        assert terminal.line_modes() == terminal.modes_before
        (log,) = (tmp_path / "state" / "log").glob("screen-*.log")
        said = terminal.text().replace("\n", "")
        assert f"dbconsole: The screen failed (ValueError: as the test wanted). The traceback is in {log}." in said
        assert b"Traceback" not in terminal.output
        assert b"hunter2" not in terminal.output
        assert "in now_ms" in log.read_text()
        assert "hunter2" not in log.read_text()
