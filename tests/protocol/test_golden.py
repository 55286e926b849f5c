"""Do today's payloads read as they did when they were first written? See goldens.py for how to write them anew."""

from __future__ import annotations

import zlib

import pytest

from console.protocol.bodies import Ack, Command, Event, Failure, Hello, Hist, Lost, Tick
from console.protocol.body import Body
from console.protocol.codec import decode, encode, read
from console.protocol.failover import Failover
from console.protocol.flush import Flush
from console.protocol.message import Message
from console.protocol.meta import Meta
from console.protocol.res import Res
from console.protocol.status import Status
from tests.protocol.goldens import BODIES, DIRECTORY, messages

MODELS: dict[str, type[Body]] = {
    "hello": Hello, "refused": Failure, "lost": Lost, "meta": Meta, "status": Status, "res": Res, "hist": Hist,
    "tick": Tick, "event": Event, "cmd": Command, "ack": Ack, "failover": Failover,
    "flush": Flush,
}  # fmt: skip


def plain_json(payload: bytes) -> bytes:
    return zlib.decompress(payload) if payload[:1] == b"\x78" else payload


@pytest.mark.parametrize(("name", "message"), messages().items(), ids=messages())
def test_what_was_written_once_is_still_written_so(name: str, message: Message) -> None:
    kept, now = (DIRECTORY / name).read_bytes(), encode(message)
    assert plain_json(now) == plain_json(kept)  # how zlib packs it may differ from one zlib to the next
    assert now[:1] == kept[:1]


@pytest.mark.parametrize(("name", "message"), messages().items(), ids=messages())
def test_what_was_written_once_can_still_be_read(name: str, message: Message) -> None:
    kept = decode(message.topic, (DIRECTORY / name).read_bytes())
    assert kept == message
    if message.kind in MODELS:
        assert read(MODELS[message.kind], kept) == BODIES[name][2]


def test_every_golden_file_is_still_checked() -> None:
    assert {path.name for path in DIRECTORY.iterdir()} == set(messages())
    assert (DIRECTORY / "res-large").read_bytes()[0] == 0x78
    assert (DIRECTORY / "tick").read_bytes()[:1] == b"{"
