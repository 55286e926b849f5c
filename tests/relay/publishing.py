"""A publisher of a test's own: what an engine says, signed or not, by a real broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collectors.safe import Safe
from console.mqtt.address import Broker
from console.mqtt.aiomqtt_carrier import dialler
from console.mqtt.carrier import Carrier, Will
from console.mqtt.signing import Keys, Signer
from console.protocol.codec import encode
from console.protocol.message import Message
from console.protocol.mirror import Mirror
from console.protocol.scribe import Scribe
from console.protocol.status import Status
from console.protocol.topics import parse, topic
from console.relay.hearing import Hearing, Way
from tests.protocol.said import ESTATE, Publisher, Values
from tests.rig.mosquitto import Mosquitto

DIAL = dialler()
PATIENCE_S = 40.0
CPU = Safe("cpu")
OLDER, EPOCH, NEWER = (f"01J0000000000000000000000{number}" for number in (0, 1, 2))
ACL = f"""
user engine
topic readwrite dbo/v1/#
user kim
topic read dbo/v1/#
topic write dbo/v1/{ESTATE}/cmd/kim
user mallory
topic readwrite dbo/v1/#
"""  # whoever the broker trusts too much


def signer() -> Signer:
    return Signer(Ed25519PrivateKey.generate())


class Publishing:
    """Says by a broker what `said.Publisher` makes; ``signer`` None: unsigned."""

    def __init__(self, carrier: Carrier, signer: Signer | None, *, epoch: str = EPOCH, started: int = 2_000) -> None:
        self.carrier, self.signer = carrier, signer
        self.said = Publisher(epoch=epoch, started=started)
        self.last: Message | None = None

    async def say(self, message: Message) -> Message:
        self.last = self.signer.sign(message) if self.signer else message
        about = parse(message.topic)
        await self.carrier.publish(self.last.topic, encode(self.last), retain=about.is_state, assured=True)
        return self.last

    async def shop(self, *names: str) -> None:
        """An estate of resources, each with one value."""
        await self.say(self.said.meta(*names))
        await self.say(self.said.status())
        for name in names:
            await self.say(self.said.res(name, {"cpu": (1.0, 1)}))

    async def tick(self, name: str, value: float) -> Message:
        return await self.say(self.said.tick({name: {"cpu": (value, int(value) + 1)}}))

    async def res(self, name: str, values: Values) -> Message:
        return await self.say(self.said.res(name, values))

    async def gone(self, *topics: str) -> None:
        """First in words, which are signed; then in the broker's way."""
        await self.say(self.said.scribe.say(topic(ESTATE, "event"), "gone", {"topics": list(topics)}))
        for each in topics:
            await self.carrier.publish(each, b"", retain=True, assured=True)


def will_of(signer: Signer | None, epoch: str = EPOCH, at: int = 9_000) -> Will:
    said = Scribe(ESTATE, "engine", epoch, lambda: at).write("status", body=Status(online=False))
    return Will(said.topic, encode(signer.sign(said) if signer else said))


@asynccontextmanager
async def publishing(
    broker: Broker, signer: Signer | None, *, epoch: str = EPOCH, started: int = 2_000
) -> AsyncIterator[Publishing]:
    async with DIAL(broker, will_of(signer, epoch)) as carrier:
        yield Publishing(carrier, signer, epoch=epoch, started=started)


async def forget(broker: Broker, *estates: str) -> None:
    """The broker keeps nothing of what a test has said."""
    async with DIAL(broker, None) as carrier:
        for estate in estates or (ESTATE,):
            for path in (("meta",), ("status",), *(("res", name) for name in ("a", "b", "c", "green"))):
                await carrier.publish(topic(estate, *path), b"", retain=True, assured=True)


@asynccontextmanager
async def hearing(
    server: Mosquitto, keys: Keys, *, user: str = "kim", signer: Signer | None = None, estate: str | None = ESTATE
) -> AsyncIterator[Hearing]:
    made = Hearing(Way(server.broker(user, estate=estate), keys, signer), DIAL)
    running = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        running.cancel()
        await asyncio.wait({running})
        if not running.cancelled():
            running.result()


async def until(is_so: Callable[[], object], what: Callable[[], object] | str = "") -> None:
    """Wait for the event, and say how it stands where it does not come."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():  # noqa: ASYNC110 - what is waited for is another process's doing
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(what() if callable(what) else what) from None


def trusted(mirror: Mirror) -> dict[str, float | None]:
    """The one value of each resource that a screen would draw as current."""
    return {
        str(name): res.values[CPU].v
        for name, res in mirror.resources.items()
        if CPU in res.values and res.values[CPU].s != "stale"
    }
