"""The embedded broker, over its sockets: where it listens, whom it lets in, what it bears, how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from collectors.errors import Trouble
from console.mqtt import embedded, embedded_door, packets
from console.mqtt.address import Broker
from console.mqtt.aiomqtt_carrier import dialler
from console.mqtt.carrier import BrokerLost, BrokerRefused, Heard, Will
from console.mqtt.embedded import EmbeddedBroker, Place, place_of
from console.mqtt.packets import LEVEL, Connect
from profiles.share import Share
from tests.rig.certificates import certificates

DIAL = dialler()
PATIENCE_S = 40.0
META, TICK = "dbo/v1/shop/meta", "dbo/v1/shop/tick"
CMD = "dbo/v1/shop/cmd/kim"


@pytest_asyncio.fixture
async def own(tmp_path: Path) -> AsyncIterator[EmbeddedBroker]:
    async with EmbeddedBroker(Place(port=0), tmp_path) as broker:
        yield broker


def viewer(of: EmbeddedBroker, name: str = "kim", tls: ssl.SSLContext | None = None) -> Broker:
    host, port = of.addresses[0]
    return Broker(host, port, name, of.password_file.read_text().strip(), tls)


async def first(heard: AsyncIterator[Heard]) -> Heard:
    async with asyncio.timeout(PATIENCE_S):
        return await anext(heard)


async def said_raw(of: EmbeddedBroker, *sent: bytes) -> bytes:
    """What comes back until the connection is closed by the broker."""
    reader, writer = await asyncio.open_connection(*of.addresses[0])
    try:
        with contextlib.suppress(OSError):
            for each in sent:
                writer.write(each)
            async with asyncio.timeout(PATIENCE_S):
                return await reader.read()
        return b""
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def connect(of: EmbeddedBroker, user: str | None = "kim", **others: object) -> bytes:
    password = of.password_file.read_text().strip().encode()
    said = {"level": LEVEL, "client": "", "keep_alive": 10, "is_clean": True, "user": user, "password": password}
    return Connect(**{**said, **others}).packed()  # type: ignore[arg-type]


def listening_on(port: str) -> list[str]:
    lines = [line.split() for file in ("tcp", "tcp6") for line in Path(f"/proc/net/{file}").read_text().splitlines()]
    return [line[1] for line in lines if line[3] == "0A" and line[1].endswith(f":{port}")]


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_it_is_on_loopback_alone_and_its_password_is_for_its_user(own: EmbeddedBroker, tmp_path: Path) -> None:
    assert [host for host, _ in own.addresses] == ["127.0.0.1"]
    port = f"{own.addresses[0][1]:04X}"
    assert listening_on(port) == [f"0100007F:{port}"], "as the kernel has it"
    assert own.place.url == f"mqtt://viewer@127.0.0.1:{own.addresses[0][1]}"
    assert modes_in(tmp_path) == {"broker.sock": 0o600, "viewer.password": 0o600}
    assert len(own.password_file.read_text().strip()) >= 32


async def test_what_the_collector_says_is_heard_and_what_a_viewer_asks_reaches_it(own: EmbeddedBroker) -> None:
    async with DIAL(own.broker, None) as collector, DIAL(viewer(own), None) as kim:
        await collector.subscribe(["dbo/v1/shop/cmd/+"])
        await collector.publish(META, b"{1}", retain=True, assured=True)
        await kim.subscribe(["dbo/v1/shop/#"])
        heard = kim.heard()
        assert await first(heard) == Heard(META, b"{1}", is_retained=True)
        await collector.publish(TICK, b"{2}", retain=False, assured=False)
        assert await first(heard) == Heard(TICK, b"{2}", is_retained=False)
        await kim.publish(CMD, b"{3}", retain=False, assured=True)
        assert await first(collector.heard()) == Heard(CMD, b"{3}", is_retained=False)


async def test_what_a_viewer_may_not_say_is_confirmed_as_mqtt_has_it_and_reaches_nobody(own: EmbeddedBroker) -> None:
    async with DIAL(own.broker, None) as collector, DIAL(viewer(own), None) as kim:
        await collector.publish(META, b"{true}", retain=True, assured=True)
        await kim.publish(META, b"{forged}", retain=True, assured=True)
        await kim.publish(META, b"", retain=True, assured=True)
        await kim.publish("dbo/v1/shop/cmd/lee", b"{in lee's name}", retain=False, assured=True)
        await kim.publish(CMD, b"{kept for ever}", retain=True, assured=True)
        await kim.publish(CMD, b"{allowed}", retain=False, assured=True)
        async with DIAL(own.broker, None) as other:
            await other.subscribe(["dbo/v1/#"])
            heard = other.heard()
            assert await first(heard) == Heard(META, b"{true}", is_retained=True)
            await kim.publish(CMD, b"{allowed}", retain=False, assured=True)
            assert await first(heard) == Heard(CMD, b"{allowed}", is_retained=False)


async def test_a_viewer_hears_no_request_of_another_and_nothing_it_did_not_ask_for(own: EmbeddedBroker) -> None:
    async with DIAL(own.broker, None) as collector, DIAL(viewer(own), None) as kim:
        await collector.publish(META, b"{1}", retain=True, assured=True)
        await kim.subscribe(["#"])
        heard = kim.heard()
        await first(heard)
        async with DIAL(viewer(own, "lee"), None) as lee:
            await lee.subscribe([TICK])
            await lee.publish("dbo/v1/shop/cmd/lee", b"{secret}", retain=False, assured=True)
            await collector.publish("dbo/v1/shop/ack/lee", b"{secret}", retain=False, assured=True)
            await collector.publish(TICK, b"{2}", retain=False, assured=True)
            assert (await first(heard)).topic == TICK
            assert (await first(lee.heard())).topic == TICK, "amqtt would first have told lee what kim asked for"


async def test_those_who_are_not_let_in_are_told_nothing_but_that(own: EmbeddedBroker) -> None:
    refused = bytes((0x20, 2, 0, 4))
    assert await said_raw(own, connect(own, password=b"guessed")) == refused
    assert await said_raw(own, connect(own, user=None, password=None)) == refused
    assert await said_raw(own, connect(own, "collector")) == refused
    assert await said_raw(own, connect(own, will=(META, b"{forged}", 0x28))) == refused
    assert await said_raw(own, connect(own, level=3)) == bytes((0x20, 2, 0, 1))
    assert await said_raw(own, connect(own, level=5)) == bytes.fromhex("2003008400")
    assert await said_raw(own, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == b""
    assert await said_raw(own, packets.packet(0x10, bytes(4_000))) == b""


async def test_nobody_takes_over_anothers_connection_by_its_client_id(own: EmbeddedBroker) -> None:
    reader, writer = await asyncio.open_connection(*own.addresses[0])
    writer.write(connect(own, client="kims") + packets.subscribe(1, [TICK], lambda _: True))
    async with asyncio.timeout(PATIENCE_S):
        assert await reader.readexactly(9) == bytes.fromhex("20020000 9003000100")
    for attack in (connect(own, client="kims", password=b"guessed"), connect(own, "lee", client="kims") + b"\xe0\0"):
        await said_raw(own, attack)
    async with DIAL(own.broker, None) as collector:
        await collector.publish(TICK, b"{1}", retain=False, assured=True)
        async with asyncio.timeout(PATIENCE_S):
            assert (await reader.readexactly(2 + 2 + len(TICK) + 3))[4:] == f"{TICK}{{1}}".encode()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    "sent",
    [
        packets.packet(0x34, packets._text(CMD) + b"\0\1{}"),
        packets.packet(0x30, packets._text(CMD) + bytes(128 * 1024)),
        b"\x30\xff\xff\xff\xff\xff",
        packets.subscribe(1, [f"dbo/v1/shop/res/{n}" for n in range(51)], lambda _: True),
        packets.packet(0x82, b"\0\1"),
        packets.packet(0x10, b""),
        packets.packet(0xF0, b""),
    ],
    ids=["qos 2", "too large", "no length", "51 subscriptions", "no filter", "connects twice", "no such packet"],
)
async def test_a_viewer_that_breaks_the_rules_is_sent_away_and_nobody_else_notices(
    own: EmbeddedBroker, sent: bytes
) -> None:
    async with DIAL(viewer(own), None) as kim, DIAL(own.broker, None) as collector:
        await kim.subscribe([TICK])
        assert (await said_raw(own, connect(own, "mallory") + sent))[:4] == bytes((0x20, 2, 0, 0))
        await collector.publish(TICK, b"{1}", retain=False, assured=True)
        assert (await first(kim.heard())).payload == b"{1}"


async def test_one_that_takes_nothing_is_cut_off_and_nobody_waits_for_it(
    own: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_door, "TAKING_MAY_TAKE_S", 0.2)
    stalled = socket.create_connection(own.addresses[0])
    stalled.sendall(connect(own, "stalled") + packets.subscribe(1, ["dbo/v1/#"], lambda _: True))
    async with DIAL(viewer(own), None) as kim, DIAL(own.broker, None) as collector:
        await kim.subscribe([TICK])
        heard, sent = kim.heard(), 0
        async with asyncio.timeout(PATIENCE_S):
            while len(own._connections) > 2:
                await collector.publish(TICK, bytes(60_000), retain=False, assured=False)
                assert len((await anext(heard)).payload) == 60_000
                sent += 1
        assert sent > 2
    stalled.close()


async def test_one_whose_keep_alive_is_over_is_sent_away(own: EmbeddedBroker) -> None:
    assert await said_raw(own, connect(own, keep_alive=1)) == bytes((0x20, 2, 0, 0))


async def test_the_collectors_will_is_said_when_it_is_cut_off(own: EmbeddedBroker) -> None:
    async with DIAL(viewer(own), None) as kim:
        await kim.subscribe(["dbo/v1/shop/status"])
        async with DIAL(own.broker, Will("dbo/v1/shop/status", b"{off}")):
            task = next(each for each, writer in own._connections.items() if writer.get_extra_info("peername") == "")
            own._connections[task].transport.abort()
            assert (await first(kim.heard())).payload == b"{off}"


async def test_its_end_is_heard_by_all_and_leaves_nothing(tmp_path: Path) -> None:
    async with EmbeddedBroker(Place(port=0), tmp_path) as own:
        kim = DIAL(viewer(own), None)
        await kim.__aenter__()
    with pytest.raises(BrokerLost):
        await first(kim.heard())
    await kim.__aexit__(None, None, None)
    assert not modes_in(tmp_path)
    await asyncio.wait_for(asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True), 5)


async def test_an_engine_that_is_started_again_lets_viewers_in_as_before(tmp_path: Path) -> None:
    async with EmbeddedBroker(Place(port=0), tmp_path) as own:
        known, address = own.password_file.read_text(), own.addresses[0]
    (tmp_path / "viewer.password").write_text(known)  # as one leaves it that was killed
    (tmp_path / "viewer.password").chmod(0o600)
    async with EmbeddedBroker(Place(), tmp_path, keep_password=True, port=address[1]) as again:
        assert (again.password_file.read_text(), again.addresses[0]) == (known, address)
    async with EmbeddedBroker(Place(port=0), tmp_path) as other:
        assert other.password_file.read_text() != known


async def test_a_port_that_is_taken_is_left_or_where_it_was_named_refused(own: EmbeddedBroker, tmp_path: Path) -> None:
    taken = own.addresses[0][1]
    folder = tmp_path / "other"
    folder.mkdir()
    async with EmbeddedBroker(Place(), folder, port=taken) as other:
        assert other.addresses[0][1] != taken
    with pytest.raises(Trouble, match=f"No broker can listen on 127.0.0.1:{taken}"):
        async with EmbeddedBroker(Place(port=taken), folder):
            pass
    assert not modes_in(folder)


async def test_with_a_certificate_it_speaks_tls_and_nothing_else(tmp_path: Path) -> None:
    made = certificates(tmp_path)
    folder = tmp_path / "run"
    folder.mkdir()
    share = Share(certificate=str(made.good.chain), certificate_key=str(made.good.key))
    place = place_of("embedded:127.0.0.1:0", share)
    async with EmbeddedBroker(place, folder) as own:
        assert own.place.url.startswith("mqtts://viewer@127.0.0.1:")
        trusted = ssl.create_default_context(cafile=made.authority)
        async with DIAL(viewer(own, tls=trusted), None) as kim:
            await kim.subscribe([TICK])
        with pytest.raises(BrokerLost):
            async with DIAL(viewer(own), None):
                pass


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "192.0.2.7", "db.example"])  # noqa: S104 - all are refused
def test_a_broker_for_others_needs_tls(host: str, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="needs TLS"):
        place_of(f"embedded:{host}", Share())
    assert place_of(f"embedded:{host}:8883", Share(certificate="/c", certificate_key="/k")).certificate == Path("/c")


def test_what_is_no_address_is_refused_and_loopback_is_what_is_meant_by_none() -> None:
    assert place_of("embedded", Share()) == Place("127.0.0.1", None)
    assert place_of("embedded:[::1]:1884", Share()) == Place("::1", 1884)
    for wrong in ("embedded:", "embedded:127.0.0.1:99999", "embeddedly"):
        with pytest.raises(Trouble, match="no place"):
            place_of(wrong, Share())


def test_without_amqtt_a_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda _: None)
    with pytest.raises(Trouble, match="needs the package amqtt") as caught:
        place_of("embedded", Share())
    assert "dbconsole[embedded]" in caught.value.mend


async def test_a_wrong_password_is_told_in_words(own: EmbeddedBroker) -> None:
    with pytest.raises(BrokerRefused, match="does not let"):
        async with DIAL(Broker(*own.addresses[0], "kim", "guessed"), None):
            pass
