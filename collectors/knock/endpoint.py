"""Knocking at one endpoint: its name is looked up, somebody goes in and asks, and there is an end to waiting."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime

from collectors.database.credentials import Credentials
from collectors.database.secret import Secret
from collectors.errors import CannotCollect
from collectors.knock.heard import Heard, words
from collectors.knock.held import Held
from collectors.knock.judgement import Judged
from collectors.knock.knock import Door, Knock, Knocker
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.threads import Threads

PATIENCE_S = 2.0
_MOST_ADDRESSES = 4
_HANGS = Heard(Door.DARK, Safe("the knock before this one still hangs"))


class AtEndpoint(Knocker):
    """One family's knocker says how it goes in; what is common to all is here."""

    def __init__(
        self,
        host: str,
        port: int,
        secret: Secret,
        threads: Threads,
        now: Callable[[], datetime],
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """``threads``: of knocks alone, with one left behind for each target at the most. ``now``: of the estate."""
        self.endpoint = sanitise(f"{host}:{port}")
        self.patience_s = patience_s
        self._host, self._port = host, port
        self._threads, self._now = threads, now
        self._held = Held(secret, time.monotonic)
        self._name = f"the name {host}"

    async def knock(self) -> Knock:
        began = self._now()
        until = asyncio.get_running_loop().time() + self.patience_s
        credentials = await self._held.credentials(self.patience_s)
        addresses: list[str] = []
        try:
            async with asyncio.timeout_at(until):
                heard = await self._heard(credentials, addresses)
        except TimeoutError:
            heard = Heard(Door.DARK, sanitise(f"no answer within {self.patience_s:g} s"))
        if isinstance(heard, CannotCollect):
            raise heard
        if heard.may_log_in is False:
            self._held.refused()
        address = heard.address or sanitise(", ".join(addresses), 200)
        return Knock(began, self._now(), heard.door, heard.said, heard.node, address, heard.may_log_in)

    @abstractmethod
    async def _go_in(self, credentials: Credentials, addresses: list[str]) -> Judged:
        """One connection, from its first byte to its last. Cancelled, it leaves at once what it has begun."""

    @property
    def _is_hanging(self) -> bool:
        """Whether a knock that was given up has not come back: then nobody is sent after it."""
        return False

    async def _heard(self, credentials: Credentials, addresses: list[str]) -> Judged:
        if self._is_hanging:
            return _HANGS
        unknown = await self._look_up(addresses)
        return unknown or await self._go_in(credentials, addresses)

    async def _look_up(self, addresses: list[str]) -> Heard | None:
        """Fills them in; what keeps it from that, where something does. The system's resolver has its own time-outs."""
        if _is_address(self._host):
            addresses.append(self._host)
            return None
        if self._threads.abandoned.get(self._name):
            return Heard(Door.DARK, words(f"{self._name} is still being looked up"))
        try:
            found = await self._threads.call(
                self._name, lambda: socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            )
        except (OSError, UnicodeError) as error:
            said = str(error.args[-1]) if error.args else ""
            return Heard(Door.DARK, words(f"{self._name} does not resolve: {said}"))
        addresses.extend(dict.fromkeys(str(address[0]) for *_, address in found[:_MOST_ADDRESSES]))
        return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def seen(address: str | None) -> Safe:
    return sanitise(address, 100) if address else NO_TEXT
