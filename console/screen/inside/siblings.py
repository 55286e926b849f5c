"""Which screens look inside a database, in which order, and inside which engines?"""

from __future__ import annotations

from collections.abc import Mapping

from collectors.safe import Safe, sanitise
from widgets.draw import Run
from widgets.tone import Tone

WIDE = 100  # columns, from which on the engine is named too
OLD_S = 60.0

SIBLINGS: Mapping[str, Safe] = {
    "cache": Safe("Cache"),
    "waits": Safe("Waits"),
    "activity": Safe("Activity"),
    "blocking": Safe("Blocking"),
    "queries": Safe("Queries"),
    "files": Safe("Files"),
    "memory": Safe("Memory"),
    "replication": Safe("Replication"),
    "backups": Safe("Backups"),
}
"""By the name of the screen, its title: in the order of the strip."""
OF_ANY = frozenset({"replication", "backups"})
"""Those about what every engine may have."""
_ENGINES = ("sqlserver", "custom-sqlserver")
_OF_CACHES, _CACHES = frozenset({"cache"}), ("redis", "valkey", "memcached")


def applies(name: str, engine: str) -> bool:
    return name in OF_ANY or engine.startswith(_CACHES if name in _OF_CACHES else _ENGINES)


def among(here: str, engine: str) -> tuple[str, ...]:
    """Those that apply, and the one that is shown."""
    return tuple(name for name in SIBLINGS if name == here or applies(name, engine))


def beside(here: str, engine: str, step: int) -> str:
    """The screen that many places on, and around."""
    names = among(here, engine)
    return names[(names.index(here) + step) % len(names)]


def strip(here: str, engine: str, room: int) -> list[Run]:
    """By name, the one that is shown marked; where there is no room for all, those that are next to it."""
    names = list(among(here, engine))
    while len(names) > 1 and sum(len(SIBLINGS[name]) + 2 for name in names) > room:
        at = names.index(here)
        names.pop(0 if at > len(names) - 1 - at else -1)
    return [(sanitise(f" {SIBLINGS[name]} "), Tone.SELECTED if name == here else Tone.HEADER) for name in names]
