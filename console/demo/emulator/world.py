"""Who is there at the time of a request, and in which state?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from typing import Any, TypeVar

from collectors.readings import ResourceId
from console.demo import kept
from console.demo.emulator.ledger import Ledger
from console.demo.emulator.sessions import Session, Sessions
from console.demo.emulator.spec import MANUAL_SNAPSHOTS
from console.demo.emulator.trail import Trail
from console.demo.happenings import Happening
from console.demo.inventory import REGION, Machine
from console.demo.model import Model
from console.demo.noise import key, uniform

T = TypeVar("T")
AURORA = "aurora"
MANY = 4096


@dataclass(frozen=True, slots=True)
class Account:
    """What all regions have in common."""

    sessions: Sessions
    trail: Trail
    manual_snapshots: int = MANUAL_SNAPSHOTS  # of instances, and as many of clusters


class Place:
    """A region: the model of what is there, and what was done to it."""

    def __init__(self, model: Model, account: Account, ledger: Ledger, home: Model | None = None) -> None:
        """``home``: what there is where the estate is, for a region that keeps copies of it."""
        self.model, self.account, self.ledger, self.home = model, account, ledger, home or model
        self.nights = lru_cache(maxsize=MANY)(partial(kept.nights, model))  # so do those of snapshots and of jobs
        self.jobs = lru_cache(maxsize=MANY)(partial(kept.jobs, model))
        self.happenings = lru_cache(maxsize=2)(model.happenings)  # the pages of one long list ask for the same window


class World:
    """The estate at the time of one request: as the model has it, with what was done to it since."""

    def __init__(self, place: Place, t: float, *, is_xml: bool, session: Session, region: str = REGION) -> None:
        """``session``: of whoever asks."""
        self.model, self.ledger, self.home = place.model, place.ledger, place.home
        self.account, self.session, self.region = place.account, session, region
        self._place = place
        self.t = t
        self.is_xml = is_xml
        self._by_kind: dict[str, list[Machine]] = {}

    def machines(self, kind: str) -> list[Machine]:
        """By name, as AWS lists them."""
        if kind not in self._by_kind:
            shown = self.model.shown_at(self.t).values()
            there = (m for m in shown if m.kind == kind and self.model.exists(m.id, self.t))
            self._by_kind[kind] = sorted(there, key=lambda machine: machine.id)
        return self._by_kind[kind]

    @cached_property
    def replicas(self) -> Mapping[str, list[ResourceId]]:
        """By the instance that they follow. Aurora's readers follow nobody: they share a volume."""
        return _grouped((m.source, m.id) for m in self.machines("instance") if m.storage_type != AURORA)

    @cached_property
    def members(self) -> Mapping[str, list[Machine]]:
        """By their cluster or replication group."""
        return _grouped((m.cluster, m) for kind in ("instance", "cache") for m in self.machines(kind))

    def nights(self, machine: Machine) -> list[kept.Night]:
        return self._place.nights(machine.id, self.t)

    def jobs(self, machine: Machine) -> list[kept.Job]:
        """Of AWS Backup."""
        return self._place.jobs(machine.id, self.t)

    def status(self, machine: Machine) -> str:
        return self.ledger.status(machine.id, self.t) or self.model.status(machine.id, self.t)

    def zones(self, machine: Machine) -> tuple[str, str | None]:
        """Of the instance, and of its standby."""
        return self.model.az(machine.id, self.t), self.model.standby_az(machine.id, self.t)

    def happenings(self, since: float, until: float) -> list[Happening]:
        done = list(self.ledger.happenings(self.model, since, until, self.t))
        usual = self._place.happenings(since, until)
        return sorted([*usual, *done], key=lambda happening: happening.t) if done else usual

    def time(self, t: float | None) -> str | float | None:
        """To the millisecond, as AWS dates events; the whole second where it is one."""
        if t is None:
            return None
        ms = int(t * 1000)
        if not self.is_xml:
            return ms / 1000
        return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"

    def created(self, machine: Machine) -> float:
        """Some time in the years before: the same for ever."""
        return 1_640_000_000 + int(80_000_000 * uniform(key(machine.id, "created"), 0))


Operation = Callable[[World, dict[str, Any]], dict[str, Any]]


def _grouped(pairs: Iterable[tuple[str | None, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for name, each in pairs:
        if name is not None:
            found.setdefault(name, []).append(each)
    return found
