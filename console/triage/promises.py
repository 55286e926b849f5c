"""What was promised of a resource, and from where on it is not well? By the words of the profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from console.estate.levels import EVERYTHING, Concern, Limits
from console.estate.resource import Resource


@dataclass(frozen=True, slots=True)
class Promise:
    """One objective."""

    measure: str
    target: float
    concern: Concern = EVERYTHING


def promised(promises: Iterable[Promise], resource: Resource) -> Mapping[str, float]:
    """The first of each measure that is about it."""
    key = (resource.id, resource.described.engine, resource.described.kind)
    found: dict[str, float] = {}
    for promise in promises:
        if promise.concern.fits(*key):
            found.setdefault(promise.measure, promise.target)
    return found


def bounds(limits: Limits, resource: Resource) -> Mapping[str, float]:
    """Where each value begins to be too much."""
    found: dict[str, float] = {}
    for limit in limits.of(resource):
        if limit.above:
            found[limit.value] = min(limit.bound, found.get(limit.value, limit.bound))
    return found
