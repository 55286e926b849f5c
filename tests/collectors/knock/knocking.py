"""What tests of knocking share: the time, threads as knocks have them, a secret that is given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from collectors.database.credentials import Credentials
from collectors.database.secret import Secret
from collectors.knock.knock import Door, Knock, Knocker
from collectors.threads import Threads


def now() -> datetime:
    return datetime.now(UTC)


def threads() -> Threads:
    return Threads(abandoned_per_target=1)


class Given(Secret):
    """Whoever it says now; counts how often it was read."""

    def __init__(self, user: str = "", password: str = "") -> None:
        self.says = Credentials(user, password)
        self.reads = 0

    async def read(self) -> Credentials:
        self.reads += 1
        return self.says


async def until_knocked(knocker: Knocker, is_so: Callable[[Knock], bool], *, every_s: float = 0.05) -> Knock:
    """The first knock of which it is so."""
    async with asyncio.timeout(20):
        while not is_so(knock := await knocker.knock()):  # noqa: ASYNC110 - a server sets no event of ours
            await asyncio.sleep(every_s)
        return knock


def doors(knocks: list[Knock]) -> list[Door]:
    """One after the other, each once for as long as it stood so."""
    return [each.door for place, each in enumerate(knocks) if place == 0 or knocks[place - 1].door is not each.door]
