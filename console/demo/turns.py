"""Whose turn is it? Each time that a role or a place goes to another, asked for or by itself, and doors meanwhile."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from console.demo.course import Course, Told

BY_ITSELF = "failover"
STANDBY = ("RebootDBInstance", BY_ITSELF)  # what may make the standby the primary


@dataclass(frozen=True, slots=True)
class Turn:
    """``operation``: AWS's name of what was asked for. ``ends``: from then on a scenario has taken it back."""

    begun: float
    about: ResourceId
    operation: str
    course: Course
    successor: ResourceId | None = None  # who has the role then; None: the standby, or whoever had it
    retention_days: int | None = None  # of one that is promoted
    ends: float = inf

    @property
    def is_promotion(self) -> bool:
        return self.operation == "PromoteReadReplica"

    @property
    def is_swap(self) -> bool:
        """Whether an instance and its standby change places."""
        return self.successor is None and self.operation in STANDBY and self.course.switches_at is not None

    @property
    def moved(self) -> float:
        """When another has the role, or the same has started anew."""
        return self._at(self.course.moves)

    @property
    def shown(self) -> float:
        """When AWS shows it."""
        return self._at(self.course.switches_at)

    @property
    def safe(self) -> float:
        return self._at(self.course.safe)

    def door(self, endpoint: ResourceId, door: Door) -> float | None:
        """When it is first so; None where it never is."""
        found = (s for s in self.course.doors if s.endpoint == endpoint and s.door is door)
        return next((self.begun + each.after for each in found if self.begun + each.after < self.ends), None)

    def opens(self, endpoint: ResourceId) -> float | None:
        """When it is as usual again; None where it never is."""
        found = (s for s in self.course.doors if s.endpoint == endpoint and s.door is None)
        opens = next((self.begun + each.after for each in found), None)
        return opens if self.ends == inf else min(self.ends, inf if opens is None else opens)

    def status(self, t: float) -> str | None:
        return self.course.status(t - self.begun) if t < self.ends else None

    def events(self) -> Iterator[Told]:
        return (told for told in self.course.events(self.begun) if told.t < self.ends)

    def _at(self, after: float | None) -> float:
        """Never, where it was taken back before."""
        if after is None or self.begun + after >= self.ends:
            return inf
        return self.begun + after


class Turns:
    """Those of the scenario, begun or not, and those that were asked for. Of one endpoint the last counts."""

    def __init__(self, turns: Iterable[Turn] = ()) -> None:
        self.all: Sequence[Turn] = sorted(turns, key=lambda turn: turn.begun)
        self._of: dict[ResourceId, list[Turn]] = {}
        self._spells: dict[ResourceId, list[tuple[float, Door | None]]] = {}
        for turn in self.all:
            self._of.setdefault(turn.about, []).append(turn)
            for endpoint in {spell.endpoint for spell in turn.course.doors}:
                self._enter(turn, endpoint)

    def _enter(self, turn: Turn, endpoint: ResourceId) -> None:
        all_of_it = [(turn.begun + s.after, s.door) for s in turn.course.doors if s.endpoint == endpoint]
        spells: list[tuple[float, Door | None]] = [spell for spell in all_of_it if spell[0] < turn.ends]
        if turn.ends < inf:
            spells.append((turn.ends, None))
        before = [spell for spell in self._spells.get(endpoint, ()) if spell[0] < spells[0][0]]
        self._spells[endpoint] = [*before, *spells]

    def of(self, about: ResourceId) -> Sequence[Turn]:
        """In the order in which they begin."""
        return self._of.get(about, ())

    def door(self, endpoint: ResourceId, t: float) -> Door | None:
        """None: as it usually is."""
        return self._since(endpoint, t)[1]

    def shut_since(self, endpoint: ResourceId, t: float) -> float | None:
        """Since when nobody has been let in; None where one is."""
        spells = self._spells.get(endpoint, [])
        found: float | None = None
        for at, door in spells:
            if at > t:
                break
            shut = door in (Door.DARK, Door.RECOVERING)
            found = (at if found is None else found) if shut else None
        return found

    def anew_since(self, about: ResourceId, t: float) -> float | None:
        """Since when whoever answers has done so; None: since before the play."""
        return max((turn.moved for turn in self.of(about) if turn.moved <= t), default=None)

    def opened(self, endpoint: ResourceId, t: float) -> int:
        """How often it was open again by then."""
        return sum(at <= t and door is None for at, door in self._spells.get(endpoint, ()))

    def opened_at(self, endpoint: ResourceId, t: float) -> float | None:
        """When it was last open again; None where it was never shut."""
        return max((at for at, door in self._spells.get(endpoint, ()) if at <= t and door is None), default=None)

    def status(self, about: ResourceId, t: float) -> str | None:
        """None where nothing goes on."""
        return next((status for turn in reversed(self.of(about)) if (status := turn.status(t))), None)

    def swaps(self, about: ResourceId, t: float) -> int:
        """How often the standby has taken over by then."""
        return sum(turn.is_swap and turn.moved <= t for turn in self.of(about))

    def is_shown_swapped(self, about: ResourceId, t: float) -> bool:
        return sum(turn.is_swap and turn.shown <= t for turn in self.of(about)) % 2 == 1

    def _since(self, endpoint: ResourceId, t: float) -> tuple[float, Door | None]:
        spells = self._spells.get(endpoint)
        index = bisect_right(spells, t, key=lambda spell: spell[0]) if spells else 0
        return spells[index - 1] if spells and index else (-inf, None)
