"""How far can one segment be believed? Record by record from its start, as long as each follows the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from console.audit.record import MOST_BYTES, Event, NotARecord, canonical, hash_of, loads


@dataclass(frozen=True, slots=True)
class Link:
    seq: int
    h: str
    prev: str
    ev: str
    byte: int  # where its line begins
    end: int  # and where the next one does
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad place: the record that was due there, where its line begins, and what is wrong."""

    record: int
    byte: int
    what: str


class Walk:
    """Goes through it once, in constant memory; a link is given once it is known that the next one follows it.

    * ``last``: the last one that was given; None while there is none.
    * ``fault``: what no crash can have done; nothing behind it is looked at.
    * ``torn``: how many bytes behind the last link a crash in the middle of a write left.
    """

    def __init__(self, file: BinaryIO, after: Link | None = None) -> None:
        """``after``: a link that is known to be good, behind which the file begins."""
        self.last: Link | None = None
        self._after = after
        self.fault: Fault | None = None
        self.torn = 0
        self.file = file

    @property
    def good(self) -> int:
        return self.last.seq + 1 if self.last else 0

    @property
    def end(self) -> int:
        return self.last.end if self.last else 0

    @property
    def is_sealed(self) -> bool:
        return self.last is not None and self.last.ev == Event.SEAL

    def __iter__(self) -> Iterator[Link]:
        held = self._after
        while raw := self.file.readline(MOST_BYTES + 1):
            found = self._judge(raw, held)
            if not isinstance(found, Link):
                break
            if held is not None and held is not self._after:
                self.last = held
                yield held
            held = found
        if held is not None and held is not self._after and (self.fault is None or self.fault.record > held.seq):
            self.last = held
            yield held

    def through(self) -> Walk:
        """Having gone through all of it."""
        for _ in self:
            pass
        return self

    def _judge(self, raw: bytes, before: Link | None) -> Link | None:
        due, byte = (before.seq + 1, before.end) if before else (0, 0)
        if not raw.endswith(b"\n"):
            self._judge_tail(raw, Fault(due, byte, ""), before)
            return None
        what, told = read(raw[:-1])
        if before is not None and before.ev == Event.SEAL:
            self.fault = Fault(due, byte, "something follows the seal")
        elif what:
            self.fault = Fault(due, byte, f"{what} ({self._neighbours(told, before)})")
        elif told.get("seq") != due:
            self.fault = Fault(due, byte, f"record {told.get('seq')} stands where {due} was due")
        elif before is not None and told.get("prev") != before.h:
            what = "the record was written anew, with a hash of its own (prev ok, next broken)"
            self.fault = Fault(before.seq, before.byte, what)
        else:
            data = told.get("data")
            held = data if isinstance(data, dict) else {}
            return Link(due, told["h"], str(told.get("prev")), str(told.get("ev")), byte, byte + len(raw), held)
        return None

    def _judge_tail(self, raw: bytes, at: Fault, before: Link | None) -> None:
        """No end of a line: of a write that did not end, or because somebody changed it."""
        if len(raw) > MOST_BYTES:
            self.fault = Fault(at.record, at.byte, f"no line ends within {MOST_BYTES} bytes")
        elif before is not None and before.ev == Event.SEAL:
            self.fault = Fault(at.record, at.byte, "something follows the seal")
        elif not read(raw[:-1])[0]:
            self.fault = Fault(at.record, at.byte, "the end of its line was changed")
        else:
            self.torn = len(raw)

    def _neighbours(self, told: Mapping[str, Any], before: Link | None) -> str:
        """Does what a bad record says fit those beside it? What was changed is seen by that."""
        prev = not told or before is None or told.get("prev") == before.h
        what, after = read(self.file.readline(MOST_BYTES + 1)[:-1])
        alone = {name: value for name, value in told.items() if name != "h"}
        follows = bool(told) and not what and after.get("prev") == hash_of(alone)
        first = ("prev ok" if prev else "prev broken") if told else "unreadable"
        return f"{first}, {'next ok' if follows else 'next broken'}"


def read(raw: bytes) -> tuple[str, dict[str, Any]]:
    """What is wrong with one line, and what it says as far as it can be read."""
    try:
        told = loads(raw)
        given = told.pop("h", None)
        alone = canonical(told)
    except NotARecord as error:
        return str(error), {}
    if not isinstance(given, str) or hash_of(told) != given:
        return "hash of record does not match", told
    told["h"] = given
    if raw.replace(f'"h":"{given}",'.encode(), b"", 1) != alone:
        return "it is not written as this program writes", told
    return "", told


def rest(file: BinaryIO, start: int) -> tuple[int, str]:
    """How many bytes follow ``start``, and their SHA-256."""
    file.seek(start)
    digest, size = hashlib.sha256(), 0
    while part := file.read(1 << 16):
        digest.update(part)
        size += len(part)
    return size, digest.hexdigest()
