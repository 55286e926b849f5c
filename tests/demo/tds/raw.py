"""A client that says what it is told to, rightly or wrongly."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from console.demo.tds.answering import Login
from console.demo.tds.handshake import Encryption, prelogin
from console.demo.tds.packets import HEADER, Kind, packets
from tests.rig.tds import PASSWORD, USER

TDS_7_4 = 0x74000004
NO_HEADERS = struct.pack("<I", 4)
IN_THE_CLEAR = packets(Kind.PRELOGIN, prelogin(Encryption.UNABLE))


def login7(login: Login, password: str, *, version: int = TDS_7_4, packet_size: int = 0) -> bytes:
    """LOGIN7 as a client writes it."""
    hidden = bytes(((byte << 4 | byte >> 4) & 0xFF) ^ 0xA5 for byte in password.encode("utf-16-le"))
    texts = [text.encode("utf-16-le") for text in (login.host, login.user, login.program, login.database)]
    host, user, program, database = texts
    start, places, data = 94, b"", b""
    for text in (host, user, hidden, program, b"", b"", b"", b"", database):
        places += struct.pack("<HH", start + len(data), len(text) // 2)
        data += text
    flags = bytes([0, 0, 0x20 if login.read_only else 0, 0])
    head = struct.pack("<III12x", start + len(data), version, packet_size) + flags + bytes(8) + places
    return head.ljust(start, b"\0") + data


@contextmanager
def dialled(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        yield line


@contextmanager
def logged_in(port: int) -> Iterator[socket.socket]:
    with dialled(port) as line:
        line.sendall(IN_THE_CLEAR)
        message(line)
        line.sendall(packets(Kind.LOGIN, login7(Login(USER), PASSWORD)))
        assert message(line)
        yield line


def message(line: socket.socket) -> bytes:
    """What the server says next; nothing where it has closed."""
    data = b""
    while head := _exactly(line, HEADER):
        data += _exactly(line, struct.unpack(">H", head[2:4])[0] - HEADER)
        if head[1] & 1:
            break
    return data


def until_closed(line: socket.socket) -> bytes:
    """All that the server says after our last word."""
    data = b""
    try:
        line.shutdown(socket.SHUT_WR)
        while more := line.recv(1 << 16):
            data += more
    except OSError:  # it did not read what we wrote
        return data
    return data


def _exactly(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count and (more := line.recv(count - len(data))):
        data += more
    return data
