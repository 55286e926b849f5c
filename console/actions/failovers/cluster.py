"""A cluster's writer changes: to the reader that somebody has named, and never to whom AWS would choose."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.aws.answers import Answer, many, tags_of, text, within
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect
from collectors.safe import sanitise
from console.actions.check import Check, Override, Verdict, found, passed
from console.actions.craft import Craft, Progress, Sent, Sight
from console.actions.failovers import looked, told
from console.actions.failovers import within as inside_of
from console.actions.failovers.proving import After, outcome
from console.actions.failovers.sizes import is_smaller
from console.actions.known import KnownInside
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.registry import Action

STARTED = re.compile(r"started .*failover", re.IGNORECASE)
COMPLETED = re.compile(r"completed failover", re.IGNORECASE)
REFUSED = re.compile(r"failover failed|re-?promot|not attempting", re.IGNORECASE)
SAME = ("DBClusterArn", "Status", "Engine", "EngineVersion", "DbClusterResourceId")
SAME_OF_THE_TARGET = ("DBInstanceStatus", "DBInstanceClass", "EngineVersion", "AvailabilityZone")
WRITER = "Writer"
HIGHEST_TIER = 1
NEVER = "nofailover"  # the tag of who shall not take over, as Patroni calls it
AT_IT = frozenset({"failing-over"})


@dataclass(frozen=True, slots=True)
class Cluster:
    """As AWS tells it at one moment. ``to`` None: there is nobody of that name, or AWS chooses."""

    answer: Answer
    writer: Answer | None
    to: Answer | None

    @property
    def chooses(self) -> bool:
        """Whether AWS takes a target for it: an RDS for MySQL Multi-AZ cluster has none."""
        return text(self.answer, "Engine") != "mysql"

    @property
    def members(self) -> dict[str, bool]:
        """By their names, whether they write."""
        listed = many(self.answer, "DBClusterMembers")
        return {text(each, "DBInstanceIdentifier"): within(each, "IsClusterWriter") is True for each in listed}


class OfClusters(Craft):
    def __init__(self, action: Action, inside: KnownInside) -> None:
        self.action = action
        self._inside = inside

    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight:
        seen, events, due = await asyncio.gather(
            _seen(reader, target),
            told.events(reader, "rds", now - told.DAY, **_of(target.name)),
            looked.due(reader, target.arn),
        )
        writer = text(seen.writer or {}, "DBInstanceIdentifier")
        writer_id = self._inside.called(writer, target.about)
        checks = (
            looked.status(text(seen.answer, "Status"), ("available",), now, target.name, "AWS fails over"),
            _reader(seen, target, now),
            *self._of_the_target(seen, target, now),
            _region(seen.answer, now),
            inside_of.transaction(self._inside, writer_id, now),
            looked.recent(events, told.last(events, COMPLETED), now),
            looked.pending([seen.answer, seen.writer or {}, seen.to or {}], due, now),
        )
        expected = looked.same(seen.answer, *SAME) | {WRITER: writer} | told.fingerprint(events, COMPLETED)
        expected |= {f"To.{name}": said for name, said in looked.same(seen.to or {}, *SAME_OF_THE_TARGET).items()}
        radius = tuple(inside_of.radius(self._inside, writer_id, "DatabaseConnections", now))
        to = _place(seen.to) if seen.chooses else "whom AWS chooses"
        return Sight(now, facts(expected), checks, sanitise(_place(seen.writer)), radius, to=sanitise(to))

    def _of_the_target(self, seen: Cluster, target: Target, now: datetime) -> tuple[Check, ...]:
        """Nothing where AWS chooses."""
        if seen.to is None or seen.writer is None:
            return ()
        az = text(seen.to, "AvailabilityZone")
        to_id = self._inside.called(target.to, target.about)
        behind = inside_of.lag(self._inside, to_id, "AuroraReplicaLag", 1000.0, now)
        return (
            _tag(seen.to, target, now),
            _class(seen.to, seen.writer, target, now),
            _version(seen.to, seen.writer, target, now),
            _tier(seen.to, target, now),
            inside_of.close_behind(behind, target.to, now),
            looked.zone(az, self._inside.failing(az, target.about), now),
        )

    def parameters(self, target: Target, sight: Sight) -> Facts:
        """With who shall take over: a second press with a target cannot fail back."""
        named = {"TargetDBInstanceIdentifier": target.to} if target.to else {}
        return facts({"DBClusterIdentifier": target.name, **named})

    def makes(self, plan: Plan) -> str:
        return ""

    def request(self, plan: Plan) -> Mapping[str, Any]:
        return dict(plan.parameters)

    def arns(self, plan: Plan) -> tuple[str, ...]:
        """Of the cluster, and of who takes over."""
        before = ":".join(plan.target.arn.split(":")[:5])
        return plan.target.arn, *((f"{before}:db:{plan.target.to}",) if plan.target.to else ())

    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress:
        target, expected = plan.target, dict(plan.expected)
        seen = await _seen(reader, target)
        events = await told.since(reader, plan, sent, "rds", **_of(target.name))
        status, before = text(seen.answer, "Status"), expected.get(WRITER, "")
        writer = text(seen.writer or {}, "DBInstanceIdentifier")
        has_moved = writer == target.to if target.to else writer not in ("", before)
        is_settled = status == "available" and bool(seen.writer)
        asked = is_settled and not sent.is_accepted
        names = (target.name, target.arn)
        return outcome(
            After(
                status=status,
                is_settled=is_settled,
                is_at_it=status in AT_IT,
                moves=f"{writer or 'nobody'} is the writer",
                moved=f"{writer} writes, and {before or 'another'} did" if has_moved else "",
                began=told.first(events, STARTED),
                completed=_to(target.to, told.last(events, COMPLETED)),
                refused=told.last(events, REFUSED),
                probed=self._inside.probed(plan.op),
                trail=await told.trail(reader, plan, sent, "FailoverDBCluster", names) if asked else told.NO_TRAIL,
            ),
            sent,
        )


def _to(name: str, over: told.Told | None) -> told.Told | None:
    """A failover to somebody else is none of this one's."""
    is_this = over is not None and (not name or re.search(rf"{re.escape(name)}(?![\w-])", over.text))
    return over if is_this else None


async def _seen(reader: Reader, target: Target) -> Cluster:
    filters = [{"Name": "db-cluster-id", "Values": [target.name]}]
    answer, instances = await asyncio.gather(
        reader.call("rds", "DescribeDBClusters", DBClusterIdentifier=target.name),
        reader.call("rds", "DescribeDBInstances", Filters=filters),
    )
    listed = many(answer, "DBClusters")
    if not listed:
        raise CannotCollect(f"RDS knows no {target.name} any more.", mend="Refresh with Ctrl+R and look again.")
    by_name = {text(each, "DBInstanceIdentifier"): each for each in many(instances, "DBInstances")}
    bare = Cluster(listed[0], None, None)
    writer = next((name for name, writes in bare.members.items() if writes), "")
    return Cluster(listed[0], by_name.get(writer), by_name.get(target.to))


def _of(name: str) -> dict[str, str]:
    return {"SourceIdentifier": name, "SourceType": "db-cluster"}


def _place(member: Answer | None) -> str:
    if member is None:
        return "nobody who is known"
    return f"{text(member, 'DBInstanceIdentifier')} in {text(member, 'AvailabilityZone') or 'no zone that is told'}"


def _reader(seen: Cluster, target: Target, now: datetime) -> Check:
    """Without a reader the writer is made anew; without its name a second press would fail back."""
    readers = [name for name, writes in seen.members.items() if not writes]
    if not readers:
        lines = ("No reader: Aurora would make the writer anew, which takes about 10 min.",
                 f"{len(seen.members)} member(s)", "Add a reader first.")  # fmt: skip
        return found("reader", Verdict.BLOCK, now, lines)
    if target.to:
        return _named(seen, target, readers, now)
    if not seen.chooses:
        lines = ("AWS chooses who takes over: RDS for MySQL takes no name.", ", ".join(readers), "None needed.")
        return found("reader", Verdict.WARN, now, lines)
    lines = ("Who shall take over is not said.", ", ".join(readers), "Choose one of them.")
    return found("reader", Verdict.BLOCK, now, lines)


def _named(seen: Cluster, target: Target, readers: list[str], now: datetime) -> Check:
    if seen.members.get(target.to):
        lines = (f"{target.to} is already the writer. Nothing sent.", "the writer of now", "Choose one of its readers.")
        return found("reader", Verdict.BLOCK, now, lines)
    if target.to not in readers or seen.to is None:
        lines = (f"{target.to} is no reader of {target.name}.", ", ".join(readers), "Choose one of its readers.")
        return found("reader", Verdict.BLOCK, now, lines)
    state = text(seen.to, "DBInstanceStatus")
    if state != "available":
        lines = (f"{target.to} is {state or 'in no state that AWS tells'}.", "who takes over must be available",
                 "Wait until it is, or choose another.")  # fmt: skip
        return found("reader", Verdict.BLOCK, now, lines)
    return passed("reader", now, f"{target.to} is a reader, and available.")


def _tag(to: Answer, target: Target, now: datetime) -> Check:
    if NEVER not in tags_of(many(to, "TagList")):
        return passed("tag", now, f"No tag keeps {target.to} from taking over.")
    lines = (f"{target.to} shall never take over.", f"its tag {NEVER}", "Choose another reader.")
    return found("tag", Verdict.BLOCK, now, lines)


def _class(to: Answer, writer: Answer, target: Target, now: datetime) -> Check:
    its, theirs = text(to, "DBInstanceClass"), text(writer, "DBInstanceClass")
    smaller = is_smaller(its, theirs)
    if smaller is False:
        return passed("class", now, f"{target.to} is as large as the writer.", its)
    seen, mend = f"{target.to} is {its}, the writer is {theirs}", "Choose another, or say why this one."
    if smaller is None:
        what = "Whether it is as large as the writer is not known."
        return found("class", Verdict.UNKNOWN, now, (what, seen, mend), Override.REASON)
    lines = (f"{target.to} is {its}, the writer is {theirs}.", "it may not bear the load of a writer", mend)
    return found("class", Verdict.BLOCK, now, lines, Override.REASON)


def _version(to: Answer, writer: Answer, target: Target, now: datetime) -> Check:
    its, theirs = text(to, "EngineVersion"), text(writer, "EngineVersion")
    if its == theirs:
        return passed("version", now, f"{target.to} has the writer's version.", its)
    lines = (f"{target.to} has version {its}, the writer {theirs}.", "an upgrade may be under way",
             "Let it end, or say why now.")  # fmt: skip
    return found("version", Verdict.BLOCK, now, lines, Override.REASON)


def _tier(to: Answer, target: Target, now: datetime) -> Check:
    tier = within(to, "PromotionTier")
    if isinstance(tier, int) and tier <= HIGHEST_TIER:
        return passed("tier", now, f"{target.to} is of tier {tier}: it is meant to take over.")
    lines = (f"{target.to} is of tier {tier if isinstance(tier, int) else 'none that is told'}.",
             "it is not among those that are meant to take over first",
             "Choose one of tier 0 or 1, or say why this one.")  # fmt: skip
    return found("tier", Verdict.BLOCK, now, lines, Override.REASON)


def _region(answer: Answer, now: datetime) -> Check:
    """Of a global database only what stays in the region is offered: across regions data can be lost."""
    group, source = text(answer, "GlobalClusterIdentifier"), text(answer, "ReplicationSourceIdentifier")
    if not group and not source:
        return passed("region", now, "It is of this region alone.")
    named = f"Member of the global cluster {group}" if group else "It follows a cluster of another region"
    if source:
        lines = (f"{named}: cross-Region actions are not offered.", f"its writer is elsewhere: {source}",
                 "Switch the global database over in the console of RDS.")  # fmt: skip
        return found("region", Verdict.BLOCK, now, lines)
    lines = (f"{named}: this fails over in its region.", "cross-Region actions are not offered", "None needed.")
    return found("region", Verdict.WARN, now, lines)
