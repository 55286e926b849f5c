"""What was waited for between two samples? No negative rate, no spike; each millisecond is told once.

What was waited is the gain of a *blend*: the time of all waits that ended, and of those that go on. Samples are not
transactional: a wait that has left the waiting tasks and is not counted yet makes the blend fall. That debt is carried
until the counter has it, so that totals stay right. And no more is told of an interval than its tasks could wait in it:
a wait that was found after it had lasted long is not told as if it had all been waited since the last sample. Where the
two are at odds the bound holds: of a wait that ended between the two sets of rows up to an interval may be lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from collectors.inside.waits import Mark
from collectors.sqlserver.waits.sample import NO_COUNT, NOBODY, Sample

JITTER_MS = 1_000  # how much later one set of rows may be read after the clock than in the sample before
FORGIVEN_MS = 60_000  # what is owed for longer has been lost, and would hide what is waited next


@dataclass(frozen=True, slots=True)
class Owed:
    """What the blend is ahead of what was told (or, below 0, behind it), and since when by the server's clock."""

    ms: int
    since: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """All that has to be remembered of a server. Plain data, so that it may outlive the program."""

    sample: Sample
    owed: Mapping[str, Owed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gain:
    """One type in one interval."""

    ms: int  # waited
    ended: int  # tasks
    ended_ms: int
    signal_ms: int


@dataclass(frozen=True, slots=True)
class Step:
    """From one sample to the next. Where counting began anew there is a mark and neither interval nor gain."""

    baseline: Baseline
    mark: Mark
    interval_ms: int | None = None
    gains: Mapping[str, Gain] = field(default_factory=dict)


def step(before: Baseline | None, after: Sample) -> Step:
    mark = _mark(None if before is None else before.sample, after)
    if before is None or mark is not Mark.NONE:
        return Step(Baseline(after), mark)
    interval = after.ticks_ms - before.sample.ticks_ms
    if interval == 0:
        return Step(before, Mark.NONE)
    gains: dict[str, Gain] = {}
    owed: dict[str, Owed] = {}
    for name in sorted(before.sample.types() | after.types()):
        gains[name], left = _gain(name, before, after, interval)
        if left is not None:
            owed[name] = left
    return Step(Baseline(after, owed), Mark.NONE, interval, gains)


def _mark(before: Sample | None, after: Sample) -> Mark:
    if before is None:
        return Mark.FIRST
    if after.node != before.node:
        return Mark.FAILED_OVER
    if after.started != before.started or after.ticks_ms < before.ticks_ms:
        return Mark.RESTARTED
    if any(after.counted.get(name, NO_COUNT).fell_since(counted) for name, counted in before.counted.items()):
        return Mark.CLEARED
    return Mark.NONE


def _gain(name: str, before: Baseline, after: Sample, interval: int) -> tuple[Gain, Owed | None]:
    was, now = before.sample.counted.get(name, NO_COUNT), after.counted.get(name, NO_COUNT)
    waited, waits = before.sample.waiting.get(name, NOBODY), after.waiting.get(name, NOBODY)
    ended = now.tasks - was.tasks
    found_late = max(0, waits.ms - waited.ms - waits.tasks * (interval + JITTER_MS))
    owed = before.owed.get(name)
    pending = after.blended(name) - before.sample.blended(name) - found_late + (owed.ms if owed else 0)
    most = (ended + waits.tasks) * interval
    told = min(max(0, pending), most)
    left = min(pending - told, (ended + waits.tasks) * JITTER_MS)
    gain = Gain(told, ended, now.ms - was.ms, min(now.signal_ms - was.signal_ms, now.ms - was.ms))
    return gain, _owed(left, owed, after.ticks_ms)


def _owed(left: int, before: Owed | None, ticks_ms: int) -> Owed | None:
    if left == 0:
        return None
    since = before.since if before is not None and (before.ms < 0) == (left < 0) else ticks_ms
    return Owed(left, since) if ticks_ms - since < FORGIVEN_MS else None
