"""What does one record of the audit trail say, how is it written, and which hash makes it a link of a chain?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson

from console.audit.plain import Plain, bounded

VERSION = 1
MOST_BYTES = 16 * 1024  # of a line with its end
NO_HASH = "0" * 64  # what the first record of all follows
_PREFIX = b"dbconsole-audit-v1\n"


class Event(StrEnum):
    """What happened. The words are part of the format: none is renamed, and a reader may meet one it does not know."""

    SESSION_START = "SESSION_START"
    SESSION_END = "SESSION_END"
    ROLE = "ROLE"
    LOCK = "LOCK"
    UNLOCK = "UNLOCK"
    CHECK = "CHECK"
    REFUSED = "REFUSED"
    OVERRIDE = "OVERRIDE"
    CONFIRM = "CONFIRM"
    APPROVE_REQ = "APPROVE_REQ"
    APPROVED = "APPROVED"
    DENIED = "DENIED"
    INTENT = "INTENT"
    WITHDRAWN = "WITHDRAWN"  # by a person, while it counted down
    ABANDONED = "ABANDONED"  # an intent that nobody sent, found after a restart
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    UNKNOWN = "UNKNOWN"
    PROGRESS = "PROGRESS"
    VERIFIED = "VERIFIED"
    DONE = "DONE"
    FAILED = "FAILED"
    OVERDUE = "OVERDUE"
    HANDED_OVER = "HANDED_OVER"
    ACK = "ACK"
    FREEZE = "FREEZE"
    BREAK_GLASS = "BREAK_GLASS"
    REVEAL = "REVEAL"  # literals were shown
    ALERT_FIRE = "ALERT_FIRE"
    ALERT_RESOLVE = "ALERT_RESOLVE"
    SILENCE = "SILENCE"
    NOTE = "NOTE"
    NOTIFY_FAIL = "NOTIFY_FAIL"
    CLOCK_STEP = "CLOCK_STEP"
    DROPPED = "DROPPED"
    ANCHOR = "ANCHOR"
    RECOVERED = "RECOVERED"
    SEAL = "SEAL"


DURABLE = frozenset(
    {
        *(Event.CONFIRM, Event.APPROVED, Event.DENIED, Event.BREAK_GLASS, Event.INTENT, Event.SENT),
        *(Event.ACCEPTED, Event.REJECTED, Event.UNKNOWN, Event.VERIFIED, Event.DONE, Event.FAILED, Event.OVERDUE),
        *(Event.WITHDRAWN, Event.ABANDONED, Event.HANDED_OVER, Event.RECOVERED, Event.SEAL),
    }
)
"""On disk before whoever wrote them goes on; the others are a second later."""

ANCHORED = frozenset({Event.DONE, Event.FAILED, Event.SEAL})
"""After which the head is told elsewhere at once."""


@dataclass(frozen=True, slots=True)
class Who:
    """In whose name: as AWS knows them, as the machine does, from where, and how many see the same terminal."""

    arn: str = ""
    src: str = ""
    tty: str = ""
    role: str = ""
    shared: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    seq: int
    ts: str
    mono: int  # ns
    boot: str
    host: str
    pid: int
    sess: str
    op: str
    who: Who
    ev: str
    act: str
    res: str
    plan: str
    data: Mapping[str, Plain]
    prev: str
    h: str = ""

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.ts)

    @property
    def is_whole(self) -> bool:
        """Whether its hash is that of what it says. Where it stands in the chain is the verifier's question.

        Of data that was put aside, the line and so its hash hold a reference alone.
        """
        return self.h == hash_of(body(self)) or self.h == hash_of(body(self) | {"data": aside(self.data)})


class NotARecord(ValueError):  # noqa: N818 - named for what it tells
    """A line that no console of this version wrote."""


def stamp(at: datetime) -> str:
    """`2026-11-21T00:24:52.113Z`"""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def within_bounds(record: Record) -> Record:
    """The same with no text but its data's so long that the line could not be written."""
    who = record.who
    kept = Who(bounded(who.arn), bounded(who.src), bounded(who.tty), bounded(who.role), who.shared)
    texts: dict[str, Any] = {name: bounded(getattr(record, name)) for name in _BOUNDED}
    return replace(record, who=kept, **texts)


_BOUNDED = ("boot", "host", "sess", "op", "act", "res", "plan")


def linked(record: Record, seq: int, prev: str) -> Record:
    """As a link of a chain: the one after ``prev``."""
    placed = replace(record, seq=seq, prev=prev)
    return replace(placed, h=hash_of(body(placed)))


def line(record: Record) -> bytes:
    return canonical(body(record) | {"h": record.h}) + b"\n"


_encode = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(told: Mapping[str, Any]) -> bytes:
    """Sorted, without spaces, in ASCII: a line that is printed as it stands can do nothing to a terminal."""
    return _encode(told).encode("ascii")


EVIDENCE = "evidence"  # the key of a reference, beside `bytes`


def aside(data: Mapping[str, Plain]) -> dict[str, Plain]:
    """What stands in the line instead of data that is too long for it."""
    told = canonical(data)
    return {EVIDENCE: f"sha256:{hashlib.sha256(told).hexdigest()}", "bytes": len(told)}


def hash_of(told: Mapping[str, Any]) -> str:
    """Of all but `h` itself."""
    return hashlib.sha256(_PREFIX + canonical(told)).hexdigest()


def body(record: Record) -> dict[str, Any]:
    who = record.who
    return {
        "v": VERSION,
        "seq": record.seq,
        "ts": record.ts,
        "mono": record.mono,
        "boot": record.boot,
        "host": record.host,
        "pid": record.pid,
        "sess": record.sess,
        "op": record.op,
        "who": {"arn": who.arn, "src": who.src, "tty": who.tty, "role": who.role, "shared": who.shared},
        "ev": str(record.ev),
        "act": record.act,
        "res": record.res,
        "plan": record.plan,
        "data": record.data,
        "prev": record.prev,
    }


def parse(raw: bytes) -> Record:
    """The record of one line; `NotARecord` where it has not the form. Whether its hash is right is not asked."""
    told = loads(raw)
    try:
        who = told["who"]
        record = Record(**{name: told[name] for name in _NAMES}, who=Who(**who))
    except (KeyError, TypeError):
        raise NotARecord("it has not the keys of a record") from None
    if any(type(getattr(record, name)) is not kind for name, kind in _NAMES.items()):
        raise NotARecord("a value of it has another type")
    texts = (record.who.arn, record.who.src, record.who.tty, record.who.role)
    if not all(isinstance(text, str) for text in texts) or not isinstance(record.who.shared, int):
        raise NotARecord("a value of `who` has another type")
    try:
        datetime.fromisoformat(record.ts)
    except ValueError:
        raise NotARecord(f"its time is no time: {record.ts[:40]!r}") from None
    return record


_NAMES = {
    **dict.fromkeys(("seq", "mono", "pid"), int),
    **dict.fromkeys(("ts", "boot", "host", "sess", "op", "ev", "act", "res", "plan", "prev", "h"), str),
    "data": dict,
}


def loads(raw: bytes) -> dict[str, Any]:
    """The object of one line, without its end."""
    try:
        told = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise NotARecord(f"it is no JSON: {error}") from None
    if not isinstance(told, dict) or told.get("v") != VERSION:
        raise NotARecord("it is no record of version 1")
    return told
