"""What tests of the way to SQL Server share: a server as it is asked, and a loop that notices when it is held up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from collectors.database.credentials import Credentials
from collectors.database.secret import InEnvironment, Secret
from collectors.sqlserver.asking import Question
from collectors.sqlserver.wire.target import Encryption, Target
from collectors.sqlserver.wire.wired import Wired
from collectors.threads import Threads
from tests.rig import tds

KEPT = InEnvironment(tds.USER, "PASSWORD", {"PASSWORD": tds.PASSWORD})
MOST_HELD_UP_S = 0.5  # each fault here would hold it up for a second; a machine that is busy, for less


def question(
    name: str = "one", *, within_s: float = 1, text: str = "SELECT 1", grants: tuple[str, ...] = ()
) -> Question:
    return Question(name, f"/* dbconsole:{name} */ {text}", grants=grants, within=timedelta(seconds=within_s))


ONE = question()


def wired(server: tds.Serving | int, driver: tds.Driver, secret: Secret = KEPT, **given: Any) -> Wired:
    """On loopback without encryption, if nothing else is said, and with all the time in the world for questions."""
    port = server if isinstance(server, int) else server.port
    words = {"host": "127.0.0.1", "encryption": Encryption.OFF, "login_s": 1}
    target = Target(port=port, **{**words, **given.pop("target", {})})
    threads = given.pop("threads", None) or Threads()
    return Wired(target, secret, threads, time.monotonic, **{"driver": driver.named, "budget": 1000.0, **given})


class Changing(Secret):
    """Says what it is told to, one after the other and the last for ever; counts how often it was read."""

    def __init__(self, *passwords: str) -> None:
        self.passwords = list(passwords)
        self.reads = 0

    async def read(self) -> Credentials:
        self.reads += 1
        return Credentials(tds.USER, self.passwords.pop(0) if len(self.passwords) > 1 else self.passwords[0])


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - threads set no event of this loop
            await asyncio.sleep(0.005)


@asynccontextmanager
async def not_held_up() -> AsyncIterator[None]:
    """The loop turns all the while."""
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        before = time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            now = time.monotonic()
            longest, before = max(longest, now - before), now

    ticking = asyncio.create_task(tick())
    try:
        yield
    finally:
        ticking.cancel()
    assert longest < MOST_HELD_UP_S, f"the loop stood still for {longest:.3f} s"
