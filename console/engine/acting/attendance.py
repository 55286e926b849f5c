"""Is still somebody here? Keys at a control screen say so, and whoever comes back says it in so many words."""

from __future__ import annotations

from collections.abc import Callable

from console.access.idle import Idle
from console.access.moment import Moment
from console.access.refusal import Refusal


class Attendance:
    def __init__(self, moment: Callable[[], Moment]) -> None:
        self._moment = moment
        self._idle = Idle(moment())

    def key(self) -> None:
        self._idle = self._idle.key(self._moment())

    def unlock(self) -> None:
        self._idle = self._idle.unlocked(self._moment())

    def why_locked(self) -> Refusal | None:
        return self._idle.why_locked(self._moment())
