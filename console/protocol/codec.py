"""Which bytes is a message, and which message are these bytes? What cannot be taken is refused in words."""

from __future__ import annotations

import re
import zlib
from typing import Any, TypeVar

import orjson
from pydantic import ValidationError

from collectors.safe import sanitise
from console.protocol.body import Body
from console.protocol.message import VERSION, Message
from console.protocol.refusal import Refused, Tally
from console.protocol.topics import parse

__all__ = ["MOST_INFLATED", "MOST_ON_WIRE", "Refused", "Tally", "decode", "encode", "read"]

MOST_ON_WIRE = 64 * 1024
MOST_INFLATED = 1024 * 1024
MOST_DEEP = 16
PLAIN_UP_TO = 1024
LATEST_MS = 253_402_300_799_999  # the end of datetime

JSON, ZLIB = ord("{"), 0x78

_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))

AnyBody = TypeVar("AnyBody", bound=Body)


def encode(message: Message) -> bytes:
    """The payload. Raises `Refused` for what `decode` would not take: too large, too deep, not text."""
    envelope: dict[str, Any] = {
        "v": VERSION,
        "kind": message.kind,
        "at": message.at,
        "epoch": message.epoch,
        "seq": message.seq,
        "who": message.who,
        "body": message.body,
    }
    if message.kid is not None:
        envelope["kid"] = message.kid
    if message.sig is not None:
        envelope["sig"] = message.sig
    try:
        plain = orjson.dumps(envelope)
    except TypeError as error:
        raise Refused("json", "This message cannot be written as JSON.", seen=str(error)) from error
    _check_size(len(plain), MOST_INFLATED)
    _check_depth(plain)
    payload = plain if len(plain) <= PLAIN_UP_TO else zlib.compress(plain, 1)
    _check_size(len(payload), MOST_ON_WIRE)
    return payload


def decode(topic: str, payload: bytes, *, retained: bool = False) -> Message | None:
    """The message; None for a deletion. Raises `Refused` and nothing else, whatever the bytes are."""
    about = parse(topic)
    if about.is_live and (retained or not payload):
        reason, how = ("retained", "kept by a broker") if retained else ("empty", "empty")
        raise Refused(reason, f"A message about `{about.family}` cannot be {how}.", seen=ascii(topic))
    if not payload:
        return None
    _check_size(len(payload), MOST_ON_WIRE)
    plain = _plain(payload)
    _check_depth(plain)
    try:
        envelope = orjson.loads(plain)
    except orjson.JSONDecodeError as error:
        raise Refused("json", "This payload is not JSON.", seen=str(error)) from error
    return _message(topic, envelope)


def read(model: type[AnyBody], message: Message) -> AnyBody:
    """The body as its type, with every text sanitised."""
    try:
        return model.model_validate(message.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        seen = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise Refused("body", f"This is no `{model.__name__.lower()}`.", seen=str(sanitise(seen, 200))) from error


def _plain(payload: bytes) -> bytes:
    if payload[0] == JSON:
        return payload
    if payload[0] != ZLIB:
        raise Refused("coding", "This payload is neither JSON nor zlib.", seen=f"first byte {payload[0]:#04x}")
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(payload, MOST_INFLATED + 1)
    except zlib.error as error:
        raise Refused("zlib", "This payload cannot be inflated.", seen=str(error)) from error
    _check_size(len(plain), MOST_INFLATED)
    if not inflater.eof or inflater.unused_data:
        end = "bytes after its end" if inflater.eof else "no end"
        raise Refused("zlib", "This payload cannot be inflated.", seen=f"a stream with {end}")
    return plain


def _message(topic: str, envelope: object) -> Message:
    match envelope:
        case {"v": int(v)} if v != VERSION:
            raise Refused(
                "version",
                f"This message is of protocol version {v}, and version {VERSION} is spoken here.",
                mend="Use the same release of dbconsole on both sides.",
            )
        case {
            "v": int(v),
            "kind": str(kind),
            "at": int(at),
            "epoch": str(epoch),
            "seq": int(seq),
            "who": str(who),
            "body": dict(body),
            **others,
        } if bool not in map(type, (v, at, seq)) and 0 <= at <= LATEST_MS and 0 <= seq < 1 << 63 and len(epoch) <= 64:
            kid, sig = others.get("kid"), others.get("sig")
            if isinstance(kid, str | None) and isinstance(sig, str | None):
                return Message(topic, sanitise(kind), at, epoch, seq, sanitise(who), body, kid, sig)
    raise Refused("envelope", "This message has no envelope, or a wrong one.", seen=ascii(topic))


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise Refused("large", "This message is too large.", seen=f"more than {most} bytes")


def _check_depth(plain: bytes) -> None:
    """Before anything recursive sees it, and in linear time: each round takes away the innermost level."""
    if plain.count(b"[") + plain.count(b"{") <= MOST_DEEP:
        return
    outside_strings = b"".join(_ESCAPE.sub(b"", plain).split(b'"')[::2])
    left = outside_strings.translate(_BRACKETS, _NO_BRACKETS)
    for _ in range(MOST_DEEP):
        left = left.replace(b"[]", b"")
    if left.count(b"[") != left.count(b"]"):
        raise Refused("json", "This payload is not JSON.", seen="brackets that do not match")
    if left:
        raise Refused("deep", "This message is nested too deeply.", seen=f"more than {MOST_DEEP} levels")
