"""What a hub gives to whom, and what it costs to keep a client that does not read."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Callable

import pytest

from collectors.safe import Safe
from console.protocol.bodies import Lost
from console.protocol.codec import Refused, decode, read
from console.protocol.hub import Hub
from console.protocol.message import Message
from console.protocol.mirror import Mirror
from console.protocol.subscription import Subscription
from console.protocol.topics import LOST
from tests.protocol.conftest import within
from tests.protocol.said import EPOCH, Publisher, shown


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def publisher(hub: Hub) -> Publisher:
    publisher = Publisher(hub)
    publisher.meta("a", "b")
    publisher.res("a", {"cpu": (1.0, 10), "lag": (0.0, 10)})
    publisher.res("b", {"cpu": (2.0, 10)})
    return publisher


async def drain(client: Subscription) -> list[Message | None]:
    """All there is for it now."""
    got: list[Message | None] = []
    while True:
        taking = asyncio.create_task(client.next())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if not taking.done():
            taking.cancel()
            return got
        got += [decode(topic, payload) for topic, payload in taking.result()]


def kinds(messages: list[Message | None]) -> list[str]:
    return [message.kind if message else "deleted" for message in messages]


async def test_ticks_before_the_join_are_in_what_is_joined(hub: Hub, publisher: Publisher) -> None:
    publisher.tick({"a": {"cpu": (5.0, 20)}})
    last = publisher.tick({"a": {"lag": (None, 30), "undeclared": (1.0, 30)}, "unknown": {"cpu": (1.0, 30)}})
    with hub.attach() as client:
        told = [message for message in await drain(client) if message and message.kind == "res"]
    assert [(message.seq, message.at) for message in told] == [(last.seq, last.at)] * 2
    assert told[0].body["values"] == {
        "cpu": {"v": 5.0, "t": 20, "s": "fresh"},
        "lag": {"v": None, "t": 30, "s": "none"},
    }
    assert told[0].body["seen"] == 30


async def test_a_client_in_time_gets_each_tick_and_no_whole_resource(hub: Hub, publisher: Publisher) -> None:
    with hub.attach() as client:
        await drain(client)
        for t in range(3):
            tick = publisher.tick({"a": {"cpu": (1.0, t)}})
            assert await drain(client) == [tick]
    assert hub.figures.dropped_ticks == 0


async def test_a_client_that_is_late_gets_the_resources_instead_and_the_next_tick_fits(
    hub: Hub, publisher: Publisher
) -> None:
    publisher.res("c", {"cpu": (3.0, 10)})
    publisher.tick({"a": {"cpu": (1.0, 1)}})
    with hub.attach() as client:
        mirror = Mirror()
        for message in await drain(client):
            assert message is not None
            mirror.apply(message.topic, message)
        publisher.tick({"a": {"cpu": (20.0, 20)}})
        publisher.tick({"c": {"cpu": (30.0, 30)}})
        publisher.tick({"c": {"cpu": (40.0, 40)}})
        late = await drain(client)
        assert kinds(late) == ["res", "res", "tick"]
        for message in late:
            assert message is not None
            mirror.apply(message.topic, message)
        assert shown(mirror) == {
            "a": {"cpu": (20.0, 20), "lag": (0.0, 10)},  # from a tick that was dropped
            "b": {"cpu": (2.0, 10)},  # not stale, though the ticks it has missed are many
            "c": {"cpu": (40.0, 40)},
        }
        assert hub.figures.dropped_ticks == 2


async def test_state_goes_before_the_tick_that_waits(hub: Hub, publisher: Publisher) -> None:
    with hub.attach() as client:
        await drain(client)
        publisher.tick({"a": {"cpu": (1.0, 1)}})
        publisher.res("c", {"cpu": (1.0, 1)})
        assert kinds(await drain(client)) == ["res", "tick"]


async def test_a_tick_waits_for_all_state_even_where_that_takes_many_batches(hub: Hub, publisher: Publisher) -> None:
    with hub.attach() as client:
        await drain(client)
        publisher.tick({"a": {"cpu": (1.0, 1)}})
        for number in range(20):
            filler = random.Random(number).randbytes(4_000).hex()
            publisher.res(f"large-{number}", {filler[start : start + 80]: (0.0, 1) for start in range(0, 8_000, 80)})
        assert len(await client.next()) < 20
        assert kinds(await drain(client))[-2:] == ["res", "tick"]


async def test_a_topic_that_changes_often_does_not_keep_others_waiting(hub: Hub, publisher: Publisher) -> None:
    with hub.attach() as client:
        await drain(client)
        publisher.res("b", {"cpu": (3.0, 11)})
        for t in range(50):
            publisher.res("a", {"cpu": (1.0, t)})
        publisher.res("b", {"cpu": (4.0, 12)})
        got = await drain(client)
        assert [message.topic[-1] for message in got if message] == ["b", "a"]
        assert shown_values(got[0]) == 4.0


def shown_values(message: Message | None) -> object:
    assert message is not None
    return message.body["values"]["cpu"]["v"]


async def test_who_has_a_topic_is_told_of_its_end_and_nobody_else(hub: Hub, publisher: Publisher) -> None:
    with hub.attach() as knows, hub.attach() as joins:
        await drain(knows)
        hub.delete("dbo/v1/shop/res/b")
        hub.delete("dbo/v1/shop/res/never")
        assert kinds(await drain(knows)) == ["deleted"]
        assert kinds(await drain(joins)) == ["meta", "res", "ready"]
        publisher.res("b", {"cpu": (6.0, 60)})
        hub.delete("dbo/v1/shop/res/b")
        assert kinds(await drain(knows)) == []  # it came and went unseen
        publisher.res("b", {"cpu": (7.0, 70)})
        assert kinds(await drain(knows)) == ["res"]


async def test_whoever_joins_is_told_the_last_two_hundred_events_and_nothing_is_lost(
    hub: Hub, publisher: Publisher
) -> None:
    for number in range(1_300):
        publisher.event(str(number))
    with hub.attach() as client:
        told = [message for message in await drain(client) if message and message.kind in ("event", "lost")]
        assert [message.body.get("text") for message in told] == [str(number) for number in range(1_100, 1_300)]
        publisher.event("after")
        assert [message.body["text"] for message in await drain(client) if message] == ["after"]


async def test_events_come_after_the_present(hub: Hub, publisher: Publisher) -> None:
    publisher.event("before")
    with hub.attach() as client:
        assert kinds(await drain(client))[-2:] == ["ready", "event"]


async def test_of_too_many_events_a_thousand_come_and_the_rest_is_counted(hub: Hub, publisher: Publisher) -> None:
    with hub.attach() as client:
        await drain(client)
        for number in range(1_234):
            publisher.event(str(number))
        lost, *events = await drain(client)
        assert lost is not None
        assert lost.topic == LOST
        assert read(Lost, lost).n == 234
        assert [event.body["text"] for event in events if event] == [str(number) for number in range(234, 1_234)]
        assert hub.figures.lost_events == 234


async def test_waiting_ends_when_there_is_something(hub: Hub, publisher: Publisher) -> None:
    says: list[tuple[str, Callable[[], object]]] = [
        ("event", lambda: publisher.event("x")),
        ("tick", lambda: publisher.tick({"a": {"cpu": (1.0, 1)}})),
        ("status", publisher.status),
        ("res/b", lambda: hub.delete("dbo/v1/shop/res/b")),
    ]
    with hub.attach() as client:
        await drain(client)
        for family, say in says:
            taking = asyncio.create_task(client.next())
            await asyncio.sleep(0)
            assert not taking.done()
            say()
            assert [topic for topic, _ in await within(taking)] == [f"dbo/v1/shop/{family}"]


@pytest.mark.parametrize("topic", ["dbo/v1/shop/cmd/x", "dbo/v1/shop/ack/x", "dbo/v1/shop/later", LOST, "nonsense"])
def test_what_is_not_for_everyone_is_not_published(hub: Hub, topic: str) -> None:
    with pytest.raises(Refused):
        hub.publish(Message(topic, "x", 1, EPOCH, 1, "engine", {}))


async def test_what_cannot_be_published_changes_nothing(hub: Hub, publisher: Publisher) -> None:
    before = hub.figures
    with hub.attach() as client:
        await drain(client)
        tick: dict[str, object] = {"prev": 0, "res": {"a": 3}}
        many: dict[str, object] = {"prev": 0, "res": {str(number): {} for number in range(201)}}
        for body in (tick, many):
            with pytest.raises(Refused):
                hub.publish(Message("dbo/v1/shop/tick", "tick", 1, EPOCH, 9, "engine", body))
        said: dict[str, dict[str, object]] = {"res/a": {"values": 1}, "status": {"x": "y" * 2**21}}
        for kind, body in said.items():
            with pytest.raises(Refused):
                hub.publish(Message(f"dbo/v1/shop/{kind}", kind.split("/")[0], 1, EPOCH, 9, "engine", body))
        assert await drain(client) == []
    assert hub.figures == before


async def test_an_event_too_long_to_travel_is_cut(hub: Hub, publisher: Publisher) -> None:
    with hub.attach() as client:
        await drain(client)
        publisher.event("long " * 40_000)
        body = {"text": random.Random(1).randbytes(70_000).hex(), "source": "relayed", "t": 1}
        hub.publish(publisher.scribe.write("event", body=body))
        assert [message.body["cut"] for message in await drain(client) if message] == [True, True]


async def test_a_resource_that_ticks_have_grown_over_the_limit_is_given_as_it_was(hub: Hub) -> None:
    publisher = Publisher(hub)
    publisher.meta("a")
    name = "x" * 1_000
    whole = {f"{name}{number}": (0.0, 1) for number in range(1_011)}
    publisher.res("a", whole)
    grown = (0.12345678901234567, 253_402_300_799_999)
    for start in range(0, 1_011, 60):
        publisher.tick({"a": dict.fromkeys(list(whole)[start : start + 60], grown)})
    with hub.attach() as client:
        told = next(message for message in await drain(client) if message and message.kind == "res")
    assert told.seq == 2
    assert hub.figures.refused == {"large": 1}


async def test_a_client_that_never_reads_costs_no_more_after_a_hundred_thousand_ticks(hub: Hub) -> None:
    publisher = Publisher(hub)
    names = [f"db{number}" for number in range(20)]
    publisher.meta(*names)
    for name in names:
        publisher.res(name, {"cpu": (0.0, 0), "lag": (0.0, 0)})
    with hub.attach() as stalled, hub.attach() as joined:
        await drain(joined)
        allocated, most = 0, 0
        for t in range(1, 100_001):
            publisher.tick({names[t % 20]: {"cpu": (float(t), t)}})
            most = max(most, stalled.pending, joined.pending) if t % 97 == 0 else most
            if t == 1_000:
                allocated = sys.getallocatedblocks()
        assert most <= hub.figures.topics + 1
        assert sys.getallocatedblocks() - allocated < 20_000
        for client in (stalled, joined):
            mirror = Mirror()
            for message in await drain(client):
                assert message is not None
                mirror.apply(message.topic, message)
        truth = {name: float(t) for t in range(99_981, 100_001) for name in [names[t % 20]]}
        with hub.attach() as late:
            mirror = Mirror()
            for message in await drain(late):
                assert message is not None
                mirror.apply(message.topic, message)
        assert {str(r): res.values[Safe("cpu")].v for r, res in mirror.resources.items()} == truth
        assert hub.figures.pending == 0
        assert hub.figures.dropped_ticks == 200_000


async def test_a_client_that_never_reads_is_told_nothing_of_what_came_and_went(hub: Hub, publisher: Publisher) -> None:
    with hub.attach() as stalled:
        for number in range(5_000):
            publisher.res(f"short-lived-{number}", {})
            hub.delete(f"dbo/v1/shop/res/short-lived-{number}")
        assert stalled.pending <= hub.figures.topics + 1
        assert hub.figures.topics == 3
