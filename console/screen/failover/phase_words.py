"""What is each phase of a failover called, by itself and within a sentence? Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover

WORDS = {
    "preflight": "checks",
    "requested": "sent",
    "down": "down",
    "recovering": "recovering",
    "up-read-only": "read-only",
    "up": "up",
    "ha-degraded": "no standby",
    "done": "done",
    "refused": "REFUSED",
}
STANDS = {
    "preflight": "is being checked",
    "requested": "was sent",
    "down": "is down",
    "recovering": "is recovering",
    "up-read-only": "is read-only",
    "up": "is up",
    "ha-degraded": "is up, without a standby",
    "done": "is done",
    "refused": "was refused",
}


def word(run: Failover) -> str:
    """The present phase."""
    return called(run, run.phase)


def stands(run: Failover) -> str:
    """How it stands, within a sentence."""
    if run.phase == "requested" and not run.planned:
        return "has shown a first sign"
    if run.phase == "ha-degraded" and run.kind == "promotion":
        return "is up, and settling"
    return STANDS[run.phase]


def called(run: Failover, name: str) -> str:
    """As a phase of this one."""
    if name == "requested" and not run.planned:
        return "first sign"
    if name == "ha-degraded" and run.kind == "promotion":
        return "settling"
    return WORDS[name]
