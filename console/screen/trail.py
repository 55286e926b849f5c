"""Where was the person, and where next? Places in the order they were gone to, with a way back and forward."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.safe import Safe

KEPT = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A screen by its name, and the resource it is about where it is about one."""

    pane: str
    resource: Safe | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """``at`` is where the person is now. Going somewhere new forgets what lay ahead."""

    places: tuple[Place, ...]
    at: int = 0

    @property
    def here(self) -> Place:
        return self.places[self.at]

    def gone(self, place: Place) -> Trail:
        if place == self.here:
            return self
        kept = (*self.places[: self.at + 1], place)[-KEPT:]
        return Trail(kept, len(kept) - 1)

    def left(self) -> Trail:
        """Back to the screen before this one, over all that was looked at on this one."""
        before = [at for at in range(self.at) if self.places[at].pane != self.here.pane]
        return Trail(self.places, before[-1] if before else 0)

    def moved(self, steps: int) -> Trail:
        """Back (-1) or forward (1), as far as the trail goes."""
        return Trail(self.places, max(0, min(len(self.places) - 1, self.at + steps)))
