"""An engine's shared session in this process: a real hub, real sockets for screens, and people of other names."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from collectors.clock import SteppedClock
from console import __version__
from console.engine.answers import Answers
from console.engine.core import Core, Identity
from console.engine.together.kept import Kept
from console.engine.together.together import Together
from console.protocol.bodies import Ack, Command
from console.protocol.client import Client
from console.protocol.mirror import Mirror
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve
from console.protocol.sockets import connect, listen

START = datetime(2026, 3, 11, 10, tzinfo=UTC)
RUN = "one"


@dataclass
class Party:
    """Anybody may ask; `audit` is what the audit was told."""

    folder: Path
    mono: float = 0.0
    audit: list[Mapping[str, Any]] = field(default_factory=list)
    _ids: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.clock = SteppedClock(START)
        self.core = Core(Identity("shop", "live"), self.clock)
        kept = Kept(self.folder, RUN)
        self.together = Together(
            self.core.teller, self.core.now_ms, kept=kept, witness=self._witness, monotonic=lambda: self.mono
        )
        self.requests = Requests(Answers(lambda ids: None, self.core.schedule, together=self.together))
        self.core.publisher.introduce()
        self.together.recall()

    async def _witness(self, data: Mapping[str, Any]) -> None:
        self.audit.append(data)

    async def ask(self, user: str, request: str, access: Access = Access.VIEW, **args: Any) -> Ack:
        command = Command(id=str(next(self._ids)), name=request, args=args)
        return await self.requests.answer(command, access, user)

    async def does(self, user: str, request: str, access: Access = Access.VIEW, **args: Any) -> None:
        ack = await self.ask(user, request, access, **args)
        assert ack.ok, ack.error

    async def refused(self, user: str, request: str, access: Access = Access.VIEW, **args: Any) -> str:
        ack = await self.ask(user, request, access, **args)
        assert ack.error is not None
        return f"{ack.error.what} {ack.error.mend}"

    @asynccontextmanager
    async def joined(self, screen: str = "", access: Access = Access.VIEW) -> AsyncIterator[Client]:
        """A screen on a socket, in the name of whoever runs the tests."""
        path = self.folder / f"{next(self._ids)}.sock"
        here = self.together.attendance.joined
        served = partial(
            serve, hub=self.core.hub, access=access, version=__version__, answer=self.requests, here=here
        )
        server = await listen(path, 0o600, served)
        try:
            mode = "control" if access is Access.CONTROL else "view"
            async with Client(await connect(path), mode, __version__, screen=screen) as client:  # type: ignore[arg-type]
                yield client
        finally:
            server.close()


async def until(client: Client, holds: Callable[[Mirror], Any]) -> Mirror:
    """What that screen knows once it holds."""
    async with asyncio.timeout(30):
        while not holds(client.mirror):
            await anext(client.changes())
    return client.mirror
