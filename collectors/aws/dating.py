"""How far is this machine's clock from AWS's? By the date that each of its answers bears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

_HALF = timedelta(milliseconds=500)  # a date is of the whole second that has begun


class Dating:
    """``skew`` is positive where our clock is ahead; None before the first answer that has a date."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.skew: timedelta | None = None

    def register(self, session: Any) -> None:
        session.get_component("event_emitter").register("response-received", self._came)

    def _came(self, response_dict: Any, **_: Any) -> None:
        told = (response_dict or {}).get("headers", {}).get("Date")
        try:
            theirs = parsedate_to_datetime(told)
        except (TypeError, ValueError):
            return
        if theirs.tzinfo is not None:
            self.skew = self._now() - theirs - _HALF
