"""The least Textual program under a guard, which imports Textual in the screen's process alone, as the console does."""

from __future__ import annotations

import sys

from console import guard
from tests.guard.programs.engine import engine, take_lease


def screen(guarded: guard.Guarded) -> int:
    from tests.guard.programs.tiny_screen import show  # noqa: PLC0415 - after the fork

    take_lease()
    return show(guarded)


if __name__ == "__main__":
    sys.exit(guard.run(None if "--viewer" in sys.argv else engine, screen))
