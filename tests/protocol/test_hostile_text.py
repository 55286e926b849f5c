"""Hostile text in every place a message has for text: it travels, and whoever reads it gets it as `Safe`."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from pydantic import BaseModel

from collectors.safe import DETAIL_LIMIT, Safe, sanitise
from console.protocol.bodies import Event
from console.protocol.body import Body
from console.protocol.codec import decode, encode, read
from console.protocol.message import Message
from console.protocol.meta import Meta
from console.protocol.mirror import Mirror
from console.protocol.res import Res
from console.protocol.topics import topic
from tests.rig.battery import battery
from tests.rig.hostile import strings

BODIES: dict[str, type[Body]] = {"meta": Meta, "res": Res, "event": Event}
AT_ONCE = 60
COUNT = battery(10_000)
BATCHES = COUNT // (AT_ONCE * 3)


def texts(value: object) -> Iterator[str]:
    """Every text in a body that a publisher chose, keys of tables included."""
    match value:
        case StrEnum():
            return  # one of our words
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield from texts(key)
                yield from texts(inner)
        case list() | tuple():
            for inner in value:
                yield from texts(inner)
        case BaseModel():
            yield from texts(list(dict(value).values()))


def message(kind: str, seq: int, body: dict[str, object], *rest: str) -> Message:
    return Message(topic("shop", kind, *rest), kind, 1_700_000_000_000, "01J", seq, "engine", body)


def resource(words: list[str]) -> dict[str, object]:
    names = ("kind", "engine", "role", "status", "az", "region", "account")
    facts = dict(zip(words[7::2], words[8::2], strict=False))
    values = {word: {"v": 1.0, "t": 1, "u": word, "g": word} for word in words}
    return {**dict(zip(names, words, strict=False)), "facts": facts, "values": values, "seen": 1}


def travelled(sent: Message) -> Message:
    """As it comes out at the other end. Lone surrogates are no text, and so no JSON: a publisher cannot send them."""
    came = decode(sent.topic, encode(sent))
    assert came is not None
    return came


def test_hostile_texts_by_the_thousands_arrive_as_safe_ones() -> None:
    source = (text[:400].encode("utf-8", "replace").decode() for text in strings(7, BATCHES * AT_ONCE * 3))
    mirror = Mirror()
    seen = 0
    for batch in range(BATCHES):
        words = [next(source) for _ in range(AT_ONCE)]
        names = [next(source) or "x" for _ in range(AT_ONCE)]
        events = [next(source) for _ in range(AT_ONCE)]
        meta = {"schema_version": 1, "started": 1, "version": words[0], "estate": words[1], "mode": "demo"}
        said = [message("meta", batch * 100 + 1, {**meta, "names": dict(zip(names, words, strict=True))})]
        said.append(message("res", batch * 100 + 2, resource(words), names[0]))
        said += [
            message("event", batch * 100 + 3 + n, {"text": text, "source": text, "t": 1, "resource": text})
            for n, text in enumerate(events)
        ]
        for sent in said:
            came = travelled(sent)
            body = read(BODIES[came.kind], came)
            for text in texts(body):
                assert isinstance(text, Safe) or text in {"demo", "fresh"}, "a mode and a state are words of ours"
                assert sanitise(text, DETAIL_LIMIT) == text
                seen += 1
            mirror.apply(came.topic, came)
        assert all(isinstance(name, Safe) and sanitise(name) == name for name in mirror.resources)
    assert seen > COUNT
