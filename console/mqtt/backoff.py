"""How long is it until the next attempt? Longer each time, never the same for two, at most five seconds."""

from __future__ import annotations

FIRST_S = 0.2
MOST_S = 5.0


def pause_s(failures: int, chance: float) -> float:
    """After so many attempts in a row that failed, at least one; ``chance`` is between 0 and 1."""
    whole = min(MOST_S, FIRST_S * 2.0 ** min(failures - 1, 10))
    return whole * (0.5 + chance / 2)
