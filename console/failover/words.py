"""How are times said here, and who has the role?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from collectors.safe import NO_TEXT, Safe, sanitise
from console.failover.observed import Kind, Member

_LONG_S = 100.0  # from here on in minutes


def lasting(span: timedelta) -> str:
    """`2.4 s`, `74 s`, `3 min 20 s`, `2 h 5 min`"""
    seconds = max(0.0, span.total_seconds())
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < _LONG_S:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}Z"


def leader(kind: Kind, resource: str, members: Iterable[Member]) -> Safe:
    """Who has the role, and where: `orders-db in eu-west-1a, standby in eu-west-1b`."""
    there = tuple(members)
    if kind in (Kind.STANDBY, Kind.PROMOTION):
        own = next((m for m in there if m.id == resource), None)
        if own is None:
            return NO_TEXT
        beside = f", standby in {own.standby_az}" if own.standby_az else ""
        follows = f", follows {own.source}" if own.source else ""
        return sanitise(f"{own.id} in {own.az or 'no zone that is told'}{beside}{follows}")
    leading = [m for m in there if m.leads]
    return sanitise(", ".join(f"{m.id} in {m.az}" if m.az else m.id for m in leading))
