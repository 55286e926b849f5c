"""What may an option hold? Each says what is wrong with what it was given."""

from __future__ import annotations

import argparse
import math
from datetime import UTC, datetime


def speed(text: str) -> float:
    value = _number(text)
    if not 0.1 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not between 0.1 and 1000")
    return value


def seconds(text: str) -> int:
    value = _number(text)
    if not 1 <= value <= 86_400 or value != int(value):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of seconds from 1 to 86400")
    return int(value)


def size(text: str) -> int:
    value = _number(text)
    if not 1 <= value <= 5000 or value != int(value):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 to 5000")
    return int(value)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    return value if math.isfinite(value) else -1


def time(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-01-31T09:30:00Z") from None
    value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if not 2000 <= value.year <= 2100:
        raise argparse.ArgumentTypeError(f"{text} is not between the years 2000 and 2100")
    return value
