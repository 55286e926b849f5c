"""How a time or a span is said in few cells."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from collectors.safe import Safe, sanitise

_STEPS = ((60, 1, "s"), (3600, 60, "m"), (86_400, 3600, "h"), (100 * 86_400, 86_400, "d"))


def span(seconds: float) -> Safe:
    """`0s`, `59s`, `12m`, `3h`, `45d`: one unit, rounded down, so that it never says more than has passed."""
    whole = max(0, int(seconds))
    for limit, size, unit in _STEPS:
        if whole < limit:
            return sanitise(f"{whole // size}{unit}")
    return sanitise(f"{whole // (365 * 86_400)}y" if whole >= 365 * 86_400 else f"{whole // 86_400}d")


def clock(ms: int, zone: tzinfo = UTC) -> Safe:
    """The time of day."""
    return sanitise(datetime.fromtimestamp(ms / 1000, zone).strftime("%H:%M:%S"))


def date_and_time(ms: int, zone: tzinfo = UTC) -> Safe:
    """With a `Z` where it is UTC, else with its difference from it: never a time of which one must guess the zone."""
    return sanitise(f"{datetime.fromtimestamp(ms / 1000, zone):%Y-%m-%d %H:%M:%S}{zone_mark(ms, zone)}")


def zone_mark(ms: int, zone: tzinfo) -> Safe:
    """`Z`, or such as `+02:00`."""
    offset = f"{datetime.fromtimestamp(ms / 1000, zone):%z}"
    return Safe("Z") if zone is UTC else sanitise(f"{offset[:3]}:{offset[3:]}")
