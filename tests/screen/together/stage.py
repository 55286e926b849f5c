"""One engine that stands still, with its shared session, and as many screens on it as a test opens."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from console.engine.together.together import Together
from console.environment import Able
from console.protocol.bodies import Ack, Command
from console.protocol.requests import Access, Requests
from console.screen.app import ConsoleApp
from console.specs import Mode, ScreenSpec
from tests.rig.stage import Seen, StandingEngine, as_at_the_start, standing_engine

ESTATE = "resilient-database"


@dataclass
class Room:
    """Where screens are opened, and people of other names ask for things by themselves."""

    address: Path
    engine: StandingEngine
    together: Together
    _stack: AsyncExitStack
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    async def opened(self, size: tuple[int, int] = (120, 40), *, mode: Mode = "view") -> Seen:
        """Another screen, once it shows values."""
        able = Able("braille", "16", remote=True)
        app = ConsoleApp(ScreenSpec(self.address, mode, ESTATE, able), may_suspend=False)
        pilot = await self._stack.enter_async_context(app.run_test(size=size))
        seen = Seen(app, pilot, self.engine)
        await seen.until(lambda text: "billing" in text or min(size) < 10)
        return seen

    async def does(self, user: str, request: str, access: Access = Access.VIEW, **args: Any) -> None:
        ack = await self.ask(user, request, access, **args)
        assert ack.ok, ack.error

    async def ask(self, user: str, request: str, access: Access = Access.VIEW, **args: Any) -> Ack:
        command = Command(id=str(next(self._ids)), name=request, args=args)
        return await Requests(self.engine.answers).answer(command, access, user)


@asynccontextmanager
async def room(folder: Path) -> AsyncIterator[Room]:
    address = folder / "control.sock"
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(standing_engine(address))
        await stack.enter_async_context(as_at_the_start())
        together = engine.gather()
        yield Room(address, engine, together, stack)

