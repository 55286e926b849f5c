"""What people ask by a real broker: done once, as whoever proves it, and nothing that nobody should be able to ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from console.mqtt.signing import Keys
from console.protocol.codec import encode
from console.protocol.requests import Access
from tests.engine.sharing.shop import ESTATE, Listener, Shop, listening, request, signer
from tests.rig.mosquitto import Mosquitto, mosquitto

KIM, LEE = signer(), signer()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path_factory.mktemp("broker")) as made:
        yield made


@pytest.fixture
def shop() -> Shop:
    return Shop(people=Keys({"kim": KIM.public, "lee": LEE.public}))


@pytest.fixture
async def viewer(server: Mosquitto, shop: Shop) -> AsyncIterator[Listener]:
    async with shop.shared(server.broker("engine")), listening(server.broker("kim"), "ack/+") as made:
        await shop.until(lambda: "connected" in shop.notice)
        yield made


async def answered(viewer: Listener, asked: str) -> str:
    """What came back: nothing where it was done."""
    await viewer.until(lambda: viewer.ack(asked) is not None)
    ack = viewer.ack(asked)
    assert ack is not None
    return "" if ack.error is None else f"{ack.error.what} ({ack.error.seen})"


async def test_who_signs_is_proved_and_who_does_not_may_ask_for_little(viewer: Listener, shop: Shop) -> None:
    assert await answered(viewer, await viewer.ask("kim", "note", KIM, text="a")) == ""
    assert await answered(viewer, await viewer.ask("kim", "note", text="b")) == ""
    assert await answered(viewer, await viewer.ask("kim", "lead", KIM, take=True)) == ""
    assert "Nobody proves who asks" in await answered(viewer, await viewer.ask("kim", "lead", take=True))
    stranger = await viewer.ask("kim", "lead", signer(), take=True)
    assert "Nobody proves who asks" in await answered(viewer, stranger)
    assert shop.asked == [
        ("note", Access.VIEW, "kim"), ("note", Access.UNPROVED, "kim"), ("lead", Access.VIEW, "kim")
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["act.plan", "act.confirm", "refresh", "silence", "pause", "audit", "nonsense"])
async def test_nothing_that_acts_can_be_asked_even_with_a_signature(viewer: Listener, shop: Shop, name: str) -> None:
    assert await answered(viewer, await viewer.ask("kim", name, KIM)) != ""
    assert shop.asked == []


async def test_a_name_that_is_not_ones_own_is_refused(viewer: Listener, shop: Shop) -> None:
    borrowed = replace(request("kim", "note", text="a"), who="lee")
    await viewer.send(borrowed)
    assert "in the name of somebody else" in await answered(viewer, str(borrowed.body["id"]))
    assert "signed by somebody else" in await answered(viewer, await viewer.ask("kim", "note", LEE, text="a"))
    assert shop.asked == []


async def test_what_is_old_or_repeated_does_nothing_more(viewer: Listener, shop: Shop) -> None:
    fresh = request("kim", "note", text="a")
    old = KIM.sign(replace(fresh, at=fresh.at - 6 * 60_000))
    await viewer.send(old)
    assert "too old" in await answered(viewer, str(old.body["id"]))
    said = KIM.sign(request("kim", "lead", take=True))
    for _ in range(5):  # as somebody would who has heard it
        await viewer.send(said)
    await viewer.until(lambda: sum("/ack/" in heard.topic for heard in viewer.all) >= 6)
    assert shop.asked == [("lead", Access.VIEW, "kim")]


async def test_a_signed_request_is_remembered_when_a_flood_of_others_came_after_it(
    viewer: Listener, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.protocol.requests.KEPT", 3)
    said = KIM.sign(request("kim", "lead", take=True))
    await viewer.send(said)
    for _ in range(6):
        assert await answered(viewer, await viewer.ask("lee", "note", text="x")) == ""
    viewer.all.clear()
    await viewer.send(said)
    assert await answered(viewer, str(said.body["id"])) == ""
    assert [name for name, _, _ in shop.asked].count("lead") == 1


async def test_bad_ones_are_counted_and_change_nothing(viewer: Listener, shop: Shop) -> None:
    topic, good = f"dbo/v1/{ESTATE}/cmd/kim", request("kim", "note", text="a")
    bad = {
        "json": b'{"v":1', "coding": b"\x00\x01", "deep": b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
        "zlib": b"\x78garbage", "envelope": b"{}", "empty": b"", "version": encode(good).replace(b'"v":1', b'"v":2'),
        "body": encode(replace(good, body={"id": "", "name": "note"})),
    }  # fmt: skip
    for payload in bad.values():
        await viewer.carrier.publish(topic, payload, retain=False, assured=True)
    assert await answered(viewer, await viewer.ask("kim", "note", text="b")) == ""
    assert shop.asked == [("note", Access.UNPROVED, "kim")]
    for reason in bad:
        assert f"1 {reason}" in shop.notice


async def test_more_than_a_person_asks_is_not_heard_and_said_once(viewer: Listener, shop: Shop) -> None:
    flood = [request("eve", "note", text=f"{number}") for number in range(60)]
    for message in flood:
        await viewer.send(message)
    assert await answered(viewer, await viewer.ask("kim", "note", text="b")) == ""  # others are heard
    told = [ack for message in flood if (ack := viewer.ack(str(message.body["id"]))) is not None and not ack.ok]
    assert len(told) == 1
    assert "flood" in shop.notice
    assert len([user for _, _, user in shop.asked if user == "eve"]) < 60


async def test_a_request_that_a_broker_kept_is_refused(server: Mosquitto, shop: Shop) -> None:
    async with listening(server.broker("kim"), "ack/+", "cmd/+") as viewer:
        await viewer.send(KIM.sign(request("kim", "lead", take=True)), retain=True)
        async with shop.shared(server.broker("engine")):
            await shop.until(lambda: "1 retained" in shop.notice)
            await viewer.until(lambda: viewer.is_gone("cmd/kim"))  # and taken away
    assert shop.asked == []
