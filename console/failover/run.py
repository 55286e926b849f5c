"""All that is known of one failover: facts, folded from what was seen, in whatever order that comes. Pure.

What came twice is taken once, and an event that comes an hour late stands where it belongs. Which phase that makes is
`phases`' question; what of it is proved is `proofs`'.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collectors.knock.knock import Door, Knock
from collectors.safe import NO_TEXT, Safe
from console.failover.case import Case
from console.failover.observed import Asked, Kind, Looked, Member, Observation, OpWord, Ticked, Told
from console.failover.outage import Shut, counting, is_as_open, knocked
from console.failover.outage import told as told_of
from console.failover.signs import Meaning, meaning

WHOLE_SECONDS = timedelta(seconds=2)  # AWS's times have no more, and its clock is not ours
BEFORE_IT = timedelta(minutes=2)  # what happened earlier belongs to something else
MOST_NOTES = 60


@dataclass(frozen=True, slots=True)
class Answered:
    """Who let somebody in, and under which address."""

    node: Safe = NO_TEXT
    address: Safe = NO_TEXT


@dataclass(frozen=True, slots=True)
class Run:
    case: Case
    began: datetime
    sent: datetime | None = None
    word: OpWord | None = None
    said: Safe = NO_TEXT  # by AWS, of the request
    knocks: int = 0
    newest: Knock | None = None
    usual: Door | None = None  # as open as it was before; None: nobody knocked by then
    first: Answered | None = None  # who let in first
    last: Answered | None = None  # and last
    moved: datetime | None = None  # since when it is another
    shuts: tuple[Shut, ...] = ()
    was_shut_at_first: bool = False  # so that nobody knows for how long it had been
    notes: tuple[Told, ...] = ()  # by the time at which each happened
    before: tuple[Member, ...] = ()
    listed: Looked | None = None  # by AWS, last
    was_changing: bool = False  # AWS has shown one of them as not available
    swapped: datetime | None = None  # first seen so
    settled: datetime | None = None  # and all available
    safe: datetime | None = None  # another could take over again
    ended: datetime | None = None
    has_failed: bool = False  # it ended, and not as it should
    is_given_up: bool = False  # it ended, and nothing ever proved how
    ticks: tuple[Ticked, ...] = ()
    gaps: tuple[tuple[datetime, datetime], ...] = ()  # in which nobody looked, as our engine was gone

    @property
    def start(self) -> datetime | None:
        """Since when something may have happened; None while it counts down."""
        return self.sent if self.case.is_planned else self.began

    @property
    def outages(self) -> tuple[Shut, ...]:
        return () if self.start is None else counting(self.shuts, self.start, is_sure=self.is_seen)

    def outage(self, now: datetime) -> Shut | None:
        """As the stopwatch shows it; None: nobody was shut out as yet, by any knock of ours."""
        return told_of(self.outages, now)

    @property
    def is_shut(self) -> bool:
        return bool(self.outages) and self.outages[-1].up is None

    @property
    def is_seen(self) -> bool:
        """Whether anything but a knock that was not let in tells that it takes place."""
        return bool(self.moved or self.swapped or self.was_changing or self.first_of(*BEGUN))

    def first_of(self, *meanings: Meaning) -> Told | None:
        """The earliest event that means that."""
        since = (self.start or self.began) - (WHOLE_SECONDS if self.case.is_planned else BEFORE_IT)
        return next((note for note in self.notes if note.at >= since and meaning(note.text) in meanings), None)

    @property
    def completed(self) -> Told | None:
        """AWS's own word that it is over."""
        wanted = (Meaning.COMPLETED, Meaning.RECOVERED) if self.case.kind is Kind.CACHE else (Meaning.COMPLETED,)
        return self.first_of(*wanted)

    @property
    def can_log_in(self) -> bool:
        """By the newest knock."""
        return self.newest is not None and is_as_open(self.newest.door, Door.READ_ONLY)

    @property
    def is_judged_by_knocks(self) -> bool:
        """Whether knocks tell who is let in: a login that was refused before anything was sent tells nothing."""
        return self.knocks > 0 and (self.usual is None or is_as_open(self.usual, Door.READ_ONLY))


SERVING = frozenset({"available", "backing-up", "snapshotting", "storage-optimization", "upgrading-snapshot"})
"""In which AWS shows what does its work."""
BEGUN = (Meaning.STARTED, Meaning.RECOVERING, Meaning.PROMOTED, Meaning.REPOINTED, Meaning.COMPLETED)


def after(run: Run, seen: Observation) -> Run:
    """One more observation; the same object where it tells nothing new."""
    match seen:
        case Asked():
            return _asked(run, seen)
        case Knock():
            return _knocked(run, seen)
        case Told():
            return _told(run, seen)
        case Looked():
            return _looked(run, seen)
        case Ticked():
            return run if any(t.step == seen.step for t in run.ticks) else replace(run, ticks=(*run.ticks, seen))


def _asked(run: Run, seen: Asked) -> Run:
    sent = run.sent or seen.at  # whatever comes later says that it was
    return replace(run, sent=sent, word=seen.word, said=seen.said or run.said)


def _knocked(run: Run, knock: Knock) -> Run:
    if run.start is None or knock.began < run.start:
        usual = knock.door if run.usual is None or is_as_open(knock.door, run.usual) else run.usual
        return replace(_answered(run, knock), usual=usual)
    usual = run.usual or (Door.READ_ONLY if run.case.is_promotion else Door.OPEN)
    wanted = Door.OPEN if run.case.is_promotion and usual is Door.READ_ONLY else usual
    shuts = knocked(run.shuts, knock, usual=usual, wanted=wanted)
    was_shut = run.was_shut_at_first or (run.knocks == 0 and bool(shuts))
    return replace(_answered(run, knock), shuts=shuts, was_shut_at_first=was_shut)


def _answered(run: Run, knock: Knock) -> Run:
    run = replace(run, knocks=run.knocks + 1, newest=knock)
    if not is_as_open(knock.door, Door.READ_ONLY) or not (knock.node or knock.address):
        return run
    here = Answered(knock.node, knock.address)
    first = here if run.start is None or run.first is None else run.first
    is_other = _is_other(first, here)
    return replace(run, first=first, last=here, moved=(run.moved or knock.ended) if is_other else None)


def _is_other(first: Answered, here: Answered) -> bool:
    """Another node; where none says its name, another address."""
    if first.node and here.node:
        return first.node != here.node
    return bool(first.address and here.address and first.address != here.address)


def _told(run: Run, told: Told) -> Run:
    is_known = any((note.about, note.at, note.text) == (told.about, told.at, told.text) for note in run.notes)
    if is_known or told.at < run.began - BEFORE_IT:
        return run
    notes = sorted((*run.notes, told), key=lambda note: (note.at, note.came))
    return replace(run, notes=tuple(notes[-MOST_NOTES:]))


def _looked(run: Run, looked: Looked) -> Run:
    if run.listed is not None and looked.at < run.listed.at:
        return run
    if run.start is None or looked.at < run.start:  # before it: what it shall be compared with
        return replace(run, listed=looked, before=looked.members)
    before = run.before or looked.members
    run = replace(run, listed=looked, before=before)
    serves = is_available(concerned(run, looked.members))
    swapped = run.swapped or (looked.at if _has_swapped(run) else None)
    settled = (run.settled or looked.at) if swapped and serves else None
    return replace(run, swapped=swapped, settled=settled, was_changing=run.was_changing or not serves)


def _has_swapped(run: Run) -> bool:
    """Whether AWS shows another in the role than before."""
    if run.listed is None:
        return False
    before, now = run.before, run.listed.members
    if run.case.kind is Kind.PROMOTION:
        return bool(_source(before, run.case)) and not _source(now, run.case)
    if run.case.kind is Kind.STANDBY:
        zones = {m.id: m.az for m in before}
        return any(m.id == run.case.resource and m.az and zones.get(m.id, m.az) not in ("", m.az) for m in now)
    leaders = {m.id for m in before if m.leads}
    return any(m.leads and m.id not in leaders for m in now) and bool(leaders)


def _source(members: tuple[Member, ...], case: Case) -> Safe:
    return next((m.source for m in members if m.id == case.resource), NO_TEXT)


def concerned(run: Run, members: tuple[Member, ...]) -> tuple[Member, ...]:
    """Whose state says how far it is: of an instance its own alone, whatever its replicas do."""
    is_of_one = run.case.kind in (Kind.STANDBY, Kind.PROMOTION)
    return tuple(m for m in members if m.id == run.case.resource) if is_of_one else members


def is_available(members: tuple[Member, ...]) -> bool:
    return all(m.status in SERVING for m in members if m.status)
