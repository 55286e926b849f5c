"""May the engine go? It lives by leases: a control screen, and `collect` for as long as the process of that lives."""

from __future__ import annotations

from dataclasses import dataclass, replace

FIRST_SCREEN_S = 15.0  # a screen that has to compile Textual's bytecode needs ten
LINGER_S = 0.5  # a screen may lose its socket and come back


@dataclass(frozen=True, slots=True)
class Leases:
    """Who holds the engine; times are seconds of one monotonic clock."""

    started: float
    held: int = 0
    released: float | None = None  # when the last one was given back; None: there never was one, or one is held
    stays: bool = False  # who started it wants no screen

    def taken(self) -> Leases:
        return replace(self, held=self.held + 1, released=None)

    def given_back(self, now: float) -> Leases:
        held = self.held - 1
        return replace(self, held=held, released=now if held == 0 else None)

    def over(self, now: float, *, guarded: bool) -> bool:
        """Whether nobody needs the engine. ``guarded``: the guard that started it still lives."""
        if self.held or (self.stays and guarded):
            return False
        if self.released is not None:
            return now - self.released >= LINGER_S
        return not guarded or now - self.started >= FIRST_SCREEN_S
