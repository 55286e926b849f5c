"""Failovers and the promotion: what each sends, how long it usually takes, and what it says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collectors.safe import NO_TEXT, Safe
from console.access.role import Role
from console.actions.registry import Action, Confirm

_INSTANCE = Action(
    name=Safe("fail-over.instance"),
    offer=Safe("fail-over"),
    title=Safe("Failover"),
    done=Safe("Failed over"),
    key="F",
    kind="instance",
    engines=("*",),
    service="rds",
    operation="RebootDBInstance",
    grants=("rds:RebootDBInstance",),
    least=Role.OPERATOR,
    confirm=Confirm.NAME,
    effect=(
        "Fail over {name} ({region}, account {account}): the primary leaves {az}, the standby in {to} takes over. "
        "All connections drop, usually for 60 to 120 s."
    ),
    goes_on=Safe("the failover goes on"),
    cool_down=timedelta(hours=1),
    in_a_freeze=False,
    warn_after=timedelta(minutes=3),
    overdue_after=timedelta(minutes=10),
    absent_for=timedelta(minutes=10),  # for so long AWS may show the old zones
    elsewhere=Safe("Failovers are of RDS instances, of clusters, and of Redis and Valkey groups."),
    first=Safe("snapshot"),
    is_named=False,
)

FAILOVERS: tuple[Action, ...] = (
    _INSTANCE,
    replace(
        _INSTANCE,
        name=Safe("fail-over.cluster"),
        kind="cluster",
        operation="FailoverDBCluster",
        grants=("rds:FailoverDBCluster",),
        effect=(
            "Fail over the cluster {name} ({region}, account {account}): {az} stops writing, {to} takes over. "
            "All connections to both drop, usually for less than 60 s."
        ),
        warn_after=timedelta(minutes=1),
        overdue_after=timedelta(minutes=5),
        absent_for=timedelta(minutes=5),
    ),
    replace(
        _INSTANCE,
        name=Safe("fail-over.cache"),
        title=Safe("Test failover"),
        kind="cache",
        engines=("redis*", "valkey*"),
        service="elasticache",
        operation="TestFailover",
        grants=("elasticache:TestFailover",),
        effect=(
            "Test the failover of {name}'s shard ({region}, account {account}): the primary leaves {az}, {to} takes "
            "over. AWS fails the primary: connections drop, writes that no replica has yet are lost, and the old node "
            "is replaced, which takes minutes."
        ),
        warn_after=timedelta(minutes=2),
        overdue_after=timedelta(minutes=15),
        absent_for=timedelta(minutes=5),
        first=NO_TEXT,  # a snapshot of a primary is what slows it down
    ),
    replace(
        _INSTANCE,
        name=Safe("promote.instance"),
        offer=Safe("promote"),
        title=Safe("Promotion"),
        done=Safe("Promoted"),
        operation="PromoteReadReplica",
        grants=("rds:PromoteReadReplica",),
        least=Role.ADMIN,
    confirm=Confirm.TWO,
        effect=(
            "Promote {name} ({region}, {az}, account {account}) to a database of its own. This cannot be undone: it "
            "leaves {to} for good, and what it has not received is lost. It restarts. The application's endpoint does "
            "not move: whoever shall write here must be sent here."
        ),
        goes_on=Safe("the promotion goes on"),
        warn_after=timedelta(minutes=15),
        overdue_after=timedelta(hours=1),
        absent_for=timedelta(minutes=10),
        elsewhere=Safe("Only a read replica of RDS is promoted. Readers of a cluster take over by its failover."),
        roles=("replica",),
    ),
)
