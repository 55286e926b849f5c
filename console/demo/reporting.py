"""How does the play hear of a flush? Whose door it came through tells the emulator, before saying that it is done."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.safe import sanitise
from console.demo.flushes import Flush, Run, entry
from console.demo.model import Model
from console.demo.told import HEADER
from console.demo.turns_told import FLUSHES
from console.estate.times import to_ms

log = logging.getLogger(__name__)

PATIENCE_S = 5.0  # an emulator that was killed is there again in one
TRY_S = 1.5
AGAIN_S = 0.1
LONGEST = 65_536


class Reports:
    """``endpoint`` None: nobody else plays, and the model here is all there is."""

    def __init__(self, model: Model, endpoint: str | None, now: Callable[[], datetime]) -> None:
        self._model, self._now = model, now
        host, _, port = (endpoint or "").removeprefix("http://").rstrip("/").partition(":")
        self._to = (host, int(port)) if endpoint else None

    async def flushed(
        self,
        about: ResourceId,
        operation: str,
        *,
        share: float = 1.0,
        what: str = "",
        runs: tuple[Run, ...] = (),
        calls: int = 1,
    ) -> Flush:
        """Known to all when it returns. Raises `CannotCollect` where nobody can tell whether it is."""
        at = self._now().timestamp()
        flush = Flush(uuid4().hex, at, about, operation, share, what, runs, calls)
        if self._to is not None:
            await self._tell(*self._to, flush)
        self._model.learn([flush])
        return flush

    async def _tell(self, host: str, port: int, flush: Flush) -> None:
        """Again and again: by its name it counts once."""
        ends = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            try:
                async with asyncio.timeout(TRY_S):
                    status = await self._posted(host, port, flush)
            except (OSError, EOFError, ValueError, IndexError) as error:  # TimeoutError is an OSError
                log.debug("the emulator was not told of a flush: %r", error)
            else:
                if status == 200:
                    return
                raise CannotCollect("The emulated AWS takes no such flush.", seen=sanitise(f"{status}"))
            if asyncio.get_running_loop().time() > ends:
                raise CannotCollect("The emulated AWS does not answer: whether it knows of the flush is not known.")
            await asyncio.sleep(AGAIN_S)

    async def _posted(self, host: str, port: int, flush: Flush) -> int:
        body = json.dumps(entry(flush)).encode()
        reader, writer = await asyncio.open_connection(host, port)
        try:
            head = f"POST {FLUSHES} HTTP/1.0\r\nHost: {host}\r\n{HEADER}: {to_ms(self._now())}\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            return int((await reader.read(LONGEST)).split(b" ", 2)[1])
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
