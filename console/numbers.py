"""How is a number said: with as many digits as a decision needs, in the way of its unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collectors.safe import Safe, sanitise
from console.times import span

_BYTES = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def number(value: float, unit: str) -> Safe:
    """The number with as many digits as a decision needs, in the unit's own way."""
    return sanitise(_WAYS.get(unit, _short)(value))


def _bytes(value: float) -> str:
    size, step = abs(value), 0
    while size >= 1000 and step < len(_BYTES) - 1:  # 1000, so that no more than three digits stand before the point
        size, step = size / 1024, step + 1
    digits = 0 if step == 0 or size >= 100 else 1
    return f"{'-' if value < 0 else ''}{size:.{digits}f}{_BYTES[step]}"


def _seconds(value: float) -> str:
    if value and abs(value) < 0.001:
        return f"{value * 1e6:.0f}us"
    if abs(value) < 1:
        return f"{value * 1000:.1f}ms" if value else "0s"
    return f"{value:.1f}s" if abs(value) < 120 else span(value)


def _short(value: float) -> str:
    """Four digits or so: 0, 0.42, 7.3, 128, 12.3k, 4.5M."""
    size = abs(value)
    if size >= 1e15:
        return f"{value:.2g}"
    for limit, factor, suffix in ((1e4, 1.0, ""), (1e6, 1e3, "k"), (1e9, 1e6, "M"), (1e12, 1e9, "G")):
        if size < limit:
            scaled = value / factor
            if suffix or (size < 100 and scaled != int(scaled)):
                return f"{scaled:.1f}{suffix}" if suffix or size >= 1 else f"{scaled:.2f}"
            return f"{scaled:.0f}{suffix}"
    return f"{value / 1e12:.1f}T"


_WAYS: Mapping[str, Callable[[float], str]] = {
    "Percent": lambda value: f"{value:.1f}%" if abs(value) < 1000 else f"{_short(value)}%",
    "Bytes": _bytes,
    "Bytes/Second": lambda value: f"{_bytes(value)}/s",
    "KB": lambda value: _bytes(1024 * value),  # SQL Server's
    "Seconds": _seconds,
    "Milliseconds": lambda value: _seconds(value / 1000),
    "ms/s": lambda value: f"{_short(value)}ms/s",
    "Count/Second": lambda value: f"{_short(value)}/s",
}
