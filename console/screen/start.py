"""The screen as a process: what is set before Textual is imported, how it is told to leave, its exit status."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

from console.guard import Guarded
from console.screen_life import watch_guard
from console.specs import ScreenSpec

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp


def main(spec: ScreenSpec, guarded: Guarded) -> int:
    """Draw until told to leave; the exit status."""
    _prepare()
    from console.screen.app import ConsoleApp  # noqa: PLC0415 - Textual reads its environment as it is imported

    app = ConsoleApp(spec, may_suspend=guarded.may_suspend)
    status = asyncio.run(_until_done(app, guarded))
    if app.refusal is not None:
        raise app.refusal
    return status


async def _until_done(app: ConsoleApp, guarded: Guarded) -> int:
    loop = asyncio.get_running_loop()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        loop.add_signal_handler(number, app.leave, 128 + number)
    watch_guard(guarded, lambda: loop.call_soon_threadsafe(app.leave, 1))
    result = await app.run_async(mouse=app.looks.mouse)
    if app.failure is not None:
        raise app.failure  # the guard says it, once the terminal is the shell's again
    return app.status if result is None else result


def _prepare() -> None:
    """Nothing moves that was not asked to, and colours are as our own looks have them."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    os.environ["TEXTUAL_SMOOTH_SCROLL"] = "0"
    os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"  # what is drawn has no more colours than the terminal: see draw.py
    os.environ.pop("NO_COLOR", None)  # it was heard: see environment.py
