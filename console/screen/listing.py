"""Which rows does a list of the estate have: filtered, in order, in groups? Made anew only where something differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen import grouping, sorting
from console.screen.filtering import Filter, Subject, parsed, subject_of
from console.screen.grouping import Group
from console.screen.view import View

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res


@dataclass(frozen=True, slots=True)
class Listing:
    """``lines``: keys of headlines and resources as they stand. ``names``: the resources alone, folded ones too."""

    lines: tuple[Safe, ...] = ()
    names: tuple[Safe, ...] = ()
    groups: Mapping[Safe, Group] = field(default_factory=dict)
    of: int = 0  # so many there are in all
    filter: Filter = field(default=Filter())

    def resource_at(self, line: Safe | None) -> Safe | None:
        """What a line is about: itself, or the first of its group."""
        group = self.groups.get(line) if line is not None else None
        return line if group is None else group.members[0]


class Lister:
    """Keeps what it made last: most paints are of the picture before, most keys change the filter or a fold alone."""

    def __init__(self) -> None:
        self._resources: Mapping[str, Res] | None = None
        self._view: View | None = None
        self._listing = Listing()
        self._order: sorting.Order | None = None
        self._names: tuple[Safe, ...] = ()  # all of them, in that order
        self._subjects: dict[str, tuple[Res, Subject]] = {}
        self._gravities = sorting.Gravities()

    def listing(self, resources: Mapping[str, Res], view: View, now: float) -> Listing:
        """``resources`` is never changed, only replaced; ``now`` in seconds of any clock."""
        same_picture = resources is self._resources
        before = self._view
        if not same_picture or before is None or (view.sort, view.reverse) != (before.sort, before.reverse):
            self._sort(resources, view, now)
        if not same_picture or before is None or not _alike(view, before):
            self._listing = self._made(resources, view)
            self._resources, self._view = resources, view
        return self._listing

    def _sort(self, resources: Mapping[str, Res], view: View, now: float) -> None:
        pairs = tuple(resources.items())
        order = sorting.ordered(self._order, pairs, view.sort, now, reverse=view.reverse, gravities=self._gravities)
        if order is not self._order:
            self._order, self._names = order, tuple(map(sanitise, order.names))

    def _made(self, resources: Mapping[str, Res], view: View) -> Listing:
        wanted = parsed(view.asked)
        names = tuple(name for name in self._names if self._is_wanted(name, resources[name], wanted))
        if not view.group:
            return Listing(names, names, {}, len(resources), wanted)
        groups = grouping.grouped(names, resources, view.group)
        lines = grouping.lines(groups, view.folded)
        members = tuple(name for group in groups for name in group.members)
        return Listing(lines, members, {group.key: group for group in groups}, len(resources), wanted)

    def _is_wanted(self, name: str, res: Res, wanted: Filter) -> bool:
        if not wanted.terms or wanted.faults:
            return True
        known = self._subjects.get(name)
        if known is None or known[0] is not res:
            known = self._subjects[name] = (res, subject_of(name, res))
        return wanted.matches(known[1])


def _alike(view: View, other: View) -> bool:
    """Whether both ask for the same lines."""
    return (view.asked, view.sort, view.reverse, view.group, view.folded) == (
        (other.asked, other.sort, other.reverse, other.group, other.folded)
    )
