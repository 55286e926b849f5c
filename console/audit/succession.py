"""The segments of one process, one after another: where one is lost, the next goes on from what is surely on disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from console.audit import folder
from console.audit.beginning import FORMER, before
from console.audit.plain import Plain
from console.audit.record import Event, Record
from console.audit.segment import Segment
from console.protocol.ulid import ENTROPY_BYTES, ulid

MOST_AGAIN = 1000  # records that wait for a new segment

Draft = Callable[[Event, Mapping[str, Plain]], Record]


class Succession:
    """Not for two threads at once. What fails is an `OSError`, or the `Trouble` of a folder that cannot be trusted.

    After that no segment is open, and the next call begins one, where what may have been lost is written again.
    """

    def __init__(self, path: Path, draft: Draft, now: Callable[[], datetime], first: Record) -> None:
        """``first`` begins the first segment, behind what became of those before."""
        self.segment: Segment | None = None
        self._path, self._draft, self._now = path, draft, now
        self._writer = folder.writer()
        self._again = [first]
        self._lost: dict[str, int] = {}  # by name: the last record that is surely on disk

    def append(self, drafts: list[Record], *, durable: bool) -> Record:
        """The last of them, as it is written. A segment that fails is followed by a second, and that by none."""
        try:
            return self._append(drafts, durable=durable)
        except OSError:
            if self.segment is None:  # none could be begun
                raise
            self._lose(drafts)
        try:
            return self._append(drafts, durable=durable)
        except OSError:
            self._lose(drafts)
            raise

    def sync(self) -> None:
        """Everything is on disk that was written, in another segment if need be."""
        try:
            if self.segment is not None and self.segment.is_unsure:
                self.segment.sync()
        except OSError:
            self._lose([])
        if self._again:
            self.opened()

    def opened(self) -> Segment:
        if self.segment is None:
            self.segment = self._begun()
        return self.segment

    def end(self) -> None:
        segment, self.segment = self.segment, None
        if segment is not None:
            segment.end()

    def _append(self, drafts: list[Record], *, durable: bool) -> Record:
        segment = self.opened()
        records = [segment.append(draft) for draft in drafts]
        if durable:
            segment.sync()
        return records[-1]

    def _lose(self, but: list[Record]) -> None:
        """Whoever wrote ``but`` writes it again, or is told that it is not there."""
        segment, self.segment = self.segment, None
        if segment is not None:
            self._give_up(segment, but)

    def _give_up(self, segment: Segment, but: list[Record]) -> None:
        loss = segment.give_up()
        self._lost[loss.name] = loss.seq
        kept = [each for each in loss.unsure if not any(each is other for other in but)]
        self._again = [*self._again, *kept][:MOST_AGAIN]

    def _begun(self) -> Segment:
        """One whose first records are on disk. They say what was before, and so nobody else begins one meanwhile."""
        fd = folder.open_own(self._path)
        try:
            with folder.claimed(fd):
                told = before(self._path, self._writer, self._lost)
                records = [self._draft(Event.RECOVERED, dead.data()) for dead in reversed(told.dead)] + self._again
                if not records:
                    records = [self._draft(Event.NOTE, {"text": "a new segment"})]
                records[0] = replace(records[0], data={**records[0].data, FORMER: told.former})
                segment = Segment(self._path, self._name(), told.prev)
                try:
                    for record in records:
                        segment.append(record)
                    segment.sync()
                except OSError:
                    self._lost[segment.name] = segment.give_up().seq  # what it was to hold still waits
                    raise
        finally:
            os.close(fd)
        self._again, self._lost = [], {}
        return segment

    def _name(self) -> str:
        now = self._now()
        name = ulid(int(now.timestamp() * 1000), os.urandom(ENTROPY_BYTES))
        return f"{now:%Y-%m-%d}/{self._writer}-{name}{folder.SUFFIX}"
