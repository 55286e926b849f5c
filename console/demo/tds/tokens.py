"""What does a server say besides rows? Each token, as bytes."""

from __future__ import annotations

import struct
from enum import IntEnum

from console.demo.tds.answering import TdsError
from console.demo.tds.fields import long_text, short_text

COLLATION = bytes.fromhex("0904d00034")  # SQL_Latin1_General_CP1_CI_AS
SERVER_NAME = "dbconsole-demo"

MORE, ERROR, COUNTED, ATTENTION = 0x01, 0x02, 0x10, 0x20
"""What DONE may say, in one number."""


class Changed(IntEnum):
    DATABASE = 1
    LANGUAGE = 2
    PACKET_SIZE = 4
    COLLATION = 7
    BEGUN = 8
    COMMITTED = 9
    ROLLED_BACK = 10


class Done(IntEnum):
    """Of a statement in a batch, of a whole procedure, of a statement within one."""

    BATCH = 0xFD
    PROCEDURE = 0xFE
    WITHIN = 0xFF


def done(status: int = 0, rows: int = 0, kind: Done = Done.BATCH) -> bytes:
    return struct.pack("<BHHQ", kind, status, 0, rows)


def error(told: TdsError) -> bytes:
    return _told(0xAA, told.number, told.state, told.severity, told.text)


def info(number: int, text: str, state: int = 1) -> bytes:
    return _told(0xAB, number, state, 0, text)


def changed(what: Changed, new: str, old: str = "") -> bytes:
    return _sized(0xE3, bytes([what]) + short_text(new) + short_text(old))


def changed_bytes(what: Changed, new: bytes = b"", old: bytes = b"") -> bytes:
    return _sized(0xE3, bytes([what, len(new)]) + new + bytes([len(old)]) + old)


def login_ack(version: int, program: str, release: tuple[int, int, int]) -> bytes:
    """The version of TDS is the one number here whose high byte comes first."""
    major, minor, build = release
    return _sized(0xAD, struct.pack(">BI", 1, version) + short_text(program) + struct.pack(">BBH", major, minor, build))


def status(value: int = 0) -> bytes:
    """What a procedure returns."""
    return struct.pack("<Bi", 0x79, value)


def handle(name: str, value: int) -> bytes:
    """The one output parameter there is here: the number of a prepared statement."""
    return struct.pack("<BH", 0xAC, 0) + short_text(name) + struct.pack("<BIHBBBi", 1, 0, 0, 0x26, 4, 4, value)


def _told(token: int, number: int, state: int, severity: int, text: str) -> bytes:
    head = struct.pack("<iBB", number, state, severity)
    return _sized(
        token, head + long_text(text[:4000]) + short_text(SERVER_NAME) + short_text("") + struct.pack("<i", 1)
    )


def _sized(token: int, data: bytes) -> bytes:
    return struct.pack("<BH", token, len(data)) + data
