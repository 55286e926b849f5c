"""What has changed since a reader last looked? Any number of readers, each with its own mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from collectors.readings import ResourceId
from collectors.safe import Safe
from console.estate.fold import Change

Name = TypeVar("Name", bound=str)

MOST_GONE = 1000  # remembered, so that a late reading does not bring one back


@dataclass(frozen=True, slots=True)
class Changes:
    """Since one mark; the next question is asked with ``mark``."""

    mark: int
    shapes: frozenset[ResourceId]  # to be told whole: new, or more than values changed
    histories: frozenset[ResourceId]  # whose series gained points that `values` does not tell
    values: Mapping[ResourceId, frozenset[Safe]]  # names whose latest value changed, of `shapes` too
    inside: Mapping[ResourceId, frozenset[str]]  # parts that were looked at again
    gone: frozenset[ResourceId]


@dataclass(slots=True)
class _Entry:
    shape: int = 0
    history: int = 0
    values: dict[Safe, int] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=dict)
    steps: dict[Safe, int] = field(default_factory=dict)
    overtaken: int = 0  # when a step was last followed by another, so that whoever had not looked saw only the latter


class Ledger:
    def __init__(self) -> None:
        self._mark = 0
        self._entries: dict[ResourceId, _Entry] = {}  # the latest touched last
        self._touched: dict[ResourceId, int] = {}
        self._gone: dict[ResourceId, int] = {}

    def note(self, about: ResourceId, change: Change) -> None:
        self._mark += 1
        entry = self._entries.pop(about, None) or _Entry()
        self._entries[about] = entry
        self._touched[about] = self._mark
        if change.shape:
            entry.shape = self._mark
        if change.history:
            entry.history = self._mark
        entry.values.update(dict.fromkeys(change.values, self._mark))
        again = [entry.steps[name] for name in change.steps if name in entry.steps]
        entry.overtaken = max(entry.overtaken, *again) if again else entry.overtaken
        entry.steps.update(dict.fromkeys(change.steps, self._mark))
        entry.inside.update(dict.fromkeys(change.inside, self._mark))
        self._gone.pop(about, None)

    def remove(self, about: ResourceId) -> None:
        self._mark += 1
        self._entries.pop(about, None)
        self._touched.pop(about, None)
        self._gone[about] = self._mark
        if len(self._gone) > MOST_GONE:
            del self._gone[next(iter(self._gone))]

    def is_gone(self, about: ResourceId) -> bool:
        return about in self._gone

    def since(self, mark: int) -> Changes:
        touched: list[ResourceId] = []
        for about in reversed(self._entries):
            if self._touched[about] <= mark:
                break
            touched.append(about)
        touched.reverse()
        values = {about: _since(self._entries[about].values, mark) for about in touched}
        inside = {about: _since(self._entries[about].inside, mark) for about in touched}
        return Changes(
            mark=self._mark,
            shapes=frozenset(about for about in touched if self._entries[about].shape > mark),
            histories=frozenset(
                about for about in touched if max(self._entries[about].history, self._entries[about].overtaken) > mark
            ),
            values={about: names for about, names in values.items() if names},
            inside={about: parts for about, parts in inside.items() if parts},
            gone=frozenset(about for about, at in self._gone.items() if at > mark),
        )


def _since(noted: Mapping[Name, int], mark: int) -> frozenset[Name]:
    return frozenset(name for name, at in noted.items() if at > mark)
