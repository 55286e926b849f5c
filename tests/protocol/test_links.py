"""What every link promises, whatever carries it."""

from __future__ import annotations

import asyncio

import pytest

from console.protocol.codec import MOST_ON_WIRE
from console.protocol.link import LinkClosed, ProtocolError
from tests.protocol.conftest import MakePair, within

TOPIC = "dbo/v1/shop/tick"


async def test_payloads_arrive_whole_in_order_and_both_ways(pairs: MakePair) -> None:
    engine, client = await pairs()
    for number in range(5):
        await within(engine.send(f"{TOPIC}/{number}", bytes([number]) * number))
        await within(client.send(TOPIC, b"x"))
    for number in range(5):
        assert await within(client.receive()) == (f"{TOPIC}/{number}", bytes([number]) * number)
        assert await within(engine.receive()) == (TOPIC, b"x")


async def test_the_largest_payload_and_an_empty_one_travel(pairs: MakePair) -> None:
    engine, client = await pairs()
    for payload in (b"\x00\xff" * (MOST_ON_WIRE // 2), b""):
        sending = asyncio.create_task(engine.send(TOPIC, payload))
        assert await within(client.receive()) == (TOPIC, payload)
        await within(sending)


@pytest.mark.parametrize(("topic", "size"), [(TOPIC, MOST_ON_WIRE + 1), ("x" * 2000, 1), ("", 1)])
async def test_what_no_link_carries_is_not_sent(pairs: MakePair, topic: str, size: int) -> None:
    engine, client = await pairs()
    with pytest.raises(ProtocolError):
        await within(engine.send(topic, b"x" * size))
    await within(engine.send(TOPIC, b"well"))
    assert await within(client.receive()) == (TOPIC, b"well")


async def test_what_was_sent_before_the_end_still_arrives(pairs: MakePair) -> None:
    engine, client = await pairs()
    for number in range(5):
        await within(engine.send(TOPIC, b"%d" % number))
    await engine.close()
    for number in range(5):
        assert await within(client.receive()) == (TOPIC, b"%d" % number)
    with pytest.raises(LinkClosed):
        await within(client.receive())


async def test_nobody_sends_to_an_end_that_is_gone(pairs: MakePair) -> None:
    engine, client = await pairs()
    await client.close()

    async def insist() -> None:
        for _ in range(1_000):  # a socket may take a little before it knows
            await engine.send(TOPIC, b"x" * 1_000)

    with pytest.raises(LinkClosed):
        await within(insist())


async def test_closing_wakes_who_waits_for_a_message_and_may_be_repeated(pairs: MakePair) -> None:
    engine, client = await pairs()
    waiting = [asyncio.create_task(client.receive()), asyncio.create_task(engine.receive())]
    await asyncio.sleep(0)
    await client.close()
    await client.close()
    for task in waiting:
        with pytest.raises(LinkClosed):
            await within(task)
    with pytest.raises(LinkClosed):
        await within(client.send(TOPIC, b"x"))


async def test_who_sends_to_one_that_does_not_read_waits_and_can_be_cancelled(pairs: MakePair) -> None:
    engine, client = await pairs()
    sent = 0

    async def flood() -> None:
        nonlocal sent
        while True:
            await engine.send(TOPIC, b"x" * 10_000)
            sent += 1

    flooding = asyncio.create_task(flood())
    before = -1
    async with asyncio.timeout(10):
        while sent != before:  # until nothing moves any more
            before = sent
            await asyncio.sleep(0.05)
    assert sent < 40  # so little past lies between the two
    await within(client.receive())
    await within(client.receive())
    flooding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await within(flooding)
    await within(engine.close())
