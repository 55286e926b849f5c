from __future__ import annotations

import random
import string
import tracemalloc
import zlib
from typing import Any

import orjson
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from collectors.safe import Safe
from console.protocol.bodies import Event
from console.protocol.codec import MOST_INFLATED, MOST_ON_WIRE, Refused, Tally, decode, encode, read
from console.protocol.fit import encode_fitting
from console.protocol.message import Message
from console.protocol.res import Res
from tests.protocol.goldens import messages
from tests.protocol.said import EPOCH, ESTATE, Publisher, tick

META = f"dbo/v1/{ESTATE}/meta"
EVENT = f"dbo/v1/{ESTATE}/event"

numbers = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | st.text(max_size=8)
keys = st.text(max_size=8)
trees = st.recursive(scalars, lambda t: st.lists(t, max_size=3) | st.dictionaries(keys, t, max_size=3), max_leaves=20)


def said(body: dict[str, Any], **others: Any) -> Message:
    return Message(META, "meta", others.pop("at", 7), EPOCH, others.pop("seq", 3), "engine", body, **others)


def envelope(**changes: Any) -> bytes:
    whole: dict[str, Any] = {"v": 1, "kind": "meta", "at": 7, "epoch": EPOCH, "seq": 3, "who": "engine", "body": {}}
    whole |= changes
    return orjson.dumps({key: value for key, value in whole.items() if value is not ...})


def nested(levels: int) -> bytes:
    """A whole envelope so deep: itself a level, and its body another."""
    inner = levels - 2
    return envelope().replace(b'"body":{}', b'"body":{"x":' + b"[" * inner + b"]" * inner + b"}")


def reason(payload: bytes, topic: str = META, *, retained: bool = False) -> str:
    with pytest.raises(Refused) as caught:
        decode(topic, payload, retained=retained)
    assert caught.value.what
    return caught.value.reason


@given(st.dictionaries(st.text(max_size=8), trees, max_size=4), st.none() | st.text(max_size=9))
def test_a_message_comes_back_as_it_was_sent(body: dict[str, Any], kid: str | None) -> None:
    message = said(body, kid=kid, sig=kid)
    try:
        payload = encode(message)
    except Refused:  # deeper than sixteen
        reject()
    assert payload[:1] in {b"{", b"\x78"}
    assert decode(META, payload) == message


def test_a_short_message_is_plain_and_a_long_one_is_packed() -> None:
    assert encode(said({"x": "y" * 800}))[:1] == b"{"
    assert encode(said({"x": "y" * 1024}))[:1] == b"\x78"


def test_an_empty_payload_deletes_state_and_is_refused_for_what_is_live() -> None:
    assert decode(META, b"") is None
    assert reason(b"", EVENT) == "empty"


def test_a_live_message_that_a_broker_kept_is_refused() -> None:
    payload = encode(Message(EVENT, "event", 1, EPOCH, 1, "engine", {}))
    assert decode(EVENT, payload) is not None
    assert reason(payload, EVENT, retained=True) == "retained"
    assert decode(META, envelope(), retained=True) is not None


def test_what_is_too_large_on_the_wire_or_inflated_is_refused() -> None:
    assert reason(b"{" * (MOST_ON_WIRE + 1)) == "large"
    bomb = zlib.compress(b"{" + b" " * MOST_INFLATED)
    assert len(bomb) < MOST_ON_WIRE
    assert reason(bomb) == "large"
    assert reason(zlib.compress(b"0" * 60_000_000)) == "large"


def test_a_bomb_is_not_inflated_to_see_how_large_it_is() -> None:
    bomb = zlib.compress(b"0" * 60_000_000)
    tracemalloc.start()
    assert reason(bomb) == "large"
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4 * MOST_INFLATED


def test_an_inflated_mebibyte_is_just_taken() -> None:
    payload = encode(said({"x": "y" * (MOST_INFLATED - len(encode(said({"x": ""}))))}))
    assert len(zlib.decompress(payload)) == MOST_INFLATED
    assert decode(META, payload) is not None
    with pytest.raises(Refused, match="too large"):
        encode(said({"x": "y" * MOST_INFLATED}))
    with pytest.raises(Refused, match="too large"):
        encode(said({"x": random.Random(1).randbytes(MOST_ON_WIRE).hex()}))


def test_sixteen_levels_are_taken_and_seventeen_are_not() -> None:
    payload = nested(16)
    assert decode(META, payload) is not None
    assert reason(nested(17)) == "deep"
    with pytest.raises(Refused, match="too deeply"):
        encode(said(orjson.loads(nested(17))["body"]))
    assert reason(nested(60_000 // 2)) == "deep"
    assert reason(zlib.compress(nested(500_000))) == "deep"


def test_brackets_in_strings_do_not_count_as_depth() -> None:
    message = said({"text": "[" * 40 + '"' + "{" * 40 + "\\" + "[[[[" * 9, "more": ["\\\\", '\\"'] * 9})
    assert decode(META, encode(message)) == message


def test_hostile_nesting_is_judged_in_no_time() -> None:
    for inner in (b'"\\"' * 300_000, b"\\" * 900_000, b"[]" * 400_000, b'["' * 300_000, b"][" * 400_000):
        assert reason(zlib.compress(b'{"v":1,"body":[' + inner)) in {"json", "deep", "large"}


def test_broken_packing_is_refused() -> None:
    whole = zlib.compress(envelope())
    assert reason(whole[:-3]) == "zlib"
    assert reason(whole + b"x") == "zlib"
    assert reason(b"\x78\x01garbage") == "zlib"
    assert reason(b"\x1f\x8b") == "coding"
    assert reason(b"[]") == "coding"


@pytest.mark.parametrize(
    "changes",
    [
        {"v": ...}, {"v": "1"}, {"v": True}, {"kind": 3}, {"at": -1}, {"at": 1.5}, {"at": True}, {"at": 10**15},
        {"epoch": None}, {"epoch": "x" * 65}, {"seq": -1}, {"seq": 2**63}, {"seq": False}, {"who": ...}, {"body": []},
        {"body": ...}, {"kid": 3}, {"sig": {}},
    ],
)  # fmt: skip
def test_an_envelope_with_a_field_wrong_or_missing_is_refused(changes: dict[str, Any]) -> None:
    assert reason(envelope(**changes)) == "envelope"


def test_another_version_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="version 2, and version 1 is spoken here") as caught:
        decode(META, envelope(v=2, body="whatever v2 has there"))
    assert caught.value.reason == "version"
    assert "same release" in caught.value.mend


def test_fields_and_kinds_of_later_releases_are_ignored() -> None:
    message = decode(META, envelope(kind="forecast", colour="blue", body={"also": 1}))
    assert message is not None
    assert message.kind == "forecast"
    told = messages()["event"]
    later = Message(**{**{f: getattr(told, f) for f in told.__slots__}, "body": {**told.body, "mood": "calm"}})
    assert read(Event, later) == read(Event, told)


def test_no_nan_no_infinity_no_half_of_a_pair() -> None:
    assert reason(b'{"v":1,"body":NaN}') == "json"
    assert reason(b'{"v":1,"body":"\\ud800"}') == "json"
    with pytest.raises(Refused):
        encode(said({"x": "\ud800"}))
    body = dict(messages()["res"].body)
    body["values"] = {"x": {"v": 1e999, "t": 1}}
    with pytest.raises(Refused) as caught:
        read(Res, said(body))
    assert caught.value.reason == "body"


def test_text_is_safe_once_it_is_a_body() -> None:
    hostile = "\x1b[31mred\x1b]52;c;x\x07\u202e"
    told = read(Event, said({"text": hostile, "source": hostile, "t": 1, "resource": hostile}))
    assert {type(text) for text in (told.text, told.source, told.resource)} == {Safe}
    message = decode(META, envelope(kind=hostile, who=hostile))
    assert message is not None
    assert type(message.who) is Safe
    assert not set("\x1b\x07\u202e") & set(told.text + told.source + message.who + message.kind)


def test_refusals_are_counted_by_reason() -> None:
    tally = Tally()
    for payload in (b"[", b"[", b"{"):
        try:
            decode(META, payload)
        except Refused as refusal:
            tally.count(refusal)
    assert tally.by_reason == {"coding": 2, "json": 1}
    assert tally.total == 3


def test_whatever_bytes_come_are_a_message_or_refused() -> None:
    chance = random.Random(20_000)
    topics = [message.topic for message in messages().values()] + ["", "dbo/v1/x", "dbo/v1/shop/later/x"]
    whole = [(message.topic, encode(message)) for message in messages().values()]
    for number in range(20_000):
        topic, payload = chance.choice(whole)
        if number % 2:
            topic = chance.choice(topics)
            payload = chance.choice((b"", b"{", b"\x78\x01")) + chance.randbytes(chance.randrange(40))
        else:
            spoilt = bytearray(payload)
            for _ in range(chance.randrange(1, 4)):
                spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            payload = bytes(spoilt[: chance.randrange(len(spoilt) + 1)] if number % 3 else spoilt)
        try:
            message = decode(topic, payload)
        except Refused:
            continue
        assert message is None or message.topic == topic


@settings(max_examples=60)
@given(st.text(alphabet=string.printable, max_size=80), st.integers(1, 3_000))
def test_a_text_that_is_too_long_is_cut_and_says_so(text: str, times: int) -> None:
    message = Message(EVENT, "event", 1, EPOCH, 1, "engine", {"text": text * times, "source": "rds", "t": 1})
    back = decode(EVENT, encode_fitting(message))
    assert back is not None
    told = back.body["text"]
    assert (text * times).startswith(told)
    assert (told == text * times) is not back.body.get("cut", False)


def test_a_cut_text_is_as_long_as_fits() -> None:
    text = random.Random(3).randbytes(80_000).decode("latin-1").replace("\x00", " ")
    payload = encode_fitting(Message(EVENT, "event", 1, EPOCH, 1, "engine", {"text": text, "source": "rds", "t": 1}))
    back = decode(EVENT, payload)
    assert back is not None
    assert back.body["cut"] is True
    assert MOST_ON_WIRE - 2_000 < len(payload) <= MOST_ON_WIRE


def test_what_no_cut_can_make_fit_is_refused() -> None:
    filler = random.Random(4).randbytes(MOST_ON_WIRE).hex()
    with pytest.raises(Refused, match="too large"):
        encode_fitting(Message(EVENT, "event", 1, EPOCH, 1, "engine", {"text": "x", "filler": filler}))


def test_a_tick_of_a_hundred_resources_is_small() -> None:
    chance = random.Random(5)
    names = [f"cloudwatch.Metric{number}" for number in range(10)]
    at = 1_767_225_600_000
    changes = {f"resource-{n}": {name: (chance.random() * 100, at) for name in names} for n in range(100)}
    message = Publisher().scribe.write("tick", body=tick(0, changes))
    assert len(encode(message)) < MOST_ON_WIRE / 2
