"""What a gate that can fail over offers, for tests of what the key F means."""

from __future__ import annotations

from typing import Any

from collectors.safe import Safe
from console.protocol.op import CheckRow, Offer, Offers, Op, Step
from tests.screen.acting.plans import PASSED, SENT, SNAPSHOT, op
from tests.screen.failover.runs import ID

FAIL_OVER = Offer(
    name="fail-over",
    key="F",
    title="Fail over",
    role="operator",
    kinds=("instance", "cluster", "cache"),
    elsewhere="Failovers are of RDS instances, Aurora clusters and Redis groups; a table has no primary.",
)
PROMOTE = Offer(
    name="promote",
    key="F",
    title="Promote",
    role="admin",
    kinds=("instance",),
    roles=("replica",),
    elsewhere="Only a read replica is promoted.",
)
ADMIN = Offers(role="admin", identity="ann", actions=(SNAPSHOT, FAIL_OVER, PROMOTE))
OPERATOR = Offers(
    role="operator",
    identity="ann",
    actions=(
        SNAPSHOT,
        FAIL_OVER,
        PROMOTE.model_copy(update={"locked": Safe("it needs admin, and you are operator")}),
    ),
)
PENDING = CheckRow(
    name="pending",
    verdict="block",
    what="This reboot will also apply 3 settings.",
    seen="max degree of parallelism: 4, was 8; cost threshold: 50, was 5; optimize for ad hoc: 1, was 0",
    mend="Confirm that they may change now, or apply them first.",
    override="confirm",
)


def failing_over(state: str = "planned", **others: Any) -> Op:
    """A failover of one instance by us."""
    fields: dict[str, Any] = {
        "id": ID,
        "action": "fail-over.instance",
        "title": "Fail over",
        "makes": "",
        "checks": PASSED,
        "offers_first": "snapshot",
        "sentence": (
            "Fail over billing (account 111122223333, eu-west-1): the primary leaves eu-west-1a, the standby in "
            "eu-west-1c takes over. All connections drop, typically for 60 to 120 s."
        ),
        "radius": ("182 sessions of 3 applications drop", "the longest transaction has run for 4 s: redo is short"),
    }
    return op(state, **(fields | others))


GOING = failing_over("in-flight", sent=SENT, steps=(Step(at=SENT, text="Sent: RebootDBInstance"),))
FORMERS = (
    tuple(map(Safe, ("TIME", "WHAT", "BY", "OUTAGE", "TOLD BY"))),
    tuple(map(Safe, ("2026-02-27 09:14Z", "failover", "ann", "74 s", "our own probe"))),
    tuple(map(Safe, ("2026-01-12 02:03Z", "failover, unplanned", "AWS", "81 s", "RDS events"))),
    tuple(map(Safe, ("2025-11-30 22:41Z", "failover", "bob", "96 s", "CloudTrail, RDS events"))),
    (Safe("last three: 74, 81, 96 s"),),
)
