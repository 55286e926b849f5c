"""What did who do, and what came of it? Our own records and CloudTrail's of the same resources, as one list."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from collectors.aws.known import Known
from collectors.aws.reader import Reader
from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from collectors.threads import Threads
from console.audit.cloudtrail import OfReaders
from console.audit.diff import Trailed, trailed
from console.audit.read import records
from console.audit.record import Event
from console.audit.told import told
from console.protocol.requests import Said

FAR_BACK = timedelta(days=1)
MOST = 200  # rows, the newest
TRAIL_ASKED_AGAIN = timedelta(minutes=1)
TITLES = tuple(map(Safe, ("TIME", "WHO", "WHAT", "RESOURCE", "OUTCOME", "BY")))
OURS, THEIRS = Safe("console"), Safe("CloudTrail")
Row = tuple[Safe, ...]


class Auditing:
    """``readers``: of all places that are watched."""

    def __init__(
        self,
        folder: Path,
        known: Known,
        readers: Callable[[], Sequence[Reader]],
        threads: Threads,
        now: Callable[[], datetime],
    ) -> None:
        self._folder, self._known, self._readers = folder, known, readers
        self._threads, self._now = threads, now
        self._trail: list[Row] = []
        self._asked: datetime | None = None

    async def rows(self) -> Said:
        """The newest first. Where CloudTrail does not answer, that is a row of its own."""
        now = self._now()
        ours = await self._threads.call("the audit", partial(_ours, self._folder, now - FAR_BACK, self._names()))
        if self._asked is None or now - self._asked >= TRAIL_ASKED_AGAIN:
            self._trail, self._asked = await self._theirs(now), now
        every = sorted((*reversed(ours), *self._trail), key=lambda row: row[0], reverse=True)  # of one second too
        return (TITLES, *every[:MOST])

    async def _theirs(self, now: datetime) -> list[Row]:
        names = self._names()
        try:
            events = await OfReaders(self._readers()).events(now - FAR_BACK, now)
        except Trouble as trouble:
            words = sanitise(f"CloudTrail was not read: {trouble.line()}")
            return [(_time(now), Safe("—"), Safe("LookupEvents"), Safe("—"), words, THEIRS)]
        changes = (each for each in map(trailed, events) if each is not None)
        return [_row(each, names) for each in changes if names.keys() & set(each.about)]

    def _names(self) -> Mapping[str, Safe]:
        """What the estate calls what AWS calls so."""
        return {name: found.id for found in self._known.everywhere() for name in (found.name, found.arn)}


def _ours(folder: Path, since: datetime, names: Mapping[str, Safe]) -> list[Row]:
    told_of = (record for record in records(folder, since=since) if record.ev != Event.ANCHOR)  # as `show` leaves out
    newest = deque(told_of, maxlen=MOST)
    cells = ((told(record, is_whole=record.is_whole, is_brief=True), names.get(record.res)) for record in newest)
    return [(each.time, each.who, each.what, name or each.resource, each.outcome, OURS) for each, name in cells]


def _row(each: Trailed, names: Mapping[str, Safe]) -> Row:
    about = next((names[name] for name in each.about if name in names), Safe("—"))
    outcome = sanitise(each.error or f"request {each.request_id}")
    return _time(each.at), sanitise(each.session), sanitise(each.name), about, outcome, THEIRS


def _time(at: datetime) -> Safe:
    return sanitise(f"{at:%Y-%m-%d %H:%M:%SZ}")
