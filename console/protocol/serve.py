"""One client's life on the engine's side: it joins, is streamed to and answered, and goes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal

from collectors.errors import Trouble
from collectors.safe import sanitise
from console.protocol.bodies import Command, Failure, Hello
from console.protocol.codec import Refused, decode, read
from console.protocol.hub import Hub
from console.protocol.link import Link, LinkClosed
from console.protocol.message import VERSION, Message
from console.protocol.requests import Access, Requests
from console.protocol.scribe import plain
from console.protocol.subscription import Subscription
from console.protocol.topics import HELLO, READY, REFUSED, parse
from console.protocol.versions import is_older

HELLO_MAY_TAKE = 5.0  # seconds
REFUSING_MAY_TAKE = 1.0
MOST_REQUESTS = 8  # of one client under way or not yet told; then it is not listened to


Role = Literal["control", "view"]
Here = Callable[[str, Role, str], AbstractContextManager[None]]
"""Holds for as long as that user has that screen; the last is its own name, or empty."""


def unnoticed(user: str, role: Role, screen: str) -> AbstractContextManager[None]:
    return contextlib.nullcontext()


async def serve(
    link: Link, hub: Hub, *, access: Access, version: str, answer: Requests, here: Here = unnoticed
) -> None:
    """Serve one link to its end, and close it. ``version`` is this engine's."""
    try:
        hello = await _hello(link, access, version)
        with hub.attach(hello.wants) as subscription, _present(hello, link.peer, here):
            await _Served(link, hub, subscription, access, answer, once=hello.mode == "once").live()
    except Refused as refusal:
        hub.tally.count(refusal)
        await _refuse(link, hub, refusal)
    except LinkClosed:
        pass  # however it came to that: this client is gone, and nothing is owed to it
    finally:
        await link.close()


def _present(hello: Hello, user: str, here: Here) -> AbstractContextManager[None]:
    """Whoever only asks once has no screen open; whom the link cannot name is nobody."""
    if hello.mode == "once" or not user:
        return contextlib.nullcontext()
    return here(user, hello.mode, hello.screen)


async def _hello(link: Link, access: Access, version: str) -> Hello:
    try:
        async with asyncio.timeout(HELLO_MAY_TAKE):
            text, payload = await link.receive()
    except TimeoutError:
        raise Refused("hello", "No hello came.", seen=f"silence for {HELLO_MAY_TAKE:g} s") from None
    message = decode(text, payload)
    if text != HELLO or message is None:
        raise Refused("hello", "A client begins with hello.", seen=ascii(text[:80]))
    _check_version(message)
    hello = read(Hello, message)
    if hello.mode == "control" and access is not Access.CONTROL:
        mend = "Open it with `dbconsole view`."
        raise Refused("access", "This socket is for viewers.", seen="a control screen asked to join", mend=mend)
    if is_older(version, hello.version):
        raise Refused(
            "older",
            f"This engine is older ({version}) than the screen that asks ({hello.version}).",
            mend=f"Restart the engine with {hello.version}, or view it with dbconsole {version}.",
        )
    return hello


def _check_version(message: Message) -> None:
    """Before the rest of a hello is read: another version may look otherwise."""
    spoken = message.body.get("v")
    if spoken != VERSION:
        mend = "Use the same release of dbconsole on both sides."
        seen = f"the screen speaks {ascii(spoken)[:20]}, the engine {VERSION}"
        raise Refused("version", "The screen speaks another version of the protocol.", seen=seen, mend=mend)


async def _refuse(link: Link, hub: Hub, refusal: Trouble) -> None:
    failure = Failure(what=sanitise(refusal.what), seen=sanitise(refusal.seen), mend=sanitise(refusal.mend))
    with contextlib.suppress(LinkClosed, TimeoutError):
        async with asyncio.timeout(REFUSING_MAY_TAKE):
            await link.send(*hub.aside(REFUSED, "refused", plain(failure)))


class _Served:
    """A client that has joined: two tasks, one for each direction, that end together."""

    def __init__(
        self, link: Link, hub: Hub, subscription: Subscription, access: Access, answer: Requests, *, once: bool
    ) -> None:
        self._link = link
        self._hub = hub
        self._subscription = subscription
        self._access = access
        self._requests = answer
        self._once = once
        self._room = asyncio.Semaphore(MOST_REQUESTS)
        self._answering: set[asyncio.Task[None]] = set()

    async def live(self) -> None:
        both = {asyncio.create_task(self._stream()), asyncio.create_task(self._listen())}
        try:
            ended, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            everything = both | self._answering
            for task in everything:
                task.cancel()
            await asyncio.gather(*everything, return_exceptions=True)
        for task in ended:
            task.result()

    async def _stream(self) -> None:
        while True:
            for text, payload in await self._subscription.next():
                await self._link.send(text, payload)
                if parse(text).family == "ack":
                    self._room.release()
                if self._once and text == READY:
                    return

    async def _listen(self) -> None:
        while True:
            text, payload = await self._link.receive()
            try:
                command = _command(text, payload)
            except Refused as refusal:
                self._hub.tally.count(refusal)
                continue
            if command is None:
                continue
            await self._room.acquire()
            task = asyncio.create_task(self._answer(text, command))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, text: str, command: Command) -> None:
        ack = await self._requests.answer(command, self._access, self._link.peer or parse(text).rest[0])
        estate, _, user = text.rsplit("/", 2)
        self._subscription.answer(*self._hub.aside(f"{estate}/ack/{user}", "ack", plain(ack)))


def _command(text: str, payload: bytes) -> Command | None:
    """What is asked; None for a kind of a later version."""
    message = decode(text, payload)
    if message is None or message.kind != "cmd" or parse(text).family != "cmd":
        return None
    command = read(Command, message)
    if not command.id:
        raise Refused("body", "A request needs an id.", seen=ascii(command.name[:80]))
    return command
