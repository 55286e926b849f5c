"""What is set of a resource at a time? Pure, and asked in any order: nothing is stepped."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from collectors.readings import ResourceId
from console.demo.noise import key, smooth

NOISE_PERIOD_S = 20.0
FaultKind = Literal["hang", "refuse", "throttle", "expired-token", "access-denied", "drop"]
Raw: TypeAlias = object
"""What a TOML file may hold: text, a number, a list, a table."""


@dataclass(frozen=True, slots=True)
class Missing:
    """`nan`: the source returns nothing for it."""


@dataclass(frozen=True, slots=True)
class Ramp:
    to: float
    over: float
    start: float | None = None  # the value as it was, where it is left out


@dataclass(frozen=True, slots=True)
class Noise:
    about: float
    spread: float


@dataclass(frozen=True, slots=True)
class Times:
    """Relative to what the model says."""

    times: float


@dataclass(frozen=True, slots=True)
class Given:
    """As it is, of whatever type."""

    value: Raw


Setting: TypeAlias = Missing | Ramp | Noise | Times | Given


@dataclass(frozen=True, slots=True)
class Set:
    """A setting, since when it holds, and what held before it."""

    setting: Setting
    since: float
    before: Set | None


@dataclass(frozen=True, slots=True)
class Fault:
    """How a resource's source misbehaves: for one collector or, where none is named, for all."""

    resource: ResourceId | None
    collector: str | None
    kind: FaultKind


@dataclass(frozen=True, slots=True)
class Told:
    """An event that a scenario lets happen."""

    t: float
    resource: ResourceId
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of the file, at its time. What it clears is cleared before it sets."""

    t: float
    resource: ResourceId | None
    sets: Mapping[str, Setting] = field(default_factory=dict)
    cause: str | None = None
    event: str | None = None
    fault: FaultKind | None = None
    collector: str | None = None
    clears: bool | tuple[str, ...] = False


@dataclass(frozen=True, slots=True)
class State:
    """What holds of one resource from a time on, until the next."""

    sets: Mapping[str, Set] = field(default_factory=dict)
    causes: Mapping[str, float] = field(default_factory=dict)  # by name, since when
    faults: Mapping[str | None, FaultKind] = field(default_factory=dict)  # by collector


NOTHING_HOLDS = State()


class Script:
    """Entries in the order of their times; of those at one time the later in the file wins."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        ordered = sorted(entries, key=lambda entry: entry.t)
        self._times: dict[ResourceId | None, list[float]] = {}
        self._states: dict[ResourceId | None, list[State]] = {}
        self.events = tuple(Told(e.t, e.resource, e.event) for e in ordered if e.event and e.resource is not None)
        for entry in ordered:
            states = self._states.setdefault(entry.resource, [])
            states.append(_after(states[-1] if states else NOTHING_HOLDS, entry))
            self._times.setdefault(entry.resource, []).append(entry.t)

    def at(self, about: ResourceId | None, t: float) -> State:
        times = self._times.get(about)
        index = bisect_right(times, t) if times else 0
        return self._states[about][index - 1] if index else NOTHING_HOLDS

    def since(self, about: ResourceId, cause: str, t: float) -> float | None:
        """For how many seconds a cause has held; None where it does not."""
        begun = self.at(about, t).causes.get(cause)
        return None if begun is None else t - begun

    def begins(self, about: ResourceId, cause: str) -> list[float]:
        """When a cause comes, each time it does, whenever that is."""
        return sorted({state.causes[cause] for state in self._states.get(about, ()) if cause in state.causes})

    def changes(self, about: ResourceId) -> Sequence[float]:
        """When anything is set of it or cleared, in their order."""
        return self._times.get(about, ())

    def faults(self, t: float) -> tuple[Fault, ...]:
        return tuple(
            Fault(about, collector, kind)
            for about in self._states
            for collector, kind in self.at(about, t).faults.items()
        )

    @property
    def about(self) -> tuple[ResourceId, ...]:
        """Whom anything happens to, by name."""
        return tuple(about for about in self._states if about is not None)

    @property
    def is_empty(self) -> bool:
        return not self._states


NOTHING = Script()


def value_of(name: str, held: Set, t: float, model: Callable[[float], float | None]) -> float | None:
    """A number as it is set at ``t``; ``model`` says what it would be otherwise, at any time."""
    match held.setting:
        case Missing():
            return None
        case Given(value):
            return float(value) if isinstance(value, int | float) else None
        case Noise(about, spread):
            return about + spread * smooth(key(name, held.since), t, NOISE_PERIOD_S)
        case Times(times):
            base = model(t)
            return None if base is None else base * times
        case Ramp(to, over, start):
            begin = _before(name, held, model) if start is None else start
            share = 1.0 if over <= 0 else min(1.0, max(0.0, (t - held.since) / over))
            return to if begin is None else begin + (to - begin) * share


def since(held: Set | None, is_good: Callable[[object], bool]) -> float | None:
    """Since when it has been set to what is not good, by whichever value; None where it is good or not set."""
    begun: float | None = None
    while held is not None and isinstance(held.setting, Given) and not is_good(held.setting.value):
        begun, held = held.since, held.before
    return begun


def _before(name: str, held: Set, model: Callable[[float], float | None]) -> float | None:
    """What it was when this began."""
    return model(held.since) if held.before is None else value_of(name, held.before, held.since, model)


def _after(state: State, entry: Entry) -> State:
    sets, causes, faults = dict(state.sets), dict(state.causes), dict(state.faults)
    if entry.clears is True:
        sets, causes, faults = {}, {}, {}
    elif entry.clears:
        sets = {name: held for name, held in sets.items() if name not in entry.clears}
        causes = {name: since for name, since in causes.items() if name not in entry.clears}
        faults = {name: kind for name, kind in faults.items() if name not in entry.clears}
    for name, setting in entry.sets.items():
        sets[name] = Set(setting, entry.t, sets.get(name))
    if entry.cause:
        causes.setdefault(entry.cause, entry.t)
    if entry.fault:
        faults[entry.collector] = entry.fault
    return State(sets, causes, faults)
