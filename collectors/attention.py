"""What deserves to be asked for first: what somebody looks at, and what is not well."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.readings import ResourceId


@dataclass(frozen=True, slots=True)
class Attention:
    visible: frozenset[ResourceId] = frozenset()
    sick: frozenset[ResourceId] = frozenset()

    def first(self, about: ResourceId) -> bool:
        """Whether it is the last to be slowed and the first to be asked for."""
        return about in self.visible or about in self.sick
