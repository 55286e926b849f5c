"""Which keys does a node hold at a time? Worked out by number: no key is made before somebody asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from collectors.readings import ResourceId
from console.demo.flushes import Gap, Run, missing
from console.demo.model import Model
from console.demo.redis.keys import FAMILIES, Family, chance, width_of


class Held:
    """At one moment. ``pending``: what has been deleted, and nobody else knows of yet."""

    def __init__(self, model: Model, about: ResourceId, t: float, pending: Sequence[Run] = ()) -> None:
        items = model.items(about, t)
        self.t = t
        self._counts = {family: family.count(items) for family in FAMILIES}
        gaps = model.gaps(about, t)
        self._gaps = [*gaps, Gap(t, tuple(pending), 1.0)] if pending else gaps

    def has(self, number: int) -> bool:
        return bool(self.those_of([number]))

    def those_of(self, numbers: Sequence[int]) -> set[int]:
        """Whose key is there."""
        there = {each for family, count in self._counts.items() for each in numbers
                 if family.first <= each < family.first + count}  # fmt: skip
        near = self._near(min(numbers), max(numbers) + 1) if numbers else []
        return {each for each in there if not self._is_gone(each, near)} if near else there

    def between(self, first: int, end: int) -> Iterator[int]:
        """Those whose key is there, in their order."""
        near = self._near(first, end)
        for family, count in self._counts.items():
            there = range(max(first, family.first), min(end, family.first + count))
            if near:
                yield from (each for each in there if not self._is_gone(each, near))
            else:
                yield from there

    def end(self, family: Family) -> int:
        """No number of it from there on has a key now."""
        return family.first + self._counts[family]

    def size(self, database: int) -> int:
        return sum(self.count(family) for family in FAMILIES if family.database == database)

    def count(self, family: Family) -> int:
        there = family.first, family.first + self._counts[family]
        return round(self._counts[family] * (1 - missing(self._gaps, there, self.t)))

    def _near(self, first: int, end: int) -> list[Gap]:
        return [gap for gap in self._gaps if any(a < end and b > first for a, b in gap.runs)]

    def _is_gone(self, number: int, gaps: Sequence[Gap]) -> bool:
        return any(
            self.t - gap.at < gap.waits_s(chance(number, gap.at))
            for gap in gaps
            if any(a <= number < b for a, b in gap.runs)
        )


def scan(held: Held, database: int, cursor: int, count: int, literal: str = "") -> tuple[int, list[tuple[Family, int]]]:
    """The next cursor, and what there is from this one on; of ``literal``, what each name that is wanted begins with.

    A cursor is a place, and holds for ever: a key that stays is met once in a whole round. In each block of places
    there is some of every family, so that a few keys from anywhere tell of all.
    """
    here, width = [each for each in FAMILIES if each.database == database], width_of(database)
    wanted = [each for each in here if each.prefix.startswith(literal) or literal.startswith(each.prefix)]
    after = cursor + count * width // max(1, sum(each.weight for each in wanted))  # what is not wanted costs nothing
    found = [
        (family, number)
        for family in wanted
        for number in held.between(family.before(cursor, width), family.before(after, width))
    ]
    is_over = all(family.before(after, width) >= held.end(family) for family in wanted)
    return (0 if is_over else after), found


def literal_of(pattern: str) -> str:
    """What stands before all that stands for something else."""
    return re.split(r"[*?\[\\]", pattern, maxsplit=1)[0]


@lru_cache(64)
def fits(pattern: str) -> Callable[[str], bool]:
    """As Redis matches a glob: `*`, `?`, `[a-z]`, `[^a]`, and a backslash before what stands for itself."""
    first, *rest = map("".join, _parts(pattern))
    expression = first
    if rest:  # what stands between two stars is found where it is first: nobody has to look for it twice
        expression += "".join(f"(?>.*?{each})" for each in rest[:-1]) + f".*{rest[-1]}"
    compiled = re.compile(expression, re.DOTALL)
    return lambda name: compiled.fullmatch(name) is not None


def _parts(pattern: str) -> list[list[str]]:
    """What stands before, between and after the stars."""
    parts: list[list[str]] = [[]]
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "*":
            parts.append([])
        elif letter == "?":
            parts[-1].append(".")
        elif letter == "\\" and at + 1 < len(pattern):
            at += 1
            parts[-1].append(re.escape(pattern[at]))
        elif letter == "[" and (closed := pattern.find("]", at + 2)) > 0:
            inner = pattern[at + 1 : closed]
            negated, inner = ("^", inner[1:]) if inner.startswith("^") else ("", inner)
            parts[-1].append(f"[{negated}{_inner(inner)}]" if inner else ".")  # `[^]`: none of none
            at = closed
        else:
            parts[-1].append(re.escape(letter))
        at += 1
    return parts


def _inner(letters: str) -> str:
    """Of a class: a range is one, whichever end is named first; everything else is itself."""
    out, at = [], 0
    while at < len(letters):
        if letters[at + 1 : at + 2] == "-" and at + 2 < len(letters):
            low, high = sorted((letters[at], letters[at + 2]))
            out.append(f"{re.escape(low)}-{re.escape(high)}")
            at += 3
        else:
            out.append(re.escape(letters[at]))
            at += 1
    return "".join(out)
