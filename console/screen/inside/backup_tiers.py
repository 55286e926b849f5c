"""Is there a copy for each tier that was declared, when is the next due, and by how much is it overdue? Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from collectors.inside.backups import Copy, Kind, Outcome
from collectors.safe import Safe, sanitise
from console.screen.inside.backup_facts import Known, is_good

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.meta import Tier

_KINDS = {"automated": Kind.AUTOMATED, "manual": Kind.MANUAL, "aws-backup": Kind.AWS_BACKUP, "native": Kind.NATIVE}
LEAST_SLACK, MOST_SLACK = timedelta(minutes=5), timedelta(hours=6)
LONGEST_S = 35 * 86_400.0  # that AWS keeps a snapshot which it took by itself
_SHARE = 10  # of its pace: a window lets a copy begin earlier one day and later the next


class State(StrEnum):
    KEPT = "kept"
    RUNNING = "under way"
    OVERDUE = "overdue"
    NEVER = "none"  # that counts, as far back as is known


@dataclass(frozen=True, slots=True)
class Tiered:
    """``due``: when the next is; None where there is none to reckon from. ``short``: a newer one, kept too short."""

    name: Safe
    every_s: float | None
    keep_s: float
    source: Safe
    state: State
    newest: Copy | None = None
    due: datetime | None = None
    overdue: timedelta = timedelta(0)
    short: Copy | None = None


def tiers(known: Known, declared: Sequence[Tier], now: datetime) -> tuple[Tiered, ...]:
    """In the order in which they were declared; none of what is backed up in another's stead."""
    if known.by_aws is not None and known.by_aws.kept_by:
        return ()
    return tuple(_tier(known, each, now) for each in declared)


def month_after(when: datetime) -> datetime:
    """The same time a month later, or on that month's last day."""
    year, month = (when.year, when.month + 1) if when.month < 12 else (when.year + 1, 1)
    return when.replace(year=year, month=month, day=min(when.day, monthrange(year, month)[1]))


def kept_s(copy: Copy, retention_s: float | None) -> float | None:
    """How long it is kept; None: until somebody deletes it."""
    if copy.expires is not None:
        return (copy.expires - copy.taken).total_seconds()
    if copy.kind is not Kind.AUTOMATED:
        return None
    return LONGEST_S if retention_s is None else retention_s


def _tier(known: Known, tier: Tier, now: datetime) -> Tiered:
    retention = known.by_aws.retention_s if known.by_aws else None
    fitting = [copy for copy in known.copies if _fits(copy, tier.source) and copy.taken <= now]
    good = [copy for copy in fitting if is_good(copy)]
    newest = _newest(known, tier.source, [copy for copy in good if _is_kept(copy, tier.keep_s, retention)])
    due = None if newest is None else _due(newest.taken, tier.every_s)
    late = timedelta(0) if due is None else now - due
    if any(copy.outcome is Outcome.RUNNING for copy in fitting):
        state = State.RUNNING
    elif due is None:
        state = State.NEVER
    else:
        state = State.OVERDUE if late > _slack(tier.every_s) else State.KEPT
    return Tiered(
        name=sanitise(tier.name),
        every_s=tier.every_s,
        keep_s=tier.keep_s,
        source=sanitise(tier.source),
        state=state,
        newest=newest,
        due=due,
        overdue=late if state is State.OVERDUE else timedelta(0),
        short=next((copy for copy in good if not _is_kept(copy, tier.keep_s, retention)), None),
    )


def _newest(known: Known, source: str, counting: Sequence[Copy]) -> Copy | None:
    """Of copies of one database each there must be one of every database: the oldest of their newest tells."""
    if source != "native":
        return counting[0] if counting else None
    wanted = {chain.database for chain in known.chains} or {copy.database for copy in counting}
    newest = [next((copy for copy in counting if copy.database in ("", name)), None) for name in wanted]
    found = [copy for copy in newest if copy is not None]
    return min(found, key=lambda copy: copy.taken) if found and len(found) == len(newest) else None


def _fits(copy: Copy, source: str) -> bool:
    """A copy of one database is none of its server, except where such copies are what is asked for."""
    if source == "any":
        return not copy.database
    return _KINDS.get(source) is copy.kind


def _is_kept(copy: Copy, wanted_s: float, retention_s: float | None) -> bool:
    kept = kept_s(copy, retention_s)
    return kept is None or kept >= wanted_s


def _due(taken: datetime, every_s: float | None) -> datetime:
    return month_after(taken) if every_s is None else taken + timedelta(seconds=every_s)


def _slack(every_s: float | None) -> timedelta:
    if every_s is None:
        return MOST_SLACK
    return min(MOST_SLACK, max(LEAST_SLACK, timedelta(seconds=every_s / _SHARE)))
