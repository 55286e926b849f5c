"""How many keys with a prefix are there now? Looked for as long as a look may take, and told how far that went."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.errors import CannotCollect
from collectors.redis.asking import Cache, Question, Words
from console.actions.flushes.logged_in import named

COUNT, MOST_LOOKS = 100, 500
CLIENTS = Question("flush-clients", grants=("+client|list",), commands=(("CLIENT", "LIST"),))
GRANTS = ("+scan +select +dbsize",)


@dataclass(frozen=True, slots=True)
class Left:
    """Of so many keys in the database, so many were looked at, and so many of those begin with the prefix."""

    keys: int
    looked: int
    begin: int
    is_all: bool = True  # the whole database was looked through

    def __add__(self, other: Left) -> Left:
        counts = (self.keys + other.keys, self.looked + other.looked, self.begin + other.begin)
        return Left(*counts, self.is_all and other.is_all)

    @property
    def estimate(self) -> int:
        if self.is_all or not self.looked:
            return self.begin
        return round(self.keys * self.begin / self.looked)

    def __str__(self) -> str:
        if self.begin or self.is_all:
            return f"About {self.estimate:,} keys of that prefix are left"
        return f"None of the {self.looked:,} keys that were looked at begins with it, and others may"


NOTHING = Left(0, 0, 0)


async def left(cache: Cache, database: str, prefix: str, *, looks: int = MOST_LOOKS) -> Left:
    """Of one node: a few keys at a time, since others ask it too, and of a large database a part."""
    select: Words = ("SELECT", database)
    cursor, keys, looked, begin = "0", 0, 0, 0
    for _ in range(looks):
        commands: tuple[Words, ...] = (select, ("DBSIZE",), ("SCAN", cursor, "COUNT", str(COUNT)))
        _, size, found = await cache.read(Question("flush-left", grants=GRANTS, commands=commands))
        match size, found:
            case int(keys), [str(cursor), list(some)]:
                looked += len(some)
                begin += sum(isinstance(key, str) and key.startswith(prefix) for key in some)
            case _:
                raise CannotCollect("The cache replied to SCAN in a form that is not understood.")
        if cursor == "0":
            return Left(keys, looked, begin)
    return Left(keys, looked, begin, is_all=False)


async def is_at_it(cache: Cache, op: str) -> bool:
    """Whether the connection of that operation is there still; not, where its clients may not be listed."""
    try:
        (listed,) = await cache.read(CLIENTS)
    except CannotCollect:
        return False
    return f" name={named(op)} " in str(listed)
