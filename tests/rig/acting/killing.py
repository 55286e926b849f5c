"""An engine is killed while it acts, and another starts where it was. What the proxy saw is held against the audit.

One console lives on from run to run: its next engine finds the world, the locks and the audit as the last left them.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from console.audit.anchors import default_file, known
from console.audit.record import Record
from console.audit.verify import verify
from console.protocol.link import LinkClosed
from console.protocol.op import Op
from console.specs import RoleWord
from tests.rig.acting.console import Console, Person, comes, past
from tests.rig.aws_proxy import AwsProxy, Sent
from tests.rig.emulated import emulated

SPEED = 10.0
OVER_AFTER = timedelta(minutes=20)  # of the estate's time: whatever was begun is over
RESUMES_WITHIN_S = 5.0
ENDED = ("done", "failed", "abandoned", "rejected", "refused", "withdrawn")


class Moment(StrEnum):
    """After which of these the engine is killed."""

    SOME = "some time"
    CONFIRM = "its confirmation is written"
    INTENT = "its intent is written"
    SENT = "it is written that it leaves"
    REQUEST = "the request has come to AWS"
    ANSWER = "AWS has answered"


@dataclass(frozen=True, slots=True)
class Script:
    """What is done in each run, and by which looks of an engine one knows that it is watched."""

    name: str
    offer: str
    about: tuple[str, ...]  # one after the other
    role: RoleWord
    sends: str
    looks: str
    size: int = 12  # of the estate
    a_day: int = 25  # runs in one world: before the night, in which AWS backs up by itself


SNAPSHOT = Script(
    "snapshot", "snapshot", ("billing", "customers"), "operator", "CreateDBSnapshot", "rds:DescribeDBSnapshots"
)
FAILOVER = Script(
    "failover", "fail-over", ("customers", "billing"), "admin", "RebootDBInstance", "rds:DescribeDBInstances"
)
FAILOVER_OF_A_CLUSTER = Script(
    "failover of a cluster", "fail-over", ("catalogue",), "admin", "FailoverDBCluster", "rds:DescribeDBClusters"
)
FAILOVER_OF_A_CACHE = Script(
    "test of a cache's failover", "fail-over", ("sessions-002", "sessions-001"), "admin", "TestFailover",
    "elasticache:DescribeCacheClusters", a_day=14,  # AWS tests fifteen shards a day
)  # fmt: skip
REPLICAS = tuple(f"orders-{copy}replica-{number}" for copy in ("", "002-", "003-") for number in (1, 2))
PROMOTION = Script(
    "promotion", "promote", REPLICAS, "admin", "PromoteReadReplica", "rds:DescribeDBInstances",
    size=27, a_day=len(REPLICAS),  # each can be promoted once
)  # fmt: skip
SCRIPTS = (SNAPSHOT, FAILOVER, FAILOVER_OF_A_CLUSTER, FAILOVER_OF_A_CACHE, PROMOTION)


@dataclass(slots=True)
class Run:
    """What became of one. ``last``: the last that was on disk when the engine was killed."""

    op: str
    moment: Moment
    last: str = ""
    sent: list[Sent] = field(default_factory=list)
    resumed_s: float | None = None  # None: there was nothing to watch
    ended: str = ""
    faults: list[str] = field(default_factory=list)


@dataclass
class Killing:
    script: Script
    console: Console
    proxy: AwsProxy
    dice: random.Random

    async def run(self, number: int) -> Run:
        """Begin something, be killed in the midst of it, and find out what became of it."""
        about = self.script.about[number % len(self.script.about)]
        self.proxy.forget()
        run = await self._killed(about, self.dice.choice(list(Moment)))
        run.last = (["", *self.console.told(run.op)])[-1]
        if self.dice.random() < 0.5:  # another is there at once, and is killed too
            await self._resumed(run, about)
            await asyncio.sleep(self.dice.uniform(0, 0.3))
            self.console.kill()
        self.console.later(OVER_AFTER)
        await self._resumed(run, about)
        await self._over(run)
        run.sent = self.proxy.mutations(self.script.sends)
        run.faults += faults(run, self.console.records(run.op))
        return run

    async def _killed(self, about: str, moment: Moment) -> Run:
        if not self.console.lives:
            await asyncio.to_thread(self.console.start)
        run = Run("", moment)
        with suppress(LinkClosed):  # it ends with the engine
            async with self.console.joined() as person:
                op = await person.plan(about, self.script.offer)
                assert op.state == "planned", f"{op.outcome} {op.seen} {op.mend}"
                run.op = op.id
                confirming = asyncio.create_task(person.confirm(op, **past(op)))
                await self._comes(moment, op.id)
                self.console.kill()
                confirming.cancel()
                await asyncio.gather(confirming, return_exceptions=True)
        assert run.op, "the link ended before the engine was killed"
        return run

    async def _comes(self, moment: Moment, op: str) -> None:
        """At most a while: where it does not come, that is the moment."""

        def came(*, answered: bool) -> bool:
            return any(each.status or not answered for each in self.proxy.mutations(self.script.sends))

        match moment:
            case Moment.SOME:
                await asyncio.sleep(self.dice.uniform(0, 1.5))
            case Moment.CONFIRM:
                await comes(lambda: self._is_written(op, "CONFIRM"))
                await asyncio.sleep(self.dice.uniform(0, 0.1))
            case Moment.INTENT:
                await comes(lambda: self._is_written(op, "INTENT"))
                await asyncio.sleep(self.dice.uniform(0, 2 * self.console.countdown_s))
            case Moment.SENT:
                await comes(lambda: self._is_written(op, "SENT"))
                await asyncio.sleep(self.dice.uniform(0, 0.005))
            case Moment.REQUEST | Moment.ANSWER:
                await comes(lambda: came(answered=moment is Moment.ANSWER))
                await asyncio.sleep(self.dice.uniform(0, 0.02))

    def _is_written(self, op: str, event: str) -> bool:
        """By the engine that runs: its segment is the last."""
        segment = max(self.console.trail.glob("*/*.jsonl"), default=None)
        lines = segment.read_bytes().splitlines() if segment else []
        return any(op.encode() in line and f'"ev":"{event}"'.encode() in line for line in lines)

    async def _resumed(self, run: Run, about: str) -> None:
        """Another engine; how long it takes until it looks what became of it, where that is not known."""
        is_open = self._is_open(run.op)
        begun = await asyncio.to_thread(self.console.start)

        def looked() -> bool:
            looks = self.proxy.requests(self.script.looks)
            return any(each.at > begun and about in each.body.decode() for each in looks)

        if is_open and await comes(looked):
            run.resumed_s = max(run.resumed_s or 0.0, time.monotonic() - begun)
        elif is_open:
            run.faults.append("no engine looked what became of it")

    def _is_open(self, op: str) -> bool:
        told = self.console.told(op)
        return "SENT" in told and not {"DONE", "FAILED", "REJECTED"} & set(told)

    async def _over(self, run: Run) -> None:
        """Until what was sent is proved, and what was not sent is given up."""
        told = self.console.told(run.op)
        if "REFUSED" in told:
            refused = next(record.data for record in self.console.records(run.op) if record.ev == "REFUSED")
            run.faults.append(f"refused: {refused['what']} {refused['seen']}")
        if "CONFIRM" not in told:
            return
        if "SENT" not in told:
            if await comes(lambda: "ABANDONED" in self.console.told(run.op)):
                run.ended = "abandoned"
            return
        if self._is_open(run.op):
            async with self.console.joined() as person:
                run.ended = (await self._ended(person, run.op)).state
        else:
            run.ended = self.console.told(run.op)[-1].lower()

    async def _ended(self, person: Person, op: str) -> Op:
        return await person.op(op, *ENDED, seconds=60)


def faults(run: Run, told: list[Record]) -> list[str]:
    """What is wrong in the history of one action: the records in their order, and what the proxy saw."""
    events = [record.ev for record in told]
    found = []
    if len(run.sent) > 1:
        found.append(f"sent {len(run.sent)} times")
    if run.sent and "SENT" not in events:
        found.append("sent without a record")
    before = [record for record in told if record.ev in ("INTENT", "SENT")]
    late = [record.ev for record in before if any(each.at < record.mono / 1e9 for each in run.sent)]
    found += [f"{event} was written after it was sent" for event in late]
    if "SENT" in events and events.index("INTENT") > events.index("SENT"):
        found.append("it left before it was intended")
    if "CONFIRM" in events and "SENT" not in events and "ABANDONED" not in events:
        found.append(f"it was forgotten at {events[-1]}")
    if "SENT" in events and not {"DONE", "FAILED", "REJECTED"} & set(events):
        found.append("what was sent is lost")
    arrived = any(each.status == 200 for each in run.sent)
    if "SENT" in events and arrived != ("DONE" in events):
        found.append(f"it {'was' if arrived else 'was not'} done, and the audit says {events[-1]}")
    return found


@contextmanager
def killing(script: Script, folder: Path, seed: int) -> Iterator[Killing]:
    """An emulated AWS, the proxy in front of it, and one console behind that."""
    with emulated(script.role, speed=SPEED, size=script.size) as world, AwsProxy(world.endpoint) as proxy:
        console = Console(folder, world.joined(proxy.url))
        try:
            yield Killing(script, console, proxy, random.Random(seed))
            console.end()
        finally:
            console.kill()
        verdict = verify(console.trail, known(default_file(console.trail)))
        assert verdict.exit_code == 0, [each.line() for each in verdict.findings]
