"""A request goes on to AWS and its answer is swallowed: how often was it sent, how soon is it known what came of it?"""

from __future__ import annotations

from dataclasses import dataclass

from console.protocol.op import Op
from tests.rig.acting.console import Person, past
from tests.rig.aws_proxy import AwsProxy, Fate, Sent

PROVED_WITHIN = 2  # looks


@dataclass(frozen=True, slots=True)
class Call:
    """``looks``: what an engine asks to find out what became of it; ``names``: what is in such a request."""

    sends: str
    about: str
    looks: str
    offer: str = "snapshot"
    names: str = ""  # what it made, where nothing is said


CALLS = (
    Call("CreateDBSnapshot", "billing", "rds:DescribeDBSnapshots"),
    Call("CreateDBClusterSnapshot", "catalogue", "rds:DescribeDBClusterSnapshots"),
    Call("CreateSnapshot", "sessions-002", "elasticache:DescribeSnapshots"),
    Call("CreateBackup", "carts", "dynamodb:ListBackups", names="USER"),
)
FAILOVERS = (
    Call("RebootDBInstance", "customers", "rds:DescribeDBInstances", "fail-over", names="=customers"),
    Call("FailoverDBCluster", "catalogue", "rds:DescribeDBClusters", "fail-over", names="=catalogue"),
    Call("TestFailover", "sessions-002", "elasticache:DescribeReplicationGroups", "fail-over", names="=sessions"),
    Call("PromoteReadReplica", "orders-replica-1", "rds:DescribeDBInstances", "promote", names="=orders-replica-1"),
)
"""Of what the others make snapshots of: not at the same time."""


@dataclass(frozen=True, slots=True)
class Lost:
    """``events``: what the audit holds of it is asked of the console by its id."""

    call: Call
    op: Op
    sent: tuple[Sent, ...]
    looks: int

    @property
    def faults(self) -> list[str]:
        found = []
        if [(each.operation, each.status) for each in self.sent] != [(self.call.sends, 200)]:
            found.append(f"sent: {[each.name for each in self.sent]}")
        if not any("no answer came" in step.text for step in self.op.steps):
            found.append("it was never unknown")
        if not 1 <= self.looks <= PROVED_WITHIN:
            found.append(f"proved after {self.looks} looks")
        return found


async def confirmed(person: Person, call: Call) -> Op:
    op = await person.plan(call.about, call.offer)
    assert op.state == "planned", (op.outcome, op.seen)
    await person.confirmed(op, **past(op))
    return op


async def lost(person: Person, proxy: AwsProxy, call: Call) -> Lost:
    """One action, of which nobody hears whether it was taken, until it is proved."""
    proxy.forget()
    proxy.let(Fate.UNANSWERED, call.sends, times=1)
    op = await confirmed(person, call)
    found = await person.op(op.id, "in-flight", "done", "failed", "rejected", "refused")
    sent = tuple(proxy.mutations())
    named, since = (call.names or found.makes).encode(), sent[0].at if sent else 0.0
    looks = sum(each.at > since and named in each.body for each in proxy.requests(call.looks))
    return Lost(call, found, sent, looks)
