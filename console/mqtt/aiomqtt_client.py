"""One attempt at a connection by aiomqtt, which leaves open what never came to be, and takes in without bound."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Any

import aiomqtt
from aiomqtt.exceptions import MqttCodeError
from paho.mqtt.properties import Properties

from console.mqtt.address import Broker
from console.mqtt.carrier import ANSWERING_MAY_TAKE_S
from console.protocol.codec import MOST_ON_WIRE


class Waiting(asyncio.Queue[aiomqtt.Message]):
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


class Client(aiomqtt.Client):
    """Used once: aiomqtt's own believes after an end that it is connected. Says what a broker refuses, too."""

    denied = 0
    _is_let_go = False

    def __init__(self, broker: Broker, **others: Any) -> None:
        host, port = str(broker.unix or broker.host), broker.port or 1
        super().__init__(host, port, transport="unix" if broker.unix else "tcp", tls_context=broker.tls, **others)
        # paho's own leaves a socket open whose handshake fails
        self._client._create_socket = lambda: _opened(broker)  # type: ignore[method-assign]  # noqa: SLF001

    def _on_disconnect(
        self, client: Any, userdata: Any, flags: Any, reason_code: Any, properties: Properties | None = None
    ) -> None:
        if self._is_let_go:
            return
        if not self._connected.done():  # else nobody would hear of it until the time is over
            self._connected.set_exception(MqttCodeError(reason_code, "closed before it answered"))
            return
        super()._on_disconnect(client, userdata, flags, reason_code, properties)

    def _on_publish(self, client: Any, userdata: Any, mid: int, reason_code: Any, properties: Any) -> None:
        if reason_code.is_failure:  # MQTT 5 says so; 3.1.1 is silent
            self.denied += 1
        super()._on_publish(client, userdata, mid, reason_code, properties)

    def _on_socket_register_write(self, client: Any, userdata: Any, sock: Any) -> None:
        """aiomqtt's own names the socket by a number, which may be another's by the time that the loop looks at it."""

        def write() -> None:
            try:
                client.loop_write()
            except Exception as error:  # noqa: BLE001 - whatever it is, the connection is over
                if not self._disconnected.done():
                    self._disconnected.set_exception(error)

        def begin() -> None:
            if client.socket() is sock and client.want_write():
                self._loop.add_writer(sock.fileno(), write)

        self._loop.call_soon_threadsafe(begin)

    @property
    def dropped(self) -> int:
        return self._queue.dropped if isinstance(self._queue, Waiting) else 0

    def let_go(self) -> None:
        """Whatever state it is in: nothing of it stays open, and no error of it waits to be asked for."""
        self._is_let_go = True
        with contextlib.suppress(Exception):
            if self._client.socket() is not None:
                self._client.disconnect()
            self._client._sock_close()  # noqa: SLF001 - a broker that takes nothing more would keep it open
        for end in (self._connected, self._disconnected):
            if end.done() and not end.cancelled():
                end.exception()


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
