"""One publisher, heard by a broker for as long as somebody looks: the connections, and what becomes of what comes."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console.mqtt.address import Broker
from console.mqtt.backoff import pause_s
from console.mqtt.carrier import BrokerLost, BrokerRefused, Carrier, Dial, Heard
from console.mqtt.signing import Keys, Signer
from console.protocol.bodies import Ack
from console.protocol.hub import Hub
from console.protocol.refusal import Refused
from console.protocol.together import Relay
from console.protocol.topics import STATE, topic
from console.relay.asking import Asking, new_id
from console.relay.contact import Contact
from console.relay.finding import find
from console.relay.intake import Away, Gone, Intake, Taken
from console.relay.retelling import Retelling

log = logging.getLogger(__name__)

JOINING_MAY_TAKE = 5.0  # seconds; whoever is not let in by then is told so
BEAT_S = 0.25
LASTED_S = 1.0  # a connection that did is none that a broker refuses in its own way
SAID_APART_S = 1.0  # while only figures change
AT_ONCE = 20  # messages, and then the screens have their turn


@dataclass(frozen=True, slots=True)
class Way:
    """How a publisher is heard."""

    broker: Broker
    keys: Keys  # whose signature is believed
    signer: Signer | None = None  # of what is asked


async def _nothing() -> None: ...


class Hearing:
    """`run` until cancelled. `hub` is another one after `on_anew`: whoever was attached has to attach again.

    ``ready`` is set once there is something to show, or `refusal`: why there never will be.
    """

    def __init__(
        self,
        way: Way,
        dial: Dial,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        on_anew: Callable[[], Awaitable[None]] = _nothing,
    ) -> None:
        self._way, self._dial, self._monotonic, self._on_anew = way, dial, monotonic, on_anew
        self._estate = way.broker.estate or ""
        self._intake: Intake | None = None
        self._contact = Contact()
        self._retries = 0
        self._asked_for: tuple[int, str] | None = None  # the generation and epoch of which everything was asked for
        self._said: tuple[Relay, float] | None = None
        self._lost: BrokerLost | None = None
        self._others: set[asyncio.Task[None]] = set()
        self.asking = Asking(way.broker.user, way.signer)
        self.ready = asyncio.Event()
        self.refusal: Trouble | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.hub = Hub()
        self._retelling = Retelling(self.hub, new_id)
        self._said = None

    @property
    def topics(self) -> int:
        """How many there are of state."""
        return len(self._retelling)

    async def run(self) -> None:
        beating = asyncio.create_task(self._beat())
        failures = 0
        try:
            while self.refusal is None:
                began = self._monotonic()
                try:
                    async with self._dial(self._way.broker, None) as carrier:
                        await self._follow(carrier)
                except BrokerLost as lost:
                    self._hear_of_loss(lost)
                failures = 1 if self._monotonic() - began > LASTED_S else failures + 1
                if self.refusal is None:
                    await asyncio.sleep(pause_s(failures, random.random()))  # noqa: S311 - no secret
            await asyncio.Event().wait()  # whoever comes is told why
        finally:
            beating.cancel()
            for task in self._others:
                task.cancel()
            await asyncio.gather(beating, *self._others, return_exceptions=True)

    async def _follow(self, carrier: Carrier) -> None:
        self._estate = self._estate or await self._found(carrier)
        if not self._estate:
            return
        now = self._monotonic()
        self._contact = self._contact.connected(now)
        intake = self._intake = self._intake or Intake(self._estate, self._way.broker.user, self._way.keys)
        self._retelling.expect_all(now)
        self._tell()
        self._asked_for = None
        self.asking.connected(carrier, self._estate)
        dropped = count = 0
        try:
            await carrier.subscribe([topic(self._estate, "meta")])
            async for heard in carrier.heard():
                count += 1
                await self._take(heard, intake)
                intake.refused["flood"] += carrier.dropped - dropped
                dropped = carrier.dropped
                await self._ask_for_all(carrier, intake)
                if count % AT_ONCE == 0:
                    await asyncio.sleep(0)
        finally:
            self.asking.disconnected()

    async def _found(self, carrier: Carrier) -> str:
        try:
            return await find(carrier, self._way.keys, self._way.broker.url)
        except BrokerLost:
            raise
        except Trouble as trouble:
            self._refuse(trouble)
            return ""

    async def _ask_for_all(self, carrier: Carrier, intake: Intake) -> None:
        """Once it is known who speaks: what a broker keeps is told again to whoever subscribes again."""
        known = (intake.generation, intake.epoch)
        if intake.epoch and known != self._asked_for:
            self._asked_for = known
            await carrier.subscribe(_filters(self._estate, self._way.broker.user))
            asking = asyncio.create_task(self.asking.want_whole())
            self._others.add(asking)
            asking.add_done_callback(self._others.discard)

    async def _take(self, heard: Heard, intake: Intake) -> None:
        now, generation = self._monotonic(), intake.generation
        result = intake.take(heard, now)
        if intake.generation != generation and len(self._retelling):
            self._begin_anew()
            self._tell()
            await self._on_anew()
        match result:
            case Taken():
                self._take_message(result, heard, intake, now)
            case Gone(topics):
                self._retelling.gone(topics)
            case Away():
                self._contact = self._contact.away()
            case Ack():
                self.asking.answered(result)

    def _take_message(self, taken: Taken, heard: Heard, intake: Intake, now: float) -> None:
        if taken.begins:
            self._contact = self._contact.begun()
        if not heard.is_retained and not taken.again:
            self._contact = self._contact.told(now, taken.message.at, intake.speed)
        try:
            self._retelling.take(taken, now)
        except Refused as refusal:
            intake.refused[refusal.reason] += 1
        if not self.ready.is_set() and taken.about.family == "meta":
            self._tell()
            self.ready.set()

    def _hear_of_loss(self, lost: BrokerLost) -> None:
        log.warning("%s", lost.line())
        was_there = not self._contact.broken
        self._retries += was_there
        self._retelling.doubt()
        self._contact = self._contact.lost("broker refuses" if isinstance(lost, BrokerRefused) else "broker away")
        self._lost = lost
        if not self.ready.is_set() and isinstance(lost, BrokerRefused):
            self._refuse(lost)

    def _refuse(self, trouble: Trouble) -> None:
        self.refusal = trouble
        self.ready.set()

    async def _beat(self) -> None:
        began = self._monotonic()
        while True:
            now = self._monotonic()
            if not self.ready.is_set() and now - began > JOINING_MAY_TAKE and self._estate:
                self._refuse(self._not_there())
            if self._contact.state(now).state in ("live", "late"):
                self._retelling.sweep(now)
            self._tell()
            await asyncio.sleep(BEAT_S)

    def _not_there(self) -> Trouble:
        url = self._way.broker.url
        if self._contact.broken:
            seen = f"{url}: {self._lost.line()}" if self._lost else url
            return Trouble("There is no broker to hear.", seen=sanitise(seen, 300), mend="See its address and its log.")
        mend = f"Start `dbconsole watch --share {url}`, or see the estate's name: `dbconsole view {url}` finds it."
        return Trouble(f"{sanitise(self._estate)} is not shared by this broker.", seen=f"{url} is silent", mend=mend)

    def _tell(self) -> None:
        """How it is heard: at once when that turns, and each second while figures change."""
        now = self._monotonic()
        relay = self._relay(now)
        if self._said is not None:
            said, at = self._said
            has_turned = (said.state, said.trust, said.why) != (relay.state, relay.trust, relay.why)
            if said == relay or (not has_turned and now - at < SAID_APART_S):
                return
        self._said = relay, now
        self.hub.relayed(relay)

    def _relay(self, now: float) -> Relay:
        told, intake = self._contact.state(now), self._intake
        refused = {Safe(reason): count for reason, count in sorted(intake.refused.items()) if count} if intake else {}
        return Relay(
            state=told.state,
            late_s=float(round(told.late_s)),
            url=sanitise(self._way.broker.url),
            why=Safe(told.why),
            trust="verified" if intake is not None and intake.is_verified else "unverified",
            signer=intake.signer if intake else Safe(""),
            refused=refused,
            retries=self._retries,
        )


def _filters(estate: str, user: str) -> list[str]:
    """What a viewer may read: nobody's requests, and no other's answers."""
    state = [topic(estate, family) + ("/+" if names else "") for family, names in STATE.items()]
    return [*state, topic(estate, "tick"), topic(estate, "event"), topic(estate, "ack", user)]
