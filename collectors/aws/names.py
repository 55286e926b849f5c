"""What is a resource called here? By its own name where that is enough, else by the kind or the place as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from collectors.aws.place import Place
from collectors.readings import ResourceId
from collectors.safe import sanitise


class Thing(NamedTuple):
    """A resource of one place. AWS allows one of a kind and name there."""

    kind: str
    name: str


class Names:
    """Ids for the resources of all places, no two alike.

    * `orders` where one place has the name, `orders@eu-west-1.default` where several do.
    * `orders.cluster` where one place has two kinds of that name; so too for a table that is called what another
      resource could be called by that rule: `orders.cluster` the table is then `orders.cluster.table`.
    """

    def __init__(self) -> None:
        self._listed: dict[Place, frozenset[Thing]] = {}
        self._places: Counter[str] = Counter()  # that have a name
        self._things: Counter[Thing] = Counter()

    def put(self, place: Place, things: Iterable[Thing]) -> dict[Thing, ResourceId]:
        """What all that a place has now is called. Another place's may be called otherwise than before, too."""
        before, now = self._listed.get(place, frozenset()), frozenset(things)
        if before != now:
            self._listed[place] = now
            self._places = +(self._places - _names(before) + _names(now))
            self._things = +(self._things - Counter(before) + Counter(now))
        kinds = Counter(thing.name for thing in now)
        return {thing: self._name(place, thing, alone=kinds[thing.name] == 1) for thing in now}

    def _name(self, place: Place, thing: Thing, *, alone: bool) -> ResourceId:
        stem, _, ending = thing.name.rpartition(".")
        plain = alone and Thing(ending, stem) not in self._things
        name = thing.name if plain else f"{thing.name}.{thing.kind}"
        return ResourceId(sanitise(name if self._places[thing.name] == 1 else f"{name}@{place}"))


def _names(things: Iterable[Thing]) -> Counter[str]:
    return Counter({thing.name for thing in things})
