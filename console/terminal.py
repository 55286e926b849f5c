"""The terminal: may a screen be drawn on it, how was it found, and how is it given back?"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
import time
from dataclasses import dataclass
from typing import Any

from collectors.errors import Trouble

WRITING_MAY_TAKE = 1.0  # seconds: a terminal that nobody reads must not keep us

RESET = b"".join(
    (
        b"\x18\x1b\\",  # CAN and ST end a sequence that was cut in the middle
        b"\x1b[?2026l",  # first, or a terminal that holds a frame back shows nothing of the rest
        b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l",  # mouse
        b"\x1b[?1004l\x1b[?2004l\x1b[?2048l",  # focus, paste, sizes in band
        b"\x1b[<u",  # kitty's keyboard: kept for each screen, so before the alternate one is left
        b"\x1b]8;;\x1b\\\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l",
    )
)


def require(command: str, instead: str) -> None:
    """Raise the Trouble that says why no screen can be drawn here, if so; ``instead`` works without one."""
    for fd, name in ((0, "input"), (1, "output")):
        if not os.isatty(fd):
            mend = f"Use {instead} where there is none."
            raise Trouble(f"`dbconsole {command}` needs a terminal.", seen=f"standard {name} is not one", mend=mend)
    term = os.environ.get("TERM", "")
    if term in {"", "dumb", "unknown"}:
        raise Trouble(
            f"`dbconsole {command}` needs a terminal that can place text.",
            seen=f"TERM={term}" if term else "TERM is not set",
            mend=f"Set TERM to its kind, such as xterm-256color, or use {instead}.",
        )


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal and the line modes it was found in."""

    fd: int
    modes: list[Any]

    @classmethod
    def found(cls) -> Terminal | None:
        """The terminal as it is now; None where there is none (any more)."""
        for fd in (0, 1, 2):
            with contextlib.suppress(termios.error):
                return cls(fd, termios.tcgetattr(fd))
        return None

    def is_ours(self) -> bool:
        """Are we in the foreground? Whoever else is has set the modes for himself: they are his."""
        try:
            return os.tcgetpgrp(self.fd) == os.getpgrp()
        except OSError:
            return False  # hung up

    def is_gone(self) -> bool:
        try:
            termios.tcgetattr(self.fd)
        except termios.error:
            return True
        return False

    def is_stalled(self) -> bool:
        """Does it take no more, so that what was written last may never have been taken?"""
        return self.is_ours() and not select.select([], [self.fd], [], 0)[1]

    def changed(self) -> bool:
        """Is it ours, and in other modes than it was found in?"""
        try:
            return self.is_ours() and bool(termios.tcgetattr(self.fd) != self.modes)
        except termios.error:
            return False

    def give_back(self, *, unclean: bool) -> None:
        """Set the modes back; after an unclean end also undo whatever the screen had switched on."""
        with contextlib.suppress(termios.error):
            if self.is_ours():
                termios.tcsetattr(self.fd, termios.TCSANOW, self.modes)  # never drain: it may be stalled
        if unclean:
            say(RESET)


def say(text: bytes) -> None:
    """Write to the terminal, whatever standard output is, and for at most a second.

    Through a descriptor of its own, because O_NONBLOCK is shared with everyone who has the file open.
    """
    try:
        fd = os.open("/dev/tty", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})  # a stop in here would last for ever
    try:
        _write(fd, text, time.monotonic() + WRITING_MAY_TAKE)
    except (OSError, termios.error):
        pass  # hung up: nobody is left to be told
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(fd)


def _write(fd: int, text: bytes, deadline: float) -> None:
    flushed = False
    while text:
        try:
            text = text[os.write(fd, text) :]
        except BlockingIOError:
            left = deadline - time.monotonic()
            if left <= 0:
                return
            writable = select.select([], [fd], [], left / 2)[1]
            if not writable and not flushed and os.tcgetpgrp(fd) == os.getpgrp():
                # Stalled. What waits unread is frames of a screen that is gone; without them this has room, and
                # is the first thing seen when the terminal goes on.
                termios.tcflush(fd, termios.TCOFLUSH)
                flushed = True
