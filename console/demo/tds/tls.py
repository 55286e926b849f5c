"""TLS driven by hand over memory: TDS 7 carries the handshake in its own packets and may leave TLS after the login."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ALPN = "tds/8.0"
CHUNK = 1 << 16


@dataclass(frozen=True)
class Certificate:
    """Files in PEM, which are read when the first client wants TLS."""

    chain: Path
    key: Path

    @cached_property
    def within(self) -> ssl.SSLContext:
        """For TLS inside TDS. Not 1.3: there, drivers send bare records where wrapped ones are still due."""
        context = self._context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_TICKET
        return context

    @cached_property
    def first(self) -> ssl.SSLContext:
        """For TDS inside TLS."""
        context = self._context()
        context.set_alpn_protocols([ALPN])
        return context

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.chain, self.key)
        return context


class Tls:
    """One side of one session, without a socket. Raises `ssl.SSLError` for what is no TLS."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def shake(self) -> bool:
        """The handshake, as far as it goes with what has come; whether it is done."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def feed(self, data: bytes) -> None:
        """What has come from the client."""
        self._incoming.write(data)

    def to_send(self) -> bytes:
        """What is due to the client."""
        return self._outgoing.read()

    def encrypt(self, data: bytes) -> bytes:
        for start in range(0, len(data), CHUNK):
            self._tls.write(data[start : start + CHUNK])
        return self.to_send()

    def decrypted(self) -> bytes:
        """What has come, and nothing where more must come first; raises `EOFError` after the client's farewell."""
        try:
            data = self._tls.read(CHUNK)
        except ssl.SSLWantReadError:
            return b""
        if not data:
            raise EOFError
        return data
