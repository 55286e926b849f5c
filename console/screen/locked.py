"""Which actions will there be, and why can none be taken? What the keys say until the gate answers."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.safe import Safe, sanitise


@dataclass(frozen=True, slots=True)
class Locked:
    """``key`` is the action's own: it stays where it is when the action comes."""

    key: str
    name: str
    words: Safe


LOCKED = (
    Locked("F", "fail_over", Safe("Fail over")),
    Locked("S", "snapshot", Safe("Snapshot")),
    Locked("X", "flush", Safe("Flush")),
)


def reason(name: str) -> Safe:
    """In the footer, when the key is pressed."""
    words = next(each.words for each in LOCKED if each.name == name)
    return sanitise(f"{words} is locked: this release only reads, whatever IAM allows you.")
