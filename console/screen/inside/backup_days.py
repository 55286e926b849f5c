"""What happened to the backups on each of the last 35 days, and what should have happened? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum

from collectors.inside.backups import Backups, Copy, Kind, Outcome
from console.screen.inside.backup_facts import Known

DAYS = 35
_DAY = timedelta(days=1)
GRACE = timedelta(hours=1)  # after its window: by then a snapshot that was begun is listed
_WINDOW = re.compile(r"(\d{2}):(\d{2})\s*-\s*(\d{2}):(\d{2})", re.ASCII)


class Sight(Enum):
    """What a day may show, the most telling first."""

    FAILED = "failed"
    MISSING = "due, not taken"
    RUNNING = "running"
    AUTOMATED = "automated"
    MANUAL = "manual"
    AWS_BACKUP = "AWS Backup"
    NATIVE = "native"
    NONE = "none expected"
    UNKNOWN = "not known"  # nobody has told which copies there are


_OF_KIND = {
    Kind.AUTOMATED: Sight.AUTOMATED,
    Kind.MANUAL: Sight.MANUAL,
    Kind.AWS_BACKUP: Sight.AWS_BACKUP,
    Kind.NATIVE: Sight.NATIVE,
}
_OF_OUTCOME = {Outcome.FAILED: Sight.FAILED, Outcome.RUNNING: Sight.RUNNING}
_ORDER = tuple(Sight)


def days(known: Known, now: datetime, zone: tzinfo) -> tuple[tuple[date, tuple[Sight, ...]], ...]:
    """Each of the last days by that zone's calendar, today last: what was seen on it, or that nothing was expected."""
    today = now.astimezone(zone).date()
    missing = {when.astimezone(zone).date() for when in missed(known, now)}
    seen: dict[date, set[Sight]] = {}
    for copy in known.copies:
        seen.setdefault(copy.taken.astimezone(zone).date(), set()).add(sight(copy))
    nothing = Sight.UNKNOWN if known.by_aws is None else Sight.NONE
    dates = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    return tuple((day, _sorted(seen.get(day, set()), is_missing=day in missing, nothing=nothing)) for day in dates)


def copies_of(known: Known, day: date, zone: tzinfo) -> tuple[Copy, ...]:
    """The newest first."""
    return tuple(copy for copy in known.copies if copy.taken.astimezone(zone).date() == day)


def sight(copy: Copy) -> Sight:
    return _OF_OUTCOME.get(copy.outcome, _OF_KIND[copy.kind])


def missed(known: Known, now: datetime) -> tuple[datetime, ...]:
    """When a snapshot that AWS takes by itself was due and none was begun until the next: the oldest first."""
    kept = known.by_aws
    window = window_of(kept) if kept else None
    if kept is None or window is None or kept.kept_by or not kept.retention_s:
        return ()
    automated = [copy.taken for copy in known.copies if copy.kind is Kind.AUTOMATED]
    began, length = window
    # what is older was deleted when its time had come, or was before the resource was there
    since = max(now - timedelta(seconds=kept.retention_s), kept.earliest or min(automated, default=now - _DAY))
    return tuple(
        due
        for due in _each_day(began, since, now)
        if due >= since
        and due + length + GRACE < now
        and not any(due - GRACE <= taken < due + _DAY - GRACE for taken in automated)
    )


def window_of(kept: Backups) -> tuple[time, timedelta] | None:
    """When it begins and how long it lasts; None where there is none: nothing is taken by itself."""
    found = _WINDOW.search(kept.window)
    if found is None:
        return None
    hour, minute, until_hour, until_minute = map(int, found.groups())
    if max(hour, until_hour) > 23 or max(minute, until_minute) > 59:
        return None
    lasts = (until_hour * 60 + until_minute - hour * 60 - minute) % (24 * 60)
    return time(hour, minute, tzinfo=UTC), timedelta(minutes=lasts)


def _each_day(at: time, since: datetime, now: datetime) -> Iterator[datetime]:
    day = max(since, now - DAYS * _DAY).astimezone(UTC).date()
    while (when := datetime.combine(day, at)) <= now:
        yield when
        day += _DAY


def _sorted(seen: set[Sight], *, is_missing: bool, nothing: Sight) -> tuple[Sight, ...]:
    found = {*seen, Sight.MISSING} if is_missing else seen
    return tuple(sorted(found, key=_ORDER.index)) or (nothing,)
