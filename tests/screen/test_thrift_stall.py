"""What happens while nobody reads the terminal, and when somebody does again?"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.capture import Model

ROOT = Path(__file__).parents[2]
DEADLINE_S = 60.0  # tests run side by side, on machines that are busy


class Stalled:
    """A program on a terminal that is read only on request, with a pipe on which it tells its figures."""

    def __init__(self, manner: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.figures, told = os.pipe()
        environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.screen.stalled_app", manner, str(told)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            pass_fds=(told,),
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)
        os.close(told)
        self._rest = b""

    def told(self) -> list[int]:
        """The next line of figures."""
        while b"\n" not in self._rest:
            assert select.select([self.figures], [], [], DEADLINE_S)[0], "the event loop has stopped"
            more = os.read(self.figures, 4096)
            assert more, "the program has ended"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return [int(word) for word in line.split()]

    def read(self, seconds: float = 0.0) -> bytes:
        ready = select.select([self.master], [], [], seconds)[0]
        try:
            return os.read(self.master, 65536) if ready else b""
        except OSError:
            return b""

    def show(self, model: Model, wanted: str, *, everywhere: bool = False) -> str:
        """Read until the words are on the screen; what was sent."""
        everything = b""
        end = time.monotonic() + DEADLINE_S
        enough = all if everywhere else any
        while not enough(re.search(wanted, line) for line in model.lines):
            assert time.monotonic() < end, model.lines
            assert self.process.poll() is None, model.lines
            data = self.read(0.2)
            everything += data
            model.feed(data.decode(errors="replace"))
        return everything.decode(errors="replace")

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.figures)


@pytest.fixture(params=["thrifty", "plain"])
def stalled(request: pytest.FixtureRequest) -> Iterator[Stalled]:
    program = Stalled(request.param)
    yield program
    program.close()


def test_a_terminal_that_is_not_read_stops_nothing_and_shows_the_present_when_it_is(stalled: Stalled) -> None:
    model = Model(80, 24)
    stalled.show(model, "tick 00000[2-9]")
    while (figures := stalled.told())[2] < 5:  # nobody reads now: soon frames are held back
        pass
    held = figures
    for _ in range(80):
        figures = stalled.told()  # the loop goes on, four seconds long
    count, frames, skipped, sent, memory = figures
    assert skipped > held[2] + 60
    assert frames <= held[1] + 1
    assert sent <= held[3] + 4096
    assert memory <= held[4] + 2048  # KiB
    everything = stalled.show(model, f"tick {count // 10:05}[0-9]|tick {count // 10 + 1:05}[0-9]")
    assert len(everything) < 64_000  # one frame to the present, not eighty of the past


def test_a_terminal_that_is_not_read_does_not_keep_the_program_from_leaving(stalled: Stalled) -> None:
    model = Model(80, 24)
    stalled.show(model, "tick 00000[2-9]")
    while stalled.told()[2] < 5:
        pass
    started = time.monotonic()
    os.write(stalled.master, b"x")
    stalled.process.wait(DEADLINE_S)
    assert time.monotonic() - started < 4.0


HOWS = {"Ctrl+Z": signal.SIGTSTP, "stopped unawares": signal.SIGSTOP, "resized": signal.SIGWINCH}


@pytest.mark.parametrize("how", HOWS.values(), ids=HOWS)
def test_a_terminal_that_may_show_anything_is_painted_whole(how: signal.Signals) -> None:
    program = Stalled("still")
    try:
        program.show(Model(80, 24), r"^(tick \d{6} ){6}", everywhere=True)
        tasks = Path(f"/proc/{program.process.pid}/task")
        before = len(list(tasks.iterdir()))
        program.process.send_signal(how)
        if how is not signal.SIGWINCH:
            _, status = os.waitpid(program.process.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status)
            while program.read():
                pass
            program.process.send_signal(signal.SIGCONT)
        anew = Model(80, 24)  # knows nothing of what was sent before
        program.show(anew, r"^(tick \d{6} ){6}", everywhere=True)
        end = time.monotonic() + DEADLINE_S
        while len(list(tasks.iterdir())) != before:  # one thread reads the keys, and one writes
            assert time.monotonic() < end, "a thread was left behind"
            program.told()
    finally:
        program.close()
