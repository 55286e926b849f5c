"""A console that was told to change nothing has nothing loaded that could."""

from __future__ import annotations

from pathlib import Path

from tests.rig.dbconsole import COMMAND, ROOT, environment
from tests.rig.terminal import Terminal

ACTS = ("console.actions", "console.audit", "console.engine.acting", "console.access.credentials")


def test_no_process_of_a_read_only_console_loads_an_action(tmp_path: Path) -> None:
    listed = tmp_path / "modules"
    program = [*COMMAND[:-1], "tests.whole.programs.imports", str(listed), "demo", "--read-only"]
    with Terminal(program, env=environment(tmp_path), cwd=ROOT, size=(160, 40)) as terminal:
        terminal.wait_for("billing", 30)
        terminal.press("S")
        terminal.wait_for("--read-only was given")
        terminal.press("ctrl+q")
        terminal.status()
    loaded = set(listed.read_text().split())
    assert {"console.engine.engine", "console.screen.app", "botocore"} <= loaded, "the list is not what was loaded"
    assert sorted(name for name in loaded if name.startswith(ACTS)) == []
