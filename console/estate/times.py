"""How a time is written in a series and in a message: UTC, in whole milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def to_ms(when: datetime) -> int:
    if when.tzinfo is None:  # it would be taken for local time, and every age would be wrong by hours
        raise ValueError(f"a time without a zone: {when}")
    return (when - EPOCH) // MS


def from_ms(ms: int) -> datetime:
    return EPOCH + ms * MS
