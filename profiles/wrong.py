"""What is wrong with a profile: in which file and place, what was found there, what is allowed, what was meant?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

MOST_SHOWN = 60  # characters of what was found


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. ``what`` goes on from the place: "is not a key"."""

    file: str
    what: str
    place: str = ""  # a dotted key; empty for the file as a whole
    line: int | None = None
    column: int | None = None
    found: str = ""
    allowed: str = ""
    nearest: str = ""

    def where(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def mend(self) -> str:
        """What would mend it, in a sentence or two; empty where nothing is known."""
        meant = f"Did you mean {self.nearest}?" if self.nearest else ""
        allowed = f"Allowed: {self.allowed}." if self.allowed else ""
        return f"{meant} {allowed}".strip()

    def __str__(self) -> str:
        found = f" ({self.found})" if self.found else ""
        mend = f" {self.mend()}" if self.mend() else ""
        return f"{self.where()}: {self.place}{' ' if self.place else ''}{self.what}.{found}{mend}"


class WrongProfile(Exception):  # noqa: N818 - named for what the reader is told, as every error here
    """A profile that cannot be used; every fault that was found in it, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        self.first = self.faults[0]
        super().__init__(str(self.first))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant, or empty."""
    names = {name.casefold(): name for name in known}
    close = get_close_matches(word[:MOST_SHOWN].casefold(), names, n=1, cutoff=0.6)
    return names[close[0]] if close else ""


def shown(value: object) -> str:
    """What was found, short enough for a line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list | tuple):
        return "a table" if isinstance(value, dict) else "an array"
    try:
        text = repr(value) if isinstance(value, str) else str(value)
    except ValueError:  # an integer too long to be written
        return "a number with thousands of digits"
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
