"""Who runs an engine without a screen, starts it again when it dies, and ends it in order? Standard library only.

As the guard, but for no terminal: what is said goes to standard output and error as long as somebody takes it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Callable

from console.forks import Engine, fork_engine, name_process
from console.guard import LEAVING_MAY_TAKE, deaths_counted, restart_delay

LOOK_EVERY = 0.1  # seconds, until it listens
WRITING_MAY_TAKE = 1.0  # seconds: who reads no more must not keep us

_ENDING = (signal.SIGTERM, signal.SIGINT)
_AWAITED = {*_ENDING, signal.SIGCHLD}
_UNHEARD = (signal.SIGHUP, signal.SIGTTOU, signal.SIGPIPE)  # a terminal that goes away takes nothing with it

Listens = Callable[[], str | None]
"""The line to say once the engine may be joined; None: not yet."""


def keep(engine: Engine, listens: Listens, log: str) -> int:
    """Run it until told to end; the exit status. ``log`` names the file that says why it died."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in _UNHEARD:
        signal.signal(number, signal.SIG_IGN)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _AWAITED)
    name_process("dbc-collect")
    sys.stdout.flush()
    sys.stderr.flush()  # or the engine would say it again
    return _Keeper(lambda: fork_engine(engine, mask, ()), listens, log).until_told()


class _Keeper:
    """Waits, in one place, for the engine, the signals and the time."""

    def __init__(self, start: Callable[[], int], listens: Listens, log: str) -> None:
        self._start = start
        self._listens = listens
        self._log = log
        self._deaths = 0
        self._born = time.monotonic()
        self._engine: int | None = start()
        self._start_at: float | None = None
        self._has_said = False

    def until_told(self) -> int:
        while True:
            info = signal.sigtimedwait(_AWAITED, self._patience(time.monotonic()))
            if info is not None and info.si_signo in _ENDING:
                return self._end()
            status = self._reaped()
            if status is not None:
                self._died(status, time.monotonic())
            if self._start_at is not None and time.monotonic() >= self._start_at:
                self._start_again()
            if not self._has_said and (line := self._listens()) is not None:
                self._has_said = True
                _say(1, line)

    def _patience(self, now: float) -> float:
        if not self._has_said:
            return LOOK_EVERY
        return 3600.0 if self._start_at is None else max(0.0, self._start_at - now)

    def _reaped(self) -> int | None:
        """The exit status of an engine that has died, as a shell would say it."""
        if self._engine is None:
            return None
        pid, status = os.waitpid(self._engine, os.WNOHANG)
        if pid == 0:
            return None
        self._engine = None
        return os.waitstatus_to_exitcode(status)

    def _died(self, status: int, now: float) -> None:
        self._deaths = deaths_counted(self._deaths, now - self._born)
        delay = restart_delay(self._deaths)
        self._start_at = now + delay
        how = f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
        _say(2, f"dbconsole: The engine ended {how}; it is started again in {delay:g} s. {self._log}")

    def _start_again(self) -> None:
        self._start_at = None
        self._born = time.monotonic()
        try:
            self._engine = self._start()
        except OSError as error:  # no process can be forked just now
            _say(2, f"dbconsole: No engine can be started: {error.strerror}.")
            self._deaths = deaths_counted(self._deaths, 0.0)
            self._start_at = self._born + restart_delay(self._deaths)

    def _end(self) -> int:
        """In order, for as long as that may take; a second INT does not wait."""
        if self._engine is None:
            return 0
        os.kill(self._engine, signal.SIGTERM)
        until = time.monotonic() + LEAVING_MAY_TAKE
        while (left := until - time.monotonic()) > 0:
            info = signal.sigtimedwait(_AWAITED, left)
            if self._reaped() is not None:
                return 0
            if info is not None and info.si_signo == signal.SIGINT:
                return self._kill(130)
        _say(2, f"dbconsole: The engine did not end within {LEAVING_MAY_TAKE:g} s, and was killed. {self._log}")
        return self._kill(1)

    def _kill(self, status: int) -> int:
        if self._engine is not None:
            os.kill(self._engine, signal.SIGKILL)
            os.waitpid(self._engine, 0)
        return status


def _say(fd: int, line: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        if select.select([], [fd], [], WRITING_MAY_TAKE)[1]:
            os.write(fd, f"{line}\n".encode())
