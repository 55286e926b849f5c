"""Who follows a source, as far as the source can tell: it knows what it sent, and not what came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from collectors.inside.replication import Link, LinkState
from collectors.mysql.heads import Heads
from collectors.mysql.rows import FollowerRow, ThreadRow
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise

DUMPS = ("Binlog Dump", "Binlog Dump GTID")
NOT_HEARD = Safe("a source knows what it sent, not what came: ask the replica")


def downstream(
    about: ResourceId,
    followers: tuple[FollowerRow, ...],
    threads: tuple[ThreadRow, ...],
    heads: Heads,
    now: datetime,
) -> tuple[Link, ...]:
    """Those that registered; where none may be seen, those that read. A state only where the replica itself told it."""
    dumps = [thread for thread in threads if thread.command in DUMPS]
    if not followers:
        return tuple(_link(about, sanitise(thread.host, 300), thread) for thread in dumps)
    alone = dumps[0] if len(dumps) == len(followers) == 1 else None  # else nobody says whose thread is whose
    return tuple(_follower(about, row, alone, heads, now) for row in followers)


def _follower(about: ResourceId, row: FollowerRow, thread: ThreadRow | None, heads: Heads, now: datetime) -> Link:
    copy, told = heads.link_between(about, row.server_id, row.uuid, now)
    if told is not None:
        return replace(told, told=_state(thread) or told.told)
    address = f"{row.host}:{row.port}" if row.host and row.port else row.host
    return _link(about, copy or sanitise(address or f"server {row.server_id}", 300), thread)


def _link(about: ResourceId, copy: Safe, thread: ThreadRow | None) -> Link:
    return Link(about, copy, LinkState.UNKNOWN, _state(thread), Safe("asynchronous"), why=NOT_HEARD)


def _state(thread: ThreadRow | None) -> Safe:
    return NO_TEXT if thread is None else sanitise(thread.state, 200)
