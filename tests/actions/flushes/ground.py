"""A gate on firm ground: all that is not the cache is well, and what is written down can be read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collectors.aws.reader import Reader
from collectors.clock import RealClock
from collectors.safe import Safe
from collectors.threads import Threads
from console.access.locks.border import ClusterLock
from console.access.locks.file_lock import FileLock
from console.access.role import Role
from console.actions.check import Verdict
from console.actions.craft import Craft
from console.actions.desk import Confirmation, Desk
from console.actions.gate import Gate
from console.actions.operation import Operation
from console.actions.plan import Plan, Target
from console.actions.preflight import Given
from console.actions.registry import Action
from console.actions.situation import Situation
from console.actions.surroundings import Keys, MakeClient, Surroundings, Wanted
from console.actions.watching import Watching
from tests.actions.given import WELL, situation

SPEED = 20.0  # looks after what was sent twenty times as often
ENDED = ("done", "failed", "refused", "rejected", "withdrawn")
PATIENCE_S = 30.0


@dataclass
class Ground(Surroundings):
    """``later``: by how much the estate's clock is ahead of the machine's."""

    aws: Reader
    folder: Path
    later: timedelta = timedelta(0)
    records: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    threads: Threads = field(default_factory=Threads)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    async def situation(self, action: Action, plan: Plan, arns: tuple[str, ...], *, sends: bool = False) -> Situation:
        return situation(looked=self.now(), role=Role.ADMIN, caller_account=WELL.caller_account)

    def reader(self, target: Target) -> Reader:
        return self.aws

    async def keys(self, wanted: Wanted) -> Keys:
        return Keys("AKIA", "secret", None, Safe(f"the role, narrowed to {', '.join(wanted.grants)}"))

    async def lock(self, target: Target, op: str, client: MakeClient) -> ClusterLock:
        return FileLock(self.folder / "locks", RealClock(), self.threads)

    async def record(self, event: str, plan: Plan, data: Mapping[str, Any]) -> None:
        self.records.append((event, data))

    async def in_thread(self, what: str, work: Any) -> Any:
        return await self.threads.call(what, work)

    def endpoint(self, target: Target) -> str | None:
        return None

    def denied(self, action: Action, target: Target, said: Safe) -> None:
        raise AssertionError("AWS has no part in it")

    @property
    def told(self) -> list[str]:
        """The events, but for the checks and for how it got on."""
        return [event for event, _ in self.records if event not in ("CHECK", "PROGRESS")]


@dataclass
class Person:
    """Who asks for it, confirms it, and watches it to its end."""

    ground: Ground
    crafts: Mapping[str, Craft]
    countdown_s: float = 0.02
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        ground = self.ground
        gate = Gate(ground, ground.now, agent="tests", prepare=lambda _: None, countdown_s=self.countdown_s)
        watching = Watching(ground, ground.now, speed=SPEED)
        self.desk = Desk(gate, watching, ground.now, lambda _: self.changed.set(), speed=1.0)

    async def until(self, op: str, holds: Callable[[Operation], bool]) -> Operation:
        operation = self.desk.known(op)
        async with asyncio.timeout(PATIENCE_S):
            while not holds(operation):
                self.changed.clear()
                await self.changed.wait()
        return operation

    async def plan(self, name: str, target: Target) -> Operation:
        op = self.desk.plan(self.crafts[name], target, Safe("alice"), Role.ADMIN)
        return await self.until(op, lambda o: o.state != "preflight")

    def confirm(
        self, operation: Operation, reason: str = "it is an exercise", over: tuple[str, ...] | None = None
    ) -> None:
        """Past whatever a reason gets past, if nothing is said."""
        assert operation.plan is not None, operation.lines
        names = [c.name for c in operation.checks if c.verdict is not Verdict.PASS] if over is None else over
        given = Given(Role.ADMIN, frozenset(names), reason)
        self.desk.confirm(operation.id, Confirmation(operation.plan.hash, operation.target.name, given))
        self.desk.run(operation.id)

    async def flush(self, name: str, target: Target, **said: Any) -> Operation:
        """To its end."""
        operation = await self.plan(name, target)
        self.confirm(operation, **said)
        return await self.end(operation)

    async def end(self, operation: Operation) -> Operation:
        return await self.until(operation.id, lambda o: o.state in ENDED)

    async def lost(self, operation: Operation) -> Operation:
        """Where the answer did not come: to its end, half a minute later."""
        await self.until(operation.id, lambda o: o.state in ("unknown", "in-flight", *ENDED))
        self.ground.later += timedelta(seconds=31)
        return await self.end(operation)
