"""How do bytes come from and go to one client, in the clear or inside TLS?"""

from __future__ import annotations

import asyncio
import socket
import struct

from console.demo.tds.tls import Tls

CHUNK = 1 << 16
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: closing resets


class Wire:
    """Raises `EOFError` where the client has gone, `ssl.SSLError` where its TLS is not understood.

    ``tls`` may be set and taken away between two messages: a TDS login may be hidden and what follows it not.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._came = bytearray()  # and was not read yet
        self.tls: Tls | None = None

    async def read(self, count: int) -> bytes:
        """Exactly so many bytes."""
        while len(self._came) < count:
            self._came += await self._more()
        taken = bytes(self._came[:count])
        del self._came[:count]
        return taken

    async def first(self) -> int:
        """The first byte that comes; it stays there to be read."""
        while not self._came:
            self._came += await self._more()
        return self._came[0]

    async def some(self) -> bytes:
        """What there is, and at least one byte."""
        await self.first()
        return await self.read(len(self._came))

    def write(self, data: bytes) -> None:
        """At once, as far as others are concerned: two writers never mix."""
        self._writer.write(data if self.tls is None else self.tls.encrypt(data))

    async def drain(self) -> None:
        """Waits while the client has much to read yet, and lets others go on where it has not."""
        await asyncio.sleep(0)
        await self._writer.drain()

    async def ignore(self) -> None:
        """Until the client goes."""
        while await self._reader.read(CHUNK):
            pass

    def close(self) -> None:
        """What was written still goes out."""
        self._writer.close()

    def reset(self) -> None:
        """Gone at once, like a machine that fell over."""
        connection: socket.socket | None = self._writer.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._writer.transport.abort()

    async def _more(self) -> bytes:
        while self.tls is not None:
            if data := self.tls.decrypted():
                return data
            self.tls.feed(await self._raw())
        return await self._raw()

    async def _raw(self) -> bytes:
        data = await self._reader.read(CHUNK)
        if not data:
            raise EOFError
        return data
