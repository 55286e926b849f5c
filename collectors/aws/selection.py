"""Which resources belong to the estate? Those that a choice takes, by name, tags and kind, and that none leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Choice:
    """All parts that are given must fit; of ids and of kinds one is enough. Patterns are a shell's."""

    ids: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()  # key and pattern of the value
    kinds: tuple[str, ...] = ()

    def could_take(self, kind: str, name: str) -> bool:
        """As far as can be told without tags."""
        return _one_fits(self.kinds, kind) and _one_fits(self.ids, name)

    def takes(self, kind: str, name: str, tags: Mapping[str, str]) -> bool:
        tagged = all(key in tags and fnmatchcase(tags[key], pattern) for key, pattern in self.tags)
        return tagged and self.could_take(kind, name)


@dataclass(frozen=True, slots=True)
class Selection:
    """Everything belongs where nothing is included; what is excluded never does."""

    include: tuple[Choice, ...] = ()
    exclude: tuple[Choice, ...] = ()

    def takes(self, kind: str, name: str, tags: Mapping[str, str]) -> bool:
        included = not self.include or any(choice.takes(kind, name, tags) for choice in self.include)
        return included and not any(choice.takes(kind, name, tags) for choice in self.exclude)

    def could_take(self, kind: str, name: str) -> bool:
        """Whether there are tags with which it would belong: what cannot belong need not be asked about."""
        if any(not choice.tags and choice.could_take(kind, name) for choice in self.exclude):
            return False
        return not self.include or any(choice.could_take(kind, name) for choice in self.include)

    def needs_tags(self, kind: str, name: str) -> bool:
        """Whether its tags decide."""
        if not self.could_take(kind, name):
            return False
        if any(choice.tags and choice.could_take(kind, name) for choice in self.exclude):
            return True
        return bool(self.include) and not self.takes(kind, name, {})


def _one_fits(patterns: tuple[str, ...], text: str) -> bool:
    return not patterns or any(fnmatchcase(text, pattern) for pattern in patterns)
