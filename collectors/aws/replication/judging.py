"""In which state is a link, given what AWS says of it and what CloudWatch has measured? Pure.

Never a zero where the link is dead, never a growing number where the source is merely idle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from collectors.aws.replication.told import Told
from collectors.aws.ties import MAKING, Word
from collectors.inside.replication import DEAD, NOT_MEASURED, Distance, LinkState
from collectors.safe import NO_TEXT, Safe, sanitise

STEP_S = 1.0  # less is what a link that has nothing left to do is measured with
IDLE_REACH_S = 360.0  # RDS lets PostgreSQL change its log file every five minutes, and counts from the last commit
STATES: Mapping[
    str, LinkState
] = {  # of a read replica and of a global table's, where AWS says more than that it goes on
    "error": LinkState.BROKEN,
    "terminated": LinkState.BROKEN,
    "stopped": LinkState.PAUSED,
    "replication stop point reached": LinkState.PAUSED,
    "creating": LinkState.SEEDING,
    "creation_failed": LinkState.BROKEN,
    "deleting": LinkState.BROKEN,
    "region_disabled": LinkState.BROKEN,
    "inaccessible_encryption_credentials": LinkState.BROKEN,
    "replication_not_authorized": LinkState.BROKEN,
    "archiving": LinkState.PAUSED,
    "archived": LinkState.PAUSED,
}
NOT_REPLICATING = Safe("CloudWatch tells -1: it does not replicate")
NOTHING_TOLD = Safe("CloudWatch has told nothing of it for minutes")
NOT_YET = Safe("CloudWatch has told nothing of it yet")
IDLE = Safe("nothing is written at the source")


@dataclass(frozen=True, slots=True)
class Heard:
    """When it was last measured alive, and how far behind it was then."""

    at: datetime
    behind_s: float


@dataclass(frozen=True, slots=True)
class Verdict:
    state: LinkState
    lag: Distance = NOT_MEASURED
    why: Safe = NO_TEXT
    heard: Heard | None = None
    is_idle: bool = False
    lacks_grant: bool = False

    @property
    def seconds(self) -> float | None:
        """What the series of lags has: nothing where no number is true."""
        return None if self.state in DEAD or self.state is LinkState.UNKNOWN else self.lag.seconds


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is known of one link. ``scale``: how many of the metric's units are a second."""

    told: Told
    word: Word | None = None
    status: str = ""  # of the copy, where it says why nothing comes
    heard: Heard | None = None
    is_idle: bool = False
    scale: float = 1.0


def judge(seen: Seen, now: datetime) -> Verdict:
    said = _said(seen)
    if said is not None and said is not LinkState.UNKNOWN:
        lag = NOT_MEASURED if said is LinkState.SEEDING else _at_least(seen, now)
        return Verdict(said, lag, _message(seen), seen.heard)
    if seen.told.grant:
        why = sanitise(f"{seen.told.grant} is missing")
        return Verdict(LinkState.UNKNOWN, why=why, heard=seen.heard, lacks_grant=True)
    if said is LinkState.UNKNOWN or seen.told.value is None or seen.told.at is None:
        return _untold(seen)
    if seen.told.value < 0:
        return Verdict(LinkState.BROKEN, _at_least(seen, now), NOT_REPLICATING, seen.heard)
    return _measured(seen, seen.told.value / seen.scale, seen.told.at)


def _said(seen: Seen) -> LinkState | None:
    """By AWS's own word; None where that says that it goes on, and UNKNOWN where the copy cannot tell."""
    if seen.status in MAKING:
        return LinkState.SEEDING
    word = seen.word
    if word is not None:
        said = STATES.get(word.status.lower(), None if word.is_normal else LinkState.BROKEN)
        if said is not None:
            return said
    return LinkState.UNKNOWN if seen.status else None


def _measured(seen: Seen, lag_s: float, at: datetime) -> Verdict:
    fine = seen.scale > 1
    heard = Heard(at, lag_s)
    if seen.is_idle and lag_s <= IDLE_REACH_S:
        return Verdict(LinkState.IN_STEP, Distance(seconds=0.0, fine=fine), IDLE, Heard(at, 0.0), is_idle=True)
    state = LinkState.IN_STEP if lag_s < STEP_S else LinkState.BEHIND
    return Verdict(state, Distance(seconds=lag_s, fine=fine), heard=heard)


def _untold(seen: Seen) -> Verdict:
    if seen.status:
        return Verdict(LinkState.UNKNOWN, why=sanitise(f"it is {seen.status}"), heard=seen.heard)
    return Verdict(LinkState.UNKNOWN, why=NOTHING_TOLD if seen.told.is_known else NOT_YET, heard=seen.heard)


def _message(seen: Seen) -> Safe:
    return sanitise(seen.word.message) if seen.word else NO_TEXT


def _at_least(seen: Seen, now: datetime) -> Distance:
    """Since it was last alive it has only become older. What was measured after that may be more."""
    lags = [(now - seen.heard.at).total_seconds() + seen.heard.behind_s] if seen.heard else []
    told = seen.told
    if told.value is not None and told.at is not None and told.value > 0:
        lags.append((now - told.at).total_seconds() + told.value / seen.scale)
    if not lags:
        return NOT_MEASURED
    return Distance(seconds=max(0.0, *lags), fine=False, at_least=True)


MANY = 5  # minutes of writes of which no replication was measured


def judge_table(seen: Seen, minutes: Sequence[tuple[float | None, float | None]], now: datetime) -> Verdict:
    """Of a global table: CloudWatch measures only what is replicated, so no measure may mean that nothing was written.

    ``minutes``: what was written and what was measured in each, newest last, as far as it was told.
    """
    verdict = judge(seen, now)
    nothing_came = verdict.state is LinkState.UNKNOWN and seen.told.is_known and not seen.status
    if not nothing_came or not minutes:
        return verdict
    since = takewhile(lambda minute: minute[1] is None, reversed(minutes))
    written = sum(1 for amount, _ in since if amount)
    if not written:
        return Verdict(LinkState.IN_STEP, why=IDLE, heard=seen.heard, is_idle=True)
    if written >= MANY:
        why = sanitise(f"written in {written} minutes, and no replication was measured in them")
        return replace(verdict, state=LinkState.SILENT, lag=_at_least(seen, now), why=why)
    return verdict
