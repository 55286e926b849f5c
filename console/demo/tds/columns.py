"""Which type does a column of Python values travel as, and how does each value?

| values | type |
| --- | --- |
| nothing but None, or no row | NVARCHAR(1) |
| bool | BIT |
| int, with bool among them or not | INT, BIGINT, else DECIMAL(38, 0) |
| float, with whole numbers among them or not | FLOAT(53) |
| Decimal, with whole numbers among them or not | DECIMAL(38, scale): the most places that a value has |
| str | NVARCHAR(n), or NVARCHAR(MAX) from 4,001 units of UTF-16 on |
| bytes | VARBINARY(n), or VARBINARY(MAX) from 8,001 bytes on |
| datetime, with dates among them or not | DATETIME2(7); one with a zone is sent as UTC |
| date | DATE |
| UUID | UNIQUEIDENTIFIER |
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from collectors.database.rows import Rows
from console.demo.tds.fields import short_text, utf16
from console.demo.tds.tokens import COLLATION

NULLABLE = 0x0009
ROW, METADATA = 0xD1, 0x81
LONGEST_TEXT, LONGEST_BYTES, LONGEST_NUMBER = 4000, 8000, 38
MAX = b"\xff\xff"
NULL, NULL_COUNTED, NULL_CHUNKED = b"\0", b"\xff\xff", b"\xff" * 8
EPOCH = date(1, 1, 1).toordinal()

Write = Callable[[Any], bytes]


class CannotSend(TypeError):  # noqa: N818 - named for what it means
    """A column holds what no type of SQL Server can hold together."""


@dataclass(frozen=True, slots=True)
class Column:
    """``described`` is its TYPE_INFO; ``write`` gives the bytes of each of its values but None: those are ``null``."""

    described: bytes
    write: Write
    null: bytes = NULL


def metadata(names: Sequence[str], columns: Sequence[Column]) -> bytes:
    """COLMETADATA."""
    each = (
        struct.pack("<IH", 0, NULLABLE) + column.described + short_text(name)
        for name, column in zip(names, columns, strict=True)
    )
    return struct.pack("<BH", METADATA, len(columns)) + b"".join(each)


def row(columns: Sequence[Column], values: Sequence[object]) -> bytes:
    """ROW."""
    parts = (
        column.null if value is None else column.write(value) for column, value in zip(columns, values, strict=True)
    )
    return b"\xd1" + b"".join(parts)


def columns_of(rows: Rows) -> tuple[Column, ...]:
    """Raises `CannotSend`, which names the column."""
    found = []
    for index, name in enumerate(rows.columns):
        try:
            found.append(column_of([values[index] for values in rows.values]))
        except (CannotSend, IndexError) as error:
            raise CannotSend(f"column {name}: {error}") from error
    return tuple(found)


def column_of(values: Sequence[object]) -> Column:
    kinds = {_plain(kind) for kind in {type(value) for value in values if value is not None}}
    for allowed, make in _KINDS:
        if kinds <= allowed:
            return make([value for value in values if value is not None])
    raise CannotSend(f"no type holds {', '.join(sorted(kind.__name__ for kind in kinds))} together")


def _plain(kind: type) -> type:
    """What a type is a kind of: `Safe` is str."""
    return next((base for base in kind.__mro__ if base in _PLAIN), kind)


def _text(values: Sequence[Any]) -> Column:
    longest = max((len(utf16(value)) for value in values), default=0)
    if longest > 2 * LONGEST_TEXT:
        return Column(b"\xe7" + MAX + COLLATION, lambda value: _chunked(utf16(value)), NULL_CHUNKED)
    described = struct.pack("<BH", 0xE7, max(longest, 2)) + COLLATION
    return Column(described, lambda value: _counted(utf16(value)), NULL_COUNTED)


def _bytes(values: Sequence[Any]) -> Column:
    longest = max((len(value) for value in values), default=0)
    if longest > LONGEST_BYTES:
        return Column(b"\xa5" + MAX, _chunked, NULL_CHUNKED)
    return Column(struct.pack("<BH", 0xA5, max(longest, 1)), _counted, NULL_COUNTED)


def _bits(values: Sequence[Any]) -> Column:
    return Column(b"\x68\x01", lambda value: b"\x01\x01" if value else b"\x01\x00")


def _whole(values: Sequence[Any]) -> Column:
    least, most = min(values), max(values)
    size = next((size for size in (4, 8) if -(1 << 8 * size - 1) <= least and most < 1 << 8 * size - 1), None)
    if size is None:
        return _decimals(values)
    pack = struct.Struct("<Bi" if size == 4 else "<Bq").pack
    return Column(bytes([0x26, size]), lambda value: pack(size, value))


def _floats(values: Sequence[Any]) -> Column:
    pack = struct.Struct("<Bd").pack
    return Column(b"\x6d\x08", lambda value: pack(8, value))


def _decimals(values: Sequence[Any]) -> Column:
    """Always in the longest form, of which every reader knows the others."""
    exact = [Decimal(value) for value in values]
    if not all(value.is_finite() for value in exact):
        raise CannotSend("a decimal that is no number")
    scale = max(0, *(-int(value.as_tuple().exponent) for value in exact))
    if scale > LONGEST_NUMBER or any(abs(_scaled(value, scale)) >= 10**LONGEST_NUMBER for value in exact):
        raise CannotSend(f"a number of more than {LONGEST_NUMBER} digits")

    def write(value: int | Decimal) -> bytes:
        number = _scaled(Decimal(value), scale)
        return struct.pack("<BB", 17, number >= 0) + abs(number).to_bytes(16, "little")

    return Column(bytes([0x6A, 17, LONGEST_NUMBER, scale]), write)


def _times(values: Sequence[Any]) -> Column:
    return Column(b"\x2a\x07", _time)


def _dates(values: Sequence[Any]) -> Column:
    return Column(b"\x28", lambda value: b"\x03" + _day(value))


def _guids(values: Sequence[Any]) -> Column:
    return Column(b"\x24\x10", lambda value: b"\x10" + value.bytes_le)


_KINDS: tuple[tuple[frozenset[type], Callable[[Sequence[Any]], Column]], ...] = (
    (frozenset(), _text),
    (frozenset({bool}), _bits),
    (frozenset({bool, int}), _whole),
    (frozenset({bool, int, float}), _floats),
    (frozenset({bool, int, Decimal}), _decimals),
    (frozenset({str}), _text),
    (frozenset({bytes}), _bytes),
    (frozenset({date}), _dates),
    (frozenset({date, datetime}), _times),
    (frozenset({UUID}), _guids),
)


_PLAIN = frozenset[type]().union(*(kinds for kinds, _ in _KINDS))


def _counted(data: bytes) -> bytes:
    return struct.pack("<H", len(data)) + data


def _chunked(data: bytes) -> bytes:
    """PLP: its length, then one chunk and the empty one that ends it."""
    whole = struct.pack("<QI", len(data), len(data)) + data if data else bytes(8)
    return whole + bytes(4)


def _scaled(value: Decimal, scale: int) -> int:
    """Without the context's rounding, which ends at 28 digits."""
    sign, digits, exponent = value.as_tuple()
    number: int = int("".join(map(str, digits))) * 10 ** (int(exponent) + scale)
    return -number if sign else number


def _day(value: date) -> bytes:
    return (value.toordinal() - EPOCH).to_bytes(3, "little")


def _time(value: date) -> bytes:
    if not isinstance(value, datetime):
        return b"\x08" + bytes(5) + _day(value)
    local = value if value.tzinfo is None else value.astimezone(UTC)
    seconds = (local.hour * 60 + local.minute) * 60 + local.second
    return b"\x08" + (seconds * 10**7 + local.microsecond * 10).to_bytes(5, "little") + _day(local)
