"""The flushes that ended a moment ago, and how the estate does since: who looks is told, and the audit at last."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from functools import partial

from collectors.readings import ResourceId
from collectors.safe import sanitise
from console.engine.core import Core
from console.engine.flushes.hand import Hand
from console.engine.flushes.telling import Telling
from console.estate.resource import Resource
from console.estate.times import from_ms, to_ms
from console.flush.measures import Measure, of_a_cache, of_a_server
from console.flush.told import as_data, told
from console.flush.watch import BEFORE_MS, LASTS, Flushed, Points, figures
from console.protocol.flush import Flush
from console.protocol.op import Op

log = logging.getLogger(__name__)

FAMILY = "flush."
EVERY_S, LEAST_S = 5.0, 0.25
TOLD_FOR = timedelta(hours=1)  # on its topic, after its end
_ENDED = ("done", "failed")  # of what was rejected nothing came


class Flushes:
    """Nothing is kept: what is watched are series that outlive the engine, and what is over is in the audit."""

    def __init__(self, core: Core, *, speed: float = 1.0) -> None:
        """``speed``: of the estate's clock."""
        self._core, self._every_s = core, max(LEAST_S, EVERY_S / speed)
        self._telling = Telling(core)
        self._watched: dict[str, Flushed] = {}
        self._told: dict[str, Flush] = {}
        self._writing: set[asyncio.Task[None]] = set()
        self.hand: Hand | None = None  # of what acts, where anything does

    @property
    def holds(self) -> bool:
        """Whether an engine is needed for one, though nobody looks."""
        return bool(self._watched)

    def op_is(self, op: Op) -> None:
        """An operation is otherwise than before: where it was a flush, and is over, its watch begins."""
        if not op.action.startswith(FAMILY) or op.state not in _ENDED or op.sent is None or op.ended is None:
            return
        has_failed = op.state == "failed"
        about = ResourceId(op.resource)
        self._begin(Flushed(op.id, about, op.title, op.by, from_ms(op.sent), from_ms(op.ended), has_failed))

    async def live(self) -> None:
        """Until cancelled; with those that ended before this engine began."""
        if self.hand is not None:
            for flushed in await self.hand.unverified(self._core.clock.now() - LASTS):
                self._begin(flushed)
        while True:
            self._look()
            self._forget_old()
            await asyncio.sleep(self._every_s)

    async def end(self) -> None:
        """What was to be written is."""
        await asyncio.gather(*self._writing, return_exceptions=True)

    def _begin(self, flushed: Flushed) -> None:
        if flushed.op not in self._watched and flushed.op not in self._told:
            self._watched[flushed.op] = flushed
            self._look()

    def _look(self) -> None:
        for flushed in tuple(self._watched.values()):
            try:
                self._look_at(flushed)
            except Exception:  # who watches must not harm who acts, nor who serves
                log.exception("the time after flush %s", flushed.op)

    def _look_at(self, flushed: Flushed) -> None:
        now = self._core.clock.now()
        found = figures(self._measures(flushed), partial(self._points, flushed), flushed, now)
        before, body = self._told.get(flushed.op), told(flushed, found, now)
        if body == before:
            return
        self._told[flushed.op] = body
        self._telling.tell(before, body)
        if body.ended is not None:
            del self._watched[flushed.op]
            if self.hand is not None:
                self._later(self.hand.verified(flushed.op, as_data(body)))

    def _points(self, flushed: Flushed, about: ResourceId, name: str) -> Points:
        resource = self._core.estate.resources.get(about)
        series = None if resource is None else resource.series.get(sanitise(name))
        since = to_ms(flushed.sent) - BEFORE_MS
        return () if series is None else tuple(zip(*series.columns(since), strict=True))

    def _measures(self, flushed: Flushed) -> tuple[Measure, ...]:
        """Anew at each look: after a restart the estate comes bit by bit, and a primary may become a replica."""
        resource = self._core.estate.resources.get(flushed.resource)
        if resource is None:
            return ()
        if resource.described.kind != "cache":
            return tuple(of_a_server(resource.id))
        origins = self.hand.origins(resource.id) if self.hand is not None else ()
        return tuple(of_a_cache(self._emptied(resource), origins))

    def _emptied(self, resource: Resource) -> Iterator[ResourceId]:
        """The node itself, and of its group the primaries: each has its share of the keys."""
        yield resource.id
        group = resource.described.cluster
        for each in self._core.estate.resources.values() if group is not None else ():
            same = each.described.kind == "cache" and each.described.cluster == group
            if same and each.described.role == "primary" and each.id != resource.id:
                yield each.id

    def _forget_old(self) -> None:
        now = to_ms(self._core.clock.now())
        for op, body in tuple(self._told.items()):
            if body.ended is not None and now - body.ended > TOLD_FOR.total_seconds() * 1000:
                self._telling.forget(self._told.pop(op))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
