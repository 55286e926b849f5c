"""Failovers at each point of their course, for tests of what the screens say of them."""

from __future__ import annotations

from typing import Any

from console.protocol.failover import Failover, FailoverStep, Note, Probe, Proof
from tests.screen.acting.plans import NOW

ID = "01J9ZV6W8R0000000000000007"
SENT = NOW - 60_000
DOWN = SENT + 2_100
NAMES = ("detect", "promote", "repoint", "redirect", "watch-lag", "restore")
SAYS = {
    "detect": "the first knock was turned away 2.1 s after it was sent",
    "promote": "node EC2AMAZ-B in eu-west-1c answers",
    "repoint": "the name leads to 10.0.3.17, was 10.0.1.4",
    "redirect": "41 of 182 sessions are back",
    "watch-lag": "no replica reads from it",
    "restore": "the standby is SYNCHRONIZING",
}
KNOCK = Probe(
    endpoint="billing.abc.eu-west-1.rds.amazonaws.com:1433",
    door="dark",
    said="connection refused",
    at=NOW - 200,
    knocks=166,
    every_ms=250,
    node="",
    address="10.0.1.4",
)
OPEN = KNOCK.model_copy(update={"door": "open", "said": "", "node": "EC2AMAZ-B", "address": "10.0.3.17"})
TOLD = (
    Note(at=SENT + 31_000, text="Multi-AZ instance failover completed", came=SENT + 78_000),
    Note(at=SENT + 1_000, text="Multi-AZ instance failover started", came=SENT + 4_000),
)
PROOFS = (
    Proof(name="available", state="proved", said="RDS says available"),
    Proof(name="zones swapped", state="unknown", said="RDS still shows eu-west-1a; it may lag for ten minutes"),
    Proof(name="standby synchronised", state="missing", said="sales is SYNCHRONIZING"),
)


def steps(done: int, *, late: bool = False, **by: str) -> tuple[FailoverStep, ...]:
    """So many are done, the next one is under way; ``by``: who ticked which."""
    made = []
    for number, name in enumerate(NAMES):
        state = "done" if number < done else "waiting"
        if number == done:
            state = "late" if late else "under-way"
        said = SAYS[name] if number <= done else ""
        made.append(
            FailoverStep(
                name=name,
                state=state,
                ticked_by_person=name in ("redirect", "restore"),
                at=SENT + 10_000 * (number + 1) if number < done else None,
                by=by.get(name, "the probe" if number < done else ""),
                said=said,
            )
        )
    return tuple(made)


def run(phase: str, **others: Any) -> Failover:
    """Of one instance, asked for by ann; the fields say what is otherwise."""
    fields: dict[str, Any] = {
        "id": ID,
        "resource": "billing",
        "about": ("billing",),
        "by": "arn:aws:sts::111122223333:assumed-role/dbconsole-operator/ann",
        "phase": phase,
        "objective_s": 60.0,
        "began": SENT,
        "steps": steps(0),
        "probe": KNOCK,
        "before": "EC2AMAZ-A in eu-west-1a",
    }
    return Failover(**(fields | others))


REQUESTED = run("requested", began=NOW - 5_000, probe=OPEN.model_copy(update={"node": "EC2AMAZ-A"}))
IS_DOWN = run("down", down=NOW - 42_300, began=NOW - 44_400, steps=steps(1), notes=TOLD[1:])
LATE = run(
    "recovering",
    began=NOW - 312_000,
    down=NOW - 310_000,
    steps=steps(1, late=True),
    probe=KNOCK.model_copy(update={"door": "recovering", "said": "18456: login failed, the database recovers"}),
    overdue=(
        "It has been recovering for 5 min. Not proved: that the standby took over, that anybody may write.",
        "RDS told of no failover: event 0013 has not come.",
    ),
)
MOVED = {"down": DOWN, "login": SENT + 31_000, "up": DOWN + 38_400, "moved": SENT + 32_000, "notes": TOLD}
BACK = run(
    "ha-degraded", **MOVED, steps=steps(3), probe=OPEN, proofs=PROOFS, after="EC2AMAZ-B in eu-west-1c"
)  # fmt: skip
ENDED = run(
    "done",
    **MOVED,
    settled=SENT + 50_000,
    safe=SENT + 56_000,
    ended=SENT + 58_000,
    steps=steps(6, redirect="ann", restore="ann"),
    probe=OPEN,
    proofs=tuple(each.model_copy(update={"state": "proved"}) for each in PROOFS),
    after="EC2AMAZ-B in eu-west-1c",
    evidence="failovers/billing-20260311-100001.csv",
    outcome="billing is served by EC2AMAZ-B in eu-west-1c.",
)
REFUSED = run(
    "refused",
    ended=NOW - 3_000,
    probe=OPEN,
    outcome="RDS would not do it: a failover recently occurred (event 0034). Nothing has changed.",
)
BY_ITSELF = IS_DOWN.model_copy(update={"id": "01J9ZV6W8R0000000000000008", "planned": False, "by": ""})
PROMOTION = run(
    "up-read-only",
    kind="promotion",
    resource="orders-replica-1",
    about=("orders-primary", "orders-replica-1", "orders-replica-2"),
    objective_s=None,
    down=DOWN,
    login=SENT + 31_000,
    steps=steps(1),
    before="a replica of orders-primary in eu-west-1b",
)
UNMEASURED = run(
    "down",
    steps=steps(1),
    probe=Probe(trouble="no login for SQL Server is in the profile; AWS's events are all there is"),
    notes=TOLD,
)
