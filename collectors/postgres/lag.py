"""How far is a PostgreSQL behind the one it follows, and those that follow it behind it?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from collectors.database.rows import Row
from collectors.errors import CannotCollect
from collectors.inside.replication import DEAD, LinkState, Replication
from collectors.postgres import links
from collectors.postgres.asking import PG_MONITOR, Question, Servers, text_of
from collectors.postgres.collector import Now, PostgresCollector
from collectors.postgres.remembered import Remembered
from collectors.postgres.rows import Copy, Here, SlotRow
from collectors.postgres.told import Told
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.safe import Safe, sanitise

PRIMARY, REPLICA, BOTH = Safe("primary"), Safe("replica"), Safe("both")


class Lag(PostgresCollector):
    """One Replication for each pass and, of a replica or what was one, one ReplicaLag."""

    name = "replica-lag"
    asks = ("replication", "copies", "slots")
    every = timedelta(seconds=5)
    needs = (PG_MONITOR,)

    def __init__(self, servers: Servers, now: Now) -> None:
        super().__init__(servers, now)
        self._remembered: dict[ResourceId, Remembered] = {}
        self._copies: set[ResourceId] = set()  # that followed somebody when they were looked at

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        server = self._servers.of(target)
        here = _only((await server.ask(Question("replication", text_of("replication")))).as_(Here))
        copies = (await server.ask(Question("copies", text_of("copies")))).as_(Copy)
        slots = (await server.ask(Question("slots", text_of("slots"), grants=()))).as_(SlotRow)
        now, known_as = self._now(), self._servers.known_as
        remembered = self._remembered.setdefault(target, Remembered())
        remembered.begin(here)
        told = remembered.follow(here) if here.in_recovery else None
        followers = remembered.followers(copies, here)
        yield Replication(
            target,
            now,
            role=_role(here, followers),
            upstream=() if told is None else (links.upstream(target, here, told, known_as),),
            downstream=tuple(links.downstream(target, copy, each, known_as) for copy, each in followers),
            slots=links.slots(slots),
            role_changes=_role_changes(here),
            notes=links.notes(here),
        )
        if told is not None:
            self._copies.add(target)
            yield ReplicaLag(target, now, links.source_of(here, known_as), _lag(told), sanitise(told.state))
        elif target in self._copies:
            yield ReplicaLag(target, now, None, None, PRIMARY)


def _only(rows: tuple[Row, ...]) -> Row:
    if len(rows) != 1:
        raise CannotCollect("The server tells nothing of itself.", seen=f"{len(rows)} rows")
    return rows[0]


def _role(here: Here, followers: Sequence[object]) -> Safe:
    if not here.in_recovery:
        return PRIMARY
    return BOTH if followers else REPLICA


def _lag(told: Told) -> timedelta | None:
    """None where the link is dead or nobody may tell: what was measured before is not true any more."""
    if told.state in DEAD or told.state is LinkState.UNKNOWN or told.lag.seconds is None:
        return None
    return timedelta(seconds=told.lag.seconds)


def _role_changes(here: Here) -> int | None:
    """Each promotion begins another timeline; the first is 1."""
    try:
        timeline = here.received_timeline if here.timeline is None else int(here.timeline, 16)
    except ValueError:
        return None
    return None if timeline is None else timeline - 1
