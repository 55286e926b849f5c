"""When is what the leader looks at told to the others? When it changes, and at most five times a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from collectors.safe import Safe
from console.screen.trail import Place
from console.screen.view import Window

APART_S = 0.2
DRIFT_MS = 30_000  # an end that lies back moves with the present: it is told again when it has come so far


@dataclass(frozen=True, slots=True)
class Shown:
    place: Place
    selected: Safe | None
    window: Window
    now_ms: int

    def args(self) -> dict[str, Any]:
        """As `lead` takes it."""
        window = self.window
        return {
            "pane": self.place.pane,
            "resource": self.place.resource,
            "selected": self.selected,
            "window_ms": window.span_ms,
            "end": self.now_ms - window.back_ms if window.back_ms else None,
        }

    def same(self) -> tuple[object, ...]:
        """What makes it another, and not only later."""
        drift = self.now_ms // DRIFT_MS if self.window.back_ms else 0
        return self.place, self.selected, self.window, drift


class Leading:
    """Keeps what was told last."""

    def __init__(self) -> None:
        self._told: tuple[object, ...] | None = None
        self._at = -APART_S

    def forget(self) -> None:
        """Nobody knows any more what was told: whoever leads next tells it anew."""
        self._told = None

    def wait_s(self, shown: Shown, now: float) -> float | None:
        """How long until it may be told; None: there is nothing to tell."""
        return None if shown.same() == self._told else max(0.0, self._at + APART_S - now)

    def tell(self, shown: Shown, now: float) -> dict[str, Any]:
        """It is told now."""
        self._told, self._at = shown.same(), now
        return shown.args()
