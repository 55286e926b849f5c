"""What would chance have said at that time? Random access: the same question has the same answer, in any order."""

from __future__ import annotations

import hashlib
import math

_MASK = (1 << 64) - 1


def key(*parts: object) -> int:
    """One source of chance, independent of every other."""
    name = "\0".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big")


def uniform(source: int, n: int) -> float:
    """The ``n``-th number of a source, from 0 to below 1 (splitmix64)."""
    z = (source + n * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((z ^ (z >> 31)) >> 11) / (1 << 53)


def smooth(source: int, t: float, period: float) -> float:
    """Noise from -1 to 1 that takes about ``period`` seconds to change its mind."""
    place = t / period
    n = math.floor(place)
    x = place - n
    here, there = uniform(source, n), uniform(source, n + 1)
    return 2.0 * (here + (there - here) * x * x * (3.0 - 2.0 * x)) - 1.0


def bump(source: int, t: float, *, slot: float, chance: float, lasts: tuple[float, float]) -> float:
    """Now and then something lasts a while: its height at ``t``, 0 to 1, at most one in each ``slot`` seconds."""
    height = 0.0
    shortest, longest = lasts
    n = math.floor(t / slot)
    for each in (n - 1, n):  # one that began in the slot before may still last
        if uniform(source, 4 * each) >= chance:
            continue
        length = shortest + (longest - shortest) * uniform(source, 4 * each + 1)
        x = (t - slot * (each + uniform(source, 4 * each + 2))) / length
        if 0.0 < x < 1.0:
            steep = min(1.0, 6.0 * x, 6.0 * (1.0 - x))  # rises and falls in a sixth of its time
            height = max(height, steep * (0.4 + 0.6 * uniform(source, 4 * each + 3)))
    return height
