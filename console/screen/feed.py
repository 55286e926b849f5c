"""Keeps the screen in contact with its engine: joins, folds, asks, and comes back after a loss."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console import __version__
from console.screen.picture import Contact, Picture

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.client import Client, Mode
    from console.protocol.link import Link
    from console.protocol.mirror import Mirror

SAID_AGAIN_S = 30.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0  # the engine may be back at once, or in thirty seconds


class Feed:
    """One engine's messages, folded. ``on_change`` is called in the loop whenever there is something new to draw."""

    def __init__(
        self,
        address: Path,
        mode: Mode,
        on_change: Callable[[], None],
        lost: Callable[[Trouble], Trouble] = lambda trouble: trouble,
        *,
        screen: str = "",
    ) -> None:
        """``lost`` may know more of why there is no contact; ``screen``: the name by which this one is told apart."""
        self._address = address
        self._mode = mode
        self._on_change = on_change
        self._lost = lost
        self._screen = screen
        self._mirror: Mirror | None = None
        self._client: Client | None = None
        self._contact: Contact = "joining"
        self._since = time.monotonic()
        self._trouble: Trouble | None = None
        self._seen: dict[str, object] = {}
        self._asking: asyncio.Task[None] | None = None
        self._relayed: str | None = None  # how the publisher is heard, by an engine that only relays, and since when
        self._relayed_since = 0.0
        self.ever_joined = False

    @property
    def trouble(self) -> Trouble | None:
        """Why there is no contact now."""
        return self._trouble

    async def run(self) -> None:
        """Until cancelled: an engine that is lost is looked for again, and the last picture stays."""
        pause = FIRST_PAUSE_S
        protocol = await _load_protocol()
        self._mirror = protocol.Mirror()
        while True:
            try:
                await self._follow(protocol, self._mirror)
            except Trouble as trouble:
                self._trouble = self._lost(trouble)
            if self._contact == "live":
                self._set("lost")
                pause = FIRST_PAUSE_S
            self._on_change()
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _follow(self, protocol: Protocol, mirror: Mirror) -> None:
        link = await protocol.connect(self._address)
        async with protocol.Client(
            link, self._mode, __version__, mirror=mirror, screen=self._screen
        ) as client:
            self._client, self._trouble, self.ever_joined = client, None, True
            self._set("live")
            self._on_change()
            self._asking = asyncio.create_task(self._ask_for_visible(client))
            try:
                async for _ in client.changes():
                    self._on_change()
            finally:
                self._client = None
                self._asking.cancel()

    def _set(self, contact: Contact) -> None:
        self._contact, self._since = contact, time.monotonic()

    def see(self, visible: Iterable[str], sight: Mapping[str, object]) -> None:
        """Tell the engine what is looked at, and the others by whom and on which screen, if that has changed."""
        wanted = {"ids": list(visible), **sight}
        if wanted != self._seen:
            self._seen = wanted
            if self._client is not None:
                if self._asking is not None:
                    self._asking.cancel()
                self._asking = asyncio.create_task(self._ask_for_visible(self._client))

    async def ask(self, name: str, args: dict[str, object]) -> tuple[tuple[Safe, ...], ...]:
        """A request, and the rows of its answer, if it has any; Trouble with the reason where it is refused."""
        if self._client is None:
            raise Trouble("There is no engine to ask.", mend="It is looked for; try again when it is back.")
        ack = await self._client.request(name, args)
        if not ack.ok:
            error = ack.error
            raise Trouble(error.what, seen=error.seen, mend=error.mend) if error else Trouble("The engine refused.")
        return ack.rows

    async def _ask_for_visible(self, client: Client) -> None:
        """Now, and again for as long as it is so: the engine forgets what nobody says."""
        with contextlib.suppress(Trouble):  # an engine that is gone will be asked again when it is back
            while self._seen:
                await client.request("see", self._seen)
                await asyncio.sleep(SAID_AGAIN_S)

    def _contact_of(self, mirror: Mirror | None, now: float) -> tuple[Contact, float]:
        """Through an engine that only relays, it is the publisher's that counts."""
        relay = mirror.relay if mirror else None
        state = relay.state if relay is not None else None
        if state != self._relayed:
            self._relayed, self._relayed_since = state, now
        if self._contact != "live" or state not in ("lost", "joining"):
            return self._contact, self._since
        return "lost" if state == "lost" else "joining", self._relayed_since

    def picture(self) -> Picture:
        """The present. Cheap: what it holds is shared and not copied."""
        now = time.monotonic()
        mirror = self._mirror
        contact, since = self._contact_of(mirror, now)
        return Picture(
            contact=contact,
            contact_s=now - since,
            has_engine=self._contact == "live",
            now_ms=mirror.now_ms(now) if mirror else None,
            age_s=mirror.age(now) if mirror else None,
            meta=mirror.meta if mirror else None,
            status=mirror.status if mirror else None,
            resources=mirror.resources if mirror else {},
            hist=mirror.hist if mirror else {},
            events=mirror.events if mirror else (),
            lost_events=mirror.lost_events if mirror else 0,
            ghosts=mirror.ghosts if mirror else {},
            inside=mirror.inside if mirror else {},
            presence=mirror.presence if mirror else {},
            offers=mirror.offers if mirror else None,
            ops=mirror.ops if mirror else {},
            failovers=mirror.failovers if mirror else {},
            flushes=mirror.flushes if mirror else {},
            incident=mirror.incident if mirror else None,
            lead=mirror.lead if mirror else None,
            notes=mirror.notes if mirror else {},
            relay=mirror.relay if mirror else None,
            trouble=sanitise(self._trouble.line()) if self._trouble else None,
        )


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is loaded after the first paint."""

    Client: type[Client]
    Mirror: type[Mirror]
    connect: Callable[[Path], Awaitable[Link]]


async def _load_protocol() -> Protocol:
    """In a thread of our own, so that keys are answered meanwhile and leaving need not wait for it."""
    loop = asyncio.get_running_loop()
    loaded: asyncio.Future[Protocol] = loop.create_future()

    def load() -> None:
        from console.protocol.client import Client  # noqa: PLC0415 - pydantic with it: as long as the first paint
        from console.protocol.mirror import Mirror  # noqa: PLC0415
        from console.protocol.sockets import connect  # noqa: PLC0415

        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
            loop.call_soon_threadsafe(loaded.set_result, Protocol(Client, Mirror, connect))

    threading.Thread(target=load, name="load-protocol", daemon=True).start()
    return await loaded
