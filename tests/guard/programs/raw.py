"""A screen in a few lines: raw keys, the alternate screen, and enough output to block where nobody reads."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import threading
import tty

from console import guard
from console.screen_life import watch_guard
from tests.guard.programs.engine import engine, take_lease

ON = b"\x1b[?1049h\x1b[?25l\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?1004h\x1b[>25u\x1b[?7l"
OFF = b"\x1b[?7h\x1b[<u\x1b[?1004l\x1b[?2004l\x1b[?1006l\x1b[?1003l\x1b[?25h\x1b[?1049l"


class Screen:
    def __init__(self, guarded: guard.Guarded) -> None:
        self.may_suspend = guarded.may_suspend
        self.leaving = threading.Event()
        self.painted = 0
        watch_guard(guarded, self.leaving.set)
        self.modes = termios.tcgetattr(0)
        signal.signal(signal.SIGTERM, lambda *_: self.leaving.set())
        signal.signal(signal.SIGHUP, lambda *_: self.leaving.set())
        signal.signal(signal.SIGCONT, lambda *_: self.on())

    def on(self) -> None:
        tty.setraw(0, termios.TCSANOW)
        os.write(1, ON)

    def off(self) -> None:
        os.write(1, OFF)
        termios.tcsetattr(0, termios.TCSANOW, self.modes)

    def live(self) -> int:
        self.on()
        while not self.leaving.is_set():
            self.painted += 1
            line = f"\x1b[Hpainted {self.painted}\r\n"
            os.write(1, line.encode() + b"\x1b[0m" * 500)
            if select.select([0], [], [], 0.02)[0]:
                self.pressed(os.read(0, 1))
        self.off()
        return 0

    def pressed(self, key: bytes) -> None:
        if key == b"q":
            self.leaving.set()
        elif key == b"e":
            raise ValueError("as the test wanted")
        elif key == b"\x1a" and self.may_suspend:
            self.off()
            os.kill(os.getpid(), signal.SIGSTOP)


def screen(guarded: guard.Guarded) -> int:
    lease = take_lease()
    try:
        return Screen(guarded).live()
    except OSError:
        return 1  # the terminal is gone
    finally:
        os.close(lease)


if __name__ == "__main__":
    sys.exit(guard.run(None if "--viewer" in sys.argv else engine, screen))
