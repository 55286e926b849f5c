"""What does a SQL Server wait for?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from collectors.inside.waits import Wait, Waits
from collectors.readings import Reading, ResourceId
from collectors.safe import NO_TEXT, sanitise
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Question, Servers, text_of
from collectors.sqlserver.collector import Now, SqlServerCollector
from collectors.sqlserver.waits.categories import category, is_critical, known
from collectors.sqlserver.waits.gains import Baseline, Gain, Step, step
from collectors.sqlserver.waits.judged import AS_SHIPPED, Judge
from collectors.sqlserver.waits.sample import NOBODY, Sample, sample

GOOD_FOR = timedelta(minutes=10)  # a mean over more says nothing about now
NOTHING = Gain(0, 0, 0, 0)


class WaitStats(SqlServerCollector):
    """One Waits for each pass. Baselines can be handed out and taken in, so that they outlive the program."""

    name = "waits"
    asks = ("waits",)
    every = timedelta(seconds=5)
    needs = (VIEW_SERVER_STATE,)

    def __init__(self, servers: Servers, now: Now, judge: Judge = AS_SHIPPED) -> None:
        super().__init__(servers, now)
        self._judge = judge
        self._question = Question("waits", text_of("waits"))
        self._baselines: dict[ResourceId, tuple[datetime, Baseline]] = {}

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        found = sample(await self._servers.of(target).ask(self._question))
        now = self._now()
        _, before = self._baselines.get(target, (now, None))
        taken = step(before, found)
        if taken.baseline is before:
            return  # no time has passed for the server
        self._baselines[target] = now, taken.baseline
        yield waits(target, now, found, taken, self._judge)

    def remembered(self) -> Any:
        """The baselines as what JSON can hold."""
        return _KEPT.dump_python(self._baselines, mode="json")

    def recall(self, kept: Any) -> None:
        """Takes in what was handed out, as far as it is young and well formed; what is known already is newer."""
        try:
            found = _KEPT.validate_python(kept)
        except ValidationError:
            return
        now = self._now()
        for target, (at, baseline) in found.items():
            if timedelta(0) <= now - at <= GOOD_FOR:
                self._baselines.setdefault(target, (at, baseline))


_KEPT: TypeAdapter[dict[ResourceId, tuple[datetime, Baseline]]] = TypeAdapter(
    dict[ResourceId, tuple[datetime, Baseline]]
)


def waits(about: ResourceId, now: datetime, found: Sample, taken: Step, judge: Judge) -> Waits:
    """All that was waited for in the interval, and all that is waited for now."""
    names = sorted(taken.gains.keys() | found.waiting.keys())
    each = (_wait(name, taken.gains.get(name, NOTHING), found, taken.interval_ms, judge) for name in names)
    rows = tuple(row for row in each if row.ms_per_s or row.tasks_per_s or row.waiting)
    top = max((row for row in rows if not row.benign and row.ms_per_s), key=lambda row: row.ms_per_s, default=None)
    return Waits(
        about,
        now,
        rows,
        interval_s=None if taken.interval_ms is None else taken.interval_ms / 1000,
        cores=found.cores,
        node=sanitise(found.node),
        mark=taken.mark,
        meaning=NO_TEXT if top is None else known(top.type).meaning,
    )


def _wait(name: str, gain: Gain, found: Sample, interval_ms: int | None, judge: Judge) -> Wait:
    seconds = interval_ms / 1000 if interval_ms else 1.0  # without an interval there is no gain either
    ms_per_s = gain.ms / seconds
    waiting = found.waiting.get(name, NOBODY)
    return Wait(
        type=sanitise(name),
        category=category(name),
        ms_per_s=ms_per_s,
        tasks_per_s=gain.ended / seconds,
        signal_percent=100 * gain.signal_ms / gain.ended_ms if gain.ended_ms else 0.0,
        average_ms=gain.ended_ms / gain.ended if gain.ended else None,
        waiting=waiting.tasks,
        longest_ms=float(waiting.longest_ms),
        benign=judge.is_benign(name),
        critical=is_critical(name, ms_per_s / max(1, found.cores)),
    )
