"""Findings for a machine that asks: those that stand, and those of a play against what its scenario expects. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from collectors.readings import Severity
from console.documents import ExpectPart, FindingPart, PlayedFindingPart
from console.estate.levels import RANK
from console.estate.times import from_ms
from console.protocol.res import FindingBody, Res

if TYPE_CHECKING:
    from console.demo.scenario.file import Expect


def standing(resources: Mapping[str, Res]) -> list[FindingPart]:
    """Of all resources, the worst first."""
    found = [
        FindingPart(
            id=each.id,
            resource=name,
            severity=each.severity,
            confidence=each.confidence,
            since=from_ms(each.since).strftime("%Y-%m-%dT%H:%M:%SZ"),
            cause=each.cause,
            evidence=list(each.evidence),
            next=each.next,
            about=each.about,
        )
        for name, each in _all(resources)
        if each.cleared is None
    ]
    return sorted(found, key=lambda each: (-RANK[Severity(each.severity)], each.resource, each.id, each.about))


def played(resources: Mapping[str, Res], start_ms: int) -> list[PlayedFindingPart]:
    """In the order in which they appeared."""
    found = [
        PlayedFindingPart(
            id=each.id,
            resource=name,
            severity=each.severity,
            confidence=each.confidence,
            appeared_s=_seconds(each.since, start_ms),
            cleared_s=None if each.cleared is None else _seconds(each.cleared, start_ms),
            cause=each.cause,
            evidence=list(each.evidence),
            next=each.next,
            about=each.about,
        )
        for name, each in _all(resources)
    ]
    return sorted(found, key=lambda each: (each.appeared_s, each.resource, each.id, each.about))


def judged(found: Sequence[PlayedFindingPart], expect: Expect | None) -> ExpectPart:
    """`id` or `id@resource`. ``within_seconds`` counts from the begin of the play."""
    if expect is None:
        return ExpectPart()
    in_time = [each for each in found if expect.within_seconds is None or each.appeared_s <= expect.within_seconds]
    missing = [wanted for wanted in expect.findings if not any(_is(wanted, each) for each in in_time)]
    unexpected = [unwanted for unwanted in expect.absent if any(_is(unwanted, each) for each in found)]
    return ExpectPart(met=not (missing or unexpected), missing=missing, unexpected=unexpected)


def _is(wanted: str, each: PlayedFindingPart) -> bool:
    name, _, resource = wanted.partition("@")
    return each.id == name and (not resource or each.resource == resource)


def _all(resources: Mapping[str, Res]) -> Iterator[tuple[str, FindingBody]]:
    return ((name, each) for name, res in resources.items() for each in res.findings)


def _seconds(ms: int, start_ms: int) -> int:
    return max(0, (ms - start_ms) // 1000)
