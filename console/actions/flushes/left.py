"""How many keys with a prefix are there now? Looked for as long as a look may take, and told how far that went."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.errors import CannotCollect
from collectors.redis.asking import Cache, Question, Words
from console.actions.flushes.logged_in import named
from console.actions.flushes.pattern import begins_with

COUNT, MOST_LOOKS = 2000, 500
CLIENTS = Question("flush-clients", grants=("+client|list",), commands=(("CLIENT", "LIST"),))
GRANTS = ("+scan +select +dbsize",)


@dataclass(frozen=True, slots=True)
class Left:
    """``is_all``: the whole database was looked through."""

    keys: int
    is_all: bool = True

    def __add__(self, other: Left) -> Left:
        return Left(self.keys + other.keys, self.is_all and other.is_all)

    def __str__(self) -> str:
        return f"{'about' if self.is_all else 'at least'} {self.keys:,} keys"


async def left(cache: Cache, database: str, prefix: str) -> Left:
    """Of one node."""
    select: Words = ("SELECT", database)
    cursor, keys = "0", 0
    for _ in range(MOST_LOOKS):
        scan: Words = ("SCAN", cursor, "MATCH", begins_with(prefix), "COUNT", str(COUNT))
        _, found = await cache.read(Question("flush-left", grants=GRANTS, commands=(select, scan)))
        match found:
            case [str(cursor), list(some)]:
                keys += len(some)
            case _:
                raise CannotCollect("The cache replied to SCAN in a form that is not understood.")
        if cursor == "0":
            return Left(keys)
    return Left(keys, is_all=False)


async def is_at_it(cache: Cache, op: str) -> bool:
    """Whether the connection of that operation is there still; not, where its clients may not be listed."""
    try:
        (listed,) = await cache.read(CLIENTS)
    except CannotCollect:
        return False
    return f" name={named(op)} " in str(listed)
