"""Keeps the screen in contact with its engine: joins, folds, asks, and comes back after a loss."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console import __version__
from console.protocol.client import Client, Mode
from console.protocol.mirror import Mirror
from console.protocol.sockets import connect
from console.screen.picture import Contact, Picture

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0  # the engine may be back at once, or in thirty seconds


class Feed:
    """One engine's messages, folded. ``on_change`` is called in the loop whenever there is something new to draw."""

    def __init__(self, address: Path, mode: Mode, on_change: Callable[[], None]) -> None:
        self._address = address
        self._mode = mode
        self._on_change = on_change
        self._mirror = Mirror()
        self._client: Client | None = None
        self._contact: Contact = "joining"
        self._since = time.monotonic()
        self._trouble: Trouble | None = None
        self._visible: tuple[str, ...] = ()
        self.ever_joined = False

    @property
    def trouble(self) -> Trouble | None:
        """Why there is no contact now."""
        return self._trouble

    async def run(self) -> None:
        """Until cancelled: an engine that is lost is looked for again, and the last picture stays."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                await self._follow()
            except Trouble as trouble:
                self._trouble = trouble
            if self._contact == "live":
                self._set("lost")
                pause = FIRST_PAUSE_S
            self._on_change()
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _follow(self) -> None:
        link = await connect(self._address)
        async with Client(link, self._mode, __version__, mirror=self._mirror) as client:
            self._client, self._trouble, self.ever_joined = client, None, True
            self._set("live")
            self._on_change()
            asking = asyncio.create_task(self._ask_for_visible(client))
            try:
                async for _ in client.changes():
                    self._on_change()
            finally:
                self._client = None
                asking.cancel()

    def _set(self, contact: Contact) -> None:
        self._contact, self._since = contact, time.monotonic()

    def see(self, visible: Iterable[str]) -> None:
        """Tell the engine what is looked at, if that has changed."""
        wanted = tuple(visible)
        if wanted != self._visible:
            self._visible = wanted
            if self._client is not None:
                self._pending_see = asyncio.ensure_future(self._ask_for_visible(self._client))

    async def _ask_for_visible(self, client: Client) -> None:
        if self._visible:
            await client.request("see", {"ids": list(self._visible)})

    def picture(self) -> Picture:
        """The present. Cheap: what it holds is shared and not copied."""
        now = time.monotonic()
        mirror = self._mirror
        return Picture(
            contact=self._contact,
            contact_s=now - self._since,
            now_ms=mirror.now_ms(now),
            age_s=mirror.age(now),
            meta=mirror.meta,
            status=mirror.status,
            resources=mirror.resources,
            hist=mirror.hist,
            trouble=_line(self._trouble),
        )


def _line(trouble: Trouble | None) -> Safe | None:
    return None if trouble is None else sanitise(trouble.line())
