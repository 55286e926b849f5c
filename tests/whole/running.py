"""The finished program as its user starts it: how is a demo brought up, watched beside, and looked at from outside?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

from tests.rig.dbconsole import COMMAND, ROOT, environment
from tests.rig.terminal import Terminal, wait_until

ESTATE = "resilient-database"
ROWS = 12
SHOWN = "billing"  # the first of them


@contextmanager
def console(folder: Path, *arguments: str, **how: Any) -> Iterator[Terminal]:
    """Some command of dbconsole on a terminal. ``env`` changes what every test has; None takes a variable away."""
    changes: dict[str, str | None] = {**environment(folder), **how.pop("env", {})}
    with Terminal([*COMMAND, *arguments], env=changes, cwd=ROOT, **how) as terminal:
        yield terminal


@contextmanager
def demo(folder: Path, *arguments: str, **how: Any) -> Iterator[Terminal]:
    """A demo that shows all its rows, or as many as there is room for."""
    room = how.get("size", (120, 40))[1] - 3
    with console(folder, "demo", *arguments, **how) as terminal:
        wait_until(lambda: len(rows(terminal.text())) == min(ROWS, room), "the rows of the demo")
        yield terminal


def view_socket(folder: Path, name: str = ESTATE) -> Path:
    """Where the demo that was started with files below ``folder`` may be viewed."""
    return folder / "runtime" / name / "view.sock"


def listening(folder: Path, name: str = ESTATE) -> Path:
    """The same, once it is there."""
    path = view_socket(folder, name)
    wait_until(path.is_socket, f"a socket at {path}")
    return path


def rows(text: str) -> list[str]:
    """The names of the resources in a table, from the top: on the screen, or as text."""
    lines = iter(text.splitlines())
    for line in lines:
        if re.match(r" ?RE(?:SOURCE|…|~)", line):
            break
    found = (re.match(r" ?([a-z][a-z0-9-]*)(?: (?![·/] )|$)", line) for line in lines)
    names = [each[1] for each in takewhile(bool, found) if each]
    chosen = next((n for n, name in enumerate(names) if name in names[:n]), None)  # told of once more below the table
    return names[:chosen]


def resident_kib(pid: int) -> int:
    """How much memory a process has in use."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found, status
    return int(found[1])


def worked_ticks(pid: int) -> int:
    """For how long a process's first thread, which runs its event loop, has had a processor, in the kernel's ticks."""
    fields = Path(f"/proc/{pid}/task/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def one_line(said: str, *parts: str) -> None:
    """What a person is told who asked for what cannot be: a line, with what it was and what to do."""
    assert said.count("\n") == 1, said
    assert said.startswith("dbconsole: "), said
    assert "Traceback" not in said
    for part in parts:
        assert part in said


def said_at_the_end(terminal: Terminal) -> str:
    """The line that is left on the terminal of a program that has ended, whole again where it was wrapped."""
    wait_until(lambda: terminal.text().strip() and terminal.is_read(), "what it left")
    columns = max(map(len, terminal.cells()))
    lines = [line for line in terminal.text().splitlines() if line]
    return "".join(line.ljust(columns) for line in lines[:-1]) + "".join(lines[-1:]) + "\n"
