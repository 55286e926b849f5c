"""How many keys with a prefix are there now? Looked for as long as a look may take, and told how far that went."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from collectors.errors import CannotCollect
from collectors.redis.asking import Cache, Question, Words
from console.actions.flushes.logged_in import named

COUNT, MOST_LOOKS = 100, 500
SPARSE = 8  # times as many looks: after a deletion most places of a database are empty
CLIENTS = Question("flush-clients", grants=("+client|list",), commands=(("CLIENT", "LIST"),))
GRANTS = ("+scan +select +dbsize",)


@dataclass(frozen=True, slots=True)
class Left:
    """Of so many keys that were looked at, so many begin with the prefix."""

    looked: int
    begin: int
    is_all: bool = True  # the whole database was looked through

    def __add__(self, other: Left) -> Left:
        return Left(self.looked + other.looked, self.begin + other.begin, self.is_all and other.is_all)

    def __str__(self) -> str:
        if not (self.begin or self.is_all):
            return f"None of the {self.looked:,} keys that were looked at begins with it, and others may"
        return f"{'About' if self.is_all else 'At least'} {self.begin:,} keys of that prefix are left"


NOTHING = Left(0, 0)


async def left(cache: Cache, database: str, prefix: str, *, looks: int = MOST_LOOKS) -> Left:
    """Of one node: a few keys at a time, since others ask it too, and of a large database a part."""
    first = await _look(cache, database, "0")
    if first.size > looks * COUNT:
        return await _part(cache, database, prefix, first.size, looks)
    seen, cursor = set(first.keys), first.cursor
    for _ in range(SPARSE * looks):
        if cursor == "0":
            return _of(seen, prefix, is_all=True)
        look = await _look(cache, database, cursor)
        seen.update(look.keys)
        cursor = look.cursor
    return _of(seen, prefix, is_all=False)


async def _part(cache: Cache, database: str, prefix: str, size: int, looks: int) -> Left:
    """From anywhere: whoever deletes begins where SCAN does, and there one sees what is gone, not what is left."""
    seen, anywhere = set[str](), random.Random(size)  # noqa: S311 - no secret
    for _ in range(looks):
        seen.update((await _look(cache, database, str(anywhere.getrandbits(size.bit_length())))).keys)
    return _of(seen, prefix, is_all=False)


def _of(seen: Iterable[str], prefix: str, *, is_all: bool) -> Left:
    keys = set(seen)
    return Left(len(keys), sum(key.startswith(prefix) for key in keys), is_all)


@dataclass(frozen=True, slots=True)
class _Look:
    cursor: str  # where SCAN goes on; 0 after a whole round
    keys: tuple[str, ...]
    size: int  # of the database


async def _look(cache: Cache, database: str, cursor: str) -> _Look:
    commands: tuple[Words, ...] = (("SELECT", database), ("DBSIZE",), ("SCAN", cursor, "COUNT", str(COUNT)))
    _, size, found = await cache.read(Question("flush-left", grants=GRANTS, commands=commands))
    match size, found:
        case int(size), [str(after), list(some)]:
            return _Look(after, tuple(key for key in some if isinstance(key, str)), size)
    raise CannotCollect("The cache replied to SCAN in a form that is not understood.")


async def is_at_it(cache: Cache, op: str) -> bool:
    """Whether the connection of that operation is there still; not, where its clients may not be listed."""
    try:
        (listed,) = await cache.read(CLIENTS)
    except CannotCollect:
        return False
    return f" name={named(op)} " in str(listed)
