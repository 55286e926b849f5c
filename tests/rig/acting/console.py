"""One console as far as acting goes: its engine as a process that is started and killed, and a person at its socket."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from collectors.errors import Trouble
from console import __version__
from console.audit.read import records
from console.audit.record import Record
from console.protocol.bodies import Ack
from console.protocol.client import Client, Mode
from console.protocol.op import Offers, Op
from console.protocol.sockets import connect
from console.specs import EngineSpec, Play
from tests.engine.engines import listens
from tests.rig.acting.engine import words
from tests.rig.dbconsole import ROOT

PATIENCE_S = 20.0
COUNTDOWN_S = 0.2
NOT_YET = ("It was looked at", "nobody tells it", "the newest is of")  # an engine that was just started
NO_SUCH = "There is no such resource."
STARTING_S = 15.0


@dataclass
class Console:
    """``folder`` holds its state and its sockets. ``profile``: a file, in place of the shipped one."""

    folder: Path
    play: Play
    countdown_s: float = COUNTDOWN_S
    profile: Path | None = None
    audit: Path | None = None
    read_only: bool = False
    module: str = "tests.rig.acting.engine"
    _engine: subprocess.Popen[bytes] | None = None

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def trail(self) -> Path:
        return self.audit or self.state / "audit"

    @property
    def spec(self) -> EngineSpec:
        return EngineSpec(
            estate="resilient-database",
            sockets=self.folder / "run",
            state=self.state,
            notices=(),
            guard=os.getpid(),
            run="one",
            play=self.play,
            audit=self.trail,
            read_only=self.read_only,
            countdown_s=self.countdown_s,
        )

    def start(self) -> float:
        """Until it listens; when it was started, of the monotonic clock."""
        assert self._engine is None
        self.state.mkdir(parents=True, exist_ok=True)
        begun = time.monotonic()
        command = [sys.executable, "-P", "-m", self.module, words(self.spec)]
        more = [] if self.profile is None else [str(self.profile)]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._engine = engine = subprocess.Popen([*command, *more], cwd=ROOT, env=env)
        while not listens(self.spec.sockets / "view.sock"):
            assert engine.poll() is None, "the engine ended"
            assert time.monotonic() - begun < STARTING_S, "the engine does not listen"
            time.sleep(0.01)
        threading.Thread(target=_watch, args=(self.spec.sockets / "control.sock",), daemon=True).start()
        return begun

    @property
    def lives(self) -> bool:
        return self._engine is not None and self._engine.poll() is None

    def kill(self) -> None:
        """-9."""
        self._ended(signal.SIGKILL)

    def end(self) -> None:
        self._ended(signal.SIGTERM)

    def _ended(self, number: signal.Signals) -> None:
        if self._engine is not None:
            self._engine.send_signal(number)
            self._engine.wait(10)
            self._engine = None

    def later(self, time_passed: timedelta, speed: float | None = None) -> None:
        """The next engine begins so much later, of the estate's time."""
        now = time.monotonic()
        played = self.play.start + timedelta(seconds=(now - self.play.anchor) * self.play.speed)
        self.play = replace(self.play, start=played + time_passed, anchor=now, speed=speed or self.play.speed)

    def now(self) -> datetime:
        return self.play.start + timedelta(seconds=(time.monotonic() - self.play.anchor) * self.play.speed)

    def records(self, op: str | None = None) -> list[Record]:
        return list(records(self.trail, op=op))

    def told(self, op: str) -> list[str]:
        """The events of one action, in order, from its confirmation on."""
        return [record.ev for record in self.records(op) if record.ev != "CHECK"]

    @asynccontextmanager
    async def joined(self, mode: Mode = "control") -> AsyncIterator[Person]:
        name = "control.sock" if mode == "control" else "view.sock"
        async with Client(await connect(self.spec.sockets / name), mode, __version__) as client:
            yield Person(client)


@dataclass
class Person:
    """Whoever sits at a screen, whose every wish is said over its socket, with no dialog in between."""

    client: Client

    async def until(self, holds: Callable[[], bool], what: str = "", seconds: float = PATIENCE_S) -> None:
        if not await comes(holds, seconds):
            raise AssertionError(f"not within {seconds:g} s: {what}; {self._shown()}")

    async def asked(self, name: str, **args: object) -> Ack:
        return await self.client.request(name, args)

    async def did(self, name: str, **args: object) -> Ack:
        told = await self.asked(name, **args)
        assert told.ok, told.error
        return told

    async def plan(self, about: str, offer: str = "snapshot", scope: str = "", watchers: int = 1) -> Op:
        """What was seen, once all was looked at: planned or refused."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            op = await self.op(await self.begun(about, offer, scope, watchers), "planned", "refused")
            if not any(words in op.seen for words in NOT_YET) or time.monotonic() > deadline:
                return op  # else it was just started, and slow: its half minute is three seconds of ours
            await asyncio.sleep(0.2)

    async def begun(self, about: str, offer: str = "snapshot", scope: str = "", watchers: int = 1) -> str:
        """Its id. An engine that was just started knows no resource for a moment."""
        await self.until(lambda: self.client.mirror.offers is not None, "any offers")
        deadline = time.monotonic() + PATIENCE_S
        while True:
            told = await self.asked("act.plan", action=offer, id=about, scope=scope, watchers=watchers)
            if told.ok:
                return str(told.rows[1][0])
            assert told.error is not None
            assert told.error.what == NO_SUCH, told.error
            assert time.monotonic() < deadline, told.error
            await asyncio.sleep(0.02)

    async def confirm(self, op: Op, **more: object) -> Ack:
        return await self.asked("act.confirm", **{"op": op.id, "plan": op.plan, "typed": op.word, **more})

    async def confirmed(self, op: Op, **more: object) -> None:
        told = await self.confirm(op, **more)
        assert told.ok, told.error

    async def op(self, name: str, *states: str, seconds: float = PATIENCE_S) -> Op:
        """Once it is in one of these states; with none, once it is there."""

        def there() -> bool:
            found = self.client.mirror.ops.get(name)
            return found is not None and (not states or found.state in states)

        await self.until(there, f"{name} is {' or '.join(states)}", seconds)
        return self.client.mirror.ops[name]

    async def offers(self, holds: Callable[[Offers], bool], seconds: float = PATIENCE_S) -> Offers:
        mirror = self.client.mirror
        await self.until(lambda: mirror.offers is not None and holds(mirror.offers), "other offers", seconds)
        assert mirror.offers is not None
        return mirror.offers

    def _shown(self) -> str:
        ops = self.client.mirror.ops.values()
        return "; ".join(f"{op.id} {op.state}: {op.outcome} {op.seen} {op.mend}" for op in ops) or "no operation"


def _watch(path: Path) -> None:
    """A screen that is there as long as its engine is: without any that goes."""

    async def watched() -> None:
        with suppress(Trouble):
            async with Client(await connect(path), "control", __version__) as client:
                async for _ in client.changes():
                    pass

    asyncio.run(watched())


async def comes(holds: Callable[[], bool], seconds: float = PATIENCE_S) -> bool:
    """Whether it does within that time. Looked for often: what is waited for here sets no event."""
    deadline = time.monotonic() + seconds
    while not (came := holds()) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.002)
    return came


def past(op: Op) -> dict[str, object]:
    """What a person says to get past its checks as far as may be: for what a second one must sign, glass is broken."""
    names = [each.name for each in op.checks if each.verdict != "pass" and each.override in ("reason", "confirm")]
    if op.action == "promote.instance":
        reason = "it is an exercise, and nobody else is here"
        return {"overrides": [*names, "approval"], "reason": reason, "incident": "INC-4711"}
    return {"overrides": names, "reason": "it is an exercise"} if names else {}
