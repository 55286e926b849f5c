"""A broker that dies and comes back, a publisher that dies: lost at once, back by itself, and never wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.errors import Trouble
from console.mqtt.signing import Keys, Signer
from console.protocol.client import Client
from console.protocol.topics import topic
from console.relay.hearing import Hearing
from tests.protocol.said import ESTATE, Publisher
from tests.relay.publishing import forget, hearing, publishing, signer, trusted, until
from tests.relay.test_attackers import screen
from tests.rig.mosquitto import Mosquitto, mosquitto
from tests.rig.severable import Severable

TIMES = 3  # of fifty: the rest is tests/bench/share.py


def state(client: Client) -> str:
    return client.mirror.relay.state if client.mirror.relay else ""


def why(client: Client) -> str:
    return str(client.mirror.relay.why) if client.mirror.relay else ""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path_factory.mktemp("mortal"), users=("engine", "kim")) as made:
        yield made


@pytest.fixture(autouse=True)
async def forgotten(own: Mosquitto) -> AsyncIterator[None]:
    yield
    await forget(own.broker("engine"), ESTATE, "warehouse")


@pytest.fixture(scope="module")
def by() -> Signer:
    return signer()


async def shows(client: Client, expected: dict[str, float]) -> None:
    await until(lambda: trusted(client.mirror) == expected, lambda: f"{trusted(client.mirror)} {client.mirror.relay}")


async def dies_and_comes_back(own: Mosquitto, client: Client, said: Publisher, by: Signer, value: float) -> None:
    """The estate moves on while the broker is away, and nobody can hear of it."""
    own.kill()
    await until(lambda: (state(client), why(client)) == ("lost", "broker away"), lambda: why(client))
    assert set(client.mirror.resources) == {"a", "b"}, "the last picture stands"
    whole = said.res("a", {"cpu": (value, int(value))})
    said.tick({"b": {"cpu": (value, int(value))}})
    await asyncio.to_thread(own.start)
    await until(lambda: state(client) == "joining", lambda: state(client))
    assert trusted(client.mirror) == {}, "nobody has said yet what was missed"
    async with publishing(own.broker("engine"), by) as engine:
        for message in (said.meta("a", "b"), said.status(), whole):
            await engine.say(message)
        await shows(client, {"a": value})
        await until(lambda: state(client) == "live", lambda: state(client))
        await engine.say(said.res("b", {"cpu": (value, int(value))}))
        await shows(client, {"a": value, "b": value})


async def test_a_broker_that_is_killed_again_and_again_costs_the_viewer_nothing_but_time(
    own: Mosquitto, by: Signer
) -> None:
    async with hearing(own, Keys([by.public])) as heard, publishing(own.broker("engine"), by) as engine:
        await engine.shop("a", "b")
        async with screen(heard) as client:
            await shows(client, {"a": 1.0, "b": 1.0})
            for times in range(1, TIMES + 1):
                await dies_and_comes_back(own, client, engine.said, by, 10.0 * times)
                assert client.mirror.relay is not None
                assert client.mirror.relay.retries == times


async def test_a_publisher_that_is_cut_off_is_lost_by_its_will_and_live_when_it_speaks_again(
    own: Mosquitto, by: Signer
) -> None:
    with Severable(own.port) as line:
        async with (
            hearing(own, Keys([by.public])) as heard,
            publishing(own.broker("engine", port=line.port), by) as engine,
        ):
            await engine.shop("a")
            async with screen(heard) as client:
                await shows(client, {"a": 1.0})
                await engine.tick("a", 2.0)
                await until(lambda: state(client) == "live", lambda: state(client))
                line.cut()
                await until(lambda: (state(client), why(client)) == ("lost", "publisher away"), lambda: why(client))
                assert set(client.mirror.resources) == {"a"}
                async with publishing(own.broker("engine"), by) as again:
                    again.said = engine.said
                    await again.tick("a", 3.0)
                    await until(lambda: state(client) == "live", lambda: state(client))
                    await shows(client, {"a": 3.0})


async def refusal(heard: Hearing) -> str:
    await heard.ready.wait()
    assert isinstance(heard.refusal, Trouble)
    return heard.refusal.line()


async def test_why_nothing_is_heard_is_said_in_a_line(own: Mosquitto, by: Signer, tmp_path: Path) -> None:
    keys = Keys([by.public])
    async with hearing(own, keys, estate=None) as nothing, hearing(own, keys, estate="warehouse") as silent:
        async with hearing(own, keys, user="stranger") as stranger:
            assert "does not let stranger in" in await refusal(stranger)
        assert "No estate is shared by this broker." in await refusal(nothing)
        assert "warehouse is not shared by this broker." in await refusal(silent)
    away = Mosquitto(tmp_path, port=1, passwords=own.passwords)
    async with hearing(away, keys) as nobody:
        assert "There is no broker to hear." in await refusal(nobody)


async def test_the_only_estate_need_not_be_named_and_of_two_one_has_to_be(own: Mosquitto, by: Signer) -> None:
    async with publishing(own.broker("engine"), by) as engine:
        await engine.shop("a")
        async with hearing(own, Keys([by.public]), estate=None) as heard, screen(heard) as client:
            await until(lambda: set(client.mirror.resources) == {"a"}, "its only resource")
        other = topic("warehouse", "meta")
        async with publishing(own.broker("engine"), None) as second:
            await second.carrier.publish(other, b'{"v":1}', retain=True, assured=True)  # no message
            async with hearing(own, Keys([by.public]), estate=None) as heard:
                await heard.ready.wait()
                assert heard.refusal is None
            fake = second.said.meta("b")
            await second.say(replace(fake, topic=other))
            async with hearing(own, Keys(), estate=None) as either:
                assert "More than one estate is shared by this broker. (shop, warehouse)" in await refusal(either)
            async with hearing(own, Keys([by.public]), estate=None) as proved:
                await proved.ready.wait()
                assert proved.refusal is None, "only one is signed by whom one knows"
