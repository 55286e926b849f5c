"""What the estate knows of a resource, for the checks of failovers: whatever its collectors have told last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TypeVar

from collectors.aws.known import Found, Known
from collectors.inside.backups import DatabaseBackups
from collectors.inside.identity import Identity
from collectors.inside.queries import Queries
from collectors.inside.replication import Replication
from collectors.inside.sessions import Sessions
from collectors.readings import Inside, ReplicaLag, ResourceId
from collectors.safe import Safe, sanitise
from console.actions.known import KnownInside, Probed, Tested, Value
from console.estate.estate import Estate
from console.estate.resource import Resource
from console.estate.times import from_ms

I = TypeVar("I", bound=Inside)  # noqa: E741 - one of the kinds of it
FAILING = frozenset(
    {
        *("failed", "failing-over", "inaccessible-encryption-credentials", "incompatible-network"),
        *("incompatible-restore", "rebooting", "restore-error", "storage-full"),
    }
)
"""Of others in one zone. One that somebody stopped, or that is being made, says nothing of its zone."""


class EstateInside(KnownInside):
    """``tested`` and ``probed``: asked of whoever keeps the operations, and of whoever knocks; ``origins``: as the
    profile has them.
    """

    def __init__(
        self,
        estate: Estate,
        known: Known,
        *,
        tested: Callable[[datetime], tuple[Tested, ...]],
        probed: Callable[[str], Probed | None],
        origins: Callable[[Found], tuple[str, ...]],
    ) -> None:
        self._estate, self._known = estate, known
        self._tested, self._probed, self._origins = tested, probed, origins

    def sessions(self, about: str) -> Sessions | None:
        return self._part(about, Sessions)

    def replication(self, about: str) -> Replication | None:
        return self._part(about, Replication)

    def lag(self, about: str) -> ReplicaLag | None:
        found = self._resource(about)
        return None if found is None else found.replication

    def jobs(self, about: str) -> DatabaseBackups | None:
        return self._part(about, DatabaseBackups)

    def queries(self, about: str) -> Queries | None:
        return self._part(about, Queries)

    def server(self, about: str) -> Identity | None:
        return self._part(about, Identity)

    def tags(self, about: str) -> tuple[tuple[str, str], ...]:
        found = self._resource(about)
        return () if found is None else found.described.tags

    def origins(self, about: str) -> tuple[str, ...]:
        found = self._known.find(ResourceId(sanitise(about)))
        patterns = () if found is None else self._origins(found)
        there = sorted(name for name, each in self._estate.resources.items() if each.described.kind != "cache")
        return tuple(name for name in there if any(fnmatchcase(name, pattern) for pattern in patterns))

    def value(self, about: str, name: str) -> Value | None:
        found = self._resource(about)
        series = name if "." in name else f"cloudwatch.{name}"
        latest = None if found is None else found.latest.get(sanitise(series))
        return None if latest is None or latest.value is None else Value(latest.value, from_ms(latest.t))

    def called(self, name: str, beside: str) -> str:
        near = self._known.find(ResourceId(sanitise(beside)))
        there = self._known.of(near.place) if near is not None else ()
        return next((str(each.id) for each in there if each.name == name and each.kind != "cluster"), name)

    def failing(self, az: str, beside: str) -> tuple[Safe, ...]:
        near = self._known.find(ResourceId(sanitise(beside)))
        if near is None or not az:
            return ()
        there = (each for each in self._known.of(near.place) if each.ties.az == az)
        strangers = (each for each in there if not _family(near) & _family(each))
        return tuple(each.id for each in strangers if self._status(each.id) in FAILING)

    def tested(self, since: datetime) -> tuple[Tested, ...]:
        return self._tested(since)

    def probed(self, op: str) -> Probed | None:
        return self._probed(op)

    def _resource(self, about: str) -> Resource | None:
        return self._estate.resources.get(ResourceId(sanitise(about)))

    def _status(self, about: ResourceId) -> str:
        found = self._estate.resources.get(about)
        return "" if found is None else found.described.status

    def _part(self, about: str, part: type[I]) -> I | None:
        found = self._resource(about)
        told = None if found is None else found.inside.get(part.part)
        return told if isinstance(told, part) else None


def _family(found: Found) -> set[str]:
    return {found.name, found.ties.group, found.ties.source} - {""}
