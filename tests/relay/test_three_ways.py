"""Does a viewer see and ask the same by a socket, by Mosquitto and by the embedded broker? One suite for all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.protocol.client import Client
from console.protocol.requests import Access
from console.protocol.topics import topic
from console.protocol.users import user_name
from tests.protocol.said import ESTATE
from tests.relay.lines import BrokerLine, EmbeddedLine, Line, SocketLine, Speaking
from tests.relay.publishing import NEWER, trusted, until

NAMES = ("a", "b", "c")


WAYS = ("socket", "mosquitto", "embedded")


@pytest.fixture(scope="module", params=WAYS)
def line(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("line")
    if request.param == "socket":
        yield SocketLine(folder, user_name(os.getuid()))
    elif request.param == "mosquitto":
        yield BrokerLine(request.getfixturevalue("server"))
    else:
        yield EmbeddedLine(folder)


async def shop(engine: Speaking) -> None:
    said = engine.said
    await engine.say(said.meta(*NAMES))
    await engine.say(said.status())
    for number, name in enumerate(NAMES):
        await engine.say(said.res(name, {"cpu": (float(number), 1)}))


async def follow(client: Client, expected: dict[str, float | None]) -> None:
    await until(lambda: trusted(client.mirror) == expected, lambda: f"{trusted(client.mirror)} {client.mirror.relay}")


async def happened(client: Client, *expected: str) -> None:
    await until(lambda: [str(event.text) for event in client.mirror.events] == [*expected], "what happened")


async def test_whoever_joins_is_shown_everything_and_then_what_changes(line: Line, tmp_path: Path) -> None:
    async with line.engine() as engine:
        await shop(engine)
        async with line.viewer(tmp_path / "one") as one, line.viewer(tmp_path / "two") as two:
            for client in (one, two):
                await follow(client, {"a": 0.0, "b": 1.0, "c": 2.0})
                assert client.mirror.status is not None
            await engine.say(engine.said.tick({"a": {"cpu": (9.0, 9)}}))
            await engine.say(engine.said.event("it burns"))
            for client in (one, two):
                await follow(client, {"a": 9.0, "b": 1.0, "c": 2.0})
                await happened(client, "it burns")
                assert client.tally.total == 0


async def test_what_is_no_more_goes(line: Line, tmp_path: Path) -> None:
    async with line.engine() as engine:
        await shop(engine)
        async with line.viewer(tmp_path / "one") as client:
            await follow(client, {"a": 0.0, "b": 1.0, "c": 2.0})
            await engine.delete(topic(ESTATE, "res", "b"))
            await follow(client, {"a": 0.0, "c": 2.0})
            assert set(client.mirror.resources) == {"a", "c"}


async def test_what_is_asked_is_answered_in_the_engines_words_and_in_whose_name(line: Line, tmp_path: Path) -> None:
    async with line.engine() as engine:
        await shop(engine)
        async with line.viewer(tmp_path / "one") as client:
            await follow(client, {"a": 0.0, "b": 1.0, "c": 2.0})
            assert (await client.request("note", {"text": "it smells"})).ok
            refused = await client.request("lead", {"take": True})
            assert refused.error is not None
            assert (refused.error.what, refused.error.mend) == ("Ann leads.", "Ask her.")
            acts = await client.request("act.plan", {})
            assert acts.error is not None
            assert "may not send" in acts.error.what
        seen = [each for each in engine.asked.seen if each[0] != "see"]
        assert seen == [("note", line.user, Access.VIEW), ("lead", line.user, Access.VIEW)]


async def test_an_engine_that_is_started_again_is_followed_and_its_past_is_stale(line: Line, tmp_path: Path) -> None:
    async with line.engine() as engine:
        await shop(engine)
        async with line.viewer(tmp_path / "one") as client:
            await follow(client, {"a": 0.0, "b": 1.0, "c": 2.0})
            engine.began_again(NEWER, 3_000)
            await engine.say(engine.said.meta(*NAMES))
            await follow(client, {})
            assert set(client.mirror.resources) == set(NAMES)
            await engine.say(engine.said.res("a", {"cpu": (5.0, 5)}))
            await follow(client, {"a": 5.0})
        for name in NAMES:
            await engine.delete(topic(ESTATE, "res", name))
        await engine.delete(topic(ESTATE, "meta"))
