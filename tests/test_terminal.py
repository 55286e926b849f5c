"""Where no screen can be drawn, one line says why and what works instead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.guard.program import ROOT
from tests.rig.terminal import Terminal

ASK = """
from collectors.errors import Trouble
from console.terminal import require
try:
    require("demo", "`dbconsole check --demo`")
    print("It can.")
except Trouble as trouble:
    print(trouble.line())
"""


@pytest.mark.parametrize(
    ("term", "seen"), [("dumb", "TERM=dumb"), ("", "TERM is not set"), (None, "TERM is not set")], ids=str
)
def test_a_terminal_that_cannot_place_text_is_refused(term: str | None, seen: str) -> None:
    with Terminal([sys.executable, "-c", ASK], env={"TERM": term}, cwd=ROOT, size=(200, 10)) as terminal:
        assert terminal.status() == 0
        line = f"`dbconsole demo` needs a terminal that can place text. ({seen}) Set TERM to its kind, such as "
        assert terminal.wait_for(line + "xterm-256color, or use `dbconsole check --demo`.")


def test_a_terminal_that_can_is_not() -> None:
    with Terminal([sys.executable, "-c", ASK], cwd=ROOT) as terminal:
        terminal.wait_for("It can.")


def test_a_pipe_is_refused_by_name() -> None:
    said = subprocess.check_output([sys.executable, "-c", ASK], text=True, cwd=ROOT, stdin=subprocess.DEVNULL)
    assert said.startswith("`dbconsole demo` needs a terminal. (standard input is not one) Use `dbconsole check")
    assert said.count("\n") == 1


def test_a_screen_that_goes_into_a_file_is_refused_by_name(tmp_path: Path) -> None:
    to_file = f"'{sys.executable}' -c '{ASK}' >'{tmp_path / 'out'}'; cat '{tmp_path / 'out'}'"
    with Terminal(["sh", "-c", to_file], cwd=ROOT, size=(200, 10)) as terminal:
        terminal.wait_for("needs a terminal. (standard output is not one)")
