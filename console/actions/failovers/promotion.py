"""A read replica becomes a database of its own. It cannot be undone, and whoever still writes to its source is lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from collectors.aws.answers import Answer, many, text, within, words
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Expired
from collectors.safe import Safe, sanitise
from console.actions.check import Check, Override, Verdict, found, passed
from console.actions.craft import Craft, Progress, Sent, Sight
from console.actions.failovers import looked, told
from console.actions.failovers import within as inside_of
from console.actions.failovers.proving import After, outcome
from console.actions.failovers.told import Events
from console.actions.known import KnownInside
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.registry import Action

SOURCE = "ReadReplicaSourceDBInstanceIdentifier"
KEPT = "BackupRetentionPeriod"
KEPT_DAYS = 7  # where neither it nor its source keeps any
BEGAN = re.compile(r"promot|replication .*(stopp|terminat)|terminated replication", re.IGNORECASE)
PROMOTED = re.compile(r"promoted|stand-?alone", re.IGNORECASE)
RESTARTED = re.compile(r"restarted", re.IGNORECASE)
SAME = ("DBInstanceArn", "DBInstanceStatus", "Engine", "MultiAZ", "DbiResourceId", SOURCE)
DEAD = frozenset({"stopped", "failed", "storage-full", "inaccessible-encryption-credentials", "incompatible-network"})
AT_IT = frozenset({"modifying", "rebooting"})
COMPARED = ("MultiAZ", "DBInstanceClass", "StorageType", "Iops", "DeletionProtection", "EngineVersion")


class OfReplicas(Craft):
    def __init__(self, action: Action, inside: KnownInside) -> None:
        self.action = action
        self._inside = inside

    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight:
        there, due = await asyncio.gather(looked.instance(reader, target.name), looked.due(reader, target.arn))
        named = text(there, SOURCE)
        source = await _source(reader, named)
        lag = inside_of.lag(self._inside, target.about, "ReplicaLag", 1.0, now)
        checks = (
            _replica(named, target, now),
            looked.status(text(there, "DBInstanceStatus"), ("available",), now, target.name, "RDS promotes"),
            _lost(lag, _is_alive(source), now),
            _fenced(named, source, now),
            _backups(there, source, now),
            _followers(there, source, target, now),
            _differs(there, source, now),
            looked.pending([there], due, now),
        )
        expected = looked.same(there, *SAME) | {KEPT: str(_kept_days(there, source))}
        hit = inside_of.radius(self._inside, target.about, "DatabaseConnections", now)
        radius = (*hit, *self._of_source(named, target), _endpoint(there))
        az = sanitise(text(there, "AvailabilityZone"))
        return Sight(now, facts(expected), checks, az, radius, to=sanitise(named))

    def _of_source(self, named: str, target: Target) -> tuple[Safe, ...]:
        told_of = self._inside.sessions(self._inside.called(named, target.about)) if named else None
        if told_of is None:
            return ()
        return (sanitise(f"{told_of.connected} sessions are at its source {named}: none of them moves."),)

    def parameters(self, target: Target, sight: Sight) -> Facts:
        """With how long backups are kept: without that a replica is promoted to a database that has none."""
        return facts({"DBInstanceIdentifier": target.name, KEPT: dict(sight.fingerprint)[KEPT]})

    def makes(self, plan: Plan) -> str:
        return ""

    def request(self, plan: Plan) -> Mapping[str, Any]:
        told_of = dict(plan.parameters)
        return {"DBInstanceIdentifier": told_of["DBInstanceIdentifier"], KEPT: int(told_of[KEPT])}

    def arns(self, plan: Plan) -> tuple[str, ...]:
        return (plan.target.arn,)

    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress:
        name, before = plan.target.name, dict(plan.expected).get(SOURCE, "")
        there = await looked.instance(reader, name)
        events = await told.since(reader, plan, sent, "rds", SourceIdentifier=name, SourceType="db-instance")
        source, status = text(there, SOURCE), text(there, "DBInstanceStatus")
        kept = within(there, KEPT)
        asked = status == "available" and not sent.is_accepted
        names = (name, plan.target.arn)
        return outcome(
            After(
                status=status,
                is_settled=status == "available" and not source and bool(kept),
                is_at_it=status in AT_IT,
                moves=f"it follows {source}",
                moved="" if source else f"it follows nobody, and followed {before}; backups are kept {kept} days",
                began=told.first(events, BEGAN),
                completed=_completed(events),
                probed=self._inside.probed(plan.op),
                trail=await told.trail(reader, plan, sent, "PromoteReadReplica", names) if asked else told.NO_TRAIL,
            ),
            sent,
        )


def _completed(events: Events) -> told.Told | None:
    """Where no event calls it promoted: its replication was ended, and it has restarted since."""
    if (promoted := told.last(events, PROMOTED)) is not None or told.first(events, BEGAN) is None:
        return promoted
    return told.last(events, RESTARTED)


async def _source(reader: Reader, named: str) -> Answer | None:
    """None where it cannot be seen: it is in another region, or gone."""
    if not named or named.startswith("arn:"):
        return None
    try:
        return await looked.instance(reader, named)
    except Expired:
        raise
    except CannotCollect:
        return None


def _is_alive(source: Answer | None) -> bool:
    """Whoever cannot be seen may well live."""
    return source is None or text(source, "DBInstanceStatus") not in DEAD


def _replica(named: str, target: Target, now: datetime) -> Check:
    if named:
        return passed("replica", now, f"It follows {named}.")
    lines = (f"{target.name} is already standalone.", "it follows nobody", "Nothing is to be done.")
    return found("replica", Verdict.BLOCK, now, lines)


def _lost(lag: tuple[float | None, str], source_lives: bool, now: datetime) -> Check:
    """What it has not received is lost; nobody promotes who does not know how much while the source still has it."""
    seconds, seen = lag
    if seconds is None:
        what = "How far it is behind is not known, nor what would be lost."
        mend = "Look at its link first." if source_lives else "Its source is down: say why nevertheless."
        override = Override.NEVER if source_lives else Override.REASON
        return found("lag", Verdict.UNKNOWN, now, (what, seen, mend), override)
    if seconds < inside_of.LAG_S:
        return passed("lag", now, "It has all that its source has written.", seen)
    until = now - timedelta(seconds=seconds)
    lines = (f"Replica is {seconds:.0f} s behind: those writes will be lost.",
             f"{seen}; it has what was written until about {until:%H:%M:%SZ}",
             "Stop the writing and wait until it has caught up, or say why now.")  # fmt: skip
    return found("lag", Verdict.BLOCK, now, lines, Override.REASON)


def _fenced(named: str, source: Answer | None, now: datetime) -> Check:
    """Two that take writes are two truths."""
    if not _is_alive(source):
        state = text(source or {}, "DBInstanceStatus")
        return passed("fenced", now, f"Its source takes no writes: {named} is {state}.")
    if source is None:
        what, seen = "Whether its source still takes writes is not known.", f"{named or 'nobody'} cannot be seen here"
    else:
        what = "Its source still accepts writes: both would."
        seen = f"{named} is {text(source, 'DBInstanceStatus')}"
    lines = (what, seen, "Fence it first: stop it or close its security group. Then say how it is fenced.")
    return found("fenced", Verdict.BLOCK, now, lines, Override.REASON)


def _kept_days(there: Answer, source: Answer | None) -> int:
    for answer in (there, source or {}):
        days = within(answer, KEPT)
        if isinstance(days, int) and days > 0:
            return days
    return KEPT_DAYS


def _backups(there: Answer, source: Answer | None, now: datetime) -> Check:
    days = _kept_days(there, source)
    if isinstance(within(there, "LatestRestorableTime"), datetime):
        return passed("backups", now, f"It has backups of its own, and they will be kept {days} days.")
    lines = (f"It has no backup of its own yet; they will be kept {days} days from now on.",
             "AWS recommends one before", "Take a snapshot first, or live without until the first.")  # fmt: skip
    return found("backups", Verdict.WARN, now, lines, Override.REASON)


def _followers(there: Answer, source: Answer | None, target: Target, now: datetime) -> Check:
    own = words(there, "ReadReplicaDBInstanceIdentifiers")
    siblings = [name for name in words(source or {}, "ReadReplicaDBInstanceIdentifiers") if name != target.name]
    if not own and not siblings:
        return passed("followers", now, "No other replica is concerned.")
    said = [f"{', '.join(own)} will follow {target.name}"] if own else []
    said += [f"{', '.join(siblings)} will stay with the old source"] if siblings else []
    lines = ("Other replicas are concerned.", "; ".join(said), "Make those anew that shall follow another.")
    return found("followers", Verdict.WARN, now, lines, Override.CONFIRM)


def _differs(there: Answer, source: Answer | None, now: datetime) -> Check:
    if source is None:
        lines = ("How it differs from its source is not known.", "its source cannot be seen here",
                 "Compare class, storage, Multi-AZ and parameter groups.")  # fmt: skip
        return found("differs", Verdict.UNKNOWN, now, lines, Override.CONFIRM)
    pairs = [(name, within(there, name), within(source, name)) for name in COMPARED]
    pairs.append(("parameter groups", _groups(there), _groups(source)))
    other = [f"{name} {its} (source: {theirs})" for name, its, theirs in pairs if its != theirs]
    if not other:
        return passed("differs", now, "It is as its source is.")
    lines = ("It is not as its source is.", ", ".join(other), "Change afterwards what must be the same.")
    return found("differs", Verdict.WARN, now, lines, Override.CONFIRM)


def _groups(answer: Answer) -> str:
    return ", ".join(sorted(text(each, "DBParameterGroupName") for each in many(answer, "DBParameterGroups")))


def _endpoint(there: Answer) -> Safe:
    address = text(there, "Endpoint", "Address") or "an address that is not told"
    return sanitise(f"It keeps its own endpoint, {address}: the application's does not move.")
