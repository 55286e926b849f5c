"""Who may open a socket, what becomes of those who misbehave on it, and what one is told who cannot."""

from __future__ import annotations

import asyncio
import os
import pwd
import random
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from collectors.errors import Trouble
from collectors.safe import sanitise
from console.protocol import frames
from console.protocol.client import Client
from console.protocol.codec import MOST_ON_WIRE, decode
from console.protocol.hub import Hub
from console.protocol.link import LinkClosed, ProtocolError
from console.protocol.mirror import Mirror
from console.protocol.requests import Access, Requests
from console.protocol.serve import serve
from console.protocol.sockets import SocketLink, connect, listen
from console.protocol.topics import HELLO, READY
from tests.protocol.conftest import until, within
from tests.protocol.said import VERSION, Publisher, shown
from tests.protocol.test_joining import hello


async def never(command: object, access: object, user: str) -> None:
    raise Trouble("Nothing is asked here.")


@asynccontextmanager
async def served(path: Path, hub: Hub, mode: int = 0o600) -> AsyncIterator[None]:
    async def on_link(link: SocketLink) -> None:
        await serve(link, hub, access=Access.VIEW, version=VERSION, answer=Requests(never))

    server = await listen(path, mode, on_link)
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()


async def raw(path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_unix_connection(path)


@contextmanager
def nobody() -> Iterator[None]:
    """As a user without rights, where we are root; a plain user is one already."""
    if os.geteuid():
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
@pytest.mark.parametrize("mode", [0o600, 0o660])
async def test_a_socket_has_exactly_its_mode_whatever_the_umask(short_path: Path, mode: int, umask: int) -> None:
    before = os.umask(umask)
    try:
        async with served(short_path / "new" / "s", Hub(), mode):
            assert stat.S_IMODE((short_path / "new" / "s").stat().st_mode) == mode
            assert stat.S_IMODE((short_path / "new").stat().st_mode) == 0o700
    finally:
        os.umask(before)


async def test_a_socket_is_never_wider_than_its_mode_not_even_for_a_moment(short_path: Path) -> None:
    path, modes = short_path / "s", []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "os.chmod" and arguments[0] == os.fspath(path):  # between bind and the mode's last word
            modes.append(stat.S_IMODE(path.lstat().st_mode))

    sys.addaudithook(watch)  # for the life of the process; this path is nobody else's
    before = os.umask(0)
    try:
        async with served(path, Hub(), 0o600):
            assert modes == [0o600]
    finally:
        os.umask(before)


async def test_what_send_has_taken_arrives_even_if_the_link_is_closed_at_once(short_path: Path) -> None:
    sent: asyncio.Queue[int] = asyncio.Queue()

    async def on_link(link: SocketLink) -> None:
        number = 0
        try:
            async with asyncio.timeout(0.2):
                while True:
                    await link.send("dbo/v1/shop/tick", b"%06d" % number * 1_000)
                    number += 1
        except TimeoutError:
            sent.put_nowait(number)

    server = await listen(short_path / "s", 0o600, on_link)
    reader, writer = await raw(short_path / "s")
    writer.transport.pause_reading()  # type: ignore[attr-defined] # the stubs know a transport that only writes
    number = await within(sent.get())
    writer.transport.resume_reading()  # type: ignore[attr-defined] # as above
    received = await within(reader.read())
    frame = frames.pack("dbo/v1/shop/tick", b"0" * 6_000)
    assert 0 < number <= len(received) // len(frame)
    writer.close()
    server.close()
    await server.wait_closed()


async def test_each_end_knows_whose_the_other_is(short_path: Path) -> None:
    met: asyncio.Queue[SocketLink] = asyncio.Queue()

    async def on_link(link: SocketLink) -> None:
        met.put_nowait(link)
        with pytest.raises(LinkClosed):
            await link.receive()

    server = await listen(short_path / "s", 0o600, on_link)
    client = await connect(short_path / "s")
    engine = await within(met.get())
    assert engine.peer_uid == client.peer_uid == os.getuid()
    assert engine.peer == pwd.getpwuid(os.getuid()).pw_name
    await client.close()
    server.close()
    await server.wait_closed()


async def test_the_socket_of_a_dead_engine_is_replaced(short_path: Path) -> None:
    path = short_path / "s"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(os.fspath(path))
    async with served(path, hub := Hub()):
        Publisher(hub).meta("a")
        async with Client(await connect(path), "view", VERSION) as client:
            assert client.mirror.meta is not None


async def test_a_living_engine_is_not_driven_out(short_path: Path) -> None:
    path = short_path / "s"
    async with served(path, Hub()):
        with pytest.raises(Trouble, match="Another engine listens there already"):
            await listen(path, 0o600, lambda link: link.close())
        await (await connect(path)).close()


@pytest.mark.parametrize("what", ["file", "directory"])
async def test_what_is_in_the_way_and_no_socket_is_left_alone(short_path: Path, what: str) -> None:
    path = short_path / "s"
    path.write_text("precious") if what == "file" else path.mkdir()
    with pytest.raises(Trouble, match="in the way"):
        await listen(path, 0o600, lambda link: link.close())
    assert path.exists()


async def test_no_console_there_is_told_in_words(short_path: Path) -> None:
    with pytest.raises(Trouble, match="There is no console at") as caught:
        await connect(short_path / "none" / "s")
    assert "dbconsole demo" in caught.value.mend
    (short_path / "file").write_text("x")
    with pytest.raises(Trouble, match="There is no console at"):
        await connect(short_path / "file" / "s")


async def test_a_dead_engine_is_told_in_words(short_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(os.fspath(short_path / "s"))
    with pytest.raises(Trouble, match="is gone") as caught:
        await connect(short_path / "s")
    assert caught.value.seen == "nobody listens"


async def test_what_is_no_socket_is_told_in_words(short_path: Path) -> None:
    (short_path / "file").write_text("x")
    for path, seen in ((short_path / "file", "a file"), (short_path, "a directory")):
        with pytest.raises(Trouble, match="is not a socket") as caught:
            await connect(path)
        assert caught.value.seen == seen


@pytest.mark.parametrize(("name", "seen"), [("x" * 120, "bytes, and 107 fit"), ("a\0b", "a zero byte")])
async def test_a_path_that_no_socket_can_have_is_told_in_words(short_path: Path, name: str, seen: str) -> None:
    for trying in (connect(short_path / name), listen(short_path / name, 0o600, lambda link: link.close())):
        with pytest.raises(Trouble, match="cannot be used") as caught:
            await trying
        assert seen in caught.value.seen


async def test_a_directory_that_may_not_be_written_is_told_in_words() -> None:
    with pytest.raises(Trouble, match="No socket can be made") as caught:
        await listen(Path("/proc/dbconsole/s"), 0o600, lambda link: link.close())
    assert "DBCONSOLE_RUNTIME_DIR" in caught.value.mend


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else, too")
async def test_the_socket_of_another_user_is_told_with_its_owner() -> None:
    with tempfile.TemporaryDirectory(prefix="dbc-") as name:
        path = Path(name) / "s"
        os.chmod(name, 0o711)  # noqa: S103 - it has to let others in as far as the socket
        async with served(path, Hub()):
            with nobody(), pytest.raises(Trouble, match="You may not open") as caught:
                await connect(path)
            assert caught.value.seen == f"{path} belongs to root and has mode 0600"
            os.chmod(name, 0o700)
            with nobody(), pytest.raises(Trouble, match="You may not open") as caught:
                await connect(path)
            assert caught.value.seen == f"{name} belongs to root and has mode 0700"


async def test_an_engine_too_busy_to_accept_is_told_in_words(short_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.protocol.sockets.CONNECTING_MAY_TAKE", 0.1)
    path = short_path / "s"
    with socket.socket(socket.AF_UNIX) as busy:
        busy.bind(os.fspath(path))
        busy.listen(0)
        waiting: list[SocketLink] = []
        with pytest.raises(Trouble, match="does not answer"):
            await crowd(path, waiting)
        with pytest.raises(Trouble, match="Another engine listens"):
            await listen(path, 0o600, lambda link: link.close())
        for link in waiting:
            await link.close()


async def crowd(path: Path, waiting: list[SocketLink]) -> None:
    while len(waiting) < 9:
        waiting.append(await connect(path))


@pytest.mark.parametrize(
    "header",
    [
        struct.pack(">IH", 0xFFFFFFFF, 5),
        struct.pack(">IH", 2 + 5 + MOST_ON_WIRE + 1, 5),
        struct.pack(">IH", 4, 5),
        struct.pack(">IH", 2, 0),
        struct.pack(">IH", 0, 0),
        struct.pack(">IH", 60_002, 60_000),
        b"GET / ",
    ],
)
async def test_a_frame_that_cannot_be_closes_the_link_before_anything_is_kept(short_path: Path, header: bytes) -> None:
    met: asyncio.Queue[Exception] = asyncio.Queue()

    async def on_link(link: SocketLink) -> None:
        try:
            await link.receive()
        except LinkClosed as error:
            met.put_nowait(error)

    server = await listen(short_path / "s", 0o600, on_link)
    reader, writer = await raw(short_path / "s")
    writer.write(header)
    assert isinstance(await within(met.get()), ProtocolError)
    assert await within(reader.read()) == b""
    writer.close()
    server.close()
    await server.wait_closed()


async def test_a_topic_that_is_no_text_closes_the_link(short_path: Path) -> None:
    hub = Hub()
    async with served(short_path / "s", hub):
        reader, writer = await raw(short_path / "s")
        writer.write(struct.pack(">IH", 2 + 2, 2) + b"\xff\xfe")
        assert await within(reader.read()) == b""
        writer.close()


async def test_clients_that_die_in_mid_frame_harm_nobody(short_path: Path) -> None:
    hub = Hub()
    publisher = Publisher(hub)
    publisher.meta("a")
    publisher.res("a", {"cpu": (1.0, 1)})
    frame = frames.pack(HELLO, hello())
    async with served(short_path / "s", hub), Client(await connect(short_path / "s"), "view", VERSION) as steady:
        for cut in range(0, len(frame), 7):
            _, writer = await raw(short_path / "s")
            writer.write(frame[:cut])
            writer.transport.abort()
        reader, writer = await raw(short_path / "s")
        writer.write(frame + frames.pack("dbo/v1/shop/cmd/x", b"{}" * 50)[:60])
        await within(reader.readexactly(20))
        writer.transport.abort()
        await until(lambda: hub.figures.clients == 1)
        publisher.tick({"a": {"cpu": (2.0, 2)}})
        async for _ in steady.changes():
            if shown(steady.mirror) == {"a": {"cpu": (2.0, 2)}}:
                break
    await until(lambda: hub.figures.clients == 0)


async def test_random_bytes_never_get_through(short_path: Path) -> None:
    hub, chance = Hub(), random.Random(8)
    Publisher(hub).meta("a")
    async with served(short_path / "s", hub):
        for _ in range(150):
            _, writer = await raw(short_path / "s")
            writer.write(chance.randbytes(chance.randrange(200)))
            writer.close()
        async with Client(await connect(short_path / "s"), "view", VERSION) as client:
            assert client.mirror.meta is not None


STUCK = """
import asyncio, sys
from pathlib import Path
from console.protocol.client import Client
from console.protocol.sockets import connect
async def main():
    async with Client(await connect(Path(sys.argv[1])), "view", "0.1.0") as client:
        print("joined", flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


async def test_a_stopped_screen_has_the_present_at_its_return_and_a_killed_one_is_forgotten(short_path: Path) -> None:
    """A process that is stopped reads nothing; the engine goes on, remembers no past for it, and others see all."""
    hub, chance = Hub(), random.Random(9)
    publisher = Publisher(hub)
    names = [f"db{number}" for number in range(60)]
    values = [f"wait.{sanitise(chance.randbytes(8).hex())}" for _ in range(40)]
    publisher.meta(*names)
    for name in names:
        publisher.res(name, dict.fromkeys(values, (0.0, 1)))
    async with served(short_path / "s", hub), Client(await connect(short_path / "s"), "view", VERSION) as steady:
        script = [sys.executable, "-c", STUCK, str(short_path / "s")]
        root = Path(__file__).parents[2]
        screen = await asyncio.create_subprocess_exec(*script, stdout=subprocess.PIPE, cwd=root)
        try:
            assert screen.stdout is not None
            assert await within(screen.stdout.readline(), 30) == b"joined\n"
            screen.send_signal(signal.SIGSTOP)
            for t in range(2, 80):
                publisher.tick({name: {value: (chance.random(), t) for value in values} for name in names})
                async for _ in steady.changes():
                    if shown(steady.mirror)["db7"][values[0]][1] == t:
                        break
                assert hub.figures.pending <= hub.figures.topics + 1
            assert hub.figures.dropped_ticks > 40  # it was really stuck, and got none of them
            screen.send_signal(signal.SIGCONT)
            await until(lambda: hub.figures.pending == 0)
            screen.kill()
            await until(lambda: hub.figures.clients == 1)
        finally:
            if screen.returncode is None:
                screen.kill()
            await screen.communicate()


async def test_a_slow_reader_gets_the_present_and_little_of_the_past(short_path: Path) -> None:
    hub = Hub()
    publisher = Publisher(hub)
    publisher.meta("a")
    values = {f"wait.{random.Random(n).randbytes(200).hex()}": (0.0, 1) for n in range(100)}
    publisher.res("a", values)
    async with served(short_path / "s", hub):
        slow = await connect(short_path / "s")
        await slow.send(HELLO, hello())
        mirror = Mirror()
        received: list[str] = []

        async def take() -> str:
            topic, payload = await within(slow.receive())
            received.append(topic)
            mirror.apply(topic, decode(topic, payload))
            return topic

        while await take() != READY:
            pass
        for t in range(2, 200):
            publisher.tick({"a": {name: (float(t), t) for name in values}})
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        before = len(received)
        while shown(mirror)["a"] != dict.fromkeys(values, (199.0, 199)):
            await take()
        assert len(received) - before < 30
        await slow.close()
        await until(lambda: hub.figures.clients == 0)
