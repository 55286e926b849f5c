"""Knocking at a Redis or Valkey: may one log in, and is it a primary that has its data?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from collectors.database.credentials import Credentials
from collectors.database.secret import Secret
from collectors.knock.endpoint import PATIENCE_S, AtEndpoint, seen
from collectors.knock.judgement import Judged, of_redis, role_of_redis
from collectors.redis.wire.connection import Connection
from collectors.redis.wire.errors import About
from collectors.redis.wire.fields import fields
from collectors.redis.wire.target import Target
from collectors.safe import sanitise
from collectors.threads import Threads

_SECTIONS = ("server", "replication", "persistence")
"""Of INFO, which is answered while data are read; ROLE would need a grant of its own."""
_ID = 12  # of the forty digits by which a server that was started tells itself from all others


class RedisKnocker(AtEndpoint):
    """``node`` is of the process: one that was started again is another."""

    def __init__(
        self,
        target: Target,
        secret: Secret,
        threads: Threads,
        now: Callable[[], datetime],
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        super().__init__(target.host, target.port, secret, threads, now, patience_s=patience_s)
        self._target = replace(target, login_s=patience_s)

    async def _go_in(self, credentials: Credentials, addresses: list[str]) -> Judged:
        target = self._target
        about = About(str(target), credentials.user, seconds=target.login_s, is_login=True, tls=target.tls)
        connection: Connection | None = None
        try:
            connection = await Connection.open(target, credentials, self._threads)
            about = replace(about, is_login=False)
            told = dict(fields(await connection.ask(_SECTIONS)))
            found = role_of_redis(
                role=told.get("role", ""),
                is_loading=told.get("loading", "0") != "0",
                failing_over=told.get("master_failover_state", ""),
                node=sanitise(told.get("run_id", "")[:_ID]),
            )
            return replace(found, address=seen(connection.peer))
        except Exception as error:  # noqa: BLE001 - every one is judged
            return of_redis(error, about)
        finally:
            if connection is not None:
                await connection.close()
