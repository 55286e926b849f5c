"""The demo's caches as real redis-servers, at a pace of a test's own."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from collectors.readings import ResourceId
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.redis import feeding, wired
from console.demo.redis.real import PROGRAM
from console.demo.redis.users import DEFAULT, FLUSHER
from console.demo.redis.wired import RealCaches
from console.demo.reporting import Reports
from tests.demo.played import NOON
from tests.demo.redis.serving import PRIMARY
from tests.rig.needs import need

STEP_S = 0.02


@dataclass
class Real:
    model: Model
    caches: RealCaches
    now: Callable[[], datetime]

    @property
    def t(self) -> float:
        return self.now().timestamp()

    @asynccontextmanager
    async def client(self, about: ResourceId = PRIMARY, user: str = FLUSHER, password: str = "") -> AsyncIterator[Any]:
        """redis-py. Of `Any`: its commands are typed as both kinds of clients at once."""
        secret = password or (None if user == DEFAULT else self.caches.password(user))
        client = Redis(
            port=self.caches.port(about),
            username=None if secret is None else user,
            password=secret,
            protocol=2,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            yield client
        finally:
            await client.aclose()

    async def sizes(self, about: ResourceId = PRIMARY) -> dict[int, int]:
        """Keys by database."""
        async with self.client(about) as client:
            return {int(name[2:]): said["keys"] for name, said in (await client.info("keyspace")).items()}

    async def hits(self, about: ResourceId = PRIMARY) -> tuple[int, int]:
        """And misses."""
        async with self.client(about) as client:
            said = await client.info("stats")
            return said["keyspace_hits"], said["keyspace_misses"]


@asynccontextmanager
async def real(
    monkeypatch: pytest.MonkeyPatch,
    *,
    model: Model | None = None,
    scenario: str = "resilient-database",
    speed: float = 1.0,
) -> AsyncIterator[Real]:
    need(PROGRAM)
    monkeypatch.setattr(feeding, "STEP_S", STEP_S)
    monkeypatch.setattr(wired, "AGAIN_S", STEP_S)
    began = time.monotonic()
    played = model or model_of(scenario, seed=1, size=12, start=NOON)

    def now() -> datetime:
        return NOON + timedelta(seconds=speed * (time.monotonic() - began))

    caches = RealCaches(played, now, Reports(played, None, now))
    try:
        assert await caches.begin() is None
        yield Real(played, caches, now)
    finally:
        await caches.end()
