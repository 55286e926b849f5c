"""CloudWatch's metrics as readings: what is new, and the hours before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

from collectors.attention import Attention
from collectors.aws.cloudwatch.batch import GRANT, Answered, Batch, trouble
from collectors.aws.cloudwatch.desk import Desk
from collectors.aws.cloudwatch.pace import matters
from collectors.aws.place import Place
from collectors.collector import Collector
from collectors.readings import Reading

TOGETHER = 4  # requests under way at once: more would only wait for each other


class CloudWatch(Collector[Place]):
    """What has come since the last pass, of what is due."""

    name = "cloudwatch"
    every = timedelta(minutes=1)
    needs = (GRANT,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def collect(self, target: Place) -> AsyncIterator[Reading]:
        """A few requests at a time, and first only what is looked at or sick.

        Where somebody looks at something else meanwhile, that goes before what is left. A request that fails ends the
        pass: what is asked too often, or refused, is not asked for more. Of single metrics that fail it tells at the
        end.
        """
        hindered: list[Answered] = []
        has_asked = False
        for batches in _rounds(self._desk, target):
            has_asked = True
            answers = await asyncio.gather(*(self._desk.ask(target, each) for each in batches), return_exceptions=True)
            for answer in answers:
                if isinstance(answer, Answered):
                    hindered += [answer] if answer.refused or answer.broken else []
                    for reading in _new(answer):
                        yield reading
            for answer in answers:
                if isinstance(answer, BaseException):
                    raise answer
        if told := trouble(hindered):
            raise told
        if not has_asked:
            self._desk.must_be_affordable(target)


class CloudWatchHistory(Collector[Place]):
    """The past of what has none yet, one request a pass; nothing to do costs nothing."""

    name = "cloudwatch-history"
    every = timedelta(seconds=5)
    needs = (GRANT,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def collect(self, target: Place) -> AsyncIterator[Reading]:
        batch = self._desk.past_due(target)
        if batch is None:
            return
        answer = await self._desk.ask(target, batch)
        for track in batch.tracks:
            track.history_asked = batch.at if answer.points else track.history_asked
            if track.id in answer.whole:
                for reading in track.remembered(answer.points[track.id], batch.at):
                    yield reading
        if told := trouble([answer]):
            raise told


def _rounds(desk: Desk, place: Place) -> Iterator[list[Batch]]:
    """What to ask for at a time: each is chosen when the one before was answered."""
    tried: set[str] = set()
    looked_at: Attention | None = None
    due: list[Batch] = []
    while True:
        if (attention := desk.attention()) != looked_at:
            due, looked_at = desk.due(place, attention, tried), attention
        if not due:
            return
        now = [each for each in due[:TOGETHER] if matters(each.tier) == matters(due[0].tier)]
        due = due[len(now) :]
        tried |= {track.id for batch in now for track in batch.tracks}
        yield now


def _new(answer: Answered) -> Iterator[Reading]:
    for track in answer.batch.tracks:
        if track.id in answer.refused:
            track.refused(answer.batch.at)
        elif track.id in answer.points:
            yield from track.answered(answer.points[track.id], answer.batch.at, whole=track.id in answer.whole)
