"""The payloads on disk, one of each kind.

After a change that is meant, `python -m tests.protocol.goldens` writes them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.bodies import Ack, Command, Event, Failure, Hello, Lost
from console.protocol.body import Body
from console.protocol.codec import encode
from console.protocol.failover import Failover, FailoverStep, Note, Probe, Proof
from console.protocol.flush import Flush, FlushFigure
from console.protocol.message import Message
from console.protocol.res import Backup, Replication
from console.protocol.scribe import plain
from console.protocol.status import CollectorState, Cost, Status
from console.protocol.topics import HELLO, LOST, READY, REFUSED, topic
from tests.protocol.said import EPOCH, ESTATE, hist, meta, res, tick

DIRECTORY = Path(__file__).parent / "golden"
AT = 1_767_225_600_000

STATUS = Status(
    online=True,
    collectors=(
        CollectorState(name=Safe("cloudwatch"), target=Safe("orders"), state="ok", last=AT, next=AT + 1, took_ms=12.5),
        CollectorState(name=Safe("waits"), target=Safe("orders"), state="denied", error=Safe("no VIEW SERVER STATE")),
    ),
    cost=Cost(requests=12, metrics=340, usd=0.0034),
    notices=(Safe("State cannot be kept."),),
)
ORDERS = res({"cloudwatch.CPUUtilization": (41.25, AT), "replica.lag_s": (None, AT)}).model_copy(
    update={
        "replication": Replication(source=Safe("orders-standby"), state=Safe("streaming")),
        "backup": Backup(retention_s=604_800, restorable=AT - 240_000),
        "facts": {Safe("class"): Safe("db.r6i.2xlarge")},
    }
)
LARGE = res({f"wait.TYPE_{number}": (number / 8, AT) for number in range(60)})
FAILURE = Failure(what=Safe("This engine is older."), seen=Safe("0.1.0"), mend=Safe("Restart it."))

FAILOVER = Failover(
    id=Safe("01J0000000000000000000000F"),
    resource=Safe("orders-primary"),
    about=(Safe("orders-primary"), Safe("orders-replica-1")),
    by=Safe("arn:aws:sts::111122223333:assumed-role/dbconsole-operator/anna"),
    phase="ha-degraded",
    objective_s=60.0,
    began=AT,
    down=AT + 2_100,
    login=AT + 31_000,
    up=AT + 40_500,
    moved=AT + 32_000,
    overdue=(Safe("The standby is not synchronised after ten minutes."),),
    steps=(
        FailoverStep(name="detect", state="done", at=AT + 2_100, by=Safe("the probe"), said=Safe("a knock failed")),
        FailoverStep(name="redirect", state="under-way", ticked_by_person=True),
    ),
    proofs=(Proof(name=Safe("zones swapped"), state="unknown", said=Safe("RDS still shows eu-west-1a")),),
    notes=(Note(at=AT + 1_000, text=Safe("Multi-AZ instance failover started"), came=AT + 48_000),),
    probe=Probe(endpoint=Safe("orders.internal:1433"), door=Safe("open"), at=AT + 50_000, knocks=200, every_ms=250),
    before=Safe("NODE-A in eu-west-1a"),
    after=Safe("NODE-B in eu-west-1b"),
    evidence=Safe("failovers/orders-primary.csv"),
)

FLUSH = Flush(
    id=Safe("01J7Z2"),
    resource=Safe("sessions-001"),
    title=Safe("Flush"),
    by=Safe("anna"),
    sent=AT,
    done=AT + 4_000,
    until=AT + 904_000,
    figures=(
        FlushFigure(what="hit rate", about=Safe("sessions-001"), before=96.4, worst=3.1, now=41.2),
        FlushFigure(what="CPU", about=Safe("orders-primary"), before=43.0, now=45.0, is_as_before=True),
    ),
    alarms=(Safe("orders-primary went over 90 % CPU: 93 % at the highest, 45 % now."),),
)

BODIES: Mapping[str, tuple[str, str, Body | Mapping[str, object]]] = {
    "hello": (HELLO, "hello", Hello(v=1, wants=(Safe("res"),), mode="view", version=Safe("0.1.0"))),
    "ready": (READY, "ready", {}),
    "refused": (REFUSED, "refused", FAILURE),
    "lost": (LOST, "lost", Lost(n=12)),
    "meta": (topic(ESTATE, "meta"), "meta", meta(("orders-primary",), started=AT - 1, speed=30.0)),
    "status": (topic(ESTATE, "status"), "status", STATUS),
    "res": (topic(ESTATE, "res", "orders-primary"), "res", ORDERS),
    "res-large": (topic(ESTATE, "res", "naïve name/1"), "res", LARGE),
    "hist": (topic(ESTATE, "hist", "orders-primary"), "hist", hist({"replica.lag_s": [(AT - 1, 0.25), (AT, None)]})),
    "tick": (topic(ESTATE, "tick"), "tick", tick(41, {"orders": {"replica.lag_s": (0.5, AT), "wait.LCK": (None, AT)}})),
    "event": (
        topic(ESTATE, "event"),
        "event",
        Event(
            resource=Safe("orders-primary"),
            text=Safe("Multi-AZ failover started"),
            severity=Severity.HIGH,
            source=Safe("rds"),
            t=AT,
        ),
    ),
    "cmd": (topic(ESTATE, "cmd", "anna"), "cmd", Command(id=Safe("01"), name=Safe("see"), args={"ids": ["orders"]})),
    "ack": (topic(ESTATE, "ack", "anna"), "ack", Ack(id=Safe("01"), ok=False, error=FAILURE)),
    "failover": (topic(ESTATE, "failover", str(FAILOVER.id)), "failover", FAILOVER),
    "flush": (topic(ESTATE, "flush", str(FLUSH.id)), "flush", FLUSH),
}


def messages() -> dict[str, Message]:
    """By name of the file."""
    return {
        name: Message(text, kind, AT, EPOCH, seq, "engine", plain(body))
        for seq, (name, (text, kind, body)) in enumerate(BODIES.items(), start=40)
    }


if __name__ == "__main__":
    DIRECTORY.mkdir(exist_ok=True)
    for name, message in messages().items():
        (DIRECTORY / name).write_bytes(encode(message))
