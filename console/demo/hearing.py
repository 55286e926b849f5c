"""Hears of each turn and each flush that the emulator was told of: the model here then has it too."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from typing import Any

from console.demo.flushes import flush_of
from console.demo.model import Model
from console.demo.turns_told import TURNS, turn_of

log = logging.getLogger(__name__)

PATIENCE_S = 30.0  # longer than the emulator lets anybody wait
AGAIN_S = 0.05  # it may just have died, and another is being started
MOST_BYTES = 16 << 20


class Hearing:
    """Of the emulator at ``endpoint``. One that is started again is heard from then on."""

    def __init__(self, model: Model, endpoint: str) -> None:
        self._model = model
        host, _, port = endpoint.removeprefix("http://").rstrip("/").partition(":")
        self._host, self._port = host, int(port)
        self._of, self._after = "", 0
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._task = asyncio.create_task(self._hear(), name="turns of the demo")

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _hear(self) -> None:
        while True:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    has_news = self._take(await self._told())
                if not has_news:  # an emulator that many wait for answers at once
                    await asyncio.sleep(AGAIN_S)
            except (OSError, EOFError, ValueError, KeyError, TypeError) as error:  # TimeoutError is an OSError
                log.debug("the emulator told nothing: %r", error)
                await asyncio.sleep(AGAIN_S)

    def _take(self, said: dict[str, Any]) -> bool:
        """Whether there was anything new."""
        now = str(said["of"]), int(said["after"])
        if now == (self._of, self._after):
            return False
        turns = [turn_of(each) for each in said["turns"]]
        self._model.take(turn for turn in turns if turn.about in self._model.machines)
        self._model.learn(map(flush_of, said["flushes"]))
        self._of, self._after = now
        return True

    async def _told(self) -> dict[str, Any]:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=MOST_BYTES)
        try:
            asked = f"GET {TURNS}?of={self._of}&after={self._after} HTTP/1.0\r\nHost: {self._host}\r\n\r\n"
            writer.write(asked.encode())
            answer = await reader.read(MOST_BYTES)
            while more := await reader.read(MOST_BYTES):
                answer += more
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        head, _, body = answer.partition(b"\r\n\r\n")
        if head.split(b" ", 2)[1:2] != [b"200"]:
            raise EOFError
        found: dict[str, Any] = json.loads(body)
        return found
