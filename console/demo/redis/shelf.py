"""What has a real server of the demo on its shelf, until when, and which commands bring that about? No I/O."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from collectors.readings import ResourceId
from console.demo.redis.hundredth import Command, family, filling, name
from console.demo.redis.keys import STRING

ByDatabase = Mapping[int, list[Command]]
NEAR_S = 2.0  # what ends so soon may have ended


class Shelf:
    """Times are those of a clock that never goes back. ``length``: of a value, in bytes."""

    def __init__(self, about: ResourceId, length: int, *, is_store: bool) -> None:
        self._about, self._length = about, length
        self.is_store = is_store
        self.ends: dict[int, float] = {}  # by number

    def filled(self, lives_s: Mapping[int, float], now: float) -> ByDatabase:
        """They are there from now on, for so long; in a store for ever."""
        found = _by_database()
        for number, seconds in lives_s.items():
            lives = None if self.is_store else math.ceil(seconds)
            self.ends[number] = math.inf if lives is None else now + lives
            found[family(number).database] += filling(self._about, number, self._length, lives)
        return found

    def touched(self, numbers: Iterable[int], now: float) -> ByDatabase:
        """They were asked for and there: whoever asks for one that ends soon lets it live on."""
        found = _by_database()
        for number in numbers:
            of = family(number)
            if self.ends.get(number, now) - now < of.lives_s / 2:
                self.ends[number] = now + of.lives_s
                found[of.database].append(("EXPIRE", name(number), str(of.lives_s)))
        return found

    def written(self, numbers: Iterable[int]) -> ByDatabase:
        """Anew, if they are there; each ends when it would have."""
        found = _by_database()
        for number in numbers:
            if family(number).kind == STRING:
                for verb, key, said, *_ in filling(self._about, number, self._length, None):
                    found[family(number).database].append((verb, key, said, "XX", "KEEPTTL"))
        return found

    def deleted(self, numbers: Iterable[int]) -> ByDatabase:
        found = _by_database()
        for number in numbers:
            self.ends.pop(number, None)
            found[family(number).database].append(("DEL", name(number)))
        return found

    def turned(self, now: float, *, into_store: bool) -> ByDatabase:
        """Keys of a store have no end."""
        self.is_store = into_store
        found = _by_database()
        for number in self.ends:
            of = family(number)
            self.ends[number] = math.inf if into_store else now + of.lives_s
            word: Command = ("PERSIST", name(number)) if into_store else ("EXPIRE", name(number), str(of.lives_s))
            found[of.database].append(word)
        return found

    def forget(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.ends.pop(number, None)

    def living(self, now: float) -> set[int]:
        """They should be there."""
        return {number for number, end in self.ends.items() if end > now + NEAR_S}


def _by_database() -> defaultdict[int, list[Command]]:
    return defaultdict(list)
