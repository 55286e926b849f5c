"""CloudWatch's metrics as readings: what is new, and the hours before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

from collectors.aws.cloudwatch.batch import GRANT, Answered, Batch
from collectors.aws.cloudwatch.desk import Desk
from collectors.aws.place import Place
from collectors.collector import Collector
from collectors.readings import Reading

TOGETHER = 4  # requests under way at once: more would only wait for each other


class CloudWatch(Collector[Place]):
    """What has come since the last pass, of what is due. An error ends no other batch: it is raised at the end."""

    name = "cloudwatch"
    every = timedelta(minutes=1)
    needs = (GRANT,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def collect(self, target: Place) -> AsyncIterator[Reading]:
        """A few requests at a time, and then what matters most now: somebody may have looked at something else."""
        tried: set[str] = set()
        while due := self._desk.due(target, tried)[:TOGETHER]:
            tried |= {track.id for batch in due for track in batch.tracks}
            answers = await asyncio.gather(*(self._desk.ask(target, each) for each in due), return_exceptions=True)
            trouble: BaseException | None = None
            for answer in answers:
                if isinstance(answer, BaseException):
                    trouble = trouble or answer
                    continue
                trouble = trouble or answer.trouble
                for reading in self._new(answer):
                    yield reading
            if trouble is not None:
                raise trouble  # what is asked too often, or refused, is not asked for more

    def _new(self, answer: Answered) -> Iterator[Reading]:
        batch, now = answer.batch, self._desk.now()
        for track in batch.tracks:
            name = track.id
            yield from track.answered(answer.points[name], batch.begin, batch.end, now, whole=name in answer.whole)


class CloudWatchHistory(Collector[Place]):
    """The past of what has none yet, one request a pass; nothing to do costs nothing."""

    name = "cloudwatch-history"
    every = timedelta(seconds=5)
    needs = (GRANT,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def collect(self, target: Place) -> AsyncIterator[Reading]:
        batch: Batch | None = self._desk.past_due(target)
        if batch is None:
            return
        answer = await self._desk.ask(target, batch)
        for track in batch.tracks:
            name = track.id
            if name in answer.whole:
                for reading in track.remembered(answer.points[name], batch.begin, batch.end):
                    yield reading
        if answer.trouble is not None:
            raise answer.trouble
