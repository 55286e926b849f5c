"""An engine at a real broker: what is there is told, signed, kept and taken back, whatever becomes of the broker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.errors import Trouble
from console.mqtt.signing import Keys
from console.protocol.codec import decode
from console.protocol.message import Message
from tests.engine.sharing.shop import DIAL, ESTATE, Listener, Shop, listening
from tests.rig.mosquitto import Mosquitto, mosquitto
from tests.rig.severable import Severable

TREE = f"dbo/v1/{ESTATE}"
ALL = {"meta", "status", "presence/kim", "presence/lee", "presence/a%20b%2Fc"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path) as made:
        yield made


def keys_of(shop: Shop) -> Keys:
    assert shop.signer is not None
    return Keys({"engine": shop.signer.public})


def is_online(viewer: Listener) -> object:
    status = viewer.said("status")
    return status and status.body.get("online", True)


def messages(viewer: Listener) -> list[Message]:
    return [message for each in viewer.all if (message := decode(each.topic, each.payload)) is not None]


async def test_all_there_is_is_kept_there_signed_and_what_is_no_more_is_said_so_first(server: Mosquitto) -> None:
    shop = Shop()
    keys = keys_of(shop)
    async with shop.shared(server.broker("engine")), listening(server.broker("kim")) as viewer:
        await viewer.until(lambda: viewer.last.keys() >= ALL)
        shop.left("kim")
        await viewer.until(lambda: viewer.is_gone("presence/kim"))
        told = messages(viewer)[-1]
        assert (told.kind, told.body) == ("gone", {"topics": [f"{TREE}/presence/kim"]})
        assert {keys.whose(message) for message in messages(viewer)} == {"engine"}


async def test_whoever_comes_later_gets_what_is_kept_and_no_more(server: Mosquitto) -> None:
    shop = Shop()
    async with shop.shared(server.broker("engine")), listening(server.broker("kim")) as first:
        await first.until(lambda: first.last.keys() >= ALL)
        shop.happened("it broke")
        await first.until(lambda: any(message.body.get("text") == "it broke" for message in messages(first)))
        async with listening(server.broker("kim")) as late:
            await late.until(lambda: late.last.keys() >= ALL)
            assert all(heard.is_retained for heard in late.all)
            assert "event" not in late.last


async def test_one_who_leaves_says_so_and_of_one_who_is_cut_off_the_broker_does(server: Mosquitto) -> None:
    shop = Shop()
    keys = keys_of(shop)
    async with listening(server.broker("kim"), "status") as viewer:
        async with shop.shared(server.broker("engine")):
            await viewer.until(lambda: is_online(viewer) is True)
        await viewer.until(lambda: is_online(viewer) is False)
        with Severable(server.port) as line:
            async with shop.shared(server.broker("engine", port=line.port)):
                await viewer.until(lambda: is_online(viewer) is True)
                line.cut()
                await viewer.until(lambda: is_online(viewer) is False)
                line.mend()
                await viewer.until(lambda: is_online(viewer) is True)
        assert {keys.whose(message) for message in messages(viewer)} == {"engine"}


async def test_a_broker_that_died_with_all_it_had_gets_all_of_it_again(server: Mosquitto) -> None:
    shop = Shop()
    async with shop.shared(server.broker("engine")):
        async with listening(server.broker("kim")) as early:
            await early.until(lambda: early.last.keys() >= ALL)
            asked = await early.ask("kim", "see", ids=[])
            await early.until(lambda: early.ack(asked) is not None)  # by then the engine knows what the broker has
        server.kill()
        await shop.until(lambda: "lost at" in shop.notice)
        shop.left("kim")  # nobody waits for a broker here
        shop.happened("in between")
        server.start()
        async with listening(server.broker("kim")) as viewer:
            await viewer.until(lambda: viewer.last.keys() >= {*ALL - {"presence/kim"}, "event"})
            await viewer.until(lambda: any("Shared again at" in str(m.body.get("text")) for m in messages(viewer)))
            told = [str(message.body["text"]) for message in messages(viewer) if message.kind == "event"]
            assert "presence/kim" not in viewer.last
    lost, between, again = told
    assert lost.startswith(f"Not shared at {server.broker('engine').url}: The connection to the broker is lost.")
    assert between == "in between"
    assert again.startswith("Shared again at")  # and what the broker had is not said twice


async def test_what_an_earlier_engine_or_somebody_else_left_there_is_taken_away(server: Mosquitto) -> None:
    shop = Shop()
    left = {f"{TREE}/{path}" for path in ("presence/old", "res/gone-primary", "cmd/kim", "tick")}
    async with listening(server.broker("kim")) as viewer:
        for each in left | {"dbo/v1/another/res/its-own"}:
            await viewer.carrier.publish(each, b"{}", retain=True, assured=True)
        async with shop.shared(server.broker("engine")):
            await viewer.until(lambda: {each.topic for each in viewer.all if not each.payload} >= left)
            events = [_read(each.topic, each.payload) for each in viewer.all]
            told = {each for event in events if event and event.kind == "gone" for each in event.body["topics"]}
            assert told == left
    async with listening(server.broker("kim")) as after:
        await after.until(lambda: after.last.keys() >= ALL)
        assert {heard.topic for heard in after.all}.isdisjoint(left)
    async with DIAL(server.broker("kim"), None) as other:
        await other.subscribe(["dbo/v1/another/#"])
        assert (await anext(aiter(other.heard()))).payload == b"{}"


def _read(topic: str, payload: bytes) -> Message | None:
    try:
        return decode(topic, payload)
    except Trouble:
        return None


async def test_whoever_has_just_come_may_have_it_told_as_of_now_and_not_more_often_than_that(server: Mosquitto) -> None:
    shop = Shop()
    async with shop.shared(server.broker("engine")), listening(server.broker("kim")) as viewer:
        await viewer.until(lambda: viewer.last.keys() >= ALL)
        for number in range(150):
            shop.happened(f"{number}")
        await viewer.until(lambda: any(message.body.get("text") == "149" for message in messages(viewer)))
        viewer.all.clear()
        viewer.last.clear()
        first = await viewer.ask("kim", "see", ids=[], whole=True)
        second = await viewer.ask("kim", "see", ids=[], whole=True)
        await viewer.until(lambda: viewer.ack(first) is not None and viewer.ack(second) is not None)
        await viewer.until(lambda: {"meta", "status"} <= viewer.last.keys())
        assert not viewer.last["meta"].is_retained
        assert sum(heard.topic == f"{TREE}/meta" for heard in viewer.all) == 1
        await viewer.until(lambda: any(message.kind == "past" for message in messages(viewer)))
        (past,) = (message for message in messages(viewer) if message.kind == "past")
        assert [body["text"] for _, body in past.body["events"]] == [f"{number}" for number in range(50, 150)]
        assert "1 viewer" in shop.notice


async def test_without_a_key_it_is_shared_unsigned_and_says_so(server: Mosquitto) -> None:
    shop = Shop(signer=None)
    async with shop.shared(server.broker("engine")), listening(server.broker("kim"), "meta") as viewer:
        await viewer.until(lambda: viewer.said("meta") is not None)
        assert messages(viewer)[0].sig is None
        assert "unsigned, as no `--identity` is named" in shop.notice


async def test_a_broker_that_passes_nothing_on_is_told_of(tmp_path: Path) -> None:
    shop = Shop()
    with mosquitto(tmp_path, acl="topic read #\n") as server:
        async with shop.shared(server.broker("engine")):
            await shop.until(lambda: "connected" in shop.notice)
            await shop.until(lambda: "the broker passes on nothing of ours" in shop.notice)


async def test_another_engine_of_the_same_estate_is_told_of(server: Mosquitto) -> None:
    one, forger = Shop(), Shop()
    other = Shop(signer=one.signer)
    async with one.shared(server.broker("engine")):
        await one.until(lambda: "connected" in one.notice)
        async with forger.shared(server.broker("forger")), listening(server.broker("kim"), "event", "ack/+") as viewer:
            await forger.until(lambda: "connected" in forger.notice)
            asked = await viewer.ask("kim", "see", ids=[], whole=True)  # both hear it, and say their meta anew
            await viewer.until(lambda: sum(asked in str(message.body) for message in messages(viewer)) == 2)
            await viewer.until(lambda: sum(message.kind == "past" for message in messages(viewer)) == 2)
            assert "another engine" not in one.notice
        async with other.shared(server.broker("engine")):
            await one.until(lambda: "another engine shares this estate" in one.notice)
