"""What does a screen that follows do next? It goes where the leader is, once for each thing that the leader shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collectors.safe import Safe
from console.screen.trail import Place
from console.screen.view import View, Window
from console.screen.zoom import REACH_MS

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.together import Lead


@dataclass(slots=True)
class Following:
    """``seen``: what was gone to last; ``row``: what is to be put under the cursor once it is there."""

    user: Safe
    seen: Lead | None = None
    row: Safe | None = None

    def is_news(self, lead: Lead) -> bool:
        """Whether there is somewhere to go; it is gone to once, also where it cannot be shown."""
        if lead == self.seen:
            return False
        self.user, self.seen, self.row = lead.user, lead, lead.selected
        return True


def place_of(lead: Lead) -> Place:
    return Place(lead.pane, lead.resource)


def window_of(lead: Lead, now_ms: int) -> Window:
    """The leader's stretch of time; the end moves on with the present where it is a while ago, as it does there."""
    span_ms = View().window.span_ms if lead.window_ms is None else min(lead.window_ms, REACH_MS)
    back_ms = 0 if lead.end is None else max(0, min(now_ms - lead.end, REACH_MS - span_ms))
    return Window(span_ms, back_ms)
