"""What a broker gets of what a subscription brings."""

from __future__ import annotations

import pytest

from console.engine.sharing.voice import PRESENCE_S, Out, Voice
from console.mqtt.signing import Keys
from console.protocol.codec import MOST_ON_WIRE, decode, encode
from console.protocol.refusal import Tally
from console.protocol.ring import Item
from console.protocol.scribe import Scribe
from console.protocol.topics import READY
from tests.engine.sharing.shop import signer

OWN = signer()
SCRIBE = Scribe("shop", "engine", "01E", lambda: 5)


@pytest.fixture
def voice() -> Voice:
    return Voice("shop", SCRIBE, OWN, Tally())


def item(*path: str, **body: object) -> Item:
    message = SCRIBE.write(*path, body=body)
    return message.topic, encode(message)


def test_state_is_kept_and_what_is_live_is_not(voice: Voice) -> None:
    items = [item("res", "a"), item("tick"), item("event", text="x"), item("presence", "kim"), (READY, b"{}")]
    kinds = [(out.topic.split("/", 3)[3], out.retain, out.assured, out.expires_s) for out in voice.says(items)]
    assert kinds == [
        ("res/a", True, True, None), ("tick", False, False, None), ("event", False, True, None),
        ("presence/kim", True, True, PRESENCE_S),
    ]  # fmt: skip


def test_an_event_is_told_again_until_the_broker_has_it(voice: Voice) -> None:
    items = [item("event", text="a"), item("event", text="b")]
    first, _ = voice.says(items)
    assert len(voice.says(items)) == 2
    voice.was_told(first)
    (left,) = voice.says(items)
    assert b'"b"' in left.payload


def test_a_deletion_is_said_after_what_came_before_it_and_below_what_comes_after(voice: Voice) -> None:
    before, gone = item("event", text="a"), ("dbo/v1/shop/res/a", b"")
    seqs = [_seq(out) for out in voice.says([before, gone]) if out.payload]
    after = [_seq(out) for out in voice.says([item("event", text="b")])]
    assert seqs == sorted(seqs)
    assert seqs[-1] < after[0]


def test_many_deletions_are_said_in_messages_that_can_travel(voice: Voice) -> None:
    topics = [f"dbo/v1/shop/res/{'long-' * 30}{number}" for number in range(1_000)]
    outs = voice.says([(each, b"") for each in topics])
    assert [out for out in outs if not out.payload] == [Out(each, b"", retain=True) for each in topics]
    assert all(len(out.payload) < MOST_ON_WIRE for out in outs)


def test_the_past_is_as_much_of_it_as_can_travel(voice: Voice) -> None:
    items = [item("event", text=f"{number}: {'long ' * 200}") for number in range(100)]
    (out,) = voice.past(items)
    message = decode(out.topic, out.payload)
    assert message is not None
    assert (message.kind, out.retain, out.event) == ("past", False, None)
    texts = [each["body"]["text"] for each in message.body["events"]]
    assert len(texts) > 30
    assert [text.split(":")[0] for text in texts] == [f"{number}" for number in range(100 - len(texts), 100)]
    assert voice.past([]) == []


def test_the_will_is_signed_and_says_that_nobody_is_there(voice: Voice) -> None:
    will = voice.will()
    message = decode(will.topic, will.payload)
    assert message is not None
    assert message.body == {"online": False}
    assert Keys({"own": OWN.public}).whose(message) == "own"


def _seq(out: Out) -> int:
    message = decode(out.topic, out.payload)
    assert message is not None
    return message.seq
