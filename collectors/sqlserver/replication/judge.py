"""Does the link of one database live, is it in step, and how far is it behind? Decided from what the views tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from collectors.inside.replication import DEAD, NOT_MEASURED, Distance, LinkState

SILENT_S = 30.0  # three of the time-outs after which a server itself gives a link up
_IN_STEP = "SYNCHRONIZED"
_GOING = "SYNCHRONIZING"
_FIRST_COPY = frozenset({"INITIALIZING", "REVERTING"})
_ORDER = (*(state for state in LinkState if state not in DEAD), LinkState.SILENT, LinkState.BROKEN)


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one database at one copy. None: not told, which is not zero. Times are in UTC."""

    connected: bool | None
    synchronisation: str | None
    suspended: bool | None = False
    unsent_kb: int | None = None
    unapplied_kb: int | None = None
    redo_kb_s: int | None = None
    sent: datetime | None = None  # the last piece of log, as the source has it
    committed_here: datetime | None = None  # the newest commit that the copy has applied
    committed_there: datetime | None = None  # the newest commit of the source; None where the copy itself is asked
    lag_s: int | None = None  # as the source reckons it


HIDDEN = Seen(connected=None, synchronisation=None, suspended=None)
"""Of a link that whoever was asked may not tell of."""


def link_state(seen: Seen, now: datetime) -> LinkState:
    """A link that is down says more than whatever was measured before it went down."""
    if seen.connected is False:
        return LinkState.BROKEN
    if seen.suspended:
        return LinkState.PAUSED
    if seen.connected is None or seen.synchronisation is None:
        return LinkState.UNKNOWN
    if seen.synchronisation in (_IN_STEP, _GOING):
        return _progress(seen, now)
    return LinkState.SEEDING if seen.synchronisation in _FIRST_COPY else LinkState.BROKEN


def _progress(seen: Seen, now: datetime) -> LinkState:
    if seen.unsent_kb and seen.sent is not None and _seconds(now, seen.sent) > SILENT_S:
        return LinkState.SILENT
    queues = (seen.unsent_kb, seen.unapplied_kb)
    if any(queues):
        return LinkState.BEHIND
    if seen.synchronisation == _IN_STEP or any(queue is not None for queue in queues):
        return LinkState.IN_STEP
    return LinkState.UNKNOWN  # "synchronising" is what an asynchronous copy says whether or not something is left


def lag(seen: Seen, state: LinkState, heard: datetime | None, now: datetime) -> Distance:
    """How old what is read from the copy may be. ``heard``: when its link was last seen to live."""
    if state is LinkState.SILENT and seen.sent is not None:
        return Distance(_seconds(now, seen.sent), at_least=True)
    if state in DEAD:
        return NOT_MEASURED if heard is None else Distance(_seconds(now, heard), at_least=True)
    if state is LinkState.IN_STEP:
        return Distance(0.0)
    if state is LinkState.UNKNOWN:
        return NOT_MEASURED
    there = seen.committed_there
    if there is None and seen.unapplied_kb:
        there = now  # asked at the copy: what waits there is newer than all that it shows
    by_commits = None if there is None or seen.committed_here is None else _seconds(there, seen.committed_here)
    known = [float(each) for each in (by_commits, seen.lag_s) if each is not None]
    return Distance(max(known)) if known else NOT_MEASURED


def unsent(seen: Seen, state: LinkState) -> Distance:
    """What a promotion of the copy would lose now: nothing where each commit waited for it."""
    if state is LinkState.UNKNOWN:
        return NOT_MEASURED
    in_bytes = None if seen.unsent_kb is None else 1024 * seen.unsent_kb
    waited = seen.synchronisation == _IN_STEP and state in (LinkState.IN_STEP, LinkState.BEHIND)
    if waited or (state is LinkState.IN_STEP and in_bytes == 0):
        return Distance(0.0, in_bytes)
    if seen.committed_here is None or seen.committed_there is None:
        return Distance(None, in_bytes, at_least=state in DEAD and in_bytes is not None)
    return Distance(_seconds(seen.committed_there, seen.committed_here), in_bytes, at_least=state in DEAD)


def unapplied(seen: Seen) -> Distance:
    """What a promotion would have to redo first; without a rate nobody knows how long that takes."""
    if seen.unapplied_kb is None:
        return NOT_MEASURED
    if not seen.unapplied_kb:
        return Distance(0.0, 0)
    takes = seen.unapplied_kb / seen.redo_kb_s if seen.redo_kb_s else None
    return Distance(takes, 1024 * seen.unapplied_kb)


def worst(states: Iterable[LinkState], otherwise: LinkState) -> LinkState:
    """Of several databases; one that is dead is worse than one of which nothing is known."""
    return max(states, key=_ORDER.index, default=otherwise)


def together(each: Iterable[Distance]) -> Distance:
    """Of several databases: the farthest in seconds, all their bytes."""
    known = [one for one in each if one.is_known]
    seconds = [one.seconds for one in known if one.seconds is not None]
    sizes = [one.bytes for one in known if one.bytes is not None]
    at_least = any(one.at_least for one in known)
    return Distance(max(seconds, default=None), sum(sizes) if sizes else None, at_least=at_least)


def _seconds(later: datetime, earlier: datetime) -> float:
    return max(0.0, (later - earlier).total_seconds())
