"""What does a person mean by `5m`, `20 GiB` or `80 %`, and is it exactly a number in the unit that is wanted?"""

from __future__ import annotations

import math
import re
from decimal import Decimal

_QUANTITY = re.compile(r"\s*([+-]?(?:\d{1,18}(?:\.\d{1,18})?|\.\d{1,18}))\s*([A-Za-zµ%/]{0,8})\s*", re.ASCII)

_TIME = {
    "us": Decimal("0.000001"),
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "m": Decimal(60),
    "min": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86_400),
    "w": Decimal(604_800),
}
_SIZE = {"B": Decimal(1)} | {
    prefix + mark: Decimal(base) ** power
    for mark, base in (("B", 1000), ("iB", 1024))
    for power, prefix in enumerate("KMGTP", start=1)
} | {"kB": Decimal(1000)}  # fmt: skip

_WORDS: dict[str, tuple[dict[str, Decimal], Decimal]] = {
    "Seconds": (_TIME, Decimal(1)),
    "Milliseconds": (_TIME, Decimal("0.001")),
    "Microseconds": (_TIME, Decimal("0.000001")),
    "Days": (_TIME, Decimal(86_400)),
    "Bytes": (_SIZE, Decimal(1)),
    "KB": (_SIZE, Decimal(1024)),  # SQL Server's
    "Bytes/Second": ({f"{word}/s": size for word, size in _SIZE.items()}, Decimal(1)),
    "Percent": ({"%": Decimal(1)}, Decimal(1)),
    "Count/Second": ({"/s": Decimal(1)}, Decimal(1)),
    "ms/s": ({"ms/s": Decimal(1)}, Decimal(1)),
}
"""By a metric's unit: the words that may be written, and how much one of it is of theirs."""


class NotAQuantity(ValueError):  # noqa: N818 - says what was given
    """``allowed``: what may be written in its place."""

    def __init__(self, what: str, allowed: str) -> None:
        super().__init__(what)
        self.what = what
        self.allowed = allowed


def in_unit(value: object, unit: str) -> float:
    """A number as it stands, or one with a unit that converts exactly to ``unit``."""
    words, one = _WORDS.get(unit, ({}, Decimal(1)))
    allowed = _allowed(unit, words)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotAQuantity("is not a number", allowed)
    if not isinstance(value, str):
        return _finite(value, allowed)
    parsed = _QUANTITY.fullmatch(value)
    if parsed is None:
        raise NotAQuantity("is not a number with a unit", allowed)
    amount, word = Decimal(parsed[1]), parsed[2].replace("µ", "u")
    if not word:
        raise NotAQuantity("is a number in quotes", f"{allowed}, without quotes where it has no unit")
    if word not in words:
        raise NotAQuantity("has a unit that does not belong here", allowed)
    return float(amount * words[word] / one)


def seconds(value: object) -> float:
    """A duration: a number of seconds, or a number with a unit of time."""
    return in_unit(value, "Seconds")


def _finite(value: float, allowed: str) -> float:
    try:
        number = float(value)
    except OverflowError:
        raise NotAQuantity("is too great a number", allowed) from None
    if not math.isfinite(number):
        raise NotAQuantity("is not a finite number", allowed)
    return number


def _allowed(unit: str, words: dict[str, Decimal]) -> str:
    if not words:
        return "a number"
    said = {"Percent": "", "Count/Second": "", "ms/s": "", "KB": " of KB", "Bytes/Second": " of bytes a second"}
    return f"a number{said.get(unit, f' of {unit.lower()}')}, or one with {', '.join(words)}"
