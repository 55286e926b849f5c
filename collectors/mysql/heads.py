"""Whose log ends where, and who follows whom? What servers said of themselves in their own passes, for one another.

A replica knows what has come, its source what was written: only both together say what would be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from collectors.inside.replication import Link
from collectors.mysql.identity import Identity
from collectors.mysql.progress import FORGOTTEN, Position
from collectors.readings import ResourceId


@dataclass(frozen=True, slots=True)
class Said:
    """By one server, in its last pass."""

    who: Identity
    at: datetime
    head: Position | None = None
    followers: frozenset[int] = frozenset()  # server ids
    links: tuple[tuple[ResourceId, Link], ...] = ()  # that it follows, by their sources, as far as those are known


class Heads:
    """Of all servers that one collector asks."""

    def __init__(self) -> None:
        self._said: dict[ResourceId, Said] = {}

    def note(self, about: ResourceId, said: Said) -> None:
        self._said[about] = said

    def source_of(self, replica: Identity, server_id: int, uuid: str) -> ResourceId | None:
        """By MySQL's uuid; in MariaDB, whose ids are unique within one topology alone, where both say the same."""
        if uuid:
            return self._only(lambda said: said.who.uuid == uuid)
        return self._only(lambda said: said.who.server_id == server_id and replica.server_id in said.followers)

    def head_of(self, source: ResourceId | None, now: datetime) -> Position | None:
        said = None if source is None else self._said.get(source)
        return said.head if said is not None and now - said.at <= FORGOTTEN else None

    def link_between(
        self, source: ResourceId, server_id: int, uuid: str, now: datetime
    ) -> tuple[ResourceId | None, Link | None]:
        """Who a follower is, and what it said lately of its link to ``source``."""

        def is_it(said: Said) -> bool:
            same = said.who.uuid == uuid if uuid else said.who.server_id == server_id
            return same and any(each == source for each, _ in said.links)

        copy = self._only(is_it)
        if copy is None or now - self._said[copy].at > FORGOTTEN:
            return copy, None
        return copy, next(link for each, link in self._said[copy].links if each == source)

    def _only(self, fits: Callable[[Said], bool]) -> ResourceId | None:
        found = [about for about, said in self._said.items() if fits(said)]
        return found[0] if len(found) == 1 else None
