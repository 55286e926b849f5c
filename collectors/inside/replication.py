"""How far is each copy behind, does its link live, and what would be lost if it were promoted now?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from collectors.readings import Inside
from collectors.safe import NO_TEXT, Safe


class LinkState(StrEnum):
    """In words, because a number of seconds says nothing where the link is dead. From well to worse."""

    IN_STEP = "in step"  # the link lives, and nothing is left to apply: an idle source is no lag
    BEHIND = "behind"  # the link lives, and something is left
    SEEDING = "seeding"  # the first copy is under way
    DELAYED = "delayed"  # behind on purpose
    PAUSED = "paused"  # somebody or something stopped the applying
    SILENT = "silent"  # nobody closed the link, and nothing has come for too long
    BROKEN = "broken"  # there is no link, or applying ended with an error
    UNKNOWN = "unknown"  # whoever was asked may not tell, or cannot


DEAD = frozenset((LinkState.BROKEN, LinkState.SILENT))
"""Of these no distance is true that was measured before."""


@dataclass(frozen=True, slots=True)
class Distance:
    """How far one end is from the other, in whatever its engine measures; a unit nobody measured is None, not zero."""

    seconds: float | None = None
    bytes: int | None = None
    fine: bool = False  # measured in milliseconds, and to be shown so
    at_least: bool = False  # the link is dead: it is this far by now, or farther

    @property
    def is_known(self) -> bool:
        return self.seconds is not None or self.bytes is not None


NOT_MEASURED = Distance()


@dataclass(frozen=True, slots=True)
class Part:
    """One database of a link that carries several."""

    name: Safe
    state: LinkState
    told: Safe  # the state in the engine's own words
    lag: Distance = NOT_MEASURED
    unsent: Distance = NOT_MEASURED  # still at the source: what a promotion loses
    unapplied: Distance = NOT_MEASURED  # already at the copy: what a promotion waits for
    why: Safe = NO_TEXT


@dataclass(frozen=True, slots=True)
class Link:
    """From one source to one copy, as one witness tells it."""

    source: Safe  # the resource's id where it is known, else the address or name that the engine has
    copy: Safe
    state: LinkState
    told: Safe = NO_TEXT  # the state in the engine's own words
    mode: Safe = NO_TEXT  # synchronous, asynchronous, physical, logical …
    lag: Distance = NOT_MEASURED  # how old what is read from the copy may be
    unsent: Distance = NOT_MEASURED  # what would be lost if the copy were promoted now
    unapplied: Distance = NOT_MEASURED  # what it would have to apply first
    heard: datetime | None = None  # when the other end last gave a sign of life
    why: Safe = NO_TEXT  # an error, or why a state is as it is
    parts: tuple[Part, ...] = ()
    more: tuple[tuple[Safe, Safe], ...] = ()  # whatever else the engine tells: name and value


@dataclass(frozen=True, slots=True)
class Slot:
    """What a source keeps for somebody who may never come for it."""

    name: Safe
    active: bool
    kept: int | None  # bytes of log
    state: Safe = NO_TEXT  # in the engine's own words
    inactive_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replication(Inside):
    """Of one resource, as its database tells it: the link it follows, and those that follow it."""

    part: ClassVar[Safe] = Safe("replication")

    role: Safe  # primary, replica, or both where it passes on what it gets
    upstream: tuple[Link, ...] = ()  # at most one, but for a replica with several sources
    downstream: tuple[Link, ...] = ()
    slots: tuple[Slot, ...] = ()
    role_changes: int | None = None  # a counter of the engine: it grew where it failed over
    notes: tuple[Safe, ...] = ()  # what could not be seen, with the grant that would show it


@dataclass(frozen=True, slots=True)
class ReplicationByAws(Replication):
    """The same as AWS tells it, which also knows copies that nobody can log in to."""

    part: ClassVar[Safe] = Safe("replication-aws")
