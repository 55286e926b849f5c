"""An app that sends the terminal what changed, cell by cell, and never waits for it.

Textual repaints regions; here each of its updates goes onto a canvas, and only the difference between the canvas and
what the terminal shows is written. While the terminal has not taken the last frame no further one is made: when it
has, one frame brings it from what it really got to the present.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import Any, ClassVar, Generic

import textual
from rich.console import COLOR_SYSTEMS
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ReturnType
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.geometry import Offset
from textual.screen import Screen

from console.screen.cells import Canvas, Unfamiliar
from console.screen.diff import Terminal
from console.screen.driver import PatientDriver

TESTED = ("8.2.8",)  # the versions of Textual whose updates the tests have compared cell by cell
SWITCH = "DBCONSOLE_THRIFT"
PAINTED_WITHIN_S = 0.25  # of a resize: after that it is done here
TEARABLE = 512  # bytes; a shorter frame arrives whole, and "begin" and "end" would be most of it
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"


@dataclass(slots=True)
class Figures:
    """What was spared. ``bytes`` counts frames only, as characters sent."""

    frames: int = 0
    skipped: int = 0  # because the terminal had not taken the one before
    bytes: int = 0


class ThriftyApp(App[ReturnType], Generic[ReturnType]):
    """The base of our app. ``thrift=False`` or DBCONSOLE_THRIFT=0 leaves the painting to Textual."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "repaint", "Paint the screen anew", id="app.repaint", show=False)
    ]

    def __init__(self, *, thrift: bool = True, driver_class: type[Driver] | None = None, **others: Any) -> None:
        super().__init__(driver_class=driver_class or PatientDriver, **others)
        self.figures = Figures()
        self.thrifty = thrift and os.environ.get(SWITCH) != "0" and textual.__version__ in TESTED
        self._canvas: Canvas | None = None  # None: it does not hold the whole screen
        self._terminal = Terminal()
        self._owing = False

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has yet to take what is to be seen."""
        return self._owing or (isinstance(self._driver, PatientDriver) and self._driver.busy)

    def action_repaint(self) -> None:
        """Paint everything: something else has written to the terminal."""
        self._terminal.forget()
        self._paint_whole()

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        if isinstance(driver, PatientDriver):
            driver.on_unknown = self._unknown
        return driver

    def _unknown(self) -> None:
        """A resize event follows; of one to the size that it had Textual may find that there is nothing to paint."""
        self._terminal.forget()
        asyncio.get_running_loop().call_later(PAINTED_WITHIN_S, self._paint_unknown)

    def _paint_unknown(self) -> None:
        if not (self.thrifty and self._terminal.is_known):
            self._paint_whole()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Textual's only way to the terminal."""
        if renderable is None or self._batch_count or not self._reachable:
            super()._display(screen, renderable)
        elif not self.thrifty:
            self._display_plainly(screen, renderable)
        else:
            try:
                known = self._take(renderable)
            except Unfamiliar:
                self._canvas = None
                self._terminal.forget()
                self._display_plainly(screen, renderable)
                return
            if known:
                self._show()
                self.post_display_hook()
            else:
                self._paint_whole()

    @property
    def _reachable(self) -> bool:
        """Whether there is a terminal that shows frames, by the conditions of Textual's own method."""
        if not self._running or self._closed or self._driver is None:
            return False
        return not self._driver.is_headless and not self._driver.is_inline

    def _take(self, renderable: Any) -> bool:
        """Put the update on the canvas; whether the canvas then holds the whole screen."""
        system = COLOR_SYSTEMS[self.console.color_system or "truecolor"]
        if type(renderable) is LayoutUpdate:
            if self._canvas is None or self._canvas.size != renderable.region.size:
                self._canvas = Canvas(renderable.region.size)
            self._canvas.take(renderable, system)
        elif type(renderable) is ChopsUpdate:
            if self._canvas is None or self._canvas.size != self.screen.size:
                return False
            self._canvas.take(renderable, system)
        else:
            raise Unfamiliar
        return True

    def _show(self) -> None:
        """Send the difference, or owe it until the terminal has taken what was sent before."""
        driver = self._driver
        if driver is None or self._canvas is None or self._held_back(driver):
            return
        sequence = self._terminal.paint(self._canvas)
        cursor = self.cursor_position
        if cursor != Offset(0, 0):  # an input method composes where the cursor is, though it is hidden
            sequence += self._terminal.park(*self.screen.outer_size.clamp_offset(cursor))
        if sequence:
            if self._sync_available and len(sequence) > TEARABLE:
                sequence = f"{BEGIN}{sequence}{END}"
            driver.write(sequence)
            driver.flush()
            self.figures.frames += 1
            self.figures.bytes += len(sequence.encode())

    def _held_back(self, driver: Driver) -> bool:
        if not isinstance(driver, PatientDriver) or not driver.busy:
            return False
        self.figures.skipped += 1
        if not self._owing:
            self._owing = True
            driver.when_drained(self._settle)
        return True

    def _settle(self) -> None:
        """The terminal has taken everything: bring it to the present."""
        self._owing = False
        if self.thrifty and self._canvas is not None:
            self._show()
        else:
            self._paint_whole()

    def _display_plainly(self, screen: Screen[Any], renderable: Any) -> None:
        """As Textual does it, but not while the terminal is behind: then the whole screen is owed."""
        if self._driver is not None and not self._held_back(self._driver):
            self.figures.frames += 1
            super()._display(screen, renderable)

    def _paint_whole(self) -> None:
        if not self._reachable or not self._screen_stack:
            return
        if self._batch_count:
            self.screen.refresh()  # the update would be dropped now; this one is made when the batch ends
            return
        compositor = self.screen._compositor  # noqa: SLF001 - the only one who can render the whole screen
        self._display(self.screen, compositor.render_update(full=True, screen_stack=self._background_screens))
