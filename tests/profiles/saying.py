"""What a profile of the given text comes to, or the lines that say why it does not."""

from __future__ import annotations

from console.profile_metrics import KnownMetrics
from profiles.load import parse
from profiles.model import Profile
from profiles.wrong import WrongProfile

FILE = "mine.toml"


def profile(text: str) -> Profile:
    return parse(text, FILE, metrics=KnownMetrics(), stem="mine")


def faults(text: str) -> list[str]:
    try:
        profile(text)
    except WrongProfile as wrong:
        return [str(fault) for fault in wrong.faults]
    return []


def fault(text: str) -> str:
    """Where there is one and no more."""
    (only,) = faults(text)
    return only
