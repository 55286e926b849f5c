"""Findings that no rule makes: somebody who watches one resource says that it is so, and when it is so no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from collectors.readings import ResourceId
from console.triage.finding import Finding, Sight

KEPT = 10  # that have cleared, of each resource


class Beside:
    """Of all resources of an engine."""

    def __init__(self) -> None:
        self._sights: dict[ResourceId, list[Sight]] = {}

    def found(self, about: ResourceId, finding: Finding, now: datetime) -> bool:
        """Whether that is otherwise than before."""
        sights = self._sights.setdefault(about, [])
        for n, sight in enumerate(sights):
            if sight.finding.key == finding.key and sight.is_open:
                sights[n] = replace(sight, finding=finding)
                return sight.finding != finding
        sights.append(Sight(finding, now, stands=True))
        return True

    def cleared(self, about: ResourceId, id_: str, now: datetime) -> bool:
        """Whether it stood."""
        sights = self._sights.get(about, [])
        open_ones = [sight for sight in sights if sight.finding.id == id_ and sight.is_open]
        if not open_ones:
            return False
        ended = [replace(sight, cleared=now) if sight in open_ones else sight for sight in sights]
        past = [sight for sight in ended if not sight.is_open][-KEPT:]
        self._sights[about] = [sight for sight in ended if sight.is_open or sight in past]
        return True

    def of(self, about: ResourceId) -> tuple[Sight, ...]:
        return tuple(self._sights.get(about, ()))

    def forget(self, about: ResourceId) -> None:
        self._sights.pop(about, None)
