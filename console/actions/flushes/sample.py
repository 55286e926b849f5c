"""Is it a cache, or does somebody keep things there? Judged by a thousand of its keys."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collectors.errors import CannotCollect
from collectors.redis.asking import Cache, Question, Reply, Words

MANY = 1000  # keys that are looked at, of all primaries together
FEW = 20  # of each database at least, where it has as many
NO_TTL, QUEUES = 0.5, 0.1  # shares beyond which it looks like a store
GRANTS = ("+scan +ttl +type +select +dbsize",)
KEEPS = ("stream", "list")
NEVER, GONE = -1, -2  # as TTL says it


@dataclass(frozen=True, slots=True)
class Sample:
    """Counts of keys. ``matching``: of those that were looked at, how many begin with the prefix that was meant."""

    looked: int = 0
    matching: int = 0
    without_ttl: int = 0
    keeping: int = 0  # streams and lists

    def __add__(self, other: Sample) -> Sample:
        return Sample(
            self.looked + other.looked, self.matching + other.matching,
            self.without_ttl + other.without_ttl, self.keeping + other.keeping,
        )  # fmt: skip

    @property
    def suspicions(self) -> tuple[str, ...]:
        """In words; none where it looks like a cache."""
        if not self.matching:
            return ()
        shares = (
            (self.without_ttl / self.matching, NO_TTL, "have no TTL"),
            (self.keeping / self.matching, QUEUES, "are streams or lists"),
        )
        return tuple(
            f"{share:.0%} of {self.matching:,} sampled keys {what}" for share, most, what in shares if share > most
        )

    def estimate(self, keys: int) -> int:
        """Of so many keys, how many begin with the prefix."""
        return round(keys * self.matching / self.looked) if self.looked else 0


def counted(keys: Sequence[str], prefix: str, told: Iterable[tuple[Reply, Reply]]) -> Sample:
    """``told``: TTL and TYPE of each. One that has gone meanwhile is not counted."""
    looked = matching = without_ttl = keeping = 0
    for key, (ttl, kind) in zip(keys, told, strict=True):
        if ttl == GONE or kind == "none":
            continue
        looked += 1
        if key.startswith(prefix):
            matching += 1
            without_ttl += ttl == NEVER
            keeping += kind in KEEPS
    return Sample(looked, matching, without_ttl, keeping)


def shares(keys: Sequence[int], many: int = MANY) -> tuple[int, ...]:
    """How many of each are looked at: by their sizes, and some of each."""
    whole = sum(keys)
    return tuple(min(each, max(FEW, math.ceil(many * each / whole))) if each else 0 for each in keys)


async def sample(cache: Cache, database: int, count: int, prefix: str) -> Sample:
    """Of one database of one node; in the order of its hashes, which is none."""
    select: Words = ("SELECT", str(database))
    asked = Question("flush-sample", grants=GRANTS, commands=(select, ("SCAN", "0", "COUNT", str(count))))
    _, found = await cache.read(asked)
    keys = _keys(found)[: 2 * count]
    if not keys:
        return Sample()
    each = tuple(command for key in keys for command in (("TTL", key), ("TYPE", key)))
    _, *told = await cache.read(Question("flush-sample", grants=GRANTS, commands=(select, *each)))
    return counted(keys, prefix, zip(told[::2], told[1::2], strict=True))


def _keys(found: Reply) -> list[str]:
    match found:
        case [str(), list(keys)]:
            return [key for key in keys if isinstance(key, str)]
    raise CannotCollect("The cache replied to SCAN in a form that is not understood.")
