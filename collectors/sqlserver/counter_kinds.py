"""What does a performance counter say? By its type: as it is, as a rate, or over the base that belongs to it.

Its name does not tell: one that ends in `/sec` is a sum since the server started.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """As `cntr_type` tells; bits of 32 and of 64 are alike here."""

    RAW_32 = 65536
    RAW = 65792
    RATE_32 = 272696320
    RATE = 272696576
    RATIO = 537003264
    AVERAGE = 1073874176
    BASE = 1073939712


AS_IT_IS = (Kind.RAW_32, Kind.RAW)
RATES = (Kind.RATE_32, Kind.RATE)
BASES = (" base", " bs")
LEFT_OUT = (" (ms)", " ratio")  # of the counter's name, in the name of some bases


class CounterKey(NamedTuple):
    """One row, without case and without padding."""

    object: str
    name: str
    instance: str


@dataclass(frozen=True, slots=True)
class Counter:
    value: int
    kind: int


@dataclass(frozen=True, slots=True)
class Sample:
    """All rows of one moment. Where ``epoch`` differs, somebody else counted."""

    epoch: tuple[object, ...]
    ms: int  # by the server's own clock, which only rises
    rows: Mapping[CounterKey, Counter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """A counter's value, or why there is none."""

    value: float | None
    why: str = ""


NOT_YET = Said(None, "nothing to compare with yet")
FELL = Said(None, "it was counted anew")
NO_BASE = Said(None, "its base is missing")
NOTHING_COUNTED = Said(None, "nothing was counted")
UNKNOWN_KIND = Said(None, "its type is not known")
LASTING = (NO_BASE, UNKNOWN_KIND)  # no later sample will mend it


def key_of(object_name: str, counter: str, instance: str | None) -> CounterKey:
    """`SQLServer:Locks` and `MSSQL$NAME:Locks` are the same object."""
    suffix = object_name.strip().rpartition(":")[2]
    return CounterKey(suffix.casefold(), counter.strip().casefold(), (instance or "").strip().casefold())


def base_of(key: CounterKey, rows: Mapping[CounterKey, Counter]) -> Counter | None:
    """The base that belongs to a counter: its name and ` base`, or that with something left out of it."""
    stems = (key.name, *(key.name.replace(part, "") for part in LEFT_OUT if part in key.name))
    for stem in stems:
        for end in BASES:
            found = rows.get(key._replace(name=stem + end))
            if found is not None and found.kind == Kind.BASE:
                return found
    return None


def said(key: CounterKey, before: Sample | None, after: Sample) -> Said:
    """What a counter that is among ``after``'s says; ``before`` is the sample before it, of whichever node."""
    now, base = after.rows[key], base_of(key, after.rows)
    if now.kind in AS_IT_IS:
        return Said(float(now.value))
    if now.kind == Kind.RATIO:
        return _ratio(now, base)
    if now.kind == Kind.AVERAGE and base is None:
        return NO_BASE
    if now.kind in RATES or now.kind == Kind.AVERAGE:
        return _since(key, now, before, after)
    return UNKNOWN_KIND


def _since(key: CounterKey, now: Counter, before: Sample | None, after: Sample) -> Said:
    """Of a sum: what it gained."""
    if before is None or before.epoch != after.epoch or after.ms <= before.ms or key not in before.rows:
        return NOT_YET
    gained = now.value - before.rows[key].value
    if gained < 0:
        return FELL
    if now.kind in RATES:
        return Said(1000 * gained / (after.ms - before.ms))
    return _average(gained, base_of(key, before.rows), base_of(key, after.rows))


def _ratio(value: Counter, base: Counter | None) -> Said:
    """Percent, of one sample: both are counted together."""
    if base is None:
        return NO_BASE
    if base.value <= 0:
        return NOTHING_COUNTED
    return Said(min(100.0, max(0.0, 100 * value.value / base.value)))


def _average(gained: int, before: Counter | None, after: Counter | None) -> Said:
    if before is None or after is None:
        return NO_BASE
    counted = after.value - before.value
    if counted < 0:
        return FELL
    return Said(gained / counted) if counted else NOTHING_COUNTED


def sample(epoch: tuple[object, ...], ms: int, rows: Iterable[tuple[str, str, str | None, int, int]]) -> Sample:
    """From rows of object, counter, instance, value and type."""
    found = {key_of(about, name, instance): Counter(value, kind) for about, name, instance, value, kind in rows}
    return Sample(epoch, ms, found)
