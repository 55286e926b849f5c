"""A shard of Redis or Valkey fails over, as a test: the only failover of a cache that AWS offers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from collectors.aws.answers import Answer, many, text, within
from collectors.aws.reader import Reader
from collectors.safe import Safe, sanitise
from console.actions.check import Check, Override, Verdict, found, passed
from console.actions.craft import Craft, Progress, Sent, Sight
from console.actions.failovers import looked, shards, told
from console.actions.failovers import within as inside_of
from console.actions.failovers.proving import After, outcome
from console.actions.failovers.shards import CALLED, FINISHED, GROUP, MOVED, SHARD, Shard
from console.actions.failovers.told import Events
from console.actions.known import KnownInside
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.registry import Action

MOST_A_DAY, MANY = 15, 12
PRIMARY = "Primary"
TEST = "fail-over.cache"  # as the audit calls it


class OfCaches(Craft):
    def __init__(self, action: Action, inside: KnownInside) -> None:
        self.action = action
        self._inside = inside

    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight:
        shard, events = await asyncio.gather(
            shards.seen(reader, target.name), told.events(reader, "elasticache", now - told.DAY)
        )
        taken = await reader.call("elasticache", "DescribeSnapshots", ReplicationGroupId=shard.name)
        replicas = [name for name in shard.roles if name != target.name]
        checks = (
            _status(shard, target, now),
            _automatic(shard, now),
            _replica(shard, target, replicas, now),
            self._lag(replicas, target, now),
            _under_way(shard, many(taken, "Snapshots"), now),
            self._tested(events, now),
            _other_shards(shard, events, now),
            _test_api(now),
        )
        expected = {GROUP: shard.name, SHARD: shard.id, PRIMARY: shard.primary or "not told"}
        expected |= looked.same(shard.group, "Status", "AutomaticFailover", "ARN")
        expected |= {"Members": " ".join(sorted(shard.roles))} | told.fingerprint(shards.of(shard, events), FINISHED)
        radius = (*inside_of.radius(self._inside, target.about, "CurrConnections", now), *_followers(replicas))
        to = " or ".join(f"{name} in {shard.zone(name) or 'no zone that is told'}" for name in replicas)
        az = sanitise(shard.zone(target.name))
        return Sight(now, facts(expected), checks, az, radius, to=sanitise(to))

    def _lag(self, replicas: list[str], target: Target, now: datetime) -> Check:
        """Of the one that is least behind: AWS chooses that."""
        lags = {
            name: inside_of.lag(self._inside, self._inside.called(name, target.about), "ReplicationLag", 1.0, now)
            for name in replicas
        }
        known = {name: lag for name, lag in lags.items() if lag[0] is not None}
        best = min(known, key=lambda name: known[name][0] or 0.0, default=next(iter(lags), ""))
        return inside_of.close_behind(lags.get(best, (None, "it has no replica")), best or "a replica", now)

    def _tested(self, events: Events, now: datetime) -> Check:
        """AWS counts shards in any 24 hours: ours by our own audit, others' by events."""
        ours = {(each.group, each.shard) for each in self._inside.tested(now - told.DAY)}
        called = ((each.about, CALLED.search(each.text)) for each in events or ())
        count = len(ours | {(about, match["shard"]) for about, match in called if match})
        seen = f"{count} of {MOST_A_DAY} in 24 hours"
        if events is None:
            what = "How many shards were tested today is not known."
            lines = (what, f"{seen} by our audit alone", "Allow elasticache:DescribeEvents.")
            return found("tested", Verdict.UNKNOWN, now, lines)
        if count < MANY:
            return passed("tested", now, f"{count} shards were tested in the last 24 hours.", seen)
        is_over = count >= MOST_A_DAY
        what = "No test of a failover is left today." if is_over else "Few tests of a failover are left today."
        lines = (what, seen, "Wait until the oldest is a day old." if is_over else "Keep one for when it matters.")
        return found("tested", Verdict.BLOCK if is_over else Verdict.WARN, now, lines)

    def parameters(self, target: Target, sight: Sight) -> Facts:
        expected = dict(sight.fingerprint)
        return facts({GROUP: expected[GROUP], SHARD: expected[SHARD]})

    def makes(self, plan: Plan) -> str:
        return ""

    def request(self, plan: Plan) -> Mapping[str, Any]:
        return dict(plan.parameters)

    def arns(self, plan: Plan) -> tuple[str, ...]:
        """Of the group and of the node that is its primary: ElastiCache asks IAM for both."""
        before = ":".join(plan.target.arn.split(":")[:5])
        group = dict(plan.expected).get(GROUP)
        return plan.target.arn, *((f"{before}:replicationgroup:{group}",) if group else ())

    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress:
        expected = dict(plan.expected)
        shard = await shards.seen(reader, plan.target.name)
        events = shards.of(shard, await told.since(reader, plan, sent, "elasticache"))
        before = expected.get(PRIMARY, "")
        over, primary = told.last(events, MOVED), shard.primary
        has_moved = bool(primary) and primary != before
        same_nodes = " ".join(sorted(shard.roles)) == expected.get("Members")
        status, is_well = text(shard.group, "Status"), not shard.unwell and same_nodes
        names = (shard.name, text(shard.group, "ARN"))
        asked = is_well and not sent.is_accepted
        return outcome(
            After(
                status=status if is_well else shard.unwell or "a replica is missing",
                is_settled=is_well,
                is_at_it=status == "modifying",
                moves=f"{primary or 'nobody who is told'} is the primary",
                moved=f"{primary} is the primary, and {before} was" if has_moved else "",
                began=over or shards.called(events, shard.id),
                completed=told.last(events, FINISHED),
                probed=self._inside.probed(plan.op),
                trail=await told.trail(reader, plan, sent, "TestFailover", names) if asked else told.NO_TRAIL,
            ),
            sent,
        )


def _followers(replicas: list[str]) -> tuple[Safe, ...]:
    if not replicas:
        return ()
    words = "1 replica" if len(replicas) == 1 else f"{len(replicas)} replicas"
    return (sanitise(f"{words}: {', '.join(replicas)}. The old primary is replaced: until then there is one less."),)


def _status(shard: Shard, target: Target, now: datetime) -> Check:
    if shard.unwell:
        lines = (f"{shard.name} is not well.", shard.unwell, "Wait until all of it is available, then ask again.")
        return found("status", Verdict.BLOCK, now, lines)
    if shard.primary and shard.primary != target.name:
        lines = (f"{target.name} is not the primary of its shard.", f"{shard.primary} is", "Ask for it anew.")
        return found("status", Verdict.BLOCK, now, lines)
    return passed("status", now, f"{shard.name} and its nodes are available.")


def _automatic(shard: Shard, now: datetime) -> Check:
    told_state = text(shard.group, "AutomaticFailover")
    if told_state == "enabled":
        return passed("automatic", now, "Automatic failover is enabled.")
    lines = (f"Automatic failover is {told_state or 'not told'}.", "without it AWS tests none",
             "Enable it with Multi-AZ first.")  # fmt: skip
    return found("automatic", Verdict.BLOCK, now, lines)


def _replica(shard: Shard, target: Target, replicas: list[str], now: datetime) -> Check:
    here = shard.zone(target.name)
    elsewhere = [name for name in replicas if shard.zone(name) not in ("", here)]
    if elsewhere:
        return passed("replica", now, f"{elsewhere[0]} is in {shard.zone(elsewhere[0])}.")
    seen = f"{', '.join(replicas)}, all in {here}" if replicas else "the shard has no replica"
    lines = ("No replica of this shard is in another zone.", seen, "Add one in another zone first.")
    return found("replica", Verdict.BLOCK, now, lines)


def _under_way(shard: Shard, snapshots: list[Answer], now: datetime) -> Check:
    doing = [f"snapshot {text(s, 'SnapshotName')}" for s in snapshots if text(s, "SnapshotStatus") == "creating"]
    pending = within(shard.group, "PendingModifiedValues")
    doing += sorted(name for name, value in pending.items() if value) if isinstance(pending, dict) else []
    if not doing:
        return passed("under-way", now, "No snapshot, scaling or update of the group is under way.")
    lines = (f"Something is under way on {shard.name}.", ", ".join(doing), "Wait for its end.")
    return found("under-way", Verdict.BLOCK, now, lines)


def _other_shards(shard: Shard, events: Events, now: datetime) -> Check:
    """AWS wants the first node replaced before it takes the next shard of the same group."""
    if events is None:
        told_lines = ("Whether another shard is still failing over is not known.", "its events cannot be read",
                      "Allow elasticache:DescribeEvents.")  # fmt: skip
        return found("other-shard", Verdict.UNKNOWN, now, told_lines)
    for other in shard.others():
        mine = shards.of(Shard(shard.group, other, ()), events)
        called, over = shards.called(mine, text(other, SHARD)), told.last(mine, FINISHED)
        is_open = called is not None and (over is None or over.at < called.at)
        state = text(other, "Status")
        if is_open or state != "available":
            seen = str(called) if is_open else f"it is {state or 'not told'}"
            lines = (f"Shard {text(other, SHARD)} of {shard.name} has not finished.", seen,
                     "Wait for `Finished recovery` of its nodes.")  # fmt: skip
            return found("other-shard", Verdict.BLOCK, now, lines)
    return passed("other-shard", now, "No other shard of the group is failing over.")


def _test_api(now: datetime) -> Check:
    """Never passes by itself: what it is must have been read."""
    lines = ("This is AWS's test of a failover, and no cure.",
             "AWS may refuse it while many are in trouble, and has no call that forces a sick primary out",
             "Confirm that a test is what you want.")  # fmt: skip
    return found("test-api", Verdict.BLOCK, now, lines, Override.CONFIRM)
