"""Which processes belong to a program under test, and which is the guard, the engine, the screen?

Each carries a mark in the environment it was started with, which forks keep whoever their parent is, and the names
that the guard gives.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

MARK = "DBCONSOLE_TEST_MARK"


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    name: str  # as `ps -o comm` shows it
    state: str  # R S D T Z …


def marked(mark: str) -> list[Process]:
    """The living processes with this mark, by pid."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        with contextlib.suppress(OSError):
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                name, state = _name_and_state(pid)
                if state not in "ZX":
                    found.append(Process(pid, name, state))
    return found


def _name_and_state(pid: int) -> tuple[str, str]:
    stat = Path(f"/proc/{pid}/stat").read_text()
    name, _, rest = stat.partition("(")[2].rpartition(")")
    return name, rest.split()[0]
