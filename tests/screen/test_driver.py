"""The driver's word on the terminal's size: whichever changes come at once, the last told is the last there was."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any, ClassVar, cast

from textual import events
from textual.app import App

from console.screen.driver import PatientDriver


class Interrupted(PatientDriver):
    """Between looking at a size and telling it, the terminal gets another, as in a storm."""

    sizes: ClassVar = [(80, 24), (10, 40), (100, 30)]
    is_stormy = False

    def _get_terminal_size(self) -> tuple[int, int]:
        found = self.sizes.pop(0) if len(self.sizes) > 1 else self.sizes[0]
        if self.is_stormy:
            self.is_stormy = False
            os.kill(os.getpid(), signal.SIGWINCH)
        return found


class Told:
    """As much of an app as a driver speaks to."""

    def __init__(self) -> None:
        self.sizes: list[tuple[int, int]] = []

    async def _post_message(self, message: object) -> None:
        if isinstance(message, events.Resize):
            self.sizes.append((message.size.width, message.size.height))


async def test_a_size_that_is_looked_at_while_the_next_one_comes_is_not_told_after_it() -> None:
    master, slave = os.openpty()
    told, before = Told(), signal.getsignal(signal.SIGWINCH)
    driver = Interrupted(cast("App[Any]", told))
    with os.fdopen(slave, "w", encoding="utf-8") as terminal:
        driver._file, driver.fileno = terminal, terminal.fileno()
        try:
            driver.start_application_mode()
            driver.is_stormy = True
            os.kill(os.getpid(), signal.SIGWINCH)
            async with asyncio.timeout(10):
                while len(told.sizes) < 3:  # noqa: ASYNC110 - a size is told by the loop itself
                    await asyncio.sleep(0.001)
            assert told.sizes == [(80, 24), (10, 40), (100, 30)]
        finally:
            driver.disable_input()  # its thread has ended then
            driver.close()
            signal.signal(signal.SIGWINCH, before)
    os.close(master)
