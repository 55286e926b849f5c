"""Keeps an engine shared: connects, tells a broker all there is and what changes, hears people, and begins anew.

A task of its own: nobody waits for it, and whatever becomes of the broker, the screens here notice it by a notice only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Iterator
from dataclasses import replace

from collectors.errors import Trouble
from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.engine.core import Core, ToldOfSharing
from console.engine.pacing import MOST_PER_S
from console.engine.sharing.clearing import kept
from console.engine.sharing.heeding import Heeding
from console.engine.sharing.outgoing import Outgoing
from console.engine.sharing.pace import Window
from console.engine.sharing.told import CONNECTING, Told
from console.engine.sharing.voice import Voice
from console.estate.times import to_ms
from console.mqtt.backoff import pause_s
from console.mqtt.carrier import BrokerLost, Carrier, Dial, Heard
from console.mqtt.opening import Opening
from console.mqtt.opening import Sharing as Opened
from console.mqtt.signing import Keys
from console.protocol.bodies import Ack, Event
from console.protocol.codec import decode
from console.protocol.refusal import Refused, Tally
from console.protocol.requests import Requests
from console.protocol.subscription import Subscription
from console.protocol.topics import ROOT, parse, topic

log = logging.getLogger(__name__)

BESIDE = 15  # answers and what is said again: with the hub's own less than the hundred a second of AWS IoT Core
STEADY_S = 1.0  # what held for so long was a connection, and its end is not one more failure
WHOLE_APART_S = 5.0
EVENTS_TOLD = 100  # to whoever comes
LEAVING_MAY_TAKE_S = 0.4
TOLD_WHOLE = ("meta", "status", "res")  # to whoever comes: what ticks change
SOURCE = Safe("sharing")


class Sharing:
    """One engine's, by one broker. ``opening`` says before each attempt which, and as whom."""

    def __init__(self, core: Core, requests: Requests, url: str, opening: Opening, dial: Dial) -> None:
        self._core, self._requests, self._dial, self._opening = core, requests, dial, opening
        self._estate = topic(core.estate_name, "-").split("/")[2]  # as it is written in a topic
        self._tally = Tally()
        self._told = Told(url, core.clock.now())
        self._pace = Window(MOST_PER_S + BESIDE)
        self._heeding: Heeding | None = None
        self._voice: Voice | None = None
        self._subscription: Subscription | None = None
        self._carrier: Carrier | None = None
        self._whole_at = -WHOLE_APART_S
        self._wants_past = False
        self._own = Keys()
        self._is_over = asyncio.Event()
        core.sharing = self.told

    def told(self) -> ToldOfSharing:
        viewers = self._heeding.viewers(time.monotonic()) if self._heeding else 0
        denied = self._carrier.denied if self._carrier else 0
        told = replace(self._told, viewers=viewers, denied=denied, refused=self._tally.by_reason)
        return ToldOfSharing(told.line()) if told.is_well else ToldOfSharing(notices=(told.line(),))

    async def live(self) -> None:
        failures = 0
        try:
            while True:
                began = time.monotonic()
                try:
                    opened = await self._opening.open()
                    await self._connected(opened)
                except Trouble as trouble:
                    self._lost(trouble)
                except Exception as error:
                    log.exception("sharing to %s", self._told.url)
                    self._lost(Trouble("Sharing has failed.", seen=repr(error), mend="The engine's log says more."))
                failures = 1 if time.monotonic() - began > STEADY_S else failures + 1
                await asyncio.sleep(pause_s(failures, random.random()))  # noqa: S311 - nobody is to guess it
        finally:
            await self._opening.close()
            self._is_over.set()

    async def end(self) -> None:
        """Returns once the broker was told, or cannot be; `live` is cancelled by then."""
        await self._is_over.wait()

    async def _connected(self, opened: Opened) -> None:
        core = self._core
        voice = self._voice = self._voice or Voice(core.estate_name, core.scribe, opened.signer, core.hub.tally)
        heeding = self._heeding = self._heeding or Heeding(
            opened.people, self._requests, self._tally, clocks=self._clocks, whole=self._tell_whole
        )
        async with self._dial(opened.broker, voice.will()) as carrier:
            await carrier.subscribe([f"{ROOT}/{self._estate}/cmd/+", f"{ROOT}/{self._estate}/meta"])
            self._shared(opened, carrier)
            outgoing = Outgoing(carrier, self._pace, core.hub.tally, time.monotonic, voice.was_told)
            try:
                await self._until_lost(opened, carrier, voice, heeding, outgoing)
            except asyncio.CancelledError:
                await self._leave(carrier, voice)
                raise
            finally:
                await heeding.end()
                await outgoing.end()

    async def _until_lost(
        self, opened: Opened, carrier: Carrier, voice: Voice, heeding: Heeding, outgoing: Outgoing
    ) -> None:
        with self._subscribed() as subscription:
            works = [
                self._stream(subscription, voice, outgoing),
                self._hear(carrier, voice, heeding, outgoing),
                self._clear(opened, voice, outgoing),
                outgoing.failed(),
            ]
            tasks = {asyncio.create_task(work) for work in works}
            try:
                ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            for task in ended:
                task.result()

    async def _stream(self, subscription: Subscription, voice: Voice, outgoing: Outgoing) -> None:
        while True:
            # Made at once, so that what is said of our own comes after all that this batch holds, and before the next.
            outs = voice.says(await subscription.next())
            if self._wants_past:
                self._wants_past = False
                outs += voice.past(self._core.hub.recent(EVENTS_TOLD))
            await outgoing.send(outs)

    async def _hear(self, carrier: Carrier, voice: Voice, heeding: Heeding, outgoing: Outgoing) -> None:
        async def tell(user: str, ack: Ack) -> None:
            await outgoing.send(voice.answers(user, ack))

        dropped = 0
        async for heard in carrier.heard():
            for _ in range(carrier.dropped - dropped):
                self._tally.count(Refused("flood", "More came than could be read."))
            dropped = carrier.dropped
            if heard.topic == topic(self._core.estate_name, "meta"):
                self._look_at(heard)
            else:
                heeding.take(heard, time.monotonic(), tell)

    async def _clear(self, opened: Opened, voice: Voice, outgoing: Outgoing) -> None:
        """What the broker keeps of an engine before this one, or of somebody else, and we do not have."""
        texts = await kept(self._dial, opened.broker, self._estate)
        await outgoing.send(voice.deletes([text for text in texts if not self._core.hub.holds(text)]))

    async def _leave(self, carrier: Carrier, voice: Voice) -> None:
        last = voice.leaves()
        with contextlib.suppress(BrokerLost, TimeoutError):
            async with asyncio.timeout(LEAVING_MAY_TAKE_S):
                await carrier.publish(last.topic, last.payload, retain=True, assured=True)

    @contextlib.contextmanager
    def _subscribed(self) -> Iterator[Subscription]:
        with self._core.hub.attach() as subscription:
            self._subscription = subscription
            try:
                yield subscription
            finally:
                self._subscription = None

    def _tell_whole(self, now: float) -> None:
        if self._subscription is not None and now - self._whole_at >= WHOLE_APART_S:
            self._whole_at = now
            self._wants_past = True
            self._subscription.again(TOLD_WHOLE)

    def _look_at(self, heard: Heard) -> None:
        """Our own words come back to us; another engine's with the same key would be a second one of this estate."""
        try:
            message = decode(heard.topic, heard.payload, retained=heard.is_retained)
        except Refused as refusal:
            self._tally.count(refusal)
            return
        is_believed = not self._own or (message is not None and self._own.whose(message) is not None)
        if message is not None and is_believed and not heard.is_retained and parse(heard.topic).family == message.kind:
            self._told = replace(self._told, other=message.epoch != self._core.epoch)

    def _clocks(self) -> tuple[int, ...]:
        return self._core.now_ms(), time.time_ns() // 1_000_000

    def _shared(self, opened: Opened, carrier: Carrier) -> None:
        log.info("shared at %s", opened.url)
        self._carrier = carrier
        self._own = Keys([opened.signer.public] if opened.signer else ())
        was_lost = self._told.why != CONNECTING
        url, now, is_signed = opened.url, self._core.clock.now(), opened.signer is not None
        self._told = replace(
            self._told, url=url, since=now, why=None, is_signed=is_signed, other=False, viewed_by=opened.viewed_by
        )
        self._happened(f"Shared {'again ' if was_lost else ''}at {url}", Severity.INFO)

    def _lost(self, trouble: Trouble) -> None:
        """Said when it turns, and not at each attempt; the notice has the newest reason."""
        was_shared, was_new = self._told.why is None, self._told.why == CONNECTING
        since = self._core.clock.now() if was_shared or was_new else self._told.since
        self._told = replace(self._told, since=since, why=sanitise(trouble.line()))
        if was_shared or was_new:
            log.warning("not shared: %s", trouble.line())
            self._happened(f"Not shared at {self._told.url}: {trouble.line()}", Severity.WARNING)

    def _happened(self, text: str, severity: Severity) -> None:
        now = to_ms(self._core.clock.now())
        self._core.teller.told(Event(text=sanitise(text), severity=severity, source=SOURCE, t=now))
