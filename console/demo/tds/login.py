"""Who is at the door? LOGIN7 read, and the tokens that let a client in or keep it out."""

from __future__ import annotations

from dataclasses import dataclass

from console.demo.tds import tokens
from console.demo.tds.answering import Login, TdsError
from console.demo.tds.fields import Fields, Garbled, text_of
from console.demo.tds.handshake import SERVER_VERSION
from console.demo.tds.packets import LARGEST, SMALLEST, USUAL

FIXED = 36  # bytes before the list of places
READ_ONLY = 0x20
TDS_7_2, TDS_7_4, TDS_8_0 = 0x72090002, 0x74000004, 0x08000000
NOTHING_KNOWN = "(unknown)"


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """``password`` lives as long as this does: until it has been compared."""

    login: Login
    password: str
    version: int
    packet_size: int

    def __repr__(self) -> str:
        return f"AtTheDoor({self.login})"


def login_of(data: bytes) -> AtTheDoor:
    """LOGIN7. What comes after TDS 7.4, feature extensions among it, may be passed over."""
    fields = Fields(data)
    length, version, packet_size = (fields.number(4) for _ in range(3))
    fields.take(12)  # the client's version, its process, a connection to be taken up again
    type_flags = fields.take(4)[2]
    fields.take(FIXED - 28)  # time zone, language
    if length > len(data):
        raise Garbled("LOGIN7 is shorter than it says")
    if version < TDS_7_2 and version != TDS_8_0:
        raise Garbled(f"TDS {version:08x} is older than what is spoken here")
    places = [(fields.number(2), fields.number(2)) for _ in range(9)]
    host, user, password, program, _server, _extension, _library, _language, database = (
        _at(data, start, count) for start, count in places
    )
    login = Login(text_of(user), text_of(host), text_of(program), text_of(database), bool(type_flags & READ_ONLY))
    size = min(max(packet_size, SMALLEST), LARGEST) if packet_size else USUAL
    return AtTheDoor(login, text_of(_plain(password)), min(version, TDS_7_4), size)


def admitted(at_the_door: AtTheDoor) -> bytes:
    """The reply that both drivers are content with, in its order."""
    database = at_the_door.login.database or "master"
    major, minor, build = SERVER_VERSION
    size = str(at_the_door.packet_size)
    return b"".join(
        (
            tokens.changed(tokens.Changed.DATABASE, database, "master"),
            tokens.info(5701, f"Changed database context to '{database}'.", state=2),
            tokens.changed_bytes(tokens.Changed.COLLATION, tokens.COLLATION),
            tokens.changed(tokens.Changed.LANGUAGE, "us_english"),
            tokens.info(5703, "Changed language setting to us_english."),
            tokens.login_ack(at_the_door.version, "Microsoft SQL Server", (major, minor, build)),
            tokens.changed(tokens.Changed.PACKET_SIZE, size, str(USUAL)),
            tokens.done(),
        )
    )


def refused(login: Login) -> bytes:
    error = TdsError(18456, f"Login failed for user '{login.user or NOTHING_KNOWN}'.", severity=14)
    return tokens.error(error) + tokens.done(tokens.ERROR)


def _plain(password: bytes) -> bytes:
    return bytes(((byte ^ 0xA5) << 4 | (byte ^ 0xA5) >> 4) & 0xFF for byte in password)


def _at(data: bytes, start: int, characters: int) -> bytes:
    if start + 2 * characters > len(data):
        raise Garbled("LOGIN7 names what it does not hold")
    return data[start : start + 2 * characters]
