"""How does a client get to TLS: before TDS, inside its first packets, for the login alone, or not at all?"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from console.demo.tds.fields import Garbled
from console.demo.tds.packets import Kind, message_of, packets
from console.demo.tds.tls import Certificate, Tls
from console.demo.tds.wire import Wire

CLIENT_HELLO = 0x16
VERSION_OPTION, ENCRYPTION_OPTION, INSTANCE_OPTION, THREAD_OPTION, MARS_OPTION, END = 0, 1, 2, 3, 4, 0xFF
SERVER_VERSION = (16, 0, 4135)  # drivers show it as SQL_DBMS_VER


class Encryption(IntEnum):
    """What either side says in PRELOGIN."""

    OFF = 0  # for the login only
    ON = 1
    UNABLE = 2
    REQUIRED = 3


@dataclass(frozen=True, slots=True)
class Greeting:
    """What became of it. ``login_only``: TLS ends when the login has been read."""

    strict: bool = False
    login_only: bool = False


async def greet(wire: Wire, certificate: Certificate | None, *, required: bool = False) -> Greeting:
    """Reads and answers PRELOGIN, with the TLS before or after it. Without a certificate there is none to be had."""
    strict = await wire.first() == CLIENT_HELLO
    if strict:
        if certificate is None:
            raise Garbled("TLS comes first, and there is no certificate")
        await _tls_first(wire, certificate)
    message = await message_of(wire)
    if message.kind != Kind.PRELOGIN:
        raise Garbled("it does not begin with PRELOGIN")
    wanted = encryption_of(options_of(message.data))
    agreed = Encryption.UNABLE if strict else _agreed(wanted, can=certificate is not None, required=required)
    wire.write(packets(Kind.REPLY, prelogin(agreed)))
    if certificate is not None and not strict and agreed is not Encryption.UNABLE:
        await _tls_within(wire, certificate)
    return Greeting(strict, login_only=agreed is Encryption.OFF)


def options_of(data: bytes) -> dict[int, bytes]:
    """PRELOGIN: a list of places, in big-endian, and what is there."""
    options = {}
    at = 0
    while at < len(data) and data[at] != END:
        if at + 5 > len(data):
            raise Garbled("PRELOGIN ends within an option")
        token, start, length = struct.unpack_from(">BHH", data, at)
        if start + length > len(data):
            raise Garbled("PRELOGIN names what it does not hold")
        options[token] = data[start : start + length]
        at += 5
    if at >= len(data):
        raise Garbled("PRELOGIN has no end")
    return options


def options(values: dict[int, bytes]) -> bytes:
    """PRELOGIN, from what it says."""
    start = 5 * len(values) + 1
    head, body = b"", b""
    for token, value in values.items():
        head += struct.pack(">BHH", token, start + len(body), len(value))
        body += value
    return head + bytes([END]) + body


def prelogin(encryption: Encryption) -> bytes:
    """The server's."""
    major, minor, build = SERVER_VERSION
    version = struct.pack(">BBHH", major, minor, build, 0)
    return options(
        {VERSION_OPTION: version, ENCRYPTION_OPTION: bytes([encryption]), INSTANCE_OPTION: b"\0", THREAD_OPTION: b"",
         MARS_OPTION: b"\0"}
    )  # fmt: skip


def encryption_of(options: dict[int, bytes]) -> Encryption:
    said = options.get(ENCRYPTION_OPTION, b"")[:1]
    try:
        return Encryption(said[0] & 0x0F) if said else Encryption.UNABLE  # higher bits speak of client certificates
    except ValueError as error:
        raise Garbled("PRELOGIN wants an encryption that is not known") from error


def _agreed(wanted: Encryption, *, can: bool, required: bool) -> Encryption:
    if not can:
        return Encryption.UNABLE
    if required:
        return Encryption.REQUIRED
    return {Encryption.REQUIRED: Encryption.ON}.get(wanted, wanted)


async def _tls_first(wire: Wire, certificate: Certificate) -> None:
    tls = Tls(certificate.first)
    done = False
    while not done:
        tls.feed(await wire.some())
        try:
            done = tls.shake()
        finally:
            wire.write(tls.to_send())  # an alert too tells the client something
    wire.tls = tls


async def _tls_within(wire: Wire, certificate: Certificate) -> None:
    tls = Tls(certificate.within)
    done = False
    while not done:
        message = await message_of(wire)
        if message.kind != Kind.PRELOGIN:
            raise Garbled("it left the handshake")
        tls.feed(message.data)
        try:
            done = tls.shake()
        finally:
            if due := tls.to_send():
                wire.write(packets(Kind.PRELOGIN, due))
    wire.tls = tls
