"""The border to a broker as aiomqtt crosses it: nothing else here knows that library, nor paho below it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Any, Self

import aiomqtt
from aiomqtt.exceptions import MqttCodeError, MqttConnectError, MqttError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from collectors.safe import sanitise
from console.mqtt.address import Broker
from console.mqtt.carrier import (
    ANSWERING_MAY_TAKE_S,
    KEEP_ALIVE_S,
    MOST_WAITING,
    BrokerLost,
    BrokerRefused,
    Carrier,
    Dial,
    Heard,
    Will,
)
from console.mqtt.names import CLIENT_ID
from console.protocol.codec import MOST_ON_WIRE
from console.protocol.refusal import Refused
from console.protocol.topics import MOST_SLASHES

MOST_ON_THE_WAY = 60  # published and not confirmed; AWS IoT Core allows a hundred
FILTERS_AT_ONCE = 8  # AWS IoT Core's limit for one SUBSCRIBE
TOPIC_AND_HEAD = 2_048
CONNECTING_MAY_TAKE_S = 2 * ANSWERING_MAY_TAKE_S  # a name server and a handshake before the broker's own answer
_CANNOT_NOW = frozenset({0x80, 0x88, 0x89, 0x97, 0x9C, 0x9D, 0x9F})  # not about us: it is busy, moved or at its limit
_NO_SUCH_VERSION = 0x84
_abandoned: set[asyncio.Task[None]] = set()  # attempts that hang in a name server or a handshake


class _Waiting(asyncio.Queue[aiomqtt.Message]):
    """What came and was not taken yet: the newest of it, and nothing that no message of ours could be."""

    dropped = 0

    def put_nowait(self, item: aiomqtt.Message) -> None:
        if len(item.payload) > MOST_ON_WIRE:
            self.dropped += 1
            return
        if self.full():
            self.get_nowait()
            self.dropped += 1
        super().put_nowait(item)


class _Client(aiomqtt.Client):
    """One attempt. aiomqtt's own does not close what never came to be, and keeps to itself what a broker refuses."""

    denied = 0

    def __init__(self, broker: Broker, **others: Any) -> None:
        host, port = str(broker.unix or broker.host), broker.port or 1
        super().__init__(host, port, transport="unix" if broker.unix else "tcp", tls_context=broker.tls, **others)
        # paho's own leaves a socket open whose handshake fails
        self._client._create_socket = lambda: _opened(broker)  # type: ignore[method-assign]  # noqa: SLF001

    def _on_disconnect(
        self, client: Any, userdata: Any, flags: Any, reason_code: Any, properties: Properties | None = None
    ) -> None:
        if not self._connected.done():  # else nobody would hear of it until the time is over
            self._connected.set_exception(MqttCodeError(reason_code, "closed before it answered"))
            return
        super()._on_disconnect(client, userdata, flags, reason_code, properties)

    def _on_publish(self, client: Any, userdata: Any, mid: int, reason_code: Any, properties: Any) -> None:
        if reason_code.is_failure:  # MQTT 5 says so; 3.1.1 is silent
            self.denied += 1
        super()._on_publish(client, userdata, mid, reason_code, properties)

    @property
    def dropped(self) -> int:
        return self._queue.dropped if isinstance(self._queue, _Waiting) else 0

    def let_go(self) -> None:
        """Whatever state it is in: nothing of it stays open, and no error of it waits to be asked for."""
        with contextlib.suppress(Exception):
            if self._client.socket() is not None:
                self._client.disconnect()
        for end in (self._connected, self._disconnected):
            if end.done() and not end.cancelled():
                end.exception()


class AiomqttCarrier(Carrier):
    def __init__(self, broker: Broker, will: Will | None, without_v5: set[str]) -> None:
        """``without_v5``: brokers that are known to speak 3.1.1 only, by their address."""
        self._broker = broker
        self._will = will
        self._without_v5 = without_v5
        self._client: _Client | None = None

    async def __aenter__(self) -> Self:
        broker = self._broker
        if broker.url not in self._without_v5:
            try:
                self._client = await self._connected(aiomqtt.ProtocolVersion.V5)
                self.version = "5"
                return self
            except MqttConnectError as error:
                if _code(error) != _NO_SUCH_VERSION:
                    raise _in_words(error, broker, is_in=False) from None
                self._without_v5.add(broker.url)
            except MqttCodeError:
                pass  # closed without a word, as some do that have never heard of version 5
            except MqttError as error:
                raise _in_words(error, broker, is_in=False) from None
        try:
            self._client = await self._connected(aiomqtt.ProtocolVersion.V311)
        except MqttError as error:
            raise _in_words(error, broker, is_in=False) from None
        self.version = "3.1.1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        try:
            with contextlib.suppress(MqttError):
                await client.__aexit__(None, None, None)
        finally:
            client.let_go()

    async def publish(
        self, topic: str, payload: bytes, *, retain: bool, assured: bool, expires_s: int | None = None
    ) -> None:
        if len(payload) > MOST_ON_WIRE:
            raise Refused("large", "This message is too large.", seen=f"{len(payload)} bytes")
        if topic.count("/") > MOST_SLASHES or "#" in topic or "+" in topic:
            raise Refused("topic", "No broker carries this topic.", seen=ascii(topic[:80]))
        client, properties = self._there(), None
        if expires_s is not None and self.version == "5":
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.MessageExpiryInterval = expires_s
        try:
            await client.publish(topic, payload, qos=int(assured), retain=retain, properties=properties)
        except MqttError as error:
            raise _in_words(error, self._broker) from None
        self.denied = client.denied

    async def subscribe(self, filters: Sequence[str]) -> None:
        client = self._there()
        for first in range(0, len(filters), FILTERS_AT_ONCE):
            some = filters[first : first + FILTERS_AT_ONCE]
            try:
                granted = await client.subscribe([(each, 1) for each in some])
            except MqttError as error:
                raise _in_words(error, self._broker) from None
            for each, answer in zip(some, granted, strict=True):
                if getattr(answer, "is_failure", True):
                    mend = "`dbconsole policy ROLE --mqtt` prints what the broker should grant."
                    raise BrokerRefused(f"The broker does not let us read {each}.", seen=str(answer), mend=mend)

    async def heard(self) -> AsyncIterator[Heard]:
        client = self._there()
        try:
            async for message in client.messages:
                self.dropped = client.dropped
                payload = message.payload
                if isinstance(payload, bytes | bytearray):
                    yield Heard(message.topic.value, bytes(payload), message.retain)
        except MqttError as error:
            raise _in_words(error, self._broker) from None

    def _there(self) -> _Client:
        if self._client is None:
            raise BrokerLost("There is no connection to the broker.")
        return self._client

    async def _connected(self, version: aiomqtt.ProtocolVersion) -> _Client:
        """A new client, as aiomqtt's believes after a lost connection that it is connected. Raises `MqttError`."""
        client = self._made(version)
        entering = asyncio.create_task(_enter(client))
        try:
            async with asyncio.timeout(CONNECTING_MAY_TAKE_S):
                await asyncio.shield(entering)
        except TimeoutError:
            _abandon(client, entering)
            raise MqttError("no answer") from None
        except asyncio.CancelledError:
            _abandon(client, entering)
            raise
        except MqttError:
            client.let_go()
            raise
        return client

    def _made(self, version: aiomqtt.ProtocolVersion) -> _Client:
        broker, will = self._broker, self._will
        properties = None
        if version is aiomqtt.ProtocolVersion.V5:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.MaximumPacketSize = MOST_ON_WIRE + TOPIC_AND_HEAD
        client = _Client(
            broker,
            username=broker.user or None,
            password=broker.password,
            identifier=CLIENT_ID + secrets.token_hex(9),
            protocol=version,
            will=will and aiomqtt.Will(will.topic, will.payload, qos=1, retain=True),
            timeout=ANSWERING_MAY_TAKE_S,
            keepalive=KEEP_ALIVE_S,
            queue_type=_Waiting,
            max_queued_incoming_messages=MOST_WAITING,
            max_inflight_messages=MOST_ON_THE_WAY,
            properties=properties,
        )
        client.pending_calls_threshold = 2 * MOST_ON_THE_WAY  # below it says nothing
        return client


def dialler() -> Dial:
    """Carriers that remember, all together, which broker has no MQTT 5."""
    without_v5: set[str] = set()
    return lambda broker, will: AiomqttCarrier(broker, will, without_v5)


def _opened(broker: Broker) -> socket.socket:
    """A socket to it, after the handshake where there is one. Blocks."""
    if broker.unix is None:
        try:
            opened = socket.create_connection((broker.host, broker.port), ANSWERING_MAY_TAKE_S)
        except UnicodeError as error:
            raise OSError(f"no name of a host: {error}") from None
        return opened if broker.tls is None else broker.tls.wrap_socket(opened, server_hostname=broker.host)
    opened = socket.socket(socket.AF_UNIX)
    try:
        opened.connect(str(broker.unix))
    except OSError:
        opened.close()
        raise
    return opened


async def _enter(client: _Client) -> None:
    await client.__aenter__()


def _abandon(client: _Client, entering: asyncio.Task[None]) -> None:
    """Its thread cannot be stopped: whatever comes of it is closed when it comes."""

    def over(task: asyncio.Task[None]) -> None:
        _abandoned.discard(task)
        if not task.cancelled():
            task.exception()
        client.let_go()

    _abandoned.add(entering)
    entering.add_done_callback(over)


def _code(error: MqttCodeError) -> int:
    """Of MQTT, where it has one."""
    return int(getattr(error.rc, "value", -1))


def _in_words(error: MqttError, broker: Broker, *, is_in: bool = True) -> BrokerLost:
    """``is_in``: it had let us in before."""
    seen = sanitise(str(error), 200)
    if isinstance(error, MqttConnectError):
        if _code(error) in _CANNOT_NOW:
            return BrokerLost("The broker takes nobody now.", seen=seen)
        mend = "See the user's name in the URL, and the password in DBCONSOLE_SHARE_PASSWORD or `--password-file`."
        return BrokerRefused(f"The broker does not let {sanitise(broker.user)} in.", seen=seen, mend=mend)
    if "CERTIFICATE_VERIFY_FAILED" in seen:
        mend = "The profile's [share] ca_file names the certificates that it is checked by."
        return BrokerRefused("The broker's certificate is not believed.", seen=seen, mend=mend)
    if "SSL" in seen or "TLS" in seen:
        return BrokerLost("The broker speaks no TLS here, or not ours.", seen=seen)
    if isinstance(error, MqttCodeError) and not is_in:
        return BrokerLost("The broker hangs up at once.", seen=seen, mend="With mqtts://, it may want a certificate.")
    return BrokerLost("The broker does not answer.", seen=seen)
