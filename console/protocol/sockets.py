"""Carries messages over a unix socket: who may open it, who is at the other end, and why not, in words."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import stat
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

from collectors.errors import Trouble
from console.protocol import frames
from console.protocol.link import Link, LinkClosed, ProtocolError
from console.protocol.users import user_name

log = logging.getLogger(__name__)

MOST_PATH = 107  # bytes that fit into sockaddr_un
SEND_BUFFER = 16 * 1024  # small: what the kernel holds for a slow screen is already the past
CONNECTING_MAY_TAKE = 2.0  # seconds
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid


class SocketLink(Link):
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        writer.transport.set_write_buffer_limits(high=0)  # a frame is sent when the kernel has it
        sock: socket.socket = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        self.peer_uid: int = _CREDENTIALS.unpack(credentials)[1]

    @property
    def peer(self) -> str:
        return user_name(self.peer_uid)

    async def send(self, topic: str, payload: bytes) -> None:
        frame = frames.pack(topic, payload)
        if self._writer.is_closing():
            raise _closed(None)
        try:
            self._writer.write(frame)
            await self._writer.drain()
        except OSError as error:
            raise _closed(error) from error

    async def receive(self) -> tuple[str, bytes]:
        try:
            topic, payload = frames.lengths(await self._reader.readexactly(frames.HEADER.size))
            return frames.topic_of(await self._reader.readexactly(topic)), await self._reader.readexactly(payload)
        except ProtocolError:
            await self.close()
            raise
        except asyncio.IncompleteReadError as error:
            raise _closed(error if error.partial else None) from error
        except OSError as error:
            raise _closed(error) from error

    async def close(self) -> None:
        self._writer.transport.abort()  # a peer that does not read must not keep us; frames were handed on by `send`
        self._reader.feed_eof()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


def _closed(error: Exception | None) -> LinkClosed:
    return LinkClosed("The connection has ended.", seen=str(error) if error else "")


async def listen(path: Path, mode: int, on_link: Callable[[SocketLink], Awaitable[None]]) -> asyncio.Server:
    """Serve at ``path`` with exactly ``mode``; what a dead engine left there is replaced.

    Whether two engines may use one directory is settled before by whoever claims it.
    """

    connections: set[asyncio.Task[None]] = set()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Not a coroutine: asyncio of Python 3.11 complains on stderr of one that is cancelled.
        task = asyncio.create_task(_live(SocketLink(reader, writer), on_link))
        connections.add(task)
        task.add_done_callback(connections.discard)

    return await asyncio.start_unix_server(accepted, sock=_bound(path, mode))


async def _live(link: SocketLink, on_link: Callable[[SocketLink], Awaitable[None]]) -> None:
    try:
        await on_link(link)
    except Exception:
        log.exception("a connection of %s", link.peer)  # the others go on
    finally:
        await link.close()


def _bound(path: Path, mode: int) -> socket.socket:
    _check_length(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear(path)
        os.fchmod(listener.fileno(), mode)  # bind makes the file with this mode less the umask, so never wider
        listener.bind(os.fspath(path))
        path.chmod(mode)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        mend = "Set DBCONSOLE_RUNTIME_DIR to a directory of your own."
        raise Trouble(f"No socket can be made at {path}.", seen=error.strerror or str(error), mend=mend) from error
    except Trouble:
        listener.close()
        raise
    return listener


def _clear(path: Path) -> None:
    """Make room at ``path``, unless someone listens there or it is not a socket."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise Trouble(f"{path} is in the way.", seen="it is not a socket", mend="Move it away.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(os.fspath(path))
        except BlockingIOError:
            pass  # someone listens, and has more to do than he can
        except ConnectionRefusedError:
            path.unlink()
            return
    mend = f"Look at it with `dbconsole view {path}`, or end it."
    raise Trouble("Another engine listens there already.", seen=str(path), mend=mend)


async def connect(path: Path) -> SocketLink:
    """The engine's end at ``path``; every way in which there is none is told in words."""
    _check_length(path)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        async with asyncio.timeout(CONNECTING_MAY_TAKE):
            await _connect(sock, path)
        return SocketLink(*await asyncio.open_unix_connection(sock=sock))
    except BaseException as error:
        sock.close()
        if isinstance(error, OSError):  # which TimeoutError is too
            raise _cannot(path, error) from error
        raise


async def _connect(sock: socket.socket, path: Path) -> None:
    """asyncio's own connect takes EAGAIN, which here means a full backlog, for being connected."""
    while True:
        try:
            return sock.connect(os.fspath(path))
        except BlockingIOError:
            await asyncio.sleep(0.05)


def _check_length(path: Path) -> None:
    raw = os.fsencode(path)
    if len(raw) > MOST_PATH or b"\0" in raw:
        seen = f"{len(raw)} bytes, and {MOST_PATH} fit" if len(raw) > MOST_PATH else "it has a zero byte"
        mend = "Set DBCONSOLE_RUNTIME_DIR to a shorter directory, or name the socket by a shorter path."
        raise Trouble("The path of this socket cannot be used.", seen=seen, mend=mend)


def _cannot(path: Path, error: OSError) -> Trouble:
    start = "Start `dbconsole demo`, or name the socket of a console that runs."
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return Trouble(f"There is no console at {path}.", seen="no such socket", mend=start)
        case PermissionError():
            return _forbidden(path)
        case TimeoutError():
            seen = f"{path} took no connection"
            return Trouble("The engine does not answer.", seen=seen, mend="Try again, or end it.")
        case ConnectionRefusedError() if path.is_socket():
            return Trouble(f"The engine at {path} is gone.", seen="nobody listens", mend=start)
        case ConnectionRefusedError():
            return Trouble(f"{path} is not a socket.", seen="a directory" if path.is_dir() else "a file", mend=start)
    return Trouble(f"{path} cannot be opened.", seen=error.strerror or str(error), mend=start)


def _forbidden(path: Path) -> Trouble:
    """Names the owner of what is closed to us: the socket, or the directory that hides it."""
    for place in (path, *path.absolute().parents):
        try:
            found = place.stat()
        except OSError:
            continue
        owner = user_name(found.st_uid)
        return Trouble(
            f"You may not open {path}.",
            seen=f"{place} belongs to {owner} and has mode {stat.S_IMODE(found.st_mode):04o}",
            mend=f"Run this as {owner}, or ask {owner} to let your group in.",
        )
    return Trouble(f"You may not open {path}.", seen="permission denied", mend="Ask its owner.")
