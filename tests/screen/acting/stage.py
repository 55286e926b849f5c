"""A gate on the stage: it plans what it is told to, writes down what it is asked, and sends nothing anywhere."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textual import events

from collectors.errors import Trouble
from collectors.safe import Safe
from console.protocol.bodies import Command
from console.protocol.op import Offers, Op
from console.protocol.requests import Access, Said
from tests.rig.stage import Seen, screen
from tests.screen.acting.plans import COUNTING, OPERATOR, op

CHARACTERS = {"enter": "\r", "escape": None, "space": " ", "tab": "\t", "minus": "-"}
AHEAD_S = 10.0  # keys of a time to come: by then every dialog is armed, and nobody waits for it


@dataclass
class Gate:
    """``plan`` is what every plan becomes; ``refuses`` by the name of the request."""

    seen: Seen
    plan: Op = field(default_factory=op)
    refuses: dict[str, Trouble] = field(default_factory=dict)
    audit: Said = ()
    formers: Said = ()

    def tell(self, told: Op) -> None:
        self.seen.engine.tell("op", str(told.id), body=told)

    def offer(self, offers: Offers) -> None:
        self.seen.engine.tell("offers", body=offers)

    @property
    def asked(self) -> list[str]:
        return [command.name for command in self.seen.engine.acted]

    def args(self, name: str) -> dict[str, Any]:
        return dict(next(each.args for each in self.seen.engine.acted if each.name == name))

    async def __call__(self, command: Command, access: Access, user: str) -> Said | None:
        if command.name in self.refuses:
            raise self.refuses[command.name]
        match command.name:
            case "act.plan":
                self.tell(self.plan)
                return (Safe("op"),), (self.plan.id,)
            case "act.confirm":
                self.tell(COUNTING)
            case "act.abort":
                self.tell(self.plan.model_copy(update={"state": "withdrawn"}))
            case "audit":
                return self.audit
            case "failover.formers":
                return self.formers
        return None


@asynccontextmanager
async def gated(
    folder: Path, size: tuple[int, int] = (80, 24), *, offers: Offers = OPERATOR, **how: Any
) -> AsyncIterator[tuple[Seen, Gate]]:
    async with screen(folder, size, **how) as seen:
        gate = Gate(seen)
        seen.engine.act = gate
        gate.offer(offers)
        await seen.until(lambda _: seen.app.live.offers is not None)
        seen.app.repaint_now()
        yield seen, gate


@dataclass
class Hand:
    """Types with times of its own, as a hand would, and waits for none of them."""

    seen: Seen
    at: float = 0.0

    def post(self, key: str, pace: float = 0.2) -> None:
        self._post(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)), pace)

    def post_paste(self, text: str, pace: float = 0.2) -> None:
        self._post(events.Paste(text), pace)

    async def type(self, *keys: str, pace: float = 0.2) -> None:
        for key in keys:
            self.post(key, pace)
        await self.seen.pilot.pause()

    async def paste(self, text: str) -> None:
        self.post_paste(text)
        await self.seen.pilot.pause()

    def _post(self, event: events.Key | events.Paste, pace: float) -> None:
        if self.at < time.monotonic() + 1.0:
            self.at = time.monotonic() + AHEAD_S
        self.at += pace
        event.time = self.at
        self.seen.app.post_message(event)
