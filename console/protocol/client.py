"""The screen's side of a link: joins, folds what comes into a mirror, asks, and says why it cannot."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Literal, Self

from collectors.errors import Trouble
from collectors.safe import sanitise
from console.protocol.bodies import Ack, Command, Failure, Hello
from console.protocol.codec import Refused, Tally, decode, encode, read
from console.protocol.link import Link, LinkClosed
from console.protocol.message import VERSION, Message
from console.protocol.mirror import Mirror
from console.protocol.refusal import TurnedAway
from console.protocol.scribe import Scribe
from console.protocol.topics import HELLO, READY, REFUSED, parse, topic
from console.protocol.ulid import ENTROPY_BYTES, ulid
from console.protocol.users import user_name
from console.protocol.versions import is_older

Mode = Literal["control", "view", "once"]

SILENCE_WHILE_JOINING = 10.0  # seconds
ANSWERING_MAY_TAKE = 10.0


class Client:
    """`async with` joins, or raises `Trouble`; inside, `mirror` is the present. ``version`` is this viewer's.

    A mirror that is given goes on from where it was: after a lost link the picture stays. ``screen``: the ULID by which
    it says what it sees.
    """

    def __init__(
        self,
        link: Link,
        mode: Mode,
        version: str,
        *,
        wants: Sequence[str] = (),
        mirror: Mirror | None = None,
        screen: str = "",
    ) -> None:
        self.mirror = mirror or Mirror()
        self.tally = Tally()
        self._link = link
        self._mode: Mode = mode
        self._version = version
        self._wants = tuple(wants)
        self._screen = screen
        self._user = user_name(os.getuid())
        self._scribe = Scribe("", self._user, _new_id(), _now_ms)
        self._estate = ""
        self._answers: dict[str, asyncio.Future[Ack]] = {}
        self._changed: set[str] = set()
        self._something = asyncio.Event()
        self._ended: Trouble | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        try:
            await self._join()
        except BaseException:
            await self._link.close()
            raise
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})
        await self._link.close()
        if self._reading is not None and not self._reading.cancelled():
            self._reading.result()

    async def changes(self) -> AsyncIterator[set[str]]:
        """The topics whose present has changed since the last time: first all that came while joining.

        Ends after the present where only that was asked for (mode `once`), else raises `LinkClosed` at the end.
        """
        while True:
            if self._changed:
                changed, self._changed = self._changed, set()
                yield changed
            elif self._mode == "once":
                return
            elif self._ended is not None:
                raise self._ended
            else:
                self._something.clear()
                await self._something.wait()

    async def request(self, name: str, args: Mapping[str, object] | None = None, *, again: str | None = None) -> Ack:
        """Ask and wait for the answer. ``again``: the id of a request whose answer a lost link has swallowed."""
        asked = again or _new_id()
        command = Command(id=asked, name=name, args=dict(args or {}))
        if not self._estate:
            raise Trouble("The engine has not said yet what it watches.", mend="Try again in a moment.")
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._answers[asked] = answer
        try:
            if self._ended is not None:
                raise self._ended
            await self._send(self._scribe.say(topic(self._estate, "cmd", self._user), "cmd", command))
            async with asyncio.timeout(ANSWERING_MAY_TAKE):
                return await answer
        except TimeoutError:
            seen = f"no answer to `{name}` for {ANSWERING_MAY_TAKE:g} s"
            raise Trouble("The engine does not answer.", seen=seen, mend="What was asked may yet be done.") from None
        finally:
            del self._answers[asked]

    async def _send(self, message: Message) -> None:
        await self._link.send(message.topic, encode(message))

    async def _join(self) -> None:
        self.mirror.rejoin()
        hello = Hello(
            v=VERSION, wants=self._wants, mode=self._mode, version=self._version, screen=sanitise(self._screen)
        )
        ready = False
        try:
            await self._send(self._scribe.say(HELLO, "hello", hello))
            while not ready:
                async with asyncio.timeout(SILENCE_WHILE_JOINING):
                    text, payload = await self._link.receive()
                ready = self._take(text, payload)
        except TimeoutError:
            seen = f"silence for {SILENCE_WHILE_JOINING:g} s"
            raise Trouble("The engine does not answer.", seen=seen, mend="Look at its log, or end it.") from None
        engine = self.mirror.meta.version if self.mirror.meta else self._version
        if is_older(engine, self._version):
            raise Trouble(
                f"The engine is older ({engine}) than this viewer ({self._version}).",
                mend=f"Restart the engine with {self._version}, or view it with dbconsole {engine}.",
            )

    async def _read(self) -> None:
        closed = LinkClosed("This side has left.")
        try:
            while True:
                self._take(*await self._link.receive())
        except Trouble as trouble:
            closed = trouble if isinstance(trouble, LinkClosed) else LinkClosed(trouble.what, seen=trouble.seen)
        finally:
            self._end(closed)

    def _end(self, closed: LinkClosed) -> None:
        """Whoever waits for anything is told."""
        self._ended = closed
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(closed)
        self._something.set()

    def _take(self, text: str, payload: bytes) -> bool:
        """Fold in what came; whether that was `ready`. What is refused is counted, another version raises."""
        try:
            message = decode(text, payload)
            if message is not None and text == REFUSED:
                failure = read(Failure, message)
                raise TurnedAway(failure.what, seen=failure.seen, mend=failure.mend)
            about = parse(text)
            if message is not None and about.family == "ack":
                self._answered(read(Ack, message))
            self._estate = about.estate or self._estate
            self._changed |= self.mirror.apply(text, message)
        except Refused as refusal:
            self.tally.count(refusal)
            if refusal.reason == "version" and self._reading is None:
                raise
        self._something.set()
        return text == READY

    def _answered(self, ack: Ack) -> None:
        answer = self._answers.get(ack.id)
        if answer is not None and not answer.done():
            answer.set_result(ack)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _new_id() -> str:
    return ulid(_now_ms(), os.urandom(ENTROPY_BYTES))
