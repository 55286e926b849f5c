"""A node of the demo behind a port of its own, on loopback: whoever speaks Redis' protocol is served."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket

from console.demo.redis.commands import run
from console.demo.redis.node import Node, Session
from console.demo.redis.resp import LINE, Broken, Failure, answer, failure, request

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
BACKLOG = 64
MOST_CLIENTS = 256
TOO_MANY = "ERR max number of clients reached"


class RedisServer:
    """The port is known as soon as it is made: who connects before anybody answers waits."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._socket = socket.create_server((HOST, 0), backlog=BACKLOG)
        self.port: int = self._socket.getsockname()[1]
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=self._socket, limit=LINE)
        log.info("%s of the demo answers redis-cli at port %d", self._node.about, self.port)

    async def end(self) -> None:
        if self._server is not None:
            self._server.close()
        self._socket.close()
        serving = list(self._serving)
        for each in serving:
            each.cancel()
        if serving:
            await asyncio.wait(serving)
        await self._node.content.end(self._node.about)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._serving.add(task)
        session = self._node.connected(":".join(map(str, writer.get_extra_info("peername")[:2])))
        try:
            if len(self._serving) > MOST_CLIENTS:
                writer.write(failure(TOO_MANY))
            else:
                await self._answer(session, reader, writer)
        except OSError as error:  # the line, or nobody knows what became of a flush: then nothing is answered
            log.debug("a connection to %s ended: %r", self._node.about, error)
        except asyncio.CancelledError:  # the demo ends
            pass
        finally:
            self._node.sessions.pop(session.id, None)
            self._serving.discard(task)
            with contextlib.suppress(OSError):
                writer.close()

    async def _answer(self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not session.is_over and not self._node.is_dark():
            try:
                words = await request(reader)
                if words is None or self._node.is_dark():
                    return
                if words:
                    writer.write(answer(await run(self._node, session, words)))
            except Failure as refused:
                writer.write(failure(str(refused)))
            except Broken as broken:
                writer.write(failure(f"ERR Protocol error: {broken}"))
                return
            await writer.drain()
