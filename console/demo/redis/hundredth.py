"""Which keys has a real server in place of the model's? Each hundredth, so that one of them stands for a hundred."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from collectors.readings import ResourceId
from console.demo.flushes import Run
from console.demo.redis.keys import FAMILIES, HASH, Family, family_at, run_of, value
from console.demo.redis.run import FLUSHES

SCALE = 100
OVERHEAD = 400  # bytes that a key takes beside its value, with what an allocator rounds up
FIELD = "said"  # of a hash
_CALLS = re.compile(r"^cmdstat_(\w+):calls=(\d+)", re.MULTILINE)
_KEYS = re.compile(r"^db(\d+):keys=(\d+)", re.MULTILINE)

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """All that its clients ask for, where the whole cache would hold so many."""

    parts: tuple[tuple[Family, range], ...]

    @classmethod
    def of(cls, items: float) -> Population:
        return cls(tuple((each, range(*each.held(items), SCALE)) for each in FAMILIES))

    @property
    def size(self) -> int:
        return sum(len(numbers) for _, numbers in self.parts)

    def at(self, place: int) -> int:
        """From 0 to below the size."""
        for _, numbers in self.parts:
            if place < len(numbers):
                return numbers[place]
            place -= len(numbers)
        raise IndexError(place)


@dataclass(frozen=True, slots=True)
class Told:
    """By a server, of itself."""

    calls: Mapping[str, int]  # of what takes keys away
    sizes: Mapping[int, int]  # by database

    @classmethod
    def of(cls, commandstats: str, keyspace: str) -> Told:
        calls = {name: int(times) for name, times in _CALLS.findall(commandstats)}
        sizes = {int(database): int(keys) for database, keys in _KEYS.findall(keyspace)}
        return cls({name: calls.get(name, 0) for name in FLUSHES}, sizes)

    def since(self, before: Told) -> dict[str, int]:
        """How often each was executed; those that were not are left out."""
        return {name: more for name, calls in self.calls.items() if (more := calls - before.calls[name]) > 0}

    def emptied_since(self, before: Told) -> tuple[Run, ...]:
        """What went with the databases that hold less than half of what they held: clients fill again at once."""
        fell = (of for of, keys in sorted(before.sizes.items()) if self.sizes.get(of, 0) * 2 < keys)
        return tuple(run for of in fell if (run := run_of(of))[1] > run[0])


def family(number: int) -> Family:
    found = family_at(number)
    if found is None:
        raise ValueError(f"{number} is no key of the demo")
    return found


def name(number: int) -> str:
    of = family(number)
    return f"{of.prefix}{number - of.first}"


def asking(number: int) -> Command:
    return ("HGETALL" if family(number).kind == HASH else "GET", name(number))


def filling(about: ResourceId, number: int, length: int, lives_s: int | None) -> Iterator[Command]:
    """``length``: of the value, in bytes; ``lives_s``: None is for ever."""
    said = value(about, number).ljust(length, ".")
    if family(number).kind == HASH:
        yield "HSET", name(number), FIELD, said
        if lives_s is not None:
            yield "EXPIRE", name(number), str(lives_s)
    else:
        yield "SET", name(number), said, *(() if lives_s is None else ("EX", str(lives_s)))


def runs(numbers: Iterable[int]) -> tuple[Run, ...]:
    """What they stand for in the model."""
    found: list[Run] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number:
            found[-1] = found[-1][0], number + SCALE
        else:
            found.append((number, number + SCALE))
    return tuple(found)


def within(numbers: Iterable[int], gone: Sequence[Run]) -> list[int]:
    return [number for number in numbers if any(first <= number < end for first, end in gone)]
