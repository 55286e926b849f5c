"""What do we know now, and what of it is new? The present, folded from readings."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.readings import Described, Gone, Happened, Reading, ResourceId
from console.estate.fold import Change, fold
from console.estate.ledger import Changes, Ledger
from console.estate.resource import Resource, undescribed


class Estate:
    """Resources by id. What was observed of one before its description is kept, and shown once it is described."""

    def __init__(self) -> None:
        self._resources: dict[ResourceId, Resource] = {}
        self._undescribed: dict[ResourceId, Resource] = {}
        self._ledger = Ledger()

    @property
    def resources(self) -> Mapping[ResourceId, Resource]:
        return self._resources

    def fold(self, reading: Reading) -> ResourceId | None:
        """The resource that changed. What happened is an event and not the present: it changes none."""
        if isinstance(reading, Happened):
            return None
        if isinstance(reading, Gone):
            return self._remove(reading)
        resource = self._resource(reading)
        if resource is None:
            return None
        change = fold(resource, reading)
        if resource.id not in self._resources or not change:
            return None
        self._ledger.note(resource.id, change)
        return resource.id

    def restore(self, resource: Resource) -> None:
        """One that was known before a restart; whatever was observed since then wins by staying."""
        if resource.id not in self._resources and not self._ledger.is_gone(resource.id):
            self._undescribed.pop(resource.id, None)
            self._add(resource)

    def changed_since(self, mark: int) -> Changes:
        """What changed since the mark of an earlier answer; 0 for everything."""
        return self._ledger.since(mark)

    def _resource(self, reading: Reading) -> Resource | None:
        known = self._resources.get(reading.about)
        if known is not None:
            return known
        if isinstance(reading, Described):
            resource = self._undescribed.pop(reading.about, None) or Resource(reading.about, undescribed(reading.about))
            self._add(resource)
            return resource
        if self._ledger.is_gone(reading.about):  # a collector that was still under way
            return None
        return self._undescribed.setdefault(reading.about, Resource(reading.about, undescribed(reading.about)))

    def _add(self, resource: Resource) -> None:
        self._resources[resource.id] = resource
        self._ledger.note(resource.id, Change(shape=True, history=True, values=set(resource.latest)))

    def _remove(self, reading: Gone) -> ResourceId | None:
        resource = self._resources.get(reading.about)
        if resource is not None and resource.described.observed > reading.observed:
            return None  # it was listed again later than it was missed
        self._undescribed.pop(reading.about, None)
        if self._resources.pop(reading.about, None) is None:
            return None
        self._ledger.remove(reading.about)
        return reading.about
