"""A client joins, follows, asks and leaves; the same over every link."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from collectors.errors import Trouble
from console.protocol import client as client_module
from console.protocol import serve as serve_module
from console.protocol.bodies import Command
from console.protocol.client import Client, Mode
from console.protocol.codec import decode, encode
from console.protocol.hub import Hub
from console.protocol.link import Link, LinkClosed
from console.protocol.message import Message
from console.protocol.mirror import Mirror
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve
from console.protocol.topics import HELLO, READY
from tests.protocol.conftest import MakePair, until, within
from tests.protocol.said import EPOCH, VERSION, Publisher, shown


class Engine:
    """A hub with one publisher, served over whatever link it is given."""

    def __init__(self, pairs: MakePair) -> None:
        self.hub = Hub()
        self.publisher = Publisher(self.hub)
        self.asked: list[tuple[str, Access, str]] = []
        self.hold = asyncio.Event()
        self.requests = Requests(self._do)
        self._pairs = pairs
        self.serving: list[asyncio.Task[None]] = []

    async def _do(self, command: Command, access: Access, user: str) -> None:
        self.asked.append((command.name, access, user))
        match command.name:
            case "note":
                raise Trouble("The note is empty.", seen="0 letters", mend="Write something.")
            case "lead":
                await self.hold.wait()
            case "incident":
                raise ZeroDivisionError("a fault of ours")

    async def link(self, access: Access = Access.VIEW, version: str = VERSION) -> Link:
        """The client's end of a new link that is served."""
        ours, theirs = await self._pairs()
        work = serve(ours, self.hub, access=access, version=version, answer=self.requests)
        self.serving.append(asyncio.create_task(work))
        return theirs

    @asynccontextmanager
    async def joined(self, mode: Mode = "view", version: str = VERSION) -> AsyncIterator[Client]:
        async with Client(await self.link(), mode, version) as client:
            yield client


@pytest.fixture
async def engine(pairs: MakePair) -> AsyncIterator[Engine]:
    engine = Engine(pairs)
    engine.publisher.meta("a", "b")
    engine.publisher.res("a", {"cpu": (1.0, 10)})
    engine.publisher.res("b", {"cpu": (2.0, 10)})
    yield engine
    await within(asyncio.gather(*engine.serving))  # each ends when its client has gone
    assert engine.hub.figures.clients == 0


async def follow(client: Client, true: Callable[[Mirror], bool]) -> None:
    async def wait() -> None:
        async for _ in client.changes():
            if true(client.mirror):
                return

    await within(wait())


async def read_on(link: Link, last: str) -> list[str]:
    topics: list[str] = []
    while not topics or topics[-1] != last:
        topics.append((await within(link.receive()))[0])
    return topics


def hello(**changes: object) -> bytes:
    body: dict[str, object] = {"v": 1, "mode": "view", "version": VERSION, **changes}
    return encode(Message(HELLO, "hello", 1, EPOCH, 1, "anna", body))


async def test_who_joins_has_the_present_at_once(engine: Engine) -> None:
    engine.publisher.tick({"a": {"cpu": (7.0, 20)}})
    async with engine.joined() as client:
        assert shown(client.mirror) == {"a": {"cpu": (7.0, 20)}, "b": {"cpu": (2.0, 10)}}


async def test_the_order_is_meta_then_every_state_then_ready(engine: Engine) -> None:
    engine.publisher.status()
    link = await engine.link()
    await link.send(HELLO, hello())
    topics = [topic.removeprefix("dbo/v1/shop/") for topic in await read_on(link, READY)]
    assert topics == ["meta", "status", "res/a", "res/b", READY]
    await link.close()


async def test_a_client_follows_what_is_said_after_it_joined(engine: Engine) -> None:
    async with engine.joined() as one, engine.joined() as other:
        engine.publisher.tick({"b": {"cpu": (9.0, 30)}})
        for client in (one, other):
            await follow(client, lambda mirror: shown(mirror)["b"] == {"cpu": (9.0, 30)})
        engine.publisher.event("Failover started")
        engine.publisher.res("c", {"cpu": (3.0, 30)})
        for client in (one, other):
            await follow(client, lambda mirror: "c" in mirror.resources and bool(mirror.events))
            assert client.mirror.events[0].text == "Failover started"
        engine.hub.delete("dbo/v1/shop/res/c")
        await follow(one, lambda mirror: "c" not in mirror.resources)


async def test_the_first_changes_are_all_that_came_while_joining(engine: Engine) -> None:
    async with engine.joined() as client:
        first = await within(anext(client.changes()))
    assert {"dbo/v1/shop/res/a", "dbo/v1/shop/res/b", "dbo/v1/shop/meta"} <= first


async def test_once_ends_with_the_present(engine: Engine) -> None:
    async with engine.joined("once") as client:
        batches = [changed async for changed in client.changes()]
        assert len(batches) == 1
        assert set(client.mirror.resources) == {"a", "b"}


async def test_once_ends_on_the_engines_side_too(engine: Engine) -> None:
    link = await engine.link()
    await link.send(HELLO, hello(mode="once"))
    await read_on(link, READY)
    with pytest.raises(LinkClosed):
        await within(link.receive())
    await link.close()


async def test_wants_leave_out_what_is_not_wanted(engine: Engine) -> None:
    engine.publisher.status()
    async with Client(await engine.link(), "view", VERSION, wants=("res/a",)) as client:
        assert client.mirror.status is None
        assert set(client.mirror.resources) == {"a"}
        engine.publisher.tick({"a": {"cpu": (5.0, 50)}})  # unwanted as a tick, so the resource comes whole
        await follow(client, lambda mirror: shown(mirror) == {"a": {"cpu": (5.0, 50)}})


async def test_a_request_is_answered(engine: Engine) -> None:
    async with engine.joined() as client:
        ack = await within(client.request("see", {"ids": ["a"]}))
        assert ack.ok
        assert ack.error is None
        assert [(name, access) for name, access, _ in engine.asked] == [("see", Access.VIEW)]


async def test_a_request_that_fails_says_why(engine: Engine) -> None:
    async with engine.joined() as client:
        ack = await within(client.request("note"))
        assert not ack.ok
        assert ack.error is not None
        assert ack.error.what == "The note is empty."
        assert (ack.error.seen, ack.error.mend) == ("0 letters", "Write something.")
        ack = await within(client.request("incident"))
        assert ack.error is not None
        assert "ZeroDivisionError" in ack.error.seen


async def test_a_viewer_may_not_send_what_acts_and_nothing_is_done(engine: Engine) -> None:
    async with engine.joined() as client:
        ack = await within(client.request("act.confirm"))
    assert ack.error is not None
    assert ack.error.what == "A viewer may not send `act.confirm`."
    assert engine.asked == []


async def test_a_control_screen_may(engine: Engine) -> None:
    async with Client(await engine.link(Access.CONTROL), "control", VERSION) as client:
        assert (await within(client.request("act.confirm"))).ok


async def test_a_slow_request_holds_up_neither_the_stream_nor_other_requests(engine: Engine) -> None:
    async with engine.joined() as client:
        slow = asyncio.create_task(client.request("lead"))
        assert (await within(client.request("see"))).ok
        engine.publisher.tick({"a": {"cpu": (8.0, 40)}})
        await follow(client, lambda mirror: shown(mirror)["a"] == {"cpu": (8.0, 40)})
        assert not slow.done()
        engine.hold.set()
        assert (await within(slow)).ok


async def test_one_client_has_eight_requests_under_way_and_the_others_wait(engine: Engine) -> None:
    async with engine.joined() as client, engine.joined() as other:
        many = [asyncio.create_task(client.request("lead")) for _ in range(30)]
        await until(lambda: len(engine.asked) == 8)
        for _ in range(20):
            assert (await within(other.request("see"))).ok
        assert [name for name, _, _ in engine.asked].count("lead") == 8
        engine.hold.set()
        assert all(ack.ok for ack in await within(asyncio.gather(*many)))
        assert [name for name, _, _ in engine.asked].count("lead") == 30


async def test_a_request_sent_again_over_a_new_link_is_done_once(engine: Engine) -> None:
    async with engine.joined() as client:
        lost = asyncio.create_task(client.request("lead", again="same"))
        await until(lambda: len(engine.asked) == 1)
    with pytest.raises(LinkClosed):
        await within(lost)
    engine.hold.set()
    async with engine.joined() as client:
        assert (await within(client.request("lead", again="same"))).ok
    assert len(engine.asked) == 1


async def test_acks_go_to_who_asked_alone(engine: Engine) -> None:
    bystander = await engine.link()
    await bystander.send(HELLO, hello())
    await read_on(bystander, READY)
    async with engine.joined() as client:
        await within(client.request("see"))
    engine.publisher.event("the next thing")
    assert (await within(bystander.receive()))[0] == "dbo/v1/shop/event"
    await bystander.close()


async def test_what_is_no_request_is_counted_and_the_stream_goes_on(engine: Engine) -> None:
    link = await engine.link()
    await link.send(HELLO, hello())
    await read_on(link, READY)
    ask, later = "dbo/v1/shop/cmd/x", "dbo/v1/shop/forecast"
    nameless = encode(Message(ask, "cmd", 1, "", 1, "x", {"id": "", "name": "see"}))
    for payload in (b"rubbish", b"", b'{"v":1}', nameless):
        await within(link.send(ask, payload))
    await within(link.send("no topic", b"{}"))
    await within(link.send(later, encode(Message(later, "forecast", 1, "", 1, "x", {}))))
    await until(lambda: sum(engine.hub.figures.refused.values()) == 5)
    assert engine.hub.figures.refused == {"coding": 1, "empty": 1, "envelope": 1, "body": 1, "topic": 1}
    engine.publisher.event("still here")
    assert (await within(link.receive()))[0] == "dbo/v1/shop/event"
    await link.close()


async def refusal(link: Link, topic: str, payload: bytes) -> str:
    await link.send(topic, payload)
    text, answer = await within(link.receive())
    message = decode(text, answer)
    assert message is not None
    assert message.kind == "refused"
    with pytest.raises(LinkClosed):
        await within(link.receive())
    await link.close()
    return f"{message.body['what']} {message.body.get('seen', '')} {message.body.get('mend', '')}"


async def test_who_speaks_another_version_is_refused_in_words(engine: Engine) -> None:
    words = await refusal(await engine.link(), HELLO, hello(v=2, wants={"new": "form"}))
    assert "another version of the protocol" in words
    envelope = hello().replace(b'"v":1', b'"v":2', 1)
    assert "protocol version 2" in await refusal(await engine.link(), HELLO, envelope)
    assert "another version" in await refusal(await engine.link(), "dbo/v2/hello", b"{}")


async def test_who_does_not_say_hello_is_refused_in_words(engine: Engine) -> None:
    event = encode(Message("dbo/v1/shop/event", "event", 1, EPOCH, 1, "x", {}))
    assert "begins with hello" in await refusal(await engine.link(), "dbo/v1/shop/event", event)
    assert "neither JSON nor zlib" in await refusal(await engine.link(), HELLO, b"GET / HTTP/1.1")
    assert "no `hello`" in await refusal(await engine.link(), HELLO, hello(mode="root"))


async def test_who_says_nothing_is_let_go(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve_module, "HELLO_MAY_TAKE", 0.05)
    link = await engine.link()
    _, answer = await within(link.receive())
    assert b"No hello came." in answer
    await link.close()


async def test_a_newer_viewer_is_told_that_the_engine_is_older(engine: Engine) -> None:
    with pytest.raises(Trouble, match=r"engine is older \(0.1.0\) than the screen that asks \(0.2.0\)") as caught:
        async with engine.joined(version="0.2.0"):
            pass
    assert "Restart the engine with 0.2.0" in caught.value.mend


async def test_an_older_viewer_is_welcome(engine: Engine) -> None:
    async with engine.joined(version="0.0.9") as client:
        assert set(client.mirror.resources) == {"a", "b"}


async def test_a_viewer_sees_for_itself_that_the_engine_is_older(engine: Engine) -> None:
    engine.publisher.meta("a", "b", version="0.0.9")
    with pytest.raises(Trouble, match="older") as caught:
        async with engine.joined():
            pass
    assert "dbconsole 0.0.9" in caught.value.mend


async def test_an_engine_of_another_version_is_named_as_such(pairs: MakePair) -> None:
    ours, theirs = await pairs()
    await ours.send("dbo/v2/shop/meta", b"{}")
    with pytest.raises(Trouble, match="another version of the protocol"):
        await within(Client(theirs, "view", VERSION).__aenter__())


async def test_a_control_screen_is_sent_away_from_the_view_socket(engine: Engine) -> None:
    with pytest.raises(Trouble, match="for viewers") as caught:
        async with engine.joined("control"):
            pass
    assert "dbconsole view" in caught.value.mend


async def test_an_engine_that_does_not_answer_is_told(pairs: MakePair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "SILENCE_WHILE_JOINING", 0.05)
    monkeypatch.setattr(client_module, "ANSWERING_MAY_TAKE", 0.05)
    ours, theirs = await pairs()
    with pytest.raises(Trouble, match="does not answer"):
        await within(Client(theirs, "view", VERSION).__aenter__())
    ours, theirs = await pairs()
    publisher = Publisher()
    for message in (publisher.meta("a"), publisher.scribe.say(READY, "ready", {})):
        await ours.send(message.topic, encode(message))
    async with Client(theirs, "view", VERSION) as client:
        with pytest.raises(Trouble, match="does not answer") as caught:
            await within(client.request("see"))
    assert "may yet be done" in caught.value.mend


async def test_an_engine_that_goes_ends_the_stream_and_what_was_asked(pairs: MakePair) -> None:
    engine = Engine(pairs)
    engine.publisher.meta("a")
    async with engine.joined() as client:
        asked = asyncio.create_task(client.request("lead"))
        await until(lambda: bool(engine.asked))
        engine.serving[0].cancel()
        await asyncio.gather(*engine.serving, return_exceptions=True)
        with pytest.raises(LinkClosed):
            await follow(client, lambda _: False)
        with pytest.raises(LinkClosed):
            await within(asked)
        with pytest.raises(LinkClosed):
            await within(client.request("see"))
        assert set(client.mirror.meta.names if client.mirror.meta else ()) == {"a"}  # the last picture stays
    engine.hold.set()


async def test_a_mirror_outlives_its_link_and_an_engine_with_a_clock_behind(engine: Engine) -> None:
    mirror = Mirror()
    earlier = Publisher(epoch="01K00000000000000000000000", started=999_999)
    earlier_res = [earlier.res("a", {"cpu": (4.0, 4)}), earlier.res("gone", {"x": (1.0, 1)})]
    for message in (earlier.meta("a", "gone"), *earlier_res):
        mirror.apply(message.topic, message)
    async with Client(await engine.link(), "view", VERSION, mirror=mirror):
        assert shown(mirror) == {"a": {"cpu": (1.0, 10)}, "b": {"cpu": (2.0, 10)}}
    engine.publisher.tick({"a": {"cpu": (5.0, 50)}})
    async with Client(await engine.link(), "view", VERSION, mirror=mirror) as client:
        engine.publisher.tick({"b": {"cpu": (6.0, 60)}})
        await follow(client, lambda mirror: shown(mirror) == {"a": {"cpu": (5.0, 50)}, "b": {"cpu": (6.0, 60)}})


async def test_what_the_client_cannot_read_is_counted_and_the_rest_is_followed(pairs: MakePair) -> None:
    ours, theirs = await pairs()
    publisher = Publisher()
    broken = Message("dbo/v1/shop/res/a", "res", 1, EPOCH, 9, "engine", {"kind": 3})
    for message in (publisher.meta("a"), broken, publisher.scribe.say(READY, "ready", {})):
        await ours.send(message.topic, encode(message))
    async with Client(theirs, "view", VERSION) as client:
        await ours.send("dbo/v1/shop/tick", b"rubbish")
        message = publisher.res("a", {"cpu": (1.0, 1)})
        await ours.send(message.topic, encode(message))
        await follow(client, lambda mirror: "a" in mirror.resources)
        assert client.tally.by_reason == {"body": 1, "coding": 1}
