"""Asks, now and again and in a thread of its own, how many see this terminal; the event loop is only told."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Mapping

from console import terminal_sharing
from console.terminal_sharing import ALONE, ask_tmux, open_files, shown_by

ASKED_EVERY_S = 3.0


def call_in(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """From a thread, whether the loop still runs or not."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call)


class Watched:
    """``watchers`` is the newest answer. Where nothing could show the terminal to others, nobody is asked."""

    def __init__(self, environ: Mapping[str, str] = os.environ, every_s: float = ASKED_EVERY_S) -> None:
        self.watchers = ALONE
        self._shown, self._every_s = shown_by(environ), every_s

    def watch(self, on_change: Callable[[], None]) -> None:
        """From now on, as long as the process lives. ``on_change`` is called in the thread."""
        if self._shown.may_be_shared:
            threading.Thread(target=self._watch, args=(on_change,), name="watched", daemon=True).start()

    def _watch(self, on_change: Callable[[], None]) -> None:
        pause = threading.Event()
        while True:
            found = terminal_sharing.watchers(self._shown, ask_tmux, open_files)
            if found != self.watchers:
                self.watchers = found
                on_change()
            pause.wait(self._every_s)
