"""What time is it for a request? Its engine tells; for whoever does not, the clock that the demo was started with."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import format_datetime

from console.demo.emulator.requests_form import App, Environ, Start
from console.demo.told import HEADER

_HEADER = "HTTP_" + HEADER.upper().replace("-", "_")
MOST_MS = 253_402_300_799_999  # the end of the year 9999


class Now:
    """Seconds since 1970. Where the demo is played step by step its speed is nought: only what is told counts."""

    def __init__(self, start: float, anchor: float, speed: float) -> None:
        self._start, self._anchor, self._speed = start, anchor, speed
        self._told = start
        self._of_request: ContextVar[float | None] = ContextVar("of_request", default=None)

    def __call__(self) -> float:
        """Of the request that is being answered."""
        of_request = self._of_request.get()
        return self.latest() if of_request is None else of_request

    def latest(self) -> float:
        """That was told, or that has passed since."""
        return max(self._told, self._start + (time.monotonic() - self._anchor) * self._speed)

    def wrap(self, app: App) -> App:
        def timed(environ: Environ, start: Start) -> Iterable[bytes]:
            told = environ.get(_HEADER, "")
            if told.isascii() and told.isdigit() and int(told) <= MOST_MS:
                t = int(told) / 1000
                self._told = max(self._told, t)
                self._of_request.set(t)
            else:
                self._of_request.set(None)
            return app(environ, start)

        return timed

    def date(self) -> str:
        """As an answer bears it: the estate's, as AWS's bear AWS's."""
        return format_datetime(datetime.fromtimestamp(self(), UTC), usegmt=True)
