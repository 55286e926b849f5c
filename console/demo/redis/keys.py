"""Which keys does a cache of the demo hold? Numbers with a name each, which is made when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from collectors.readings import ResourceId
from console.demo.flushes import Run
from console.demo.noise import key, uniform

CAPACITY = 3_200_000  # numbers: more than a full cache has keys
DAY_S = 86_400
DATABASES = 16
HASH, STRING = "hash", "string"


@dataclass(frozen=True, slots=True)
class Family:
    """Keys of one prefix. ``first``: its numbers begin there; ``lives_s``: after which one that nobody renews ends."""

    prefix: str
    database: int
    share: float  # of all keys
    lives_s: int
    kind: str
    first: int = 0

    @property
    def end(self) -> int:
        return self.first + int(self.share * CAPACITY)

    def count(self, items: float) -> int:
        """How many there are, of so many keys of the whole cache."""
        return min(int(self.share * items), self.end - self.first)

    def held(self, items: float) -> Run:
        return self.first, self.first + self.count(items)


_USUAL = (
    Family("session:", 0, 0.62, 1800, STRING),
    Family("cart:", 0, 0.22, 7 * DAY_S, HASH),
    Family("catalogue:", 0, 0.14, 3600, STRING),
    Family("throttle:", 1, 0.02, 60, STRING),
)
_BEGIN = accumulate((int(each.share * CAPACITY) for each in _USUAL), initial=0)
FAMILIES = tuple(
    Family(f.prefix, f.database, f.share, f.lives_s, f.kind, begin) for f, begin in zip(_USUAL, _BEGIN, strict=False)
)
END = FAMILIES[-1].end


def family_at(number: int) -> Family | None:
    return next((each for each in FAMILIES if each.first <= number < each.end), None)


def number_of(database: int, name: str) -> int | None:
    """The number of a key by its name; None for one that is none of the model's."""
    for each in FAMILIES:
        if each.database == database and name.startswith(each.prefix):
            digits = name[len(each.prefix) :]
            if digits.isascii() and digits.isdigit() and str(int(digits[:12])) == digits:
                number = each.first + int(digits)
                return number if number < each.end else None
    return None


def run_of(database: int) -> Run:
    """All that a database could hold; nothing in one that is not used."""
    there = [each for each in FAMILIES if each.database == database]
    return (there[0].first, there[-1].end) if there else (0, 0)


def chance(number: int, at: float) -> float:
    """From 0 to below 1: which keys come back first after a flush."""
    return uniform(round(at * 1000), number)


def left_s(family: Family, number: int, t: float) -> float:
    """How long it still lives: each is renewed in its own time."""
    passed = (t + family.lives_s * uniform(_RENEWED, number)) % family.lives_s
    return max(0.001, family.lives_s - passed)


def value(about: ResourceId, number: int) -> str:
    """What one says: nobody's data, and the same each time."""
    return f'{{"customer":{key(about, number) % 1_000_000},"seen":{number}}}'


_RENEWED = key("keys", "renewed")
