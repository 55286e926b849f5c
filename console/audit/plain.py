"""What may stand in a record's data? Text, whole numbers, yes and no, nothing, and lists and maps of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Plain: TypeAlias = str | int | bool | Sequence["Plain"] | Mapping[str, "Plain"] | None
Data: TypeAlias = Mapping[str, Plain]

DEEPEST = 16
LONGEST = 1024  # as it is written, of a text that is not data: eight of them leave half a line for the data
_SMALLEST, _GREATEST = -(1 << 63), (1 << 63) - 1  # what readers in other languages can hold
CUT = "\u2026"


def plain(value: object, depth: int = 0) -> Plain:
    """``value`` as it will be read again. What has no place there becomes text: no record fails for its data.

    So does a fraction: two programs may write the same one differently, and then its hash would be another.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, int) and _SMALLEST <= value <= _GREATEST:
        return int(value)
    if depth < DEEPEST and isinstance(value, Mapping):
        return {writable(str(key)): plain(each, depth + 1) for key, each in value.items()}
    if depth < DEEPEST and isinstance(value, (list, tuple, set, frozenset)):
        ordered = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return [plain(each, depth + 1) for each in ordered]
    return writable(str(value))


def writable(text: str) -> str:
    """The same, but half a character that UTF-8 cannot hold is written as its escape."""
    return str.__str__(text) if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def bounded(text: str) -> str:
    """Cut where it would be too long as it is written, with a mark that it was."""
    kept = writable(text)
    if len(kept) * 12 <= LONGEST:  # no character takes more
        return kept
    room = LONGEST - _cost(CUT)
    if sum(map(_cost, kept)) <= LONGEST:
        return kept
    for at, character in enumerate(kept):
        room -= _cost(character)
        if room < 0:
            return kept[:at] + CUT
    return kept


def _cost(character: str) -> int:
    if character > "\uffff":
        return 12
    if not " " <= character <= "~":
        return 6
    return 2 if character in '"\\' else 1
