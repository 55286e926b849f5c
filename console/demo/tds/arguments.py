"""What did a client bind? The types that drivers send, read as Python values."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

from console.demo.tds.fields import Fields, Garbled, text_of

MAX = 0xFFFF
NULL_CHUNKED, UNKNOWN_CHUNKED = (1 << 64) - 1, (1 << 64) - 2
CODE_PAGE = "cp1252"  # of the collation that is announced
EPOCH = date(1, 1, 1).toordinal()
EPOCH_1900 = datetime(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Argument:
    name: str
    value: object
    is_output: bool = False


def argument_of(fields: Fields) -> Argument:
    """One parameter of a call; raises `Garbled` for a type that no driver sends."""
    name = fields.short_text()
    status = fields.number(1)
    kind = fields.number(1)
    read = _READERS.get(kind)
    if read is None:
        raise Garbled(f"type {kind:#04x} is not known")
    try:
        return Argument(name, read(fields), bool(status & 1))
    except (ValueError, ArithmeticError, struct.error) as error:
        raise Garbled(f"no value of type {kind:#04x}") from error


def _whole(size: int) -> Callable[[Fields], object]:
    return lambda fields: fields.number(size, signed=size > 1)


def _sized(read: Callable[[Fields, int], object], described: int = 1) -> Callable[[Fields], object]:
    """A type whose values say their length in one byte, 0 for NULL. ``described``: bytes of TYPE_INFO to pass."""

    def value(fields: Fields) -> object:
        fields.take(described)
        size = fields.number(1)
        return read(Fields(fields.take(size)), size) if size else None

    return value


def _decimal(fields: Fields) -> object:
    _size, _precision, scale = fields.take(3)
    size = fields.number(1)
    if not size:
        return None
    positive = fields.number(1)
    number = fields.number(size - 1)
    return Decimal((0 if positive else 1, tuple(map(int, str(number))), -scale))


def _with_scale(read: Callable[[Fields, int, int], object]) -> Callable[[Fields], object]:
    """The newer types of time: their TYPE_INFO is the number of places of a second."""

    def value(fields: Fields) -> object:
        scale = fields.number(1)
        if scale > 7:
            raise Garbled("a second has no so many places")
        size = fields.number(1)
        return read(Fields(fields.take(size)), size, scale) if size else None

    return value


def _time(fields: Fields, size: int, scale: int) -> time:
    microseconds = fields.number(size) * 10**6 // 10**scale
    return (datetime.min + timedelta(microseconds=microseconds)).time()


def _date(fields: Fields) -> date:
    return date.fromordinal(fields.number(3) + EPOCH)


def _datetime2(fields: Fields, size: int, scale: int) -> datetime:
    at = _time(fields, size - 3, scale)
    return datetime.combine(_date(fields), at)


def _datetimeoffset(fields: Fields, size: int, scale: int) -> datetime:
    at = _datetime2(fields, size - 2, scale)
    zone = timezone(timedelta(minutes=fields.number(2, signed=True)))
    return at.replace(tzinfo=UTC).astimezone(zone)


def _old_datetime(fields: Fields, size: int) -> datetime:
    if size == 4:
        return EPOCH_1900 + timedelta(days=fields.number(2), minutes=fields.number(2))
    days = fields.number(4, signed=True)
    return EPOCH_1900 + timedelta(days=days, milliseconds=round(fields.number(4) * 10 / 3))


def _money(fields: Fields, size: int) -> Decimal:
    if size == 4:
        return Decimal(fields.number(4, signed=True)).scaleb(-4)
    high = fields.number(4, signed=True)
    return Decimal((high << 32) + fields.number(4)).scaleb(-4)


def _counted(decode: Callable[[bytes], object], *, collated: bool) -> Callable[[Fields], object]:
    """Text and bytes: two bytes of length, or chunks where the type is (MAX)."""

    def value(fields: Fields) -> object:
        longest = fields.number(2)
        if collated:
            fields.take(5)
        if longest == MAX:
            data = _chunks(fields)
            return None if data is None else decode(data)
        size = fields.number(2)
        return None if size == MAX else decode(fields.take(size))

    return value


def _large(decode: Callable[[bytes], object], *, collated: bool) -> Callable[[Fields], object]:
    """TEXT, NTEXT and IMAGE: four bytes of length, the highest number for NULL."""

    def value(fields: Fields) -> object:
        fields.take(4 + 5 * collated)
        size = fields.number(4, signed=True)
        return None if size < 0 else decode(fields.take(size))

    return value


def _chunks(fields: Fields) -> bytes | None:
    if fields.number(8) == NULL_CHUNKED:
        return None
    data = bytearray()
    while size := fields.number(4):
        data += fields.take(size)
    return bytes(data)


def _narrow(data: bytes) -> str:
    return data.decode(CODE_PAGE, "replace")


_READERS: dict[int, Callable[[Fields], object]] = {
    0x1F: lambda fields: None,
    0x30: _whole(1),
    0x34: _whole(2),
    0x38: _whole(4),
    0x7F: _whole(8),
    0x32: lambda fields: bool(fields.number(1)),
    0x3B: lambda fields: fields.real(4),
    0x3E: lambda fields: fields.real(8),
    0x26: _sized(lambda fields, size: fields.number(size, signed=size > 1)),
    0x68: _sized(lambda fields, size: bool(fields.number(size))),
    0x6D: _sized(lambda fields, size: fields.real(size)),
    0x6A: _decimal,
    0x6C: _decimal,
    0x6E: _sized(_money),
    0x6F: _sized(_old_datetime),
    0x24: _sized(lambda fields, size: UUID(bytes_le=fields.take(16))),
    0x28: _sized(lambda fields, size: _date(fields), described=0),
    0x29: _with_scale(_time),
    0x2A: _with_scale(_datetime2),
    0x2B: _with_scale(_datetimeoffset),
    0xE7: _counted(text_of, collated=True),
    0xEF: _counted(text_of, collated=True),
    0xA7: _counted(_narrow, collated=True),
    0xAF: _counted(_narrow, collated=True),
    0xA5: _counted(bytes, collated=False),
    0xAD: _counted(bytes, collated=False),
    0x63: _large(text_of, collated=True),
    0x23: _large(_narrow, collated=True),
    0x22: _large(bytes, collated=False),
}
