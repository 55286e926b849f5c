"""Which screens look inside a database, in which order, and inside which engines?"""

from __future__ import annotations

from collections.abc import Mapping

from collectors.safe import Safe, sanitise
from widgets.draw import Run
from widgets.tone import Tone

WIDE = 100  # columns, from which on the engine is named too
OLD_S = 60.0

SIBLINGS: Mapping[str, Safe] = {
    "waits": Safe("Waits"),
    "activity": Safe("Activity"),
    "blocking": Safe("Blocking"),
    "queries": Safe("Queries"),
    "files": Safe("Files"),
    "memory": Safe("Memory"),
}
"""By the name of the screen, its title: in the order of the strip."""
_ENGINES = ("sqlserver", "custom-sqlserver")


def applies(engine: str) -> bool:
    return engine.startswith(_ENGINES)


def beside(name: str, step: int) -> str:
    """The screen that many places on, and around."""
    names = tuple(SIBLINGS)
    return names[(names.index(name) + step) % len(names)]


def strip(here: str) -> list[Run]:
    """All by name, the one that is shown marked."""
    return [
        (sanitise(f" {title} "), Tone.SELECTED if name == here else Tone.HEADER) for name, title in SIBLINGS.items()
    ]
