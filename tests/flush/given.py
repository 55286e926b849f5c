"""A flush, and series as collectors leave them, for tests of the time after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from collectors.readings import ResourceId
from collectors.safe import Safe
from console.estate.times import to_ms
from console.flush.watch import Flushed, Points, Read

SENT = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
DONE = SENT + timedelta(seconds=4)
CACHE, ORDERS = ResourceId(Safe("sessions-001")), ResourceId(Safe("orders-primary"))
FLUSHED = Flushed("01JB", CACHE, Safe("Flush"), Safe("arn:aws:sts::1:assumed-role/dbconsole-admin/alice"), SENT, DONE)


def after(**span: float) -> datetime:
    return DONE + timedelta(**span)


def points(*told: tuple[float, float | None]) -> Points:
    """Seconds since it was sent, and the value."""
    return [(to_ms(SENT) + round(1000 * seconds), value) for seconds, value in told]


def reading(series: Mapping[tuple[ResourceId, str], Points]) -> Read:
    return lambda about, name: series.get((about, name), ())


def every(step: float, since: float, until: float, value: float) -> list[tuple[float, float | None]]:
    """The same value again and again."""
    count = int((until - since) / step)
    return [(since + number * step, value) for number in range(count)]
