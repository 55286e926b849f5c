"""Plans and what became of them, for tests of what the screen says of them and takes from a person."""

from __future__ import annotations

from typing import Any

from collectors.safe import Safe
from console.protocol.op import CheckRow, Offer, Offers, Op, Step
from tests.rig.played import MOMENT, PLAYED

NOW = int((MOMENT + PLAYED).timestamp() * 1000)
WORD = Safe("billing")
SIGNATURE = (
    "dbconsole-approve-v1\n9f2c61d0a4\n01J9ZV6W8R0000000000000001\nann\n2026-03-11T10:11:01Z\n5f0e\n"
    "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg\n-----END SSH SIGNATURE-----\n"
)


def row(name: str, verdict: str = "pass", what: str = "", **others: Any) -> CheckRow:
    return CheckRow(**{"name": name, "verdict": verdict, "what": what or f"{name} is as it should be.", **others})


PASSED = tuple(map(row, ("audit", "account", "role", "live", "in flight", "clock", "available", "quota")))
SHARED = row(
    "shared-terminal", "warn", "This terminal is shared: who confirms proves it anew.", seen="3 people see it",
    mend="Type the word `shared` after the name.",
)  # fmt: skip
SINGLE_AZ = row(
    "single-az",
    "block",
    "It stands in one zone: I/O stops for seconds to minutes.",
    seen="MultiAZ is false; 34 sessions are at work",
    mend="Wait for a quiet hour, or say why not.",
    override="reason",
)
BUSY = row(
    "none creating",
    "block",
    "A snapshot of it is being taken already.",
    seen="nightly-2026-03-11 is creating, 61 %",
    mend="Wait until it is available.",
)


def op(state: str = "planned", **others: Any) -> Op:
    """A snapshot of one instance; the fields say what is otherwise."""
    fields: dict[str, Any] = {
        "id": "01J9ZV6W8R0000000000000001",
        "action": "snapshot-rds",
        "title": "Snapshot",
        "resource": "billing",
        "state": state,
        "by": "arn:aws:sts::111122223333:assumed-role/dbconsole-operator/ann",
        "role": "operator",
        "plan": "9f2c61d0a4",
        "sentence": (
            "Snapshot billing (account 111122223333, eu-west-1, eu-west-1a): a copy of its storage is taken. "
            "It keeps answering; I/O may stop for seconds to minutes."
        ),
        "word": WORD,
        "target": "arn:aws:rds:eu-west-1:111122223333:db:billing",
        "account": "111122223333",
        "region": "eu-west-1",
        "makes": "dbconsole-billing-202603111000-9f2c61d0",
        "checks": PASSED,
        "radius": ("34 sessions of 3 applications", "no replica reads from it"),
        "credentials": "dbconsole-operator for 15 min, narrowed to rds:CreateDBSnapshot of this instance",
        "lock": "DynamoDB table dbconsole-locks: all consoles of this account",
        "began": NOW - 20_000,
    }
    return Op(**(fields | others))


REFUSED = op("refused", checks=(BUSY, *PASSED), outcome=BUSY.what, seen=BUSY.seen, mend=BUSY.mend, word="")
HELD_UP = op(checks=(*PASSED, SINGLE_AZ))
WAITING = op(
    "await-approval",
    approvals=(0, 1),
    to_approve=tuple(map(Safe, ("dbconsole-approve-v1", "9f2c61d0a4", "01J9ZV6W8R0000000000000001", "ann"))),
)
COUNTING = op("intent", sends_at=NOW + 4_000)
SENT = NOW - 95_000
STEPS = (
    Step(at=SENT, text="Sent: CreateDBSnapshot"),
    Step(at=SENT + 1_200, text="RDS took it: request 6a1f"),
    Step(at=SENT + 2_000, text="creating"),
)
IN_FLIGHT = op("in-flight", sent=SENT, percent=42.0, steps=STEPS)
UNKNOWN = op(
    "unknown",
    sent=SENT,
    outcome="RDS did not answer: whether it took the request is not known.",
    seen="no answer within 20 s",
    mend="Nothing is sent again. Its snapshots, its events and CloudTrail are looked at until one of them tells.",
    steps=STEPS[:1],
)
DONE = op(
    "done",
    sent=SENT,
    ended=NOW - 5_000,
    percent=100.0,
    outcome="The snapshot is available.",
    proof=("its status is available", "100 GiB, encrypted as its source is"),
    steps=(*STEPS, Step(at=NOW - 5_000, text="available")),
)
FAILED = op(
    "failed", sent=SENT, ended=NOW - 9_000, outcome="RDS ended it.", seen="its status is failed", mend="Ask RDS."
)
SNAPSHOT = Offer(
    name="snapshot",
    key="S",
    title="Snapshot",
    role="operator",
    kinds=("instance", "cluster"),
    elsewhere="a table is copied by a backup on demand, which comes later",
)
OPERATOR = Offers(role="operator", identity="ann", why="STS lets it take dbconsole-operator", actions=(SNAPSHOT,))
VIEWER = Offers(
    role="viewer",
    identity="eve",
    why="STS lets it take neither",
    actions=(SNAPSHOT.model_copy(update={"locked": Safe("it needs operator, and you are viewer")}),),
)
