"""An app under a driver that keeps what it would have sent, so that a test can read it byte for byte."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pyte
from textual import messages
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

Script = Callable[[Pilot[Any]], Awaitable[None]]


class CaptureDriver(HeadlessDriver):
    """Shows itself as a terminal; nothing is ever unread."""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        sent(self._app).append(data)


_SENT: dict[int, list[str]] = {}


def sent(app: App[Any]) -> list[str]:
    """Everything the app has written so far."""
    return _SENT.setdefault(id(app), [])


def taken(app: App[Any]) -> str:
    """What was written since this was last asked."""
    parts = sent(app)
    text = "".join(parts)
    parts.clear()
    return text


async def drive(app: App[Any], script: Script, size: tuple[int, int], *, sync: bool = False) -> None:
    """Run the app, built with ``driver_class=CaptureDriver``, while the script uses it; raise what it raised."""
    failed: list[BaseException] = []

    async def pilot_script(pilot: Pilot[Any]) -> None:
        try:
            if sync:
                app.post_message(messages.TerminalSupportsSynchronizedOutput())
            await pilot.pause()
            await script(pilot)
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            app.exit()

    try:
        await app.run_async(size=size, auto_pilot=pilot_script)
        if app._exception is not None:
            raise app._exception
        if failed:
            raise failed[0]
    finally:
        _SENT.pop(id(app), None)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One cell as an eye sees it: a blank has no weight and no foreground."""

    text: str
    style: tuple[object, ...]


class Model:
    """What a terminal makes of the bytes."""

    def __init__(self, width: int, height: int) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)

    def feed(self, text: str) -> None:
        self._stream.feed(text)

    def resize(self, width: int, height: int) -> None:
        self.screen.resize(height, width)

    def cells(self) -> list[list[Glimpse]]:
        return [
            [_glimpse(self.screen.buffer[y][x]) for x in range(self.screen.columns)] for y in range(self.screen.lines)
        ]

    @property
    def lines(self) -> list[str]:
        return list(self.screen.display)


def _glimpse(char: Any) -> Glimpse:
    lined = (char.underscore, char.strikethrough, char.reverse)
    if char.data == " ":
        return Glimpse(" ", (char.bg, *lined, char.fg if any(lined) else None))
    return Glimpse(char.data, (char.fg, char.bg, char.bold, char.italics, char.blink, *lined))
