"""What is a message about, and is that kept (state) or only passed on (live)?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

from collectors.safe import Safe, sanitise
from console.protocol.refusal import Refused

ROOT = "dbo/v1"
MOST_SLASHES = 7
MOST_BYTES = 1024

HELLO, READY, REFUSED, LOST, RELAY = (f"{ROOT}/{word}" for word in ("hello", "ready", "refused", "lost", "relay"))
"""Said on one link while joining or streaming, about no estate."""

STATE: Mapping[str, int] = MappingProxyType(
    {
        "meta": 0,
        "status": 0,
        "res": 1,
        "hist": 1,
        "ghost": 1,
        "server": 1,
        "waits": 1,
        "sessions": 1,
        "queries": 1,
        "indexes": 1,
        "files": 1,
        "memory": 1,
        "replication": 1,
        "replication-aws": 1,
        "backups": 1,
        "backups-inside": 1,
        "cache": 1,
        "slow-log": 1,
        "latency": 1,
        "offers": 0,
        "op": 1,
        "failover": 1,
        "flush": 1,
        "incident": 0,
        "lead": 0,
        "presence": 1,
        "note": 1,
    }
)
LIVE: Mapping[str, int] = MappingProxyType({"tick": 0, "event": 0, "cmd": 1, "ack": 1})
"""Families with how many names follow them."""

_LINK = {text: Safe(text.rpartition("/")[2]) for text in (HELLO, READY, REFUSED, LOST, RELAY)}
_ODD = re.compile(rb"[^A-Za-z0-9._@-]")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic taken apart. What was a name is `Safe`: a publisher chose it."""

    estate: Safe  # empty for a topic of the link
    family: Safe
    rest: tuple[Safe, ...]

    @property
    def is_state(self) -> bool:
        return self.family in STATE and bool(self.estate)

    @property
    def is_live(self) -> bool:
        """Known to be live. A family of a later version is neither: it is ignored, not refused."""
        return self.family in LIVE or not self.estate


def topic(estate: str, *parts: str) -> str:
    """The text of a topic; each name is escaped so that any name makes exactly one level."""
    text = "/".join((ROOT, _escaped(estate), *map(_escaped, parts)))
    if not parts or text.count("/") > MOST_SLASHES or len(text) > MOST_BYTES:
        raise Refused("topic", "A topic cannot be that long or that short.", seen=text[:80])
    return text


def parse(text: str) -> Topic:
    """The parts of a topic. Only the one way of writing it is taken, so that no two texts mean one thing."""
    if text in _LINK:
        return Topic(Safe(""), _LINK[text], ())
    before, _, after = text.partition(f"{ROOT}/")
    if before and before == text and re.match(r"dbo/v\d+/", text):
        mend = "Use the same release of dbconsole on both sides."
        raise Refused("version", "This topic is of another version of the protocol.", seen=ascii(text[:80]), mend=mend)
    if before or not after or len(text) > MOST_BYTES:
        raise Refused("topic", "This topic is not of this protocol.", seen=ascii(text[:80]), mend=f"It begins {ROOT}/.")
    levels = after.split("/")
    if not 2 <= len(levels) <= MOST_SLASHES - 1:
        raise Refused("topic", "This topic has too few or too many levels.", seen=ascii(text[:80]))
    estate, family, *rest = map(_unescaped, levels)
    names = {**STATE, **LIVE}.get(family, len(rest))
    if names != len(rest):
        raise Refused("topic", f"`{family}` is followed by {names} names.", seen=ascii(text[:80]))
    return Topic(estate, family, tuple(rest))


def _escaped(name: str) -> str:
    if not name:
        raise Refused("topic", "A name in a topic cannot be empty.")
    raw = name.encode("utf-8", "replace")
    return _ODD.sub(lambda odd: b"%%%02X" % odd[0][0], raw).decode("ascii")


def _unescaped(level: str) -> Safe:
    try:
        name = unquote_to_bytes(level).decode("utf-8")
    except UnicodeError:
        name = ""
    if not name or _escaped(name) != level:
        raise Refused("topic", "A name in this topic is not written as it must be.", seen=ascii(level[:80]))
    return sanitise(name)
