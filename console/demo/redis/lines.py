"""The connections to the real servers of one group: who is its primary, and what is sent there?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.readings import ResourceId
from collectors.redis.wire.connection import Connection
from console.demo.model import Model
from console.demo.redis.hundredth import Command, Told
from console.demo.redis.server import HOST
from console.demo.redis.shelf import ByDatabase

AT_ONCE = 200  # so that nobody else in this process has to wait for long


@dataclass(slots=True)
class Lines:
    """As whoever may do all there. ``sources``: whom each follows now."""

    model: Model
    group: ResourceId
    open: Mapping[ResourceId, Connection]
    ports: Mapping[ResourceId, int]
    sources: dict[ResourceId, ResourceId | None]

    @property
    def primary(self) -> ResourceId:
        return next((about for about, source in self.sources.items() if source is None), next(iter(self.open)))

    async def recast(self, t: float) -> bool:
        """Each follows whom the model says: whoever leads from now on is told first. Whether anything has changed."""
        wanted = {about: self.model.as_at(about, t).source for about in self.open}
        changed = [about for about in wanted if wanted[about] != self.sources[about]]
        for about in sorted(changed, key=lambda each: wanted[each] is not None):
            source = wanted[about]
            port = None if source is None else self.ports.get(source)
            whom = ("NO", "ONE") if port is None else (HOST, str(port))
            await self.say(about, [("REPLICAOF", *whom)])
            self.sources[about] = source
        return bool(changed)

    async def say(self, about: ResourceId, commands: Sequence[Command]) -> list[Any]:
        return await self.open[about].each(commands)

    async def do(self, wanted: ByDatabase) -> None:
        """At the primary."""
        for database, commands in wanted.items():
            for begin in range(0, len(commands), AT_ONCE):
                await self.say(self.primary, [("SELECT", str(database)), *commands[begin : begin + AT_ONCE]])
                await asyncio.sleep(0)

    async def told(self) -> Told:
        """By the primary."""
        said = await self.say(self.primary, [("INFO", "commandstats"), ("INFO", "keyspace")])
        return Told.of(*(bytes(each).decode("utf-8", "replace") for each in said))
