"""Which keys does a cache of the demo hold? Numbers with a name each, which is made when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.readings import ResourceId
from console.demo.flushes import Run
from console.demo.noise import key, uniform

BLOCKS = 64_000  # in each of them some of every family, as it is in a whole
OF_ALL = 50  # keys of a block, of both databases
DAY_S = 86_400
DATABASES = 16
HASH, STRING = "hash", "string"


@dataclass(frozen=True, slots=True)
class Family:
    """Keys of one prefix. ``first``: its numbers begin there; ``lives_s``: after which one that nobody renews ends."""

    prefix: str
    database: int
    weight: int  # keys in a block
    lives_s: int
    kind: str
    first: int = 0
    after: int = 0  # keys of its block that come before its own

    @property
    def share(self) -> float:
        """Of all keys."""
        return self.weight / OF_ALL

    @property
    def end(self) -> int:
        return self.first + self.weight * BLOCKS

    def before(self, place: int, width: int) -> int:
        """The first of its numbers that is not before that place, where ``width`` places are a block."""
        block, rest = divmod(place, width)
        return self.first + block * self.weight + min(max(rest - self.after, 0), self.weight)

    def count(self, items: float) -> int:
        """How many there are, of so many keys of the whole cache."""
        return min(int(self.share * items), self.end - self.first)

    def held(self, items: float) -> Run:
        return self.first, self.first + self.count(items)


FAMILIES = (
    Family("session:", 0, 31, 1800, STRING),
    Family("cart:", 0, 11, 7 * DAY_S, HASH, first=31 * BLOCKS, after=31),
    Family("catalogue:", 0, 7, 3600, STRING, first=42 * BLOCKS, after=42),
    Family("throttle:", 1, 1, 60, STRING, first=49 * BLOCKS),
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


def width_of(database: int) -> int:
    """Places of a block."""
    return sum(each.weight for each in FAMILIES if each.database == database)


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
