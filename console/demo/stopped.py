"""Since when does a scenario keep a link from being sent anything, or a server's log from being backed up?"""

from __future__ import annotations

from collections.abc import Mapping

from console.demo.scenario.script import Set, since

SUSPENDED = "replica.is_suspended"
CONNECTED = "replica.connected_state_desc"


def link_stopped(sets: Mapping[str, Set]) -> float | None:
    """Suspended, or cut off; None: the copy is sent what is written."""
    begun = (
        since(sets.get(SUSPENDED), lambda said: not said),
        since(sets.get(CONNECTED), lambda said: said == "CONNECTED"),
    )
    return min((each for each in begun if each is not None), default=None)


def backups_stopped(sets: Mapping[str, Set]) -> float | None:
    """While one database is not online RDS backs up the log of none."""
    states = [held for name, held in sets.items() if name.startswith("database.") and name.endswith(".state_desc")]
    begun = (since(held, lambda said: said == "ONLINE") for held in states)
    return min((each for each in begun if each is not None), default=None)
