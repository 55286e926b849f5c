"""What a test of leaving must know of a program: how it is started, when it is up, and which keys do what."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rig.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    command: tuple[str, ...]
    painted: str  # on the screen once it is up
    quit_key: str = "q"
    fail_key: str | None = None  # raises an exception in the screen, with "as the test wanted" in it
    viewer: tuple[str, ...] | None = None  # the command that shows a screen without an engine
    ignores_int: bool = False  # sent to the screen alone

    def __str__(self) -> str:
        return self.name

    @contextmanager
    def on_a_terminal(self, folder: Path, **how: Any) -> Iterator[Terminal]:
        """Running, painted, and with files of its own below ``folder``."""
        with Terminal(self.command, env=environment(folder), cwd=ROOT, **how) as terminal:
            if how.get("read", True):
                terminal.wait_for(self.painted)
            yield terminal


def environment(folder: Path) -> Mapping[str, str]:
    """Directories that no other test uses."""
    kinds = ("CONFIG", "STATE", "CACHE", "RUNTIME")
    own = {f"DBCONSOLE_{kind}_DIR": str(folder / kind.lower()) for kind in kinds}
    return own | {"TEST_LEASE": str(folder / "lease")}


def _stub(name: str) -> Program:
    command = (sys.executable, "-m", f"tests.guard.programs.{name}")
    return Program(name, command, "painted", fail_key="e", viewer=(*command, "--viewer"), ignores_int=True)


DEMO = Program("demo", (sys.executable, "-m", "console", "demo"), "billing")
PROGRAMS = (_stub("raw"), _stub("tiny_app"), DEMO)
