"""How does one process of a play tell another of a turn? As JSON, whole each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from collectors.readings import ResourceId
from collectors.safe import sanitise
from console.demo.course import read
from console.demo.turns import Turn

TURNS = "/_demo/turns"
FLUSHES = "/_demo/flushes"


def entry(turn: Turn) -> dict[str, Any]:
    """Of one that was asked for: no scenario takes it back."""
    return {name: value for name, value in asdict(turn).items() if name != "ends"}


def turn_of(said: Mapping[str, Any]) -> Turn:
    about, successor = _named(said["about"]), said["successor"] and _named(said["successor"])
    return Turn(**{**said, "about": about, "successor": successor, "course": read(said["course"])})


def _named(name: str) -> ResourceId:
    return ResourceId(sanitise(name))
