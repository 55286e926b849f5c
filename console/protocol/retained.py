"""What is the last word on each state topic, with the ticks since then folded into it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from collectors.safe import sanitise
from console.protocol.codec import Refused, Tally, encode
from console.protocol.message import Message
from console.protocol.topics import Topic

_ORDER = {"meta": 0, "status": 1, "res": 2, "hist": 4}  # as a screen needs them; what is not named comes between


class _Kept:
    """One state topic. Folding and encoding wait until a client needs the payload."""

    __slots__ = ("changes", "family", "message", "payload")

    def __init__(self, family: str, message: Message, payload: bytes) -> None:
        self.family = family
        self.message = message
        self.payload = payload
        self.changes: dict[str, tuple[float | None, int]] = {}

    def fold(self, changes: Mapping[str, Any]) -> None:
        declared = self.message.body.get("values", {})
        self.changes |= {name: (v, t) for name, (v, t) in changes.items() if name in declared}


class Retained:
    """The state topics of one publisher. A `res` is given out as of the last tick, in its values and its seq."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._kept: dict[str, _Kept] = {}
        self._resources: dict[str, str] = {}  # a tick names resources, not topics
        self._tick: Message | None = None

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, text: str) -> bool:
        return text in self._kept

    @property
    def last_tick(self) -> int:
        """Its seq; 0 before the first."""
        return self._tick.seq if self._tick else 0

    def topics(self) -> list[str]:
        """All, in the order in which whoever joins should get them."""
        return sorted(self._kept, key=lambda text: _ORDER.get(self._kept[text].family, 3))

    def keep(self, about: Topic, message: Message, payload: bytes) -> None:
        told = message if about.family == "res" else replace(message, body={})  # ticks are folded into no other
        self._kept[message.topic] = _Kept(about.family, told, payload)
        if about.family == "res":
            self._resources[about.rest[0]] = message.topic

    def drop(self, text: str) -> None:
        self._kept.pop(text, None)
        self._resources = {resource: kept for resource, kept in self._resources.items() if kept != text}

    def fold(self, tick: Message) -> tuple[str, ...]:
        """Take in a tick; the topics of the resources that it touched."""
        self._tick = tick
        touched = []
        for resource, changes in tick.body["res"].items():
            text = self._resources.get(sanitise(resource))
            if text is not None:
                self._kept[text].fold(changes)
                touched.append(text)
        return tuple(touched)

    def payload(self, text: str) -> bytes:
        """The present of one topic; empty, which means deleted, where there is none."""
        kept = self._kept.get(text)
        if kept is None:
            return b""
        tick = self._tick
        if kept.family == "res" and tick and kept.message.epoch == tick.epoch and kept.message.seq < tick.seq:
            folded = _as_of(kept, tick)
            try:
                kept.payload = encode(folded)
            except Refused as refusal:  # grown over the limit: the older one shows as stale, which is true
                self._tally.count(refusal)
            else:
                kept.message = folded
                kept.changes = {}
        return kept.payload


def _as_of(kept: _Kept, tick: Message) -> Message:
    body = dict(kept.message.body)
    body["values"] = body.get("values", {}) | {
        name: _moved(body["values"][name], v, t) for name, (v, t) in kept.changes.items()
    }
    body["seen"] = _newest(body.get("seen", 0), kept.changes.values())
    return replace(kept.message, body=body, at=tick.at, seq=tick.seq, kid=None, sig=None)


def _moved(value: Mapping[str, Any], v: float | None, t: int) -> dict[str, Any]:
    return {**value, "v": v, "t": t, "s": "none" if v is None else "fresh"}


def _newest(seen: int, changes: Iterable[tuple[float | None, int]]) -> int:
    return max((seen, *(t for _, t in changes)))
