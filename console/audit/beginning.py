"""What does a segment say of those before it, and what must a new one say? So that none can be taken away unseen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from console.audit import folder
from console.audit.folder import Place
from console.audit.plain import Plain
from console.audit.record import MOST_BYTES, NO_HASH, Event
from console.audit.walk import Link, Walk, read, rest

FORMER = "former"  # in the first record's data: which segments ended where, the one that `prev` names before the others
MOST_FORMER = 32
_TAIL = 2 * MOST_BYTES


@dataclass(frozen=True, slots=True)
class Recovery:
    """How a segment without a seal was found."""

    file: str
    seq: int  # of the last good record; -1: there was none
    head: str
    torn_bytes: int
    torn_sha256: str

    def data(self) -> dict[str, Plain]:
        return {
            "file": self.file,
            "good_seq": self.seq,
            "good_head": self.head,
            "torn_bytes": self.torn_bytes,
            "torn_sha256": self.torn_sha256,
        }


@dataclass(frozen=True, slots=True)
class Beginning:
    """What one segment's first records say of others: of each file, which record has which hash."""

    prev: str = NO_HASH
    former: tuple[tuple[str, int, str], ...] = ()
    recovered: tuple[Recovery, ...] = ()


def beginning(path: Path, name: str) -> Beginning | None:
    """Of the segment called ``name``; None where it has no first record that could be read."""
    with open_segment(path, name) as file:
        links = iter(Walk(file))
        first = next(links, None)
        if first is None:
            return None
        recovered = [told] if (told := _recovery(first)) else []
        while recovered and (link := next(links, None)) and (told := _recovery(link)):
            recovered.append(told)
        return Beginning(first.prev, tuple(_former(first.data)), tuple(recovered))


@dataclass(slots=True)
class Before:
    """What a new segment must say of those of the same writer."""

    prev: str = NO_HASH
    former: list[Plain] = field(default_factory=list)
    dead: list[Recovery] = field(default_factory=list)  # without a seal, and nobody has said so yet


def before(path: Path, writer: str, fallen: Mapping[str, int]) -> Before:
    """``fallen``: the segments that this process itself gave up, and the last record of each that is surely on disk."""
    ours = [each for each in folder.places(path) if each.writer == writer]
    told: dict[str, int] = {}
    recovered: dict[str, Recovery] = {}
    for each in list(ours):
        try:
            begun = beginning(path, each.name)
        except OSError:  # the verifier tells it; here it keeps nobody from recording
            ours.remove(each)
            continue
        for name, seq, _ in begun.former if begun else ():
            told[name] = max(seq, told.get(name, -1))
        recovered.update({one.file: one for one in (begun.recovered if begun else ())})
    return _told_of(path, ours, told, recovered, fallen)


def _told_of(
    path: Path, ours: list[Place], told: Mapping[str, int], recovered: Mapping[str, Recovery], fallen: Mapping[str, int]
) -> Before:
    result = Before()
    for place in reversed(ours):
        found: tuple[int, str] | None
        if (known := recovered.get(place.name)) is not None:
            found = known.seq, known.head
        elif place.name in fallen or (found := _last(path, place.name)) is None:  # neither sealed nor being written
            result.dead.append(dead := examine(path, place.name, fallen.get(place.name)))
            found = dead.seq, dead.head
        seq, head = found
        if seq >= 0 and (not result.former or seq > told.get(place.name, -1)) and len(result.former) < MOST_FORMER:
            result.prev = head if not result.former else result.prev
            result.former.append({"file": place.name, "seq": seq, "h": head})
    return result


def examine(path: Path, name: str, most: int | None = None) -> Recovery:
    """A segment that nobody writes and that has no seal: how far it is good, and what is behind.

    ``most``: the last record that is known to be on disk, where that is known.
    """
    with open_segment(path, name) as file:
        last: Link | None = None
        for link in Walk(file):
            if most is not None and link.seq > most:
                break
            last = link
        size, digest = rest(file, last.end if last else 0)
    return Recovery(name, last.seq if last else -1, last.h if last else NO_HASH, size, digest)


def _last(path: Path, name: str) -> tuple[int, str] | None:
    """The last record's number and hash, where the segment is sealed or a living process writes it."""
    is_held = folder.is_held(path / name)
    what, told = read(last_line(path, name))
    if not what and (is_held or told["ev"] == Event.SEAL):
        return told["seq"], told["h"]
    return (-1, NO_HASH) if is_held else None


def last_line(path: Path, name: str) -> bytes:
    """The last one that has an end, without it; empty where there is none."""
    with open_segment(path, name) as file:
        start = file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        lines = file.read().split(b"\n")[1 if start else 0 : -1]
    return lines[-1] if lines else b""


def open_segment(path: Path, name: str) -> BinaryIO:
    fd = os.open(path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    return os.fdopen(fd, "rb")


def _recovery(link: Link) -> Recovery | None:
    if link.ev != Event.RECOVERED:
        return None
    told = link.data
    values = [told.get(name) for name in ("file", "good_seq", "good_head", "torn_bytes", "torn_sha256")]
    match values:
        case [str(file), int(seq), str(head), int(size), str(digest)]:
            return Recovery(file, seq, head, size, digest)
    return None


def _former(data: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    told = data.get(FORMER)
    for each in told if isinstance(told, list) else ():
        match each:
            case {"file": str(file), "seq": int(seq), "h": str(head)}:
                yield file, seq, head
