"""In which ways can a terminal colour what we draw, and how does a screen under test change from one to the next?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rich.color import ColorSystem

from tests.rig.stage import Seen
from widgets.drawn import Drawn
from widgets.themes import DARK
from widgets.tone import TERMINAL, Depth, Theme


@dataclass(frozen=True, slots=True)
class Mode:
    name: str
    system: ColorSystem
    depth: Depth
    theme: Theme = TERMINAL


MODES = (
    Mode("true", ColorSystem.TRUECOLOR, Depth.TRUE, DARK),
    Mode("16", ColorSystem.STANDARD, Depth.SIXTEEN),
    Mode("none", ColorSystem.STANDARD, Depth.NONE),
)


async def wear(seen: Seen, mode: Mode) -> None:
    """Draw everything that way from now on."""
    seen.app.look = replace(seen.app.look, theme=mode.theme, depth=mode.depth)
    for screen in seen.app.screen_stack:
        for widget in screen.query("*"):
            if isinstance(widget, Drawn):
                widget.look = seen.app.look
    seen.app.repaint_now()
    await seen.pilot.pause()
