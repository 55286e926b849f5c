"""Textual's Linux driver, with an output that never makes the event loop wait for the terminal."""

from __future__ import annotations

import codecs
import os
import select
import signal
import termios
import time
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from collectors.errors import Trouble
from console.screen.outlet import Outlet

LOOK_S = 0.1  # between two looks at whether to end, and for what an Esc may be the beginning of
MOST_READ = 4096
PATIENCE_S = 1.0  # for the last bytes; after that the guard gives the terminal back


class PatientDriver(LinuxDriver):
    """The terminal may not be read for as long as it likes: frames are held back, control sequences wait in order."""

    on_unknown: Callable[[], None] = staticmethod(lambda: None)
    """Called in the loop's thread whenever the terminal may show something else than was sent."""

    _outlet: Outlet | None = None
    _encoding = "utf-8"

    @property
    def busy(self) -> bool:
        return self._outlet is not None and self._outlet.busy

    def when_drained(self, call: Callable[[], None]) -> None:
        """Call in the loop's thread once all that was written has been taken by the terminal."""
        if self._outlet is not None:
            self._outlet.when_drained(lambda: self._soon(call))

    def take_mouse(self, wanted: bool) -> None:
        """Ask the terminal for its mouse, or to keep it."""
        if wanted != self._mouse:
            self._disable_mouse_support()  # each does nothing unless the mouse is ours
            self._mouse = wanted
            self._enable_mouse_support()

    def write(self, data: str) -> None:
        if self._outlet is not None:
            self._outlet.write(data.encode(self._encoding, "replace"))

    def run_input_thread(self) -> None:
        """As Textual's own, but all that came in one read carries the time of that read.

        Whoever must tell a paste from typing cannot go by when a key was parsed: between two of them the rest of the
        program may have had its turn.
        """
        parser, decode = XTermParser(self._debug), codecs.getincrementaldecoder("utf-8")().decode
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], LOOK_S)
            data = decode(os.read(self.fileno, MOST_READ)) if ready else ""
            self._pass_on(parser.feed(data) if data else ())
            self._pass_on(parser.tick())

    def _pass_on(self, messages: Iterable[Message]) -> None:
        came = time.monotonic()
        for message in messages:
            message.time = came
            self.process_message(message)

    def forget_typeahead(self) -> None:
        """What was typed and not read yet was meant for what was in sight before."""
        if self.input_tty:
            termios.tcflush(self.fileno, termios.TCIFLUSH)

    def start_application_mode(self) -> None:
        if self._outlet is None:
            if self._file is None:
                raise Trouble("There is no terminal to draw on.", seen="stderr is closed", mend="Run it in a terminal.")
            self._encoding = self._file.encoding
            self._outlet = Outlet(self._file.fileno())
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual leaves it untyped
        if self._writer_thread is not None:
            self._writer_thread.stop()  # Textual's own: nothing was written to it, so this does not wait
            self._writer_thread = None
        follow = signal.getsignal(signal.SIGWINCH)

        def look() -> None:
            self.on_unknown()  # sizes may change and change back before anyone looks
            if callable(follow):
                follow(signal.SIGWINCH, None)

        def resized(signum: int, frame: FrameType | None) -> None:
            self._soon(look)  # a handler that is interrupted by the next would tell its older size after the newer

        signal.signal(signal.SIGWINCH, resized)
        self._soon(self.on_unknown)

    def stop_application_mode(self) -> None:
        self.write("\x1b[m")
        super().stop_application_mode()

    def close(self) -> None:
        super().close()
        if self._outlet is not None:
            self._outlet.stop(PATIENCE_S)
            self._outlet = None

    def _sigcont_application(self, *args: Any) -> None:
        if self._auto_restart and self._outlet is not None:
            self.suspend_application_mode()  # stopped unawares: the shell has set the terminal its own way meanwhile
        super()._sigcont_application(*args)

    def _soon(self, call: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            return  # the loop has ended, and with it whoever wanted to know
