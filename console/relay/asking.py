"""How does a screen of a viewer ask the publisher? By the broker, signed where there is a key, answered by id."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Mapping

from collectors.errors import Trouble
from console.mqtt.carrier import BrokerLost, Carrier
from console.mqtt.signing import Signer
from console.protocol.bodies import Ack, Command
from console.protocol.codec import encode
from console.protocol.requests import Access, Said
from console.protocol.scribe import Scribe
from console.protocol.topics import topic
from console.protocol.ulid import ENTROPY_BYTES, ulid

ANSWERING_MAY_TAKE = 8.0  # seconds; less than a screen waits for its engine
LEAVING_MAY_TAKE = 1.0


class Asking:
    """A handler of requests: what a screen here may ask is asked of the publisher, under the same id."""

    def __init__(self, user: str, signer: Signer | None) -> None:
        self._user, self._signer = user, signer
        self._epoch = new_id()
        self._carrier: Carrier | None = None
        self._scribe = Scribe("", user, self._epoch, _now_ms)
        self._estate = ""
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._screens: dict[str, None] = {}  # that have said what they see

    def connected(self, carrier: Carrier, estate: str) -> None:
        self._carrier, self._estate = carrier, estate

    def disconnected(self) -> None:
        self._carrier = None
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Trouble("The broker went away meanwhile.", mend="What was asked may yet be done."))

    def answered(self, ack: Ack) -> None:
        """An answer may be another screen's of the same user."""
        answer = self._waiting.get(ack.id)
        if answer is not None and not answer.done():
            answer.set_result(ack)

    async def __call__(self, command: Command, access: Access, user: str) -> Said | None:
        """The rows of the answer; `Trouble` with the publisher's own words where it refuses."""
        if command.name == "see" and isinstance(screen := command.args.get("screen"), str):
            self._screens[screen] = None
        ack = await self._ask(command)
        if not ack.ok:
            error = ack.error
            raise Trouble(error.what, seen=error.seen, mend=error.mend) if error else Trouble("It was refused.")
        return ack.rows or None

    async def want_whole(self) -> None:
        """What a broker keeps may be a minute old: the publisher is asked to say it anew. Nobody has to answer."""
        with contextlib.suppress(Trouble):
            await self._say(new_id(), "see", {"ids": [], "whole": True})

    async def leave(self) -> None:
        """Whoever was here is here no more."""
        with contextlib.suppress(Trouble, TimeoutError):
            async with asyncio.timeout(LEAVING_MAY_TAKE):
                for screen in self._screens:
                    await self._say(new_id(), "see", {"gone": True, "screen": screen})

    async def _ask(self, command: Command) -> Ack:
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[command.id] = answer
        try:
            async with asyncio.timeout(ANSWERING_MAY_TAKE):
                await self._say(command.id, command.name, command.args)
                return await answer
        except TimeoutError:
            seen = f"no answer to `{command.name}` for {ANSWERING_MAY_TAKE:g} s"
            mend = "The broker may not let you send: `dbconsole policy viewer --mqtt` prints what it should."
            raise Trouble("The publisher does not answer.", seen=seen, mend=mend) from None
        finally:
            del self._waiting[command.id]

    async def _say(self, name_of_it: str, name: str, args: Mapping[str, object]) -> None:
        if self._carrier is None:
            raise BrokerLost("There is no connection to the broker.", mend="It is looked for; try again later.")
        command = Command(id=name_of_it, name=name, args=dict(args))
        message = self._scribe.say(topic(self._estate, "cmd", self._user), "cmd", command)
        signed = self._signer.sign(message) if self._signer else message
        await self._carrier.publish(signed.topic, encode(signed), retain=False, assured=True)


def new_id() -> str:
    return ulid(_now_ms(), os.urandom(ENTROPY_BYTES))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
