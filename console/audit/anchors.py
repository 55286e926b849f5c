"""Where else is it known how far the trail had come? A chain alone shows what was changed, not what was cut off.

The default file lies beside the folder, for it must be there without any setting and be found by `audit verify`: it
stands against a mistake and against somebody in haste, not against one who may write both. Against that one let it be
on another file system, append-only (`chattr +a`), or rely on the system's journal, which is another user's.
"""

from __future__ import annotations

import json
import os
import socket
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

MARK = "dbconsole-audit-anchor"  # before the JSON, in a journal among other lines
SYSLOG = Path("/dev/log")
_NOTICE_OF_AUTH = 10 * 8 + 5
_PATIENCE_S = 0.2  # a journal that hangs holds up no action


@dataclass(frozen=True, slots=True)
class Head:
    """How far one segment had come."""

    ts: str
    file: str
    seq: int
    h: str

    def line(self) -> str:
        return f"{MARK} {json.dumps(asdict(self), sort_keys=True, separators=(',', ':'))}"


class Anchor(ABC):
    """A place out of reach for whoever changes the trail.

    * ``name`` is what records call it.
    * `tell` returns when the head is there, within a second; it raises `OSError` with the reason where it is not.
      Nothing stops for that: the trail says in its next record who knows of it and who does not.
    """

    name: str

    @abstractmethod
    def tell(self, head: Head) -> None: ...


class FileAnchor(Anchor):
    """A line for each, in a file that is only ever added to."""

    name = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    def tell(self, head: Head) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        fd = os.open(self._path, flags, 0o600)
        try:
            os.write(fd, f"{head.line()}\n".encode())
            os.fdatasync(fd)
        finally:
            os.close(fd)


class SyslogAnchor(Anchor):
    """The machine's journal. Past the standard library's, which waits for ever for one that hangs."""

    name = "syslog"

    def __init__(self, path: Path = SYSLOG) -> None:
        self._path = path

    def tell(self, head: Head) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.settimeout(_PATIENCE_S)
            out.connect(str(self._path))
            out.send(f"<{_NOTICE_OF_AUTH}>dbconsole[{os.getpid()}]: {head.line()}".encode())


def default_file(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-anchors.jsonl")


def default_anchors(folder: Path) -> tuple[Anchor, ...]:
    return FileAnchor(default_file(folder)), SyslogAnchor()


Known = Mapping[str, Mapping[int, frozenset[str]]]
"""By file and number: the hashes that were told, of which there is one where nobody lied."""


def known(path: Path) -> Known:
    """What a file of anchors says, or the lines of a journal among which they are; `OSError` where it is not read."""
    found: dict[str, dict[int, frozenset[str]]] = {}
    with path.open(encoding="utf-8", errors="replace") as lines:
        for head in heads(lines):
            of_file = found.setdefault(head.file, {})
            of_file[head.seq] = of_file.get(head.seq, frozenset()) | {head.h}
    return found


def heads(lines: Iterable[str]) -> Iterator[Head]:
    """Whatever is none, or was torn, is passed over."""
    for line in lines:
        _, mark, told = line.partition(MARK)
        try:
            found = json.loads(told) if mark else None
        except ValueError:
            continue
        match found:
            case {"ts": str(ts), "file": str(file), "seq": int(seq), "h": str(h)}:
                yield Head(ts, file, seq, h)
