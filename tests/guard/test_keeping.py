"""An engine without a screen is started again when it dies, and ended in order: or at once by who insists."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.guard.program import ROOT

CODE = """
import os, signal, sys, time
from console import keeper
heard, says = os.pipe()
os.set_blocking(heard, False)
def engine():
    {engine}
def listens():
    try:
        return os.read(heard, 9).decode()
    except BlockingIOError:
        return None
sys.exit(keeper.keep(engine, listens, "Its log is LOG."))
"""
STUCK = "signal.signal(signal.SIGTERM, signal.SIG_IGN); os.write(says, b'up'); time.sleep(600)"


@contextmanager
def kept(engine: str) -> Iterator[subprocess.Popen[str]]:
    """A keeper of some engine, which says `up` once that has done what it has to at its start."""
    command = [sys.executable, "-c", CODE.format(engine=engine)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_one_that_does_not_end_is_killed_after_two_seconds_and_that_is_said() -> None:
    with kept(STUCK) as keeper:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == "up\n"
        keeper.terminate()
        said = keeper.communicate(timeout=30)[1]
        assert keeper.returncode == 1
        assert said == "dbconsole: The engine did not end within 2 s, and was killed. Its log is LOG.\n"


def test_a_second_interrupt_does_not_wait() -> None:
    with kept(STUCK) as keeper:
        assert keeper.stdout is not None
        keeper.stdout.readline()
        while keeper.poll() is None:
            keeper.send_signal(signal.SIGINT)
            try:
                keeper.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
        assert keeper.returncode == 130


def test_one_that_fails_is_started_again_and_each_time_a_line_says_so() -> None:
    with kept("os._exit(7)") as keeper:
        assert keeper.stderr is not None
        line = "dbconsole: The engine ended with status 7; it is started again in {} s. Its log is LOG.\n"
        assert keeper.stderr.readline() == line.format(1)
        assert keeper.stderr.readline() == line.format(5)
        keeper.terminate()
        assert keeper.wait(30) == 0
