"""A clock that stands where it is put."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from collectors.clock import Clock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class StandingClock(Clock):
    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def go_on(self, by: timedelta) -> None:
        self._now += by

    async def sleep_until(self, when: datetime) -> None:
        raise AssertionError(f"nothing here waits, and this until {when}")
