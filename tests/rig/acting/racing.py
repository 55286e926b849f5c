"""Two consoles confirm an action on the same target at once: what the proxy saw, and what each of them was told."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from console.protocol.op import Op
from tests.rig.acting.console import Console, Person, past
from tests.rig.aws_proxy import AwsProxy
from tests.rig.emulated import emulated

SPEED = 10.0
APART_S = 0.05  # at most, between the two
TARGETS = (
    ("billing", "snapshot"), ("customers", "fail-over"), ("catalogue", "fail-over"), ("sessions-002", "fail-over"),
    ("reporting", "snapshot"), ("carts", "snapshot"), ("orders-primary", "fail-over"), ("billing", "fail-over"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Round:
    """``apart_s``: how long after the first the second confirmed."""

    about: str
    apart_s: float
    sent: int
    ops: tuple[Op, Op]

    @property
    def faults(self) -> list[str]:
        found = [] if self.sent == 1 else [f"{self.sent} requests were sent"]
        won = [op for op in self.ops if op.state != "refused"]
        lost = [op for op in self.ops if op.state == "refused"]
        if (len(won), len(lost)) != (1, 1):
            return [*found, f"{len(won)} won: {[(op.state, op.outcome) for op in self.ops]}"]
        told = f"{lost[0].outcome} {lost[0].seen}"
        if not (lost[0].outcome and lost[0].seen and lost[0].mend):
            found.append(f"the loser was not told in three lines: {told}")
        if won[0].id not in told or won[0].by not in told:
            found.append(f"the loser was not told who has it: {told}")
        return found


@dataclass
class Racing:
    people: tuple[Person, Person]
    proxy: AwsProxy
    dice: random.Random
    begun: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by what the last round was about

    async def round(self, number: int) -> Round:
        about, offer = TARGETS[number % len(TARGETS)]
        first, second = self.people if self.dice.random() < 0.5 else self.people[::-1]
        await self._wait_for(about)
        self.proxy.forget()
        ops = await asyncio.gather(first.plan(about, offer), second.plan(about, offer))
        self.begun[about] = tuple(op.id for op in ops)
        assert [op.state for op in ops] == ["planned", "planned"], [(op.outcome, op.seen) for op in ops]
        apart = self.dice.uniform(0, APART_S)

        async def confirm(person: Person, op: Op, after_s: float) -> float:
            await asyncio.sleep(after_s)
            sent = time.monotonic()
            await person.confirmed(op, **past(op))
            return sent

        one, two = await asyncio.gather(confirm(first, ops[0], 0.0), confirm(second, ops[1], apart))
        ends = ("refused", "in-flight", "done", "failed", "rejected", "withdrawn")
        after = await asyncio.gather(first.op(ops[0].id, *ends), second.op(ops[1].id, *ends))
        return Round(about, two - one, len(self.proxy.mutations()), (after[0], after[1]))

    async def _wait_for(self, about: str) -> None:
        """What the round before began on it is over, and has cooled down."""
        begun = self.begun.pop(about, ())
        for person in self.people:
            for op in list(person.client.mirror.ops.values()):
                if op.id in begun and op.sent is not None:
                    await person.op(op.id, "done", seconds=60)
                    await person.did("act.acknowledge", op=op.id)


@asynccontextmanager
async def racing(folder: Path, seed: int) -> AsyncIterator[Racing]:
    """Two engines of one person, who share the audit and the locks and nothing else."""
    async with AsyncExitStack() as stack:
        world = stack.enter_context(emulated("admin", speed=SPEED))
        proxy = stack.enter_context(AwsProxy(world.endpoint))
        audit = folder / "audit"
        consoles = [Console(folder / name, world.joined(proxy.url), audit=audit) for name in ("one", "two")]
        people = []
        for console in consoles:
            stack.callback(console.kill)
            await asyncio.to_thread(console.start)
            people.append(await stack.enter_async_context(console.joined()))
        yield Racing((people[0], people[1]), proxy, random.Random(seed))
