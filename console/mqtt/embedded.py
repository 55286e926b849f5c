"""A broker in the engine itself, for where there is none: on loopback, or on the address that was named."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import secrets
import ssl
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from collectors.errors import Trouble
from console.mqtt.address import Broker
from console.mqtt.embedded_rights import COLLECTOR, Passwords
from console.mqtt.packets import MalformedError
from console.owned_file import read_owned
from profiles.share import Share

if TYPE_CHECKING:
    from amqtt.broker import Broker as Amqtt

log = logging.getLogger(__name__)

PORT = 1883  # where that is free and nothing else was said
MOST_CLIENTS = 100
ENDING_MAY_TAKE_S = 0.4
SOCKET, PASSWORD_FILE = "broker.sock", "viewer.password"
HERE = "127.0.0.1"
_URL = re.compile(r"embedded(?::(?P<host>\[[0-9a-fA-F:]+\]|[\w.-]+)(?::(?P<port>\d{1,5}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where it listens for viewers."""

    host: str = HERE
    port: int | None = None  # None: the usual one where it is free, else any
    certificate: Path | None = None  # with its key: TLS
    key: Path | None = None

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"mqtt{'s' if self.certificate else ''}://viewer@{host}:{self.port}"


def is_embedded(url: str | None) -> bool:
    return url is not None and url.partition(":")[0] == "embedded"


def place_of(url: str, share: Share) -> Place:
    """What ``embedded[:ADDRESS[:PORT]]`` says. Raises `Trouble` for what nobody should open, and without amqtt."""
    if find_spec("amqtt") is None:
        mend = "Install `dbconsole[embedded]`, or name a broker."
        raise Trouble("`--share embedded` needs the package amqtt.", seen="it is not installed", mend=mend)
    found = _URL.fullmatch(url)
    if found is None or not 0 <= int(found["port"] or 0) < 1 << 16:
        raise Trouble("This is no place for a broker.", seen=ascii(url[:80]), mend="Write embedded[:ADDRESS[:PORT]].")
    host = (found["host"] or HERE).strip("[]")
    own, key = (Path(each).expanduser() if each else None for each in (share.certificate, share.certificate_key))
    if not _is_loopback(host) and (own is None or key is None):
        mend = "Name [share] certificate and certificate_key in the profile, or leave the address out: then it is here."
        raise Trouble(f"A broker on {host} needs TLS: its password would be there for all to read.", mend=mend)
    return Place(host, int(found["port"]) if found["port"] else None, *((own, key) if own and key else (None, None)))


class EmbeddedBroker:
    """`async with` listens; raises `Trouble` where it cannot. Its end closes every connection, in order, and at once.

    ``folder`` is the engine's own: there lies the viewers' password, and the socket by which the engine speaks.
    """

    def __init__(self, place: Place, folder: Path, *, keep_password: bool = False, port: int = 0) -> None:
        """``keep_password``, ``port``: of an engine that goes on where another was, which viewers know already."""
        self.place = place
        self._wanted = port
        self._folder = folder
        viewers = (_kept(folder / PASSWORD_FILE) if keep_password else None) or secrets.token_urlsafe(24)
        self._passwords = Passwords(secrets.token_urlsafe(24).encode(), viewers.encode())
        self._connections: dict[asyncio.Task[object], asyncio.StreamWriter] = {}
        self._servers: list[asyncio.Server] = []
        self._amqtt: Amqtt | None = None

    @property
    def password_file(self) -> Path:
        """For those who may look."""
        return self._folder / PASSWORD_FILE

    @property
    def broker(self) -> Broker:
        """For the engine itself."""
        return Broker("", 0, COLLECTOR, self._passwords.collector.decode(), unix=self._folder / SOCKET)

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where it listens on the network."""
        sockets = [each for server in self._servers for each in server.sockets]
        return [each.getsockname()[:2] for each in sockets if isinstance(each.getsockname(), tuple)]

    async def __aenter__(self) -> Self:
        try:
            self._amqtt = await _started()
            await self._listen()
            _write_secret(self.password_file, self._passwords.viewers.decode())
        except BaseException:
            await self._end()
            raise
        log.info("an embedded broker at %s", self.place.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    async def _listen(self) -> None:
        path = self._folder / SOCKET
        path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            self._servers.append(await asyncio.start_unix_server(self._connected, path))
        finally:
            os.umask(mask)
        place, tls = self.place, _tls(self.place)
        ports = [place.port] if place.port is not None else [self._wanted or PORT, 0]
        for port in ports:
            try:
                server = await asyncio.start_server(self._connected, place.host, port, ssl=tls)
            except OSError as error:
                if port == ports[-1]:
                    where, seen = f"{place.host}:{port}", error.strerror or str(error)
                    mend = "Name another address or port: embedded[:ADDRESS[:PORT]]."
                    raise Trouble(f"No broker can listen on {where}.", seen=seen, mend=mend) from None
                continue
            self._servers.append(server)
            self.place = Place(place.host, self.addresses[0][1], place.certificate, place.key)
            return

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from console.mqtt import embedded_door as door  # noqa: PLC0415 - with amqtt, which is loaded by now

        task = asyncio.current_task()
        if task is None or self._amqtt is None or len(self._connections) >= MOST_CLIENTS:
            writer.transport.abort()
            return
        self._connections[task] = writer
        try:
            guest, connect = await door.let_in(reader, writer, self._passwords)
            log.info("%s is let in", guest.name)
            incoming, outgoing = door.Incoming(guest, connect, reader, writer), door.Outgoing(guest, writer)
            await self._amqtt.external_connected(incoming, outgoing, "default")
        except (door.TurnedAwayError, MalformedError) as turned:
            log.info("a client is turned away: %s", turned)
        except asyncio.CancelledError:
            pass  # the end of the broker: asyncio would complain of it to nobody
        except Exception:
            log.exception("a connection of the embedded broker")
        finally:
            del self._connections[task]
            with contextlib.suppress(asyncio.CancelledError):
                await door.close(writer)

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        tasks = list(self._connections)
        for task in tasks:
            task.cancel()
        if self._amqtt is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ENDING_MAY_TAKE_S):
                    await self._amqtt.shutdown()
        if tasks:
            await asyncio.wait(tasks, timeout=ENDING_MAY_TAKE_S)
        self._servers, self._amqtt = [], None
        for name in (SOCKET, PASSWORD_FILE):
            (self._folder / name).unlink(missing_ok=True)


async def _started() -> Amqtt:
    for name in ("amqtt", "transitions"):
        logging.getLogger(name).setLevel(logging.ERROR)  # it tells of each packet
    from console.mqtt.embedded_amqtt import started  # noqa: PLC0415 - a quarter of a second, for those who want it

    return await started()


def _tls(place: Place) -> ssl.SSLContext | None:
    if place.certificate is None or place.key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(place.certificate, place.key, password="")  # a passphrase is asked of nobody
    except (OSError, ssl.SSLError) as error:
        mend = "See [share] certificate and certificate_key: PEM, without a passphrase."
        seen = error.strerror or str(error)
        what = f"{place.certificate} cannot be used as the broker's certificate."
        raise Trouble(what, seen=seen, mend=mend) from None
    return context


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _kept(path: Path) -> str | None:
    with contextlib.suppress(Trouble):
        return (read_owned(path) or b"").decode("ascii", "replace").strip() or None
    return None


def _write_secret(path: Path, secret: str) -> None:
    path.unlink(missing_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write(f"{secret}\n")
