"""What does the screen do when the guard, who would give the terminal back, is dead?"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable

from console.forks import Guarded
from console.terminal import Terminal

LEAVING_MAY_TAKE = 1.0  # seconds


def watch_guard(guarded: Guarded, leave: Callable[[], object]) -> None:
    """Call ``leave``, from a thread, once the guard is dead; a second later give the terminal back and end."""
    threading.Thread(target=_watch, args=(guarded, leave), name="guard-watch", daemon=True).start()


def _watch(guarded: Guarded, leave: Callable[[], object]) -> None:
    while os.read(guarded.alive_fd, 1):  # nothing is ever written: this returns at the end of file
        pass
    with contextlib.suppress(Exception):  # a screen that is not ready to leave, or half gone, is ended below
        leave()
    threading.Event().wait(LEAVING_MAY_TAKE)
    if guarded.found is not None:
        _give_back_once_dead(guarded.found)
    os._exit(1)


def _give_back_once_dead(found: Terminal) -> None:
    """In a fork: a thread that hangs in a write to a stalled terminal keeps all others from it until it is dead."""
    alive_fd, held_fd = os.pipe()
    if os.fork() == 0:
        os.close(held_fd)
        os.read(alive_fd, 1)
        found.give_back(unclean=True)
        os._exit(1)
