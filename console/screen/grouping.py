"""Which rows belong together, and how bad is each group? The worst group first, each below a headline of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen import glance
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

FIELDS = ("cluster", "engine", "region", "account", "kind", "role")
TAG = "tag:"
_WORDS = ("crit", "high", "warn", "info", "unseen")
_SIGNS = {Symbols.ASCII: (Safe("-"), Safe("+"))}  # open, folded
_DEFAULT_SIGNS = (Safe("\u25be"), Safe("\u25b8"))
_APART = " \u203a "  # no resource has it in its name


@dataclass(frozen=True, slots=True)
class Group:
    """``counts``: how many are how grave, the worst first; what is well is not counted."""

    key: Safe
    title: Safe
    members: tuple[Safe, ...]
    counts: tuple[tuple[int, int], ...]  # gravity (as `glance.gravity` has it) and number

    @property
    def badness(self) -> tuple[object, ...]:
        """Small for what is to stand first."""
        return ([(gravity, -number) for gravity, number in self.counts] or [(len(_WORDS), 0)]), self.title


def ways(resources: Iterable[Res]) -> tuple[str, ...]:
    """By what the estate may be grouped: its fields, and every tag that somebody has set."""
    tags = {key for res in resources for key in res.tags}
    return (*FIELDS, *(TAG + key for key in sorted(tags)))


def grouped(names: Sequence[Safe], resources: Mapping[str, Res], way: str) -> tuple[Group, ...]:
    """The names in groups, each in the order given."""
    members: dict[str, list[Safe]] = {}
    for name in names:
        members.setdefault(value_of(resources[name], way), []).append(name)
    groups = [_group(way, value, of_it, resources) for value, of_it in members.items()]
    return tuple(sorted(groups, key=lambda group: group.badness))


def value_of(res: Res, way: str) -> str:
    """Empty where it has no such thing."""
    if way.startswith(TAG):
        return res.tags.get(sanitise(way.removeprefix(TAG)), "")
    return str(getattr(res, way) or "") if way in FIELDS else ""


def lines(groups: Iterable[Group], folded: frozenset[str]) -> tuple[Safe, ...]:
    """The keys of the rows: each headline, and its members unless it is folded."""
    found: list[Safe] = []
    for group in groups:
        found.append(group.key)
        if group.key not in folded:
            found += group.members
    return tuple(found)


def headline(group: Group, symbols: Symbols, *, folded: bool) -> tuple[tuple[Safe, Tone], ...]:
    """Its name, how many it has, the worst of them in a word, and how many are how bad."""
    sign = _SIGNS.get(symbols, _DEFAULT_SIGNS)[folded]
    number = len(group.members)
    runs = [
        (sanitise(f"{sign} {group.title}"), Tone.TITLE),
        (sanitise(f"  {number} resource{'s' if number != 1 else ''}  "), Tone.DIM),
    ]
    if not group.counts:
        return *runs, (Safe("all well"), Tone.DIM)
    worst = group.counts[0][0]
    said = ", ".join(f"{number} {_WORDS[gravity]}" for gravity, number in group.counts)
    word = glance.GRAVITY[worst].upper() if worst < len(glance.GRAVITY) else "CANNOT BE SEEN"
    tone = glance.TONE_OF[worst] if worst < len(glance.GRAVITY) else Tone.WARN
    return *runs, (sanitise(word), tone), (sanitise(f"  ({said})"), Tone.PLAIN)


def _group(way: str, value: str, members: Sequence[Safe], resources: Mapping[str, Res]) -> Group:
    counted = Counter(glance.gravity(resources[name]) for name in members)
    counts = tuple(sorted((gravity, number) for gravity, number in counted.items() if gravity < len(_WORDS)))
    what = way.removeprefix(TAG)
    title = sanitise(value or f"without {what}")
    return Group(sanitise(f"{way}{_APART}{value}"), title, tuple(members), counts)
