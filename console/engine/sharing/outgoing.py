"""Publishes in order and at a pace that every broker bears, without waiting for each to be confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from console.engine.sharing.pace import Window
from console.engine.sharing.voice import Out
from console.mqtt.carrier import BrokerLost, Carrier
from console.protocol.refusal import Refused, Tally

MOST_UNCONFIRMED = 40


class Outgoing:
    """For one connection. `failed` ends, with `BrokerLost`, when something cannot be published any more."""

    def __init__(
        self, carrier: Carrier, pace: Window, tally: Tally, now: Callable[[], float], told: Callable[[Out], None]
    ) -> None:
        """``told``: what is to be done about each that the broker has."""
        self._carrier, self._pace, self._tally, self._now, self._told = carrier, pace, tally, now, told
        self._room = asyncio.Semaphore(MOST_UNCONFIRMED)
        self._under_way: set[asyncio.Task[None]] = set()
        self._failure: BrokerLost | None = None
        self._has_failed = asyncio.Event()

    async def send(self, outs: Iterable[Out]) -> None:
        """Returns when they are on their way: whoever has more waits for as long as the broker is slow."""
        for out in outs:
            wait = self._pace.wait_s(self._now())
            if wait:
                await asyncio.sleep(wait)
            await self._room.acquire()
            task = asyncio.create_task(self._publish(out))  # tasks begin in the order in which they are made
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def failed(self) -> None:
        await self._has_failed.wait()
        if self._failure is not None:
            raise self._failure

    async def end(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _publish(self, out: Out) -> None:
        try:
            await self._carrier.publish(
                out.topic, out.payload, retain=out.retain, assured=out.assured, expires_s=out.expires_s
            )
            self._told(out)
        except Refused as refusal:
            self._tally.count(refusal)
        except BrokerLost as error:
            self._failure = error
            self._has_failed.set()
        finally:
            self._room.release()
