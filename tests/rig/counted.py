"""How many bytes does a screen send: to be opened, for a key, for nothing at all? Counted without a terminal."""

from __future__ import annotations

import io

from rich.console import Console
from textual.driver import Driver

from console.screen.app import ConsoleApp
from console.specs import ScreenSpec
from tests.rig.capture import CaptureDriver, taken
from tests.rig.stage import Seen


class CountedApp(ConsoleApp):
    """The console, whose every byte is kept instead of sent, to a terminal with all colours."""

    def __init__(self, spec: ScreenSpec, *, may_suspend: bool) -> None:
        super().__init__(spec, may_suspend=may_suspend)
        self.console = Console(color_system="truecolor", force_terminal=True, file=io.StringIO())  # whatever ours is

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        taken(self)  # what another of the same address has left
        return CaptureDriver(self, debug=False, mouse=mouse, size=size)


async def cost(seen: Seen, *keys: str) -> int:
    """Bytes sent for these keys, one after the other, until nothing moves any more."""
    await seen.until_still()
    taken(seen.app)
    await seen.press(*keys)
    await seen.until_still()
    return len(taken(seen.app).encode())


def sent_since(seen: Seen) -> int:
    """Bytes sent since this or `cost` was last asked."""
    return len(taken(seen.app).encode())


async def cost_of_nothing(seen: Seen, paints: int = 5) -> int:
    """Bytes that a paint sends when nothing has changed: the least of some, for an age may turn in between."""
    await seen.until_still()
    costs = []
    for _ in range(paints):
        taken(seen.app)
        seen.app.repaint_now()
        await seen.pilot.pause()
        costs.append(sent_since(seen))
    return min(costs)
