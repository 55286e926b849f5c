"""How is the engine set up after its fork, and how the screen? Standard library only, as the guard."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass

from collectors.errors import Trouble
from console.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the screen gets from its guard."""

    alive_fd: int  # read end of a pipe that reaches its end when the guard dies; for `screen_life.watch_guard`
    may_suspend: bool  # False where nobody would continue us, and for a viewer
    found: Terminal | None  # the terminal before anything was done to it


Engine = Callable[[], None]
Screen = Callable[[Guarded], int]


def fork_engine(engine: Engine, mask: set[int], not_its: tuple[int, ...]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        for fd in not_its:
            os.close(fd)
        _leave_terminals()
        name_process("dbc-engine")
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        engine()
    except BaseException as error:  # noqa: BLE001 - nothing may pass into the guard's code, of which this is a copy
        _last_words("engine", error)
        os._exit(1)
    os._exit(0)


def _leave_terminals() -> None:
    """A terminal that any process holds open cannot go away."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            if int(name) > 2 and os.isatty(int(name)):
                os.close(int(name))
    os.close(null)


def fork_screen(screen: Screen, guarded: Guarded, mask: set[int], say_fd: int, not_its: tuple[int, ...]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        for fd in not_its:
            os.close(fd)
        if not os.isatty(2):
            os.dup2(1, 2)  # Textual draws on standard error, which `2>log` has turned away
        name_process("dbc-screen")
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if not guarded.may_suspend:
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        _log_faults()
        status = screen(guarded)
        sys.stdout.flush()
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException as error:  # noqa: BLE001 - as above
        status = error.exit_code if isinstance(error, Trouble) else 1
        with contextlib.suppress(OSError):
            os.write(say_fd, _last_words("screen", error))  # said by the guard, on a terminal that shows it
    os._exit(status)


def _last_words(role: str, error: BaseException) -> bytes:
    from console.last_words import last_words  # noqa: PLC0415 - the guard itself does without

    return last_words(role, error).encode(errors="backslashreplace")[:4000]  # a pipe takes that at once


def _log_faults() -> None:
    from console.last_words import log_faults  # noqa: PLC0415 - as above

    log_faults()


def name_process(name: str) -> None:
    """What `ps` and `top` show for this process."""
    with contextlib.suppress(OSError), open("/proc/self/comm", "w", encoding="ascii") as comm:
        comm.write(name)
