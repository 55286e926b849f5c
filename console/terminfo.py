"""How many colours does the description of the terminal promise? Read from the file itself, which curses does once."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

SYSTEM = ("/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo")
_MAX_COLORS = 13  # of the numbers in a description: term(5)
_HEADER = struct.Struct("<6h")
_NUMBERS = {0o432: 2, 0o1036: 4}  # magic number: bytes of each number
_MOST_BYTES = 64 * 1024


def colours(environ: Mapping[str, str]) -> int | None:
    """Their number, 0 where the description has none; None where there is no description."""
    name = environ.get("TERM", "")
    if not name or "/" in name or name.startswith("."):
        return None
    for folder in _folders(environ):
        for path in (folder / name[0] / name, folder / f"{ord(name[0]):x}" / name):
            try:
                with path.open("rb") as stream:
                    return max(0, _max_colours(stream.read(_MOST_BYTES)))
            except (OSError, ValueError, struct.error):  # not there, or no description
                continue
    return None


def _folders(environ: Mapping[str, str]) -> Iterator[Path]:
    """Where descriptions are looked for, as ncurses does."""
    if environ.get("TERMINFO"):
        yield Path(environ["TERMINFO"])
    if environ.get("HOME"):
        yield Path(environ["HOME"]) / ".terminfo"
    for folder in environ.get("TERMINFO_DIRS", "").split(":"):
        if folder:
            yield Path(folder)
    yield from map(Path, SYSTEM)


def _max_colours(raw: bytes) -> int:
    magic, names, flags, numbers, *_ = _HEADER.unpack_from(raw)
    size = _NUMBERS.get(magic)
    if size is None:
        raise ValueError(magic)
    if numbers <= _MAX_COLORS:
        return -1
    start = _HEADER.size + names + flags
    start += start % 2  # numbers begin at an even byte
    return int.from_bytes(raw[start + _MAX_COLORS * size :][:size], "little", signed=True)
