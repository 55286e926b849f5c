"""One connection to a real broker, from its beginning to each of its ends."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.mqtt.address import Broker
from console.mqtt.aiomqtt_carrier import AiomqttCarrier, dialler
from console.mqtt.carrier import MOST_WAITING, BrokerLost, BrokerRefused, Heard, Will
from console.protocol.refusal import Refused
from tests.rig.certificates import certificates
from tests.rig.mosquitto import Mosquitto, mosquitto
from tests.rig.severable import Severable

DIAL = dialler()
ACL = "user kim\ntopic readwrite dbo/v1/#\nuser lee\ntopic read dbo/v1/#\n"
PATIENCE_S = 40.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path_factory.mktemp("broker"), users=("kim", "lee"), acl=ACL) as made:
        yield made


@pytest.fixture
def unlike(server: Mosquitto, request: pytest.FixtureRequest) -> str:
    """A tree of topics that no other test has written to."""
    return f"dbo/v1/{request.node.name.replace('[', '-').replace(']', '')}"


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def first(heard: AsyncIterator[Heard], count: int = 1) -> list[Heard]:
    async with asyncio.timeout(PATIENCE_S):
        return [await anext(heard) for _ in range(count)]


async def test_what_is_published_is_heard_and_what_is_retained_says_so(server: Mosquitto, unlike: str) -> None:
    async with DIAL(server.broker("kim"), None) as kim:
        assert kim.version == "5"
        await kim.publish(f"{unlike}/meta", b"{1}", retain=True, assured=True)
        async with DIAL(server.broker("lee"), None) as lee:
            await lee.subscribe([f"{unlike}/#"])
            heard = lee.heard()
            assert await first(heard) == [Heard(f"{unlike}/meta", b"{1}", is_retained=True)]
            await kim.publish(f"{unlike}/tick", b"{2}", retain=False, assured=False)
            assert await first(heard) == [Heard(f"{unlike}/tick", b"{2}", is_retained=False)]


async def test_whoever_is_not_let_in_is_told_so_at_every_attempt(server: Mosquitto) -> None:
    stranger = replace(server.broker("kim"), password="guessed")  # noqa: S106
    for _ in range(2):  # aiomqtt's own clients believe at the second that they are connected
        with pytest.raises(BrokerRefused, match="does not let kim in"):
            async with DIAL(stranger, None):
                pass


async def test_what_a_broker_does_not_pass_on_is_counted(server: Mosquitto, unlike: str) -> None:
    async with DIAL(server.broker("lee"), None) as lee:
        await lee.publish(f"{unlike}/meta", b"{}", retain=True, assured=True)
        assert lee.denied == 1


async def test_what_no_broker_would_carry_is_refused_here(server: Mosquitto, unlike: str) -> None:
    async with DIAL(server.broker("kim"), None) as kim:
        for topic, payload in ((f"{unlike}/meta", b" " * 65537), ("/".join("dbo/v1/a/b/c/d/e/f/g"[::2]), b"{}"),
                               (f"{unlike}/+", b"{}")):  # fmt: skip
            with pytest.raises(Refused):
                await kim.publish(topic, payload, retain=False, assured=True)


async def test_the_will_is_said_when_the_line_is_cut_and_not_when_we_leave(server: Mosquitto, unlike: str) -> None:
    will = Will(f"{unlike}/status", b"{gone}")
    async with DIAL(server.broker("lee"), None) as lee:
        await lee.subscribe([f"{unlike}/#"])
        heard = lee.heard()
        async with DIAL(server.broker("kim"), will):
            pass
        with Severable(server.port) as line:
            async with DIAL(server.broker("kim", port=line.port), will) as kim:
                await kim.publish(f"{unlike}/meta", b"{here}", retain=False, assured=True)
                line.cut()
                told = await first(heard, 2)
    assert [each.payload for each in told] == [b"{here}", b"{gone}"]


async def test_a_lost_broker_ends_what_is_heard_and_what_is_said(tmp_path: Path) -> None:
    with mosquitto(tmp_path, unix=True) as server:
        async with DIAL(server.broker("kim"), None) as kim:
            await kim.subscribe(["dbo/v1/#"])
            server.kill()
            with pytest.raises(BrokerLost):
                await first(kim.heard())
            with pytest.raises(BrokerLost):
                await kim.publish("dbo/v1/a/meta", b"{}", retain=False, assured=True)
        with pytest.raises(BrokerLost, match="does not answer"):
            async with DIAL(server.broker("kim"), None):
                pass


async def test_who_does_not_listen_keeps_the_newest_and_counts_the_rest(server: Mosquitto, unlike: str) -> None:
    async with DIAL(server.broker("kim"), None) as kim, DIAL(server.broker("lee"), None) as lee:
        await lee.subscribe([f"{unlike}/tick"])
        for number in range(MOST_WAITING + 50):
            await kim.publish(f"{unlike}/tick", b"{%d}" % number, retain=False, assured=number % 50 == 49)
        await lee.subscribe([f"{unlike}/event"])  # answered after all that came before
        heard = await first(lee.heard(), MOST_WAITING)
        assert heard[-1].payload == b"{%d}" % (MOST_WAITING + 49)
        assert lee.dropped == 50


async def test_tls_is_believed_by_its_authority_and_name_only(tmp_path: Path) -> None:
    made = certificates(tmp_path)
    with mosquitto(tmp_path / "good", tls=made) as server, mosquitto(
        tmp_path / "wrong", tls=replace(made, good=made.wrong_host)
    ) as elsewhere:
        good = server.broker("kim")
        async with DIAL(good, None) as kim:
            assert kim.version == "5"
        for wrong in (replace(good, tls=ssl.create_default_context()), elsewhere.broker("kim")):
            with pytest.raises(BrokerRefused, match="certificate is not believed"):
                async with DIAL(wrong, None):
                    pass
        with pytest.raises(BrokerLost, match="hangs up at once"):
            async with DIAL(replace(good, tls=None), None):
                pass


async def old_broker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says, as MQTT 3.1.1 has it, that it does not know version 5; takes 3.1.1."""
    head = await reader.read(512)
    with contextlib.closing(writer):
        writer.write(b"\x20\x02\x00\x01" if head[8] == 5 else b"\x20\x02\x00\x00")
        await writer.drain()
        await reader.read(512)


async def silent_broker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer):
        await reader.read(512)
        await reader.read(512)


async def test_a_broker_without_version_5_is_spoken_to_in_3_1_1_and_remembered() -> None:
    async with await asyncio.start_server(old_broker, "127.0.0.1", 0) as server:
        broker = Broker("127.0.0.1", server.sockets[0].getsockname()[1], "kim")
        known: set[str] = set()
        async with AiomqttCarrier(broker, None, known) as kim:
            assert kim.version == "3.1.1"
        assert known == {broker.url}


async def test_a_broker_that_says_nothing_is_given_up_and_nothing_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.mqtt.aiomqtt_carrier.ANSWERING_MAY_TAKE_S", 0.3)
    async with await asyncio.start_server(silent_broker, "127.0.0.1", 0) as server:
        with pytest.raises(BrokerLost, match="does not answer"):
            async with DIAL(Broker("127.0.0.1", server.sockets[0].getsockname()[1], "kim"), None):
                pass


async def test_a_broker_that_takes_nothing_more_does_not_hold_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one whose machine hangs: what was under way is lost, and the connection is gone at once."""
    monkeypatch.setattr("console.mqtt.aiomqtt_carrier.ANSWERING_MAY_TAKE_S", 1.0)
    with mosquitto(tmp_path) as hanging:
        before = open_files()
        async with DIAL(hanging.broker("kim"), None) as kim:
            hanging.freeze()
            big = [kim.publish("dbo/v1/a/meta", bytes(60_000), retain=False, assured=False) for _ in range(200)]
            lost = asyncio.gather(*big, return_exceptions=True)
            assert any(isinstance(each, BrokerLost) for each in await lost)
        assert open_files() == before
