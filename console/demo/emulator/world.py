"""Who is there at the time of a request, in which state, and by which of AWS's own names?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from typing import Any, TypeVar

from collectors.readings import ResourceId
from console.demo import kept
from console.demo.emulator.ledger import Ledger
from console.demo.happenings import Happening
from console.demo.inventory import ACCOUNT, REGION, Machine
from console.demo.model import Model
from console.demo.noise import key, uniform

T = TypeVar("T")
AURORA = "aurora"
MANY = 4096
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Place:
    """A region: the model of what is there, and what was done to it."""

    def __init__(self, model: Model, home: Model | None = None) -> None:
        """``home``: what there is where the estate is, for a region that keeps copies of it."""
        self.model, self.home = model, home or model
        self.ledger = Ledger()
        self.nights = lru_cache(maxsize=MANY)(partial(kept.nights, model))  # so do those of snapshots and of jobs
        self.jobs = lru_cache(maxsize=MANY)(partial(kept.jobs, model))
        self.happenings = lru_cache(maxsize=2)(model.happenings)  # the pages of one long list ask for the same window


class World:
    """The estate at the time of one request: as the model has it, with what was done to it since."""

    def __init__(self, place: Place, t: float, *, is_xml: bool, region: str = REGION) -> None:
        self.model, self.ledger, self.home = place.model, place.ledger, place.home
        self.region = region
        self._place = place
        self.t = t
        self.is_xml = is_xml
        self._by_kind: dict[str, list[Machine]] = {}

    def machines(self, kind: str) -> list[Machine]:
        """By name, as AWS lists them."""
        if kind not in self._by_kind:
            there = (m for m in self.model.machines.values() if m.kind == kind and self.model.exists(m.id, self.t))
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
        az, standby = self.model.az(machine.id, self.t), self.model.standby_az(machine.id, self.t)
        if standby is not None and self.ledger.is_other_way_round(machine.id, self.t):
            return standby, az
        return az, standby

    def is_writer(self, machine: Machine) -> bool:
        writer = self.ledger.writer(machine.cluster, self.t) if machine.cluster else None
        return self.model.role(machine.id, self.t) == "writer" if writer is None else machine.id == writer

    def happenings(self, since: float, until: float) -> list[Happening]:
        done = list(self.ledger.happenings(self.model, since, until))
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


def arn(service: str, *parts: str, region: str = REGION) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{':'.join(parts)}"


def key_arn(machine: Machine) -> str:
    """Of KMS: each application has its own."""
    number = f"{key(machine.app, 'kms'):016x}{key(machine.app, 'kms', 2):016x}"
    parts = (number[:8], number[8:12], number[12:16], number[16:20], number[20:])
    return arn("kms", f"key/{'-'.join(parts)}")


def tags(machine: Machine) -> list[dict[str, str]]:
    return [{"Key": "app", "Value": machine.app}, {"Key": "estate", "Value": machine.estate}]


def resource_id(prefix: str, machine: Machine) -> str:
    """AWS's own name for it, which outlives every renaming: 26 letters."""
    source = key(machine.id, prefix)
    return f"{prefix}-" + "".join(_LETTERS[int(32 * uniform(source, n))] for n in range(26))
