"""Each attacker of the threat table, at a real broker that lets him publish what he likes: nothing changes."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from console.mqtt.signing import Keys, Signer
from console.protocol.bodies import Ack
from console.protocol.client import Client
from console.protocol.codec import encode
from console.protocol.memory import pair
from console.protocol.mirror import Mirror
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve
from console.protocol.topics import topic
from console.relay.hearing import Hearing
from tests.protocol.said import ESTATE, VERSION, Publisher
from tests.relay.publishing import (
    EPOCH,
    OLDER,
    Publishing,
    forget,
    hearing,
    publishing,
    signer,
    trusted,
    until,
    will_of,
)
from tests.rig.mosquitto import Mosquitto
from tests.rig.needs import need

PUB = "mosquitto_pub"
ALL_GREEN = {"cpu": (0.0, 99)}


@dataclass
class Scene:
    server: Mosquitto
    engine: Publishing
    client: Client
    signer: Signer

    @property
    def mirror(self) -> Mirror:
        return self.client.mirror

    def refused(self) -> dict[str, int]:
        relay = self.mirror.relay
        return {str(reason): count for reason, count in relay.refused.items()} if relay else {}

    async def attacks(self, text: str, payload: bytes, *how: str) -> None:
        """With the tool that everybody has."""
        need(PUB)
        command = [
            shutil.which(PUB) or PUB, "-h", "localhost", "-p", str(self.server.port), "-u", "mallory", "-P", "mallory",
            "--cafile", str(self.server.authority), "-q", "1", "-t", text, *how, *(["-s"] if payload else ["-n"]),
        ]  # fmt: skip
        await asyncio.to_thread(subprocess.run, command, input=payload, check=True, capture_output=True, timeout=30)

    async def is_as_before(self, counted: dict[str, int], expected: Mapping[str, float | None]) -> None:
        """What has been refused is on the screen, and a word of the engine after it changes what it is to change."""
        await until(lambda: self.refused() == counted, lambda: str(self.refused()))
        assert trusted(self.mirror) == expected
        assert self.mirror.relay is not None
        assert (self.mirror.relay.trust, self.mirror.relay.state) == ("verified", "live")
        await self.engine.tick("a", 7.0)
        await until(lambda: trusted(self.mirror) == {**expected, "a": 7.0}, lambda: str(trusted(self.mirror)))


@asynccontextmanager
async def screen(of: Hearing) -> AsyncIterator[Client]:
    """In this process; by the relay's own socket it is another test's."""
    await of.ready.wait()
    here, there = pair()
    serving = asyncio.create_task(
        serve(there, of.hub, access=Access.VIEW, version=VERSION, answer=Requests(of.asking))
    )
    async with Client(here, "view", VERSION) as client:
        yield client
    await serving


@pytest.fixture
async def scene(server: Mosquitto) -> AsyncIterator[Scene]:
    by = signer()
    async with publishing(server.broker("engine"), by) as engine:
        await engine.shop("a", "b")
        async with hearing(server, Keys([by.public])) as heard, screen(heard) as client:
            await until(lambda: trusted(client.mirror) == {"a": 1.0, "b": 1.0}, lambda: str(trusted(client.mirror)))
            await engine.tick("a", 2.0)
            await until(lambda: trusted(client.mirror) == {"a": 2.0, "b": 1.0}, lambda: str(trusted(client.mirror)))
            yield Scene(server, engine, client, by)
    await forget(server.broker("engine"))


RIGHT = {"a": 2.0, "b": 1.0}


def forged(*, epoch: str = EPOCH, started: int = 99_000) -> Publisher:
    return Publisher(epoch=epoch, started=started)


async def test_a_spoofed_all_green_is_not_shown_whether_unsigned_or_signed_by_a_stranger(scene: Scene) -> None:
    fake, stranger = forged(), signer()
    for retained in ((), ("-r",)):
        await scene.attacks(topic(ESTATE, "res", "a"), encode(fake.res("a", ALL_GREEN)), *retained)
    for message in (fake.meta("a", "b"), fake.res("a", ALL_GREEN), fake.event("all is well")):
        lying = replace(stranger.sign(message), kid=scene.signer.kid)
        await scene.attacks(message.topic, encode(lying))
    await scene.is_as_before({"unsigned": 2, "signature": 3}, RIGHT)
    assert scene.mirror.events == ()


async def test_what_was_recorded_is_not_heard_a_second_time(scene: Scene) -> None:
    said = scene.engine.said
    old = [await scene.engine.say(said.res("a", {"cpu": (5.0, 5)})), await scene.engine.say(said.event("it burns"))]
    await scene.engine.res("a", {"cpu": (6.0, 6)})
    await until(lambda: trusted(scene.mirror) == {"a": 6.0, "b": 1.0}, "the newest")
    for message in old:
        await scene.attacks(message.topic, encode(message))
    yesterday = Publisher(epoch=OLDER, started=1_000)
    for message in (yesterday.meta("a"), yesterday.res("a", ALL_GREEN)):
        await scene.attacks(message.topic, encode(scene.signer.sign(message)), "-r")
    await scene.is_as_before({"replayed": 2, "epoch": 2}, {"a": 6.0, "b": 1.0})
    assert len(scene.mirror.events) == 1


async def test_what_is_no_message_of_ours_is_nothing_and_is_counted(scene: Scene) -> None:
    place = topic(ESTATE, "res", "a")
    await scene.attacks(place, b"x" * 300_000)  # more than any message may be
    await scene.attacks(place, b'{"v":1,"body":' + b"[" * 4_000 + b"]" * 4_000 + b"}", "-r")
    await scene.attacks(place, b"{malformed")
    await scene.attacks(place, b"x" * 65_600)
    await scene.attacks(topic(ESTATE, "res", "b"), b"\x78\x9c not zlib")
    elsewhere = topic("other", "res", "a")
    await scene.attacks(elsewhere, encode(replace(forged().res("a", ALL_GREEN), topic=elsewhere)))
    await until(lambda: {"deep", "json", "zlib"} <= set(scene.refused()), lambda: str(scene.refused()))
    counted = scene.refused()
    assert (counted["deep"], counted["json"], counted["zlib"]) == (1, 1, 1)
    assert set(counted) <= {"deep", "json", "zlib", "flood", "large"}, "another estate never comes this far"
    await scene.is_as_before(counted, RIGHT)


async def test_nobody_else_deletes_says_that_the_engine_has_left_or_answers_for_it(scene: Scene) -> None:
    for path in (("res", "a"), ("meta",), ("status",)):
        await scene.attacks(topic(ESTATE, *path), b"", "-r")
    will = will_of(None)
    await scene.attacks(will.topic, will.payload, "-r")
    said = forged()
    lying = said.scribe.say(topic(ESTATE, "event"), "gone", {"topics": [topic(ESTATE, "res", "a")]})
    await scene.attacks(lying.topic, encode(lying))
    asked = asyncio.create_task(scene.client.request("note", {"text": "it smells"}))
    await asyncio.sleep(0)
    ack = said.scribe.say(topic(ESTATE, "ack", "kim"), "ack", Ack(id="1", ok=True))
    await scene.attacks(ack.topic, encode(ack))
    await scene.is_as_before({"deletion": 3, "unsigned": 3}, RIGHT)
    asked.cancel()
    await asyncio.wait({asked})


async def test_who_takes_a_name_of_a_client_throws_nobody_out(scene: Scene) -> None:
    ids = [line.split(" as ")[1].split(" ")[0] for line in scene.server.log.splitlines() if "New client conn" in line]
    assert len(set(ids)) == len(ids), "each is another, and chance"
    await scene.attacks(topic(ESTATE, "res", "a"), encode(forged().res("a", ALL_GREEN)), "-i", "dbo-kim")
    await scene.is_as_before({"unsigned": 1}, RIGHT)
    assert scene.mirror.relay is not None
    assert scene.mirror.relay.retries == 0


async def test_what_was_poisoned_before_one_came_is_shown_as_unverified_and_goes_with_the_first_true_word(
    server: Mosquitto,
) -> None:
    by, fake = signer(), forged(started=99_000_000)
    async with publishing(server.broker("mallory"), None) as mallory:
        mallory.said = fake
        await mallory.shop("a", "green")
        await mallory.say(fake.event("all is well"))
        async with hearing(server, Keys([by.public])) as heard, screen(heard) as client:
            await until(lambda: "green" in trusted(client.mirror), "what the poisoner says")
            assert client.mirror.relay is not None
            assert client.mirror.relay.trust == "unverified"
            old_hub = heard.hub
            async with publishing(server.broker("engine"), by) as engine:
                await engine.shop("a", "b")
                await until(lambda: heard.hub is not old_hub, "a hub of its own for what is true")
                async with screen(heard) as again:
                    await until(lambda: trusted(again.mirror) == {"a": 1.0, "b": 1.0}, lambda: str(again.mirror.relay))
                    assert again.mirror.relay is not None
                    assert (again.mirror.relay.trust, again.mirror.relay.signer) == ("verified", by.kid)
                    assert again.mirror.events == ()
    await forget(server.broker("engine"))
