"""What is in these bytes? Read in order, and never past their end."""

from __future__ import annotations

import struct


class Garbled(Exception):  # noqa: N818 - named for what the bytes are
    """The client sent what is no TDS, or no part of it that is known here; the connection is of no more use."""


class Fields:
    """A place in bytes that moves on. Numbers are little-endian, as everywhere in TDS but in two headers."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        """Whether anything is left."""
        return self._at < len(self._data)

    def peek(self) -> int:
        if not self:
            raise Garbled("bytes are missing")
        return self._data[self._at]

    def take(self, count: int) -> bytes:
        end = self._at + count
        if count < 0 or end > len(self._data):
            raise Garbled(f"{count} bytes were announced, {len(self._data) - self._at} came")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def number(self, size: int, *, signed: bool = False) -> int:
        return int.from_bytes(self.take(size), "little", signed=signed)

    def real(self, size: int) -> float:
        value: float = struct.unpack("<f" if size == 4 else "<d", self.take(size))[0]
        return value

    def text(self, characters: int) -> str:
        return text_of(self.take(2 * characters))

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)

    def short_text(self) -> str:
        """B_VARCHAR: its length is one byte."""
        return self.text(self.number(1))


def text_of(data: bytes) -> str:
    """UTF-16 as it came: half a pair is the client's business, half a unit is not."""
    try:
        return data.decode("utf-16-le", "surrogatepass")
    except UnicodeDecodeError as error:
        raise Garbled("text that ends within a character") from error


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def short_text(text: str) -> bytes:
    """B_VARCHAR; cut where it is longer than one can be."""
    data = utf16(text)[: 2 * 0xFF]
    return bytes([len(data) // 2]) + data


def long_text(text: str) -> bytes:
    """US_VARCHAR, likewise."""
    data = utf16(text)[: 2 * 0xFFFF]
    return struct.pack("<H", len(data) // 2) + data
