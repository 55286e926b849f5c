"""A program on a terminal of its own: how is it started, watched, typed at, stalled, killed, and what does it leave?"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import shlex
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TypeVar

from tests.rig.needs import need
from tests.rig.processes import MARK, Process, marked
from tests.rig.vt import Answers, Display, left_on

KEYS = {
    "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D", "home": b"\x1b[H", "end": b"\x1b[F",
    "pgup": b"\x1b[5~", "pgdn": b"\x1b[6~", "del": b"\x1b[3~", "enter": b"\r", "tab": b"\t", "shift+tab": b"\x1b[Z",
    "esc": b"\x1b", "escape": b"\x1b", "space": b" ", "backspace": b"\x7f", "colon": b":",
}  # fmt: skip
PROMPT = "rig$"
Seen = TypeVar("Seen")


class Place(StrEnum):
    JOB = "job"  # of a session leader that stays when the job has ended, as a shell does
    LEADER = "leader"  # of its session, as under an SSH ForceCommand or in a tmux window
    BASH = "bash"  # an interactive bash; the command is what it is told first


def _sent_by(key: str) -> bytes:
    if key.startswith("ctrl+"):
        return bytes([ord(key[5].upper()) & 0x1F])
    assert key in KEYS or len(key) <= 1, f"{key} would be typed letter by letter"
    return KEYS.get(key, key.encode())


class Terminal:
    """A pseudo-terminal with a program on it. ``read=False`` starts it stalled: nobody reads what it shows."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (120, 40),
        place: Place = Place.JOB,
        env: Mapping[str, str | None] | None = None,
        cwd: Path | None = None,
        read: bool = True,
        answer: bool = True,
    ) -> None:
        if place is Place.BASH:
            need("bash")
        self.mark = uuid.uuid4().hex
        self.output = b""
        self._size = size
        self._display = Display(*size)
        self._answers = Answers() if answer else None
        self._came = threading.Condition()
        self._master, self._slave = os.openpty()
        self._set_size()
        self.modes_before = termios.tcgetattr(self._slave)
        self._report, report = os.pipe()
        stay, self._stay = os.pipe()
        shell = ["bash", "--norc", "--noprofile", "-i"]
        kind = "leader" if place is Place.BASH else str(place)
        self._place = place
        session = [sys.executable, "-I", "-S", str(Path(__file__).with_name("session.py"))]
        self._leader = subprocess.Popen(
            [*session, kind, str(report), str(stay), *(shell if place is Place.BASH else command)],
            stdin=self._slave, stdout=self._slave, stderr=self._slave, start_new_session=True, cwd=cwd,
            env=_environment({MARK: self.mark, "PS1": f"{PROMPT} ", **(env or {})}), pass_fds=(report, stay),
        )  # fmt: skip
        os.close(report)
        os.close(stay)
        self._quiet, self._hush = os.pipe()
        self._reader: threading.Thread | None = None
        if read:
            self.go_on()
        if place is Place.BASH:
            self.wait_for(PROMPT)
            self.modes_before = termios.tcgetattr(self._slave)
            self.send(shlex.join(command) + "\n")

    # What is on it

    def text(self) -> str:
        with self._came:
            return self._display.text()

    def cells(self) -> list[list[Any]]:
        with self._came:
            return self._display.cells()

    def wait_for(self, text: str | re.Pattern[str], timeout: float = 40.0) -> str:
        """The screen's text, once it has ``text`` on it."""
        seen = re.compile(re.escape(text)) if isinstance(text, str) else text
        return self._wait(self._display.text, seen.search, timeout, f"{seen.pattern!r} on the screen")

    def wait_for_output(self, pattern: bytes, *, after: int = 0, timeout: float = 40.0) -> bytes:
        """All output, once ``pattern`` (a regular expression) came later than the first ``after`` bytes."""
        seen = re.compile(pattern)
        return self._wait(lambda: self.output, lambda output: seen.search(output, after), timeout, f"{pattern!r}")

    def wait_for_change(self, timeout: float = 40.0) -> str:
        """The screen's text, once it is another than now."""
        before = self.text()
        return self._wait(self._display.text, lambda text: text != before, timeout, "a change on the screen")

    def left_on(self) -> set[str]:
        with self._came:
            return left_on(self.output)

    def line_modes(self) -> list[Any]:
        return termios.tcgetattr(self._slave)

    # What is done to it

    def send(self, text: str) -> None:
        os.write(self._master, text.encode())

    def press(self, *keys: str) -> None:
        """Names of `KEYS`, ctrl+x, or single characters."""
        for key in keys:
            os.write(self._master, _sent_by(key))

    def resize(self, columns: int, rows: int) -> None:
        with self._came:
            self._size = columns, rows
            self._display.resize(columns, rows)
        self._set_size()

    def stall(self) -> None:
        """Stop reading, as a frozen SSH client does."""
        if self._reader is not None:
            os.write(self._hush, b"x")
            self._reader.join()
            os.read(self._quiet, 1)
            self._reader = None

    def is_full(self) -> bool:
        """Is there no room for one more byte of output?"""
        return not select.select([], [self._slave], [], 0)[1]

    def stays_full(self, seconds: float = 0.25) -> bool:
        """The kernel moves on what it has taken a moment later, and has room again: is there none for so long?"""
        return not select.select([], [self._slave], [], seconds)[1]

    def is_read(self) -> bool:
        """Has all come here that was written? A program's end may be known before its last words."""
        return not select.select([self._master], [], [], 0)[0]

    def go_on(self) -> None:
        self._reader = threading.Thread(target=self._read, name="rig-reader", daemon=True)
        self._reader.start()

    def hang_up(self) -> None:
        """Lose the terminal, as a dropped connection does."""
        self.stall()
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1

    # Who runs on it

    def processes(self) -> list[Process]:
        """Those of the program, without the session's leader where that is the rig's or bash."""
        leader = None if self._place is Place.LEADER else self._leader.pid
        return [process for process in marked(self.mark) if process.pid != leader]

    def pid(self, role: str, *, other_than: int | None = None, timeout: float = 30.0) -> int:
        """The process that is guard, engine or screen, once there is one."""

        def look() -> list[int]:
            return [p.pid for p in self.processes() if p.name == f"dbc-{role}" and p.pid != other_than]

        return wait_until(look, f"a process dbc-{role}", timeout)[0]

    def kill(self, role: str, number: signal.Signals) -> int:
        pid = self.pid(role)
        os.kill(pid, number)
        return pid

    def status(self, timeout: float = 30.0) -> int:
        """The program's exit status, negative for a signal, once it has ended and its last words are here."""
        if self._place is Place.LEADER:
            status = self._leader.wait(timeout)
        elif select.select([self._report], [], [], timeout)[0]:
            status = int(os.read(self._report, 16))
        else:
            raise AssertionError(f"The program did not end within {timeout:g} s; the screen shows:\n{self.text()}")
        self._hear_the_last()
        return status

    def _hear_the_last(self) -> None:
        if self._master >= 0 and self._reader is not None and self._reader.is_alive():
            wait_until(self.is_read, "its last words")
            with self._came:
                pass  # what was read is in `output`

    def wait_until_alone(self, timeout: float = 30.0) -> None:
        """Until no process of the program is left."""
        wait_until(lambda: not self.processes(), lambda: f"the end of {self.processes()}", timeout)

    # Its life

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what was started here, and nothing else."""
        for process in marked(self.mark):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        self._leader.wait()
        if self._master >= 0:
            self.hang_up()
        for fd in (self._report, self._stay, self._quiet, self._hush):
            os.close(fd)

    def _wait(self, look: Callable[[], Seen], done: Callable[[Seen], object], timeout: float, what: str) -> Seen:
        deadline = time.monotonic() + timeout
        with self._came:
            while not done(seen := look()):
                if not self._came.wait(deadline - time.monotonic()) and not done(look()):
                    raise AssertionError(f"No {what} within {timeout:g} s; the screen shows:\n{self._display.text()}")
        return seen

    def _read(self) -> None:
        while True:
            ready = select.select([self._master, self._quiet], [], [])[0]
            if self._quiet in ready:
                return
            with self._came:  # there is something, so nobody waits long: who finds nothing left finds it here
                try:
                    data = os.read(self._master, 65536)
                except OSError:
                    return
                self.output += data
                self._display.feed(data)
                reply = self._answers.to(data, self._display, self._size) if self._answers else b""
                self._came.notify_all()
            if reply:
                os.write(self._master, reply)

    def _set_size(self) -> None:
        columns, rows = self._size
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def wait_until(look: Callable[[], Seen], what: str | Callable[[], str], timeout: float = 30.0) -> Seen:
    """What ``look`` finds, once it finds something. For what sends no event: processes and files."""
    deadline = time.monotonic() + timeout
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {timeout:g} s for {what if isinstance(what, str) else what()}")
        time.sleep(0.01)
    return found


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """Ours without what says where we run, so that each test has the same terminal."""
    env = {k: v for k, v in os.environ.items() if k not in {"COLORTERM", "COLUMNS", "LINES", "NO_COLOR", "TMUX", "STY"}}
    env["TERM"] = "xterm-256color"
    return {name: value for name, value in {**env, **changes}.items() if value is not None}
