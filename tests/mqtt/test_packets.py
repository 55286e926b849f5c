"""What stands at a broker's door reads what a client writes, and takes nothing else for it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.mqtt import packets
from console.mqtt.packets import Connect, MalformedError

TEXT = st.text(max_size=12)
CONNECTS = st.builds(
    Connect,
    level=st.just(packets.LEVEL),
    client=TEXT,
    keep_alive=st.integers(0, 65_535),
    is_clean=st.booleans(),
    will=st.none() | st.tuples(TEXT, st.binary(max_size=200), st.sampled_from((0, 8, 0x20, 0x28))),
    user=TEXT,
    password=st.none() | st.binary(max_size=12),
)


def body_of(packet: bytes) -> bytes:
    at = 1
    while packet[at] & 0x80:
        at += 1
    return packet[at + 1 :]


@settings(max_examples=40, deadline=None)
@given(CONNECTS)
def test_what_is_written_is_read(connect: Connect) -> None:
    assert packets.read_connect(body_of(connect.packed())) == connect


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60) | CONNECTS.flatmap(lambda each: st.just(body_of(each.packed())[:-1])))
def test_anything_else_is_malformed_and_nothing_worse(noise: bytes) -> None:
    for read in (packets.read_connect, packets.read_filters, packets.topic_of):
        with contextlib.suppress(MalformedError):
            read(noise)


def test_the_length_of_a_packet_is_written_as_the_standard_has_it() -> None:
    for length, head in ((0, "00"), (127, "7f"), (128, "8001"), (16_383, "ff7f"), (16_384, "808001")):
        assert packets.packet(0x30, bytes(length))[: 1 + len(head) // 2] == bytes.fromhex("30" + head)


def test_of_a_later_version_only_the_level_is_read_and_of_another_protocol_none() -> None:
    later = bytes.fromhex("00044d515454 05 02 000a 00 0000".replace(" ", ""))
    assert packets.read_connect(later).level == 5
    assert packets.read_connect(bytes.fromhex("00064d514973647003") + bytes(3)).level == 0


def test_a_filter_that_may_not_be_had_is_asked_for_as_one_that_nobody_has() -> None:
    asked = packets.subscribe(7, ["dbo/v1/#", "$SYS/#"], lambda each: not each.startswith("$"))
    assert packets.read_filters(body_of(asked)) == (7, ["dbo/v1/#", "#/"])


@pytest.mark.parametrize("wrong", ["0001", "00010003612f6203", "000100"])
def test_a_subscription_to_nothing_or_of_no_quality_is_malformed(wrong: str) -> None:
    with pytest.raises(MalformedError):
        packets.read_filters(bytes.fromhex(wrong))
