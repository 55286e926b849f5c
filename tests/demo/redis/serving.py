"""The demo's caches behind their ports, at the real pace, for as long as a test asks them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.redis.caches import ModelCaches
from console.demo.redis.users import DEFAULT
from tests.demo.played import NOON

PRIMARY, REPLICA = ResourceId(Safe("sessions-001")), ResourceId(Safe("sessions-002"))


@dataclass
class Serving:
    model: Model
    caches: ModelCaches
    began: float

    @property
    def t(self) -> float:
        return self.now().timestamp()

    def now(self) -> datetime:
        return NOON + timedelta(seconds=time.monotonic() - self.began)

    @asynccontextmanager
    async def client(self, about: ResourceId = PRIMARY, user: str = DEFAULT) -> AsyncIterator[Any]:
        """redis-py. Of `Any`: its commands are typed as both kinds of clients at once."""
        password = self.caches.password(user) or None
        port = self.caches.port(about)
        client = Redis(
            port=port,
            username=None if password is None else user,
            password=password,
            protocol=2,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            yield client
        finally:
            await client.aclose()

    async def raw(self, said: bytes, about: ResourceId = PRIMARY) -> bytes:
        """All that is answered to these bytes, until the server has nothing more to say."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.caches.port(about))
        try:
            writer.write(said)
            writer.write_eof()
            return await asyncio.wait_for(reader.read(), 10)
        except ConnectionResetError:  # closed before all of it was read
            return b""
        finally:
            writer.close()


@asynccontextmanager
async def serving(scenario: str = "resilient-database") -> AsyncIterator[Serving]:
    found = Serving(model_of(scenario, seed=1, size=12, start=NOON), None, time.monotonic())  # type: ignore[arg-type]
    found.caches = ModelCaches(found.model, found.now)
    try:
        yield found
    finally:
        await found.caches.end()
