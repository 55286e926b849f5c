"""Do this engine and this viewer understand each other?"""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def is_older(one: str, other: str) -> bool:
    """Whether release ``one`` came before ``other``; what follows the numbers (dev, rc, +local) is not compared."""
    return _numbers(one) < _numbers(other)


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version[:64])
    numbers = [int(number) for number in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:  # 1.0 is 1.0.0
        numbers.pop()
    return tuple(numbers)
