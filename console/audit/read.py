"""What does an audit trail tell? Its records in the order of their times, across processes and whatever tore them."""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from console.audit import evidence, folder
from console.audit.beginning import beginning, last_line, open_segment
from console.audit.folder import Place
from console.audit.record import MOST_BYTES, NotARecord, Record, parse, stamp

_Open = tuple[str, int, Record, Iterator[Record]]


def records(
    path: Path, *, op: str | None = None, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Record]:
    """Those of one action or of all, from ``since`` to before ``until``. `CannotRead` where the folder is not readable.

    What has not the form of a record is passed over: `verify` tells it. A record whose hash is wrong is given, for what
    it says may matter; its `is_whole` says so.
    """
    first, last = stamp(since) if since else "", stamp(until) if until else "~"
    for record in _merged(path, first):
        if record.ts >= last and until is not None:
            continue  # a clock that was set back may still bring earlier ones
        if record.ts >= first and (op is None or record.op == op):
            yield evidence.brought_back(path, record)


def last_of_ops(path: Path, *, since: datetime | None = None) -> dict[str, tuple[Record, ...]]:
    """Of each action that was begun: all that is known of it, in order, whoever wrote it."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records(path, since=since):
        if record.op:
            found[record.op].append(record)
    return {op: tuple(each) for op, each in found.items()}


def _merged(path: Path, first: str) -> Iterator[Record]:
    """By time. A segment is opened when its time has come: there may be more of them than one may hold open."""
    places = folder.places(path)
    good = _good_until(path, places)
    waiting = deque(each for each in places if not _ends_before(path, each, first))
    open_ones: list[_Open] = []
    number = 0
    while waiting or open_ones:
        while waiting and (not open_ones or waiting[0].began <= open_ones[0][0]):
            number += 1
            place = waiting.popleft()
            _push(open_ones, number, _of_segment(path, place, good.get(place.name)))
        if open_ones:
            _, which, record, more = heapq.heappop(open_ones)
            yield record
            _push(open_ones, which, more)


def _push(open_ones: list[_Open], number: int, more: Iterator[Record]) -> None:
    if (record := next(more, None)) is not None:
        heapq.heappush(open_ones, (record.ts, number, record, more))


def _of_segment(path: Path, place: Place, good: int | None) -> Iterator[Record]:
    try:
        with open_segment(path, place.name) as file:
            while raw := file.readline(MOST_BYTES + 1):
                try:
                    record = parse(raw.removesuffix(b"\n"))
                except NotARecord:
                    continue
                if good is None or record.seq <= good:
                    yield record
    except OSError as error:
        raise folder.unreadable(path / place.name, error) from error


def _good_until(path: Path, places: list[Place]) -> dict[str, int]:
    """Of each segment that was recovered: the last good record. What was written behind it stands in another, too."""
    found = {}
    for place in places:
        try:
            begun = beginning(path, place.name)
        except OSError as error:
            raise folder.unreadable(path / place.name, error) from error
        found.update({each.file: each.seq for each in (begun.recovered if begun else ())})
    return found


def _ends_before(path: Path, place: Place, first: str) -> bool:
    try:
        return bool(first) and parse(last_line(path, place.name)).ts < first
    except (NotARecord, OSError):
        return False
