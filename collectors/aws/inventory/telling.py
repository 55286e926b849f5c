"""What is there to tell of a place, given what was told before? Resources that are there, and ids that are no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from collectors.aws.inventory.listed import Listed
from collectors.aws.known import Found
from collectors.aws.names import Names, Thing
from collectors.aws.place import Place
from collectors.readings import Described, Gone, ResourceId

Rows = Mapping[Thing, Listed]


class Telling:
    """What has been told of all places. It may be left off after any reading: the next pass tells the rest."""

    def __init__(self, seen_before: Iterable[ResourceId]) -> None:
        self._names, self._group_names = Names(), Names()
        self._told: dict[Place, dict[Thing, ResourceId]] = {}
        self._place_of: dict[ResourceId, Place] = {}  # that told it last
        self._seen_before = set(seen_before)
        self._whole: set[Place] = set()  # that were listed without trouble
        self._all_places: frozenset[Place] | None = None

    def expect(self, places: Iterable[Place]) -> None:
        self._all_places = frozenset(places)

    def tell(self, place: Place, rows: Rows, kind: str, now: datetime) -> Iterator[Described | Gone]:
        """``rows`` is all that the place has now, of which ``kind`` was just read: what is gone, then what is there.

        A first pass tells a name before it is known that another kind has it too, rather than wait for a slow service.
        """
        ids, groups = self._names.put(place, rows), self._group_names.put(place, _with_groups(rows))
        told = self._told.setdefault(place, {})
        for thing, about in list(told.items()):
            if ids.get(thing) == about:
                continue
            del told[thing]
            if self._place_of.get(about) == place:  # else another has that name by now
                del self._place_of[about]
                yield Gone(about, now)
        for thing, row in rows.items():
            about = ids[thing]
            if thing.kind == kind or told.get(thing) != about:
                told[thing] = about
                self._place_of[about] = place
                self._seen_before.discard(about)
                group = _group(row)
                yield row.described(about, place, (ids.get(group) or groups[group]) if group else None, now)

    def nobody_lists(self, place: Place, now: datetime) -> Iterator[Gone]:
        """``place`` was listed without trouble; once all were, what was seen before and is nowhere is gone."""
        self._whole.add(place)
        if self._all_places is None or not self._all_places <= self._whole:
            return
        while self._seen_before:
            yield Gone(self._seen_before.pop(), now)

    def found(self, place: Place, rows: Rows) -> Iterator[Found]:
        """What was told of it, to be asked by."""
        told = self._told.get(place, {})
        return (row.found(told[thing], place) for thing, row in rows.items() if thing in told)


def _with_groups(rows: Rows) -> set[Thing]:
    return set(rows).union(group for row in rows.values() if (group := _group(row)))


def _group(row: Listed) -> Thing | None:
    """A cluster is a resource; a replication group is not, and no cluster of the same name."""
    return Thing("cluster" if row.kind == "instance" else "group", row.group) if row.group else None
