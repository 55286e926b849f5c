"""Is a machine there at a time, and is it going? As a scenario's causes have it."""

from __future__ import annotations

from collectors.readings import ResourceId
from console.demo.scenario.causes import DELETING_S
from console.demo.scenario.script import Script


def exists(script: Script, about: ResourceId, t: float) -> bool:
    created, gone = (script.begins(about, f"instance-{what}") for what in ("created", "gone"))
    if created and t < created[0] and not (gone and gone[0] < created[0]):
        return False
    since = deleted_since(script, about, t)
    return since is None or t - since <= DELETING_S


def deleted_since(script: Script, about: ResourceId, t: float) -> float | None:
    """None where it is not, or was made again after that."""
    causes = script.at(about, t).causes
    since = causes.get("instance-gone")
    return None if since is None or causes.get("instance-created", since) > since else since
