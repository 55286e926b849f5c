"""What of the time after a flush is worth interrupting somebody for? What is alarming, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.flush.words import noun
from console.screen.picture import Picture

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.flush import Flush


class FlushNews:
    """Keeps what was known; asked with each picture. Of what was so when one came nothing is news."""

    def __init__(self) -> None:
        self._before: Mapping[str, Flush] | None = None
        self._epoch: object = None

    def of(self, picture: Picture, *, besides: str | None) -> Safe | None:
        """``besides``: the one in sight, which tells itself."""
        epoch = picture.meta.started if picture.meta else None
        before, self._before = self._before, picture.flushes
        was, self._epoch = self._epoch, epoch
        if before is None or was != epoch or before is picture.flushes:
            return None
        there = (each for name, each in picture.flushes.items() if name != besides)
        told = [words for each in there if (words := _turned(before.get(each.id), each)) is not None]
        return sanitise(told[-1]) if told else None


def _turned(before: Flush | None, flush: Flush) -> str | None:
    if flush.ended is not None and (before is None or before.ended is None):
        return f"After the {noun(flush)} of {flush.resource}: {flush.outcome}. (:ops)"
    if len(flush.alarms) > (len(before.alarms) if before is not None else 0):
        return f"After the {noun(flush)} of {flush.resource}: {flush.alarms[-1]} (:ops)"
    return None
