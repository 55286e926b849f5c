"""Who forks the engine and the screen, starts a dead engine again, and gives the terminal back?

Standard library only, no threads, and both forks come before any other import: what is this small does not fail.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable

from collectors.errors import Trouble
from console.forks import Engine, Guarded, Screen, fork_engine, fork_screen, name_process
from console.terminal import Terminal, say

__all__ = ["Guarded", "run"]

LEAVING_MAY_TAKE = 2.0  # seconds from TERM or HUP to KILL
RESTART_AFTER = (1.0, 5.0, 30.0)  # seconds; the last for every further death
LIVED_WELL = 300.0  # seconds of life after which a death counts as the first again
LOOK_EVERY = 2.0  # seconds: is there still a terminal?
_CONTINUE_AFTER = 0.1  # `fg` continues the whole group: only a screen that was left out needs another signal

_ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
# The stop signals are blocked so that there is one way to stop: after the screen, in order.
_BLOCKED = {*_ENDING, signal.SIGCHLD, signal.SIGCONT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
_AWAITED = {*_ENDING, signal.SIGCHLD, signal.SIGCONT}


def run(engine: Engine | None, screen: Screen, *, may_suspend: bool | None = None) -> int:
    """Run both, each in a process of its own, until the screen has ended; the exit status for this process.

    ``engine`` is called after setsid with 0, 1 and 2 on /dev/null, again after each death while the screen lives, and
    is not ended with the screen. Where it is None only a screen is run: a viewer, which never suspends. One with an
    engine of its own, and a console that is attached to another's, say by ``may_suspend`` that it is otherwise.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored by whoever started us, it would leave nobody to wait for
    _wait_for_foreground()
    found = Terminal.found()
    can_stop = _can_stop()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _BLOCKED)
    name_process("dbc-guard")
    sys.stdout.flush()
    sys.stderr.flush()  # or each child would say it again
    alive_fd, held_fd = os.pipe()
    words_fd, say_fd = os.pipe()
    engine_pid = None
    if engine is not None:
        engine_pid = fork_engine(engine, mask, (alive_fd, held_fd, words_fd, say_fd))
    may_suspend = engine is not None if may_suspend is None else may_suspend
    guarded = Guarded(alive_fd, can_stop and may_suspend, found)
    screen_pid = fork_screen(screen, guarded, mask, say_fd, (held_fd, words_fd))
    os.close(alive_fd)
    os.close(say_fd)
    start = None if engine is None else lambda: fork_engine(engine, mask, (held_fd, words_fd))
    watch = Watch(screen_pid, engine_pid, start, found, can_stop=can_stop)
    status = watch.until_the_end()
    return _end(status, watch.asked, found, _read_all(words_fd))


class Watch:
    """Waits, in one place, for the children, the signals and the time."""

    def __init__(
        self,
        screen: int,
        engine: int | None,
        start: Callable[[], int] | None,
        found: Terminal | None,
        *,
        can_stop: bool,
    ) -> None:
        self.asked: int | None = None  # the signal that asked us to end
        self._screen = screen
        self._engine = engine
        self._start = start
        self._found = found
        self._can_stop = can_stop
        self._deaths = 0
        self._born = time.monotonic()
        self._start_at: float | None = None
        self._kill_at: float | None = None
        self._stopped = False
        self._continue_at: float | None = None

    def until_the_end(self) -> int:
        """The screen's wait status."""
        while True:
            info = signal.sigtimedwait(_AWAITED, self._patience(time.monotonic()))
            if info is not None and info.si_signo in _ENDING:
                self._ask_to_leave(info.si_signo)
            elif self._found is not None and self._found.is_gone():
                self._ask_to_leave(signal.SIGHUP)  # whoever leads the session ignores it, and tells nobody
            ended = self._reap()
            if ended is not None:
                return ended
            self._do_what_is_due(time.monotonic())

    def _patience(self, now: float) -> float:
        due = [at for at in (self._start_at, self._kill_at, self._continue_at) if at is not None]
        return min(LOOK_EVERY, *(max(0.0, at - now) for at in due)) if due else LOOK_EVERY

    def _ask_to_leave(self, number: int) -> None:
        if self.asked is not None:
            return
        self.asked = number
        self._kill_at = time.monotonic() + LEAVING_MAY_TAKE
        # The screen ignores INT, so that Ctrl+C while it is being imported is no traceback.
        os.kill(self._screen, signal.SIGTERM if number == signal.SIGINT else number)
        if self._stopped:
            os.kill(self._screen, signal.SIGCONT)  # or it would not hear us; one that runs would think of `fg`

    def _reap(self) -> int | None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
            except ChildProcessError:
                return None
            if pid == 0:
                return None
            if pid == self._screen:
                self._continue_at = None
                self._stopped = os.WIFSTOPPED(status)
                if self._stopped:
                    self._stop()
                elif not os.WIFCONTINUED(status):
                    return status
            elif pid == self._engine and (os.WIFEXITED(status) or os.WIFSIGNALED(status)):
                self._engine_died(time.monotonic())

    def _engine_died(self, now: float) -> None:
        self._engine = None
        self._deaths = deaths_counted(self._deaths, now - self._born)
        self._start_at = now + restart_delay(self._deaths)

    def _stop(self) -> None:
        """The screen has stopped: so does the job, and the shell takes over."""
        told_to_end = self.asked is not None or signal.sigpending() & set(_ENDING)  # `kill %1` also continues the job
        if told_to_end or not self._can_stop:
            return
        if self._found is not None:
            self._found.give_back(unclean=self._found.changed())
        _stop_the_group()
        self._continue_at = time.monotonic() + _CONTINUE_AFTER

    def _do_what_is_due(self, now: float) -> None:
        if self._kill_at is not None and now >= self._kill_at:
            self._kill_at = None
            os.kill(self._screen, signal.SIGKILL)
        if self._continue_at is not None and now >= self._continue_at:
            self._continue_at = None
            os.kill(self._screen, signal.SIGCONT)
        if self._start_at is not None and now >= self._start_at and self._start is not None and self.asked is None:
            self._start_at = None
            self._born = now
            try:
                self._engine = self._start()
            except OSError:  # no process can be forked just now
                self._engine_died(now)


def _stop_the_group() -> None:
    """Stop, and with us whoever was started with us: a shell may wait for `make` or `time` and not for us.

    All by one signal: stopping ourselves afterwards would come too late where `fg` is faster, and last for ever.
    """
    signal.sigtimedwait({signal.SIGTSTP}, 0)  # one that has waited would stop us before the others
    mask = signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTSTP})
    os.kill(0, signal.SIGTSTP)  # takes effect on the way back from this call
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def deaths_counted(before: int, lived: float) -> int:
    """Deaths in a row, with one after a life of ``lived`` seconds."""
    return 1 if lived >= LIVED_WELL else before + 1


def restart_delay(deaths: int) -> float:
    return RESTART_AFTER[min(deaths, len(RESTART_AFTER)) - 1]


def _end(status: int, asked: int | None, found: Terminal | None, words: bytes) -> int:
    """Give the terminal back, say why, and find the exit status."""
    killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    if found is not None:
        found.give_back(unclean=killed is not None or found.changed() or found.is_stalled())
    if not words and killed is not None and asked is None:
        words = f"The screen was ended by {signal.Signals(killed).name}.".encode()
    if words:
        line = b"dbconsole: " + words + b"\n"
        if os.isatty(2):
            say(line.replace(b"\n", b"\r\n"))  # never wait for a terminal that nobody reads
        else:
            with contextlib.suppress(OSError):
                os.write(2, line)
    if asked is not None:
        return 128 + asked
    return os.WEXITSTATUS(status) if killed is None else 128 + killed


def _read_all(fd: int) -> bytes:
    """What the screen said; it is dead, and so nothing more can come."""
    os.set_blocking(fd, False)
    with contextlib.suppress(BlockingIOError):
        return os.read(fd, 65536)
    return b""


def _can_stop() -> bool:
    """Is there a shell that would see us stop and could continue us?"""
    session = os.getsid(0)
    return os.getpgrp() != session and os.getsid(os.getppid()) == session


def _wait_for_foreground() -> None:
    """Started with `&`: stop as any program does that wants the terminal, before looking at its modes."""
    with contextlib.suppress(OSError):
        if os.tcgetpgrp(0) == os.getpgrp():
            return
        os.kill(0, signal.SIGTTIN)
        if os.tcgetpgrp(0) != os.getpgrp():
            raise Trouble(
                "The terminal belongs to another program.",
                seen="started in the background, and nobody can bring it to the front",
                mend="Start it in the foreground.",
            )
