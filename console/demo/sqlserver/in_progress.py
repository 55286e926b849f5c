"""Who waits right now? As many as the rates of waiting mean, and whoever a scenario keeps waiting for long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.readings import ResourceId
from console.demo.model import Model
from console.demo.scenario.script import Given, Set, value_of
from console.demo.waits import WaitRate


@dataclass(frozen=True, slots=True)
class Waiters:
    """Tasks that wait for one type."""

    tasks: int = 0
    ms: float = 0.0
    longest_ms: float = 0.0

    def and_also(self, tasks: int, ms: float, longest_ms: float) -> Waiters:
        return Waiters(self.tasks + tasks, self.ms + ms, max(self.longest_ms, longest_ms))


NOBODY = Waiters()
LOCKS = "LCK_"  # who waits for one is told with whom it waits for
PATIENT = 3  # that have no time-out, and came within so many seconds of the lock
COMING_S = 3.0


def long_waiters(model: Model, about: ResourceId, t: float) -> Mapping[str, Waiters]:
    """Those that a scenario has set: `waiting.TYPE`, and sessions whose `wait_type` it says. By type.

    And the patient ones behind a lock that nobody gives back: the same that the sessions tell of.
    """
    found = dict(_behind_a_forgotten_lock(model, about, t))
    sets = model.set_of(about, t)
    for name, held in sets.items():
        family, _, rest = name.partition(".")
        if family == "waiting":
            _add(found, rest, _ms(name, held, t))
        elif family == "session" and rest.endswith(".wait_type") and isinstance(held.setting, Given):
            time = f"{name.removesuffix('wait_type')}wait_time"
            _add(found, str(held.setting.value), _ms(time, sets[time], t) if time in sets else 0.0)
    return found


def _behind_a_forgotten_lock(model: Model, about: ResourceId, t: float) -> Mapping[str, Waiters]:
    since = model.since(about, "blocking", t)
    if since is None or since < COMING_S:
        return {}
    rates = {name: rate for name, rate in model.waits(about, t).items() if name.startswith(LOCKS)}
    first = next((name for name, rate in sorted(rates.items()) if rate.ms_per_s >= 1000 * PATIENT), None)
    each = 1000 * (since - COMING_S / 2)
    return {} if first is None else {first: Waiters(PATIENT, PATIENT * each, each)}


def _add(found: dict[str, Waiters], wait_type: str, ms: float | None) -> None:
    if wait_type and ms is not None:
        found[wait_type] = found.get(wait_type, NOBODY).and_also(1, ms, ms)


def _ms(name: str, held: Set, t: float) -> float | None:
    value = value_of(name, held, t, lambda _: 0.0)
    return None if value is None else max(0.0, value)


def usual_waiters(rate: WaitRate, besides: int) -> Waiters:
    """A rate of 3000 ms/s is three tasks that wait at any time, on the average half as long as they are going to."""
    tasks = max(0, round(rate.ms_per_s / 1000) - besides)
    each = rate.ms_per_s / rate.tasks_per_s if rate.tasks_per_s else 0.0
    return Waiters(tasks, tasks * each / 2, each if tasks else 0.0)


def rise_ms(now: Waiters, next_: Waiters, seconds: float) -> float:
    """How much longer those who wait will have waited; 0 where somebody else waits then, or time was skipped."""
    rise = next_.ms - now.ms
    return rise if 0 <= rise <= now.tasks * seconds * 1000 + 1 else 0.0


def fall_ms(now: Waiters, next_: Waiters) -> float:
    """What ends, and so arrives in the counter."""
    return max(0.0, now.ms - next_.ms)
