"""Is one instance class smaller than another? By their sizes, as far as their names tell."""

from __future__ import annotations

import re

_SIZES = {"micro": 0.125, "small": 0.25, "medium": 0.5, "large": 1.0, "xlarge": 2.0}  # large: 2 vCPU in every family
_CLASS = re.compile(r"(?:db|cache)\.(?P<family>[a-z]+)[0-9]*[a-z]*\.(?P<times>\d*)(?P<size>[a-z]+)")


def is_smaller(one: str, other: str) -> bool | None:
    """None where the names do not tell: of different families, of sizes that nobody knows, serverless."""
    if one == other and one != "db.serverless":
        return False
    first, second = _CLASS.fullmatch(one), _CLASS.fullmatch(other)
    if first is None or second is None or first["family"] != second["family"]:
        return None
    sizes = [_size(each) for each in (first, second)]
    return None if None in sizes else sizes[0] < sizes[1]  # type: ignore[operator]


def _size(found: re.Match[str]) -> float | None:
    size = _SIZES.get(found["size"])
    return None if size is None else size * int(found["times"] or 1)
