"""What did a server wait for yesterday and a week ago, and where did its counters stand? Nobody else remembers that."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from collectors.errors import Trouble
from collectors.inside.waits import Waits
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from console.estate.fold import WAITS
from console.estate.times import to_ms
from console.kept import KeptFile
from console.protocol.bodies import Ghosts, Past, Points
from console.series import Series
from console.times import date_and_time

log = logging.getLogger(__name__)

FORMAT = 1
STEP_MS = 300_000  # each is one mean
DAY_MS = 86_400_000
REACH_MS = 3 * 3_600_000  # so far back charts go
SPAN_MS = 7 * DAY_MS + REACH_MS + STEP_MS
WRITTEN_AGAIN = timedelta(minutes=5)  # counters that stood so long ago are still worth comparing with
_Columns = dict[str, dict[str, tuple[list[int], list[float | None]]]]
_COLUMNS: TypeAdapter[_Columns] = TypeAdapter(_Columns)


@dataclass(slots=True)
class _Step:
    """The mean that is being made: milliseconds waited, by category, in so many seconds."""

    begin: int
    seconds: float = 0.0
    ms: dict[Safe, float] = field(default_factory=dict)


class WaitMemory:
    """By category in means of five minutes, for a week. Without a folder nothing outlives the engine."""

    def __init__(self, folder: Path | None = None, run: str = "") -> None:
        self._file = KeptFile(folder / "waits.kept") if folder else None
        self._run = run
        self._past: dict[ResourceId, dict[Safe, Series]] = {}
        self._steps: dict[ResourceId, _Step] = {}
        self._since: dict[ResourceId, int] = {}
        self._written = datetime.min.replace(tzinfo=UTC)
        self.counters: Any = None
        """Where the counters stood when the engine before this one ended, as its collector gave them."""
        self.counters_now: Callable[[], Any] = lambda: None

    def take(self, waits: Waits) -> None:
        """Each interval counts for as long as it was; where there is none, nothing was measured."""
        if waits.interval_s is None:
            return
        t = to_ms(waits.observed)
        self._since.setdefault(waits.about, t)
        step = self._steps.get(waits.about)
        if step is None or t // STEP_MS != step.begin // STEP_MS:
            if step is not None:
                self._end(waits.about, step)
            step = self._steps[waits.about] = _Step(t // STEP_MS * STEP_MS)
        step.seconds += waits.interval_s
        for category, rate in waits.by_category().items():
            step.ms[category] = step.ms.get(category, 0.0) + rate * waits.interval_s

    def _end(self, about: ResourceId, step: _Step) -> None:
        """What was not waited for is zero, once it has been waited for at all."""
        series = self._past.setdefault(about, {})
        for category in {*series, *step.ms}:
            kept = series.setdefault(category, Series(SPAN_MS // STEP_MS + 1, SPAN_MS))
            kept.put(step.begin + STEP_MS, step.ms.get(category, 0.0) / step.seconds)

    def past(self, about: ResourceId, now: datetime) -> dict[Safe, Past]:
        """Of each category, under the name of its series; empty where memory does not reach back that far."""
        end, found = to_ms(now), dict[Safe, Past]()
        for category, series in self._past.get(about, {}).items():
            both = [_points(series, end - ago) for ago in (DAY_MS, 7 * DAY_MS)]
            if any(both):
                found[sanitise(f"{WAITS}{category}")] = Past(yesterday=both[0], last_week=both[1])
        return found

    def since(self, about: ResourceId) -> int | None:
        return self._since.get(about)

    def recall(self) -> None:
        kept = self._file.read() if self._file else None
        if kept is None:
            return
        try:
            told = orjson.loads(zlib.decompress(kept))
            if (told["format"], told["run"]) != (FORMAT, self._run):
                return
            columns = _COLUMNS.validate_python(told["past"])
        except (zlib.error, ValueError, KeyError, TypeError, ValidationError) as error:
            log.warning("what was waited for before is not known: %s", type(error).__name__)
            return
        self.counters = told.get("counters")
        for name, each in columns.items():
            self._restore(ResourceId(sanitise(name)), each)

    def _restore(self, about: ResourceId, each: dict[str, tuple[list[int], list[float | None]]]) -> None:
        for category, (times, values) in each.items():
            series = self._past.setdefault(about, {}).setdefault(
                sanitise(category), Series(SPAN_MS // STEP_MS + 1, SPAN_MS)
            )
            for t, value in zip(times, values, strict=False):
                series.put(t, value)
            if times:
                self._since[about] = min(times[0] - STEP_MS, self._since.get(about, times[0]))

    def keep(self) -> None:
        """At the end, at once."""
        if self._file is not None:
            self._file.write([self._encoded()])

    async def keep_soon(self, now: datetime) -> None:
        """Now and then: an engine that dies loses no more than the step that was being made."""
        if self._file is not None and not timedelta(0) <= now - self._written < WRITTEN_AGAIN:
            self._written = now
            await self._file.write_soon([self._encoded()])

    def _encoded(self) -> bytes:
        past = {
            about: {category: series.columns() for category, series in each.items()}
            for about, each in self._past.items()
        }
        told = {"format": FORMAT, "run": self._run, "counters": self.counters_now(), "past": past}
        return zlib.compress(orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS), 1)  # names are no mere str


Tell = Callable[[ResourceId, Ghosts | None], None]


class Pasts:
    """Ghosts of waits, which are free, told together with those of CloudWatch, which are not."""

    def __init__(self, memory: WaitMemory, now: Callable[[], datetime], tell: Tell) -> None:
        self._memory, self._now, self._tell = memory, now, tell
        self._metered: dict[ResourceId, Ghosts] = {}

    def metered(self, about: ResourceId, body: Ghosts | None) -> None:
        """What CloudWatch said; None: it is forgotten."""
        if body is None:
            self._metered.pop(about, None)
            self._tell(about, None)
            return
        self._metered[about] = body
        self._tell(about, body.model_copy(update={"series": body.series | self._memory.past(about, self._now())}))

    async def recollect(self, about: ResourceId) -> None:
        """Raises `Trouble` where there is no memory of yesterday."""
        now = self._now()
        waits = self._memory.past(about, now)
        if not waits:
            since = self._memory.since(about)
            seen = f"there is memory from {date_and_time(since, UTC)} on" if since else "none was ever read"
            raise Trouble(
                f"What {about} waited for yesterday is not known.",
                seen=seen,
                mend="An engine that goes on collecting knows it a day later.",
            )
        end = to_ms(now)
        before = self._metered.get(about) or Ghosts(start=end - REACH_MS, end=end, metrics=0, usd=0.0, series={})
        self._tell(about, before.model_copy(update={"series": before.series | waits}))


def _points(series: Series, end: int) -> Points | None:
    times, values = series.columns(end - REACH_MS)
    until = sum(t <= end for t in times)
    if not until:
        return None
    rounded = tuple(None if value is None else float(f"{value:.6g}") for value in values[:until])
    return Points(t=times[:until], v=rounded)
