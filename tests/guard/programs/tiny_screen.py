"""A Textual screen that moves, quits, fails, suspends, and leaves on TERM and HUP."""

from __future__ import annotations

import asyncio
import signal

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from console.guard import Guarded
from console.screen_life import watch_guard


class Tiny(App[int]):
    BINDINGS = [("q", "quit", "Quit"), ("e", "fail", "Fail")]  # noqa: RUF012 - Textual's way

    def __init__(self, guarded: Guarded) -> None:
        super().__init__()
        self.guarded = guarded
        self.painted = 0
        self.failed: Exception | None = None

    def compose(self) -> ComposeResult:
        yield Static()

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()

        def leave() -> None:
            loop.call_soon_threadsafe(self.exit)

        watch_guard(self.guarded, leave)
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.exit)
        self.set_interval(0.05, self.paint)

    def paint(self) -> None:
        self.painted += 1
        head = f"painted {self.painted}\n"
        self.query_one(Static).update(head + "\n".join(f"[red]{self.painted:5}[/] " * 12 for _ in range(30)))

    def on_key(self, event: events.Key) -> None:
        if event.key == "ctrl+z" and self.guarded.may_suspend:
            self.action_suspend_process()

    def action_fail(self) -> None:
        raise ValueError("as the test wanted")

    def _handle_exception(self, error: Exception) -> None:
        self.failed = error  # for the guard to tell: Textual would print it with the values of all variables
        self.exit()


def show(guarded: Guarded) -> int:
    app = Tiny(guarded)
    app.run()
    if app.failed is not None:
        raise app.failed
    return 0
