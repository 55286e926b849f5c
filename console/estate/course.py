"""How has each resource been: its level, since when, and which turn of it is worth an event?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collectors.readings import ResourceId, Severity
from collectors.safe import Safe, sanitise
from console.estate.levels import RANK, WELL, Judgement, Limits
from console.estate.resource import Resource
from console.estate.since import Standing, standing

APART_MS = 60_000  # between two turns of one resource: whatever wavers about a bound is told once a minute
FIRST_AFTER_MS = 30_000  # a history that says since when may come later than the values


@dataclass(frozen=True, slots=True)
class Turn:
    """From one level to another. ``t``: when, as the observed system has it."""

    about: ResourceId
    text: Safe
    severity: Severity
    t: int


@dataclass(slots=True)
class _Course:
    first: int  # when it was first judged
    judged: Judgement = WELL
    standing: Standing | None = None
    turned: int = 0  # when it came to its level
    told: Judgement = WELL
    told_at: int | None = None  # None: nothing was told of it yet


class Courses:
    """Of all resources. Times are the engine's."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._courses: dict[ResourceId, _Course] = {}
        self._turning: dict[ResourceId, None] = {}  # whose level is not the one that was told

    def judge(self, resource: Resource, now_ms: int, *, anew: bool = True) -> Judgement:
        """By what is known now. Not ``anew``: since when it is so is asked only where it is otherwise than before."""
        course = self._courses.setdefault(resource.id, _Course(now_ms))
        judged = self._limits.judge(resource)
        if judged.worst != course.judged.worst:
            course.turned = _turned(resource, course.judged, now_ms)
        if anew or judged != course.judged:
            course.standing = standing(resource, judged, self._limits.of(resource), course.standing, now_ms)
        course.judged = judged
        if judged.worst != course.told.worst:
            self._turning[resource.id] = None
        else:
            self._turning.pop(resource.id, None)
        return judged

    def standing(self, about: ResourceId) -> Standing | None:
        """None where it is well, or was never judged."""
        course = self._courses.get(about)
        return course.standing if course else None

    def recall(self, about: ResourceId, known: Standing | None) -> None:
        """What an engine before this one has told."""
        judged = Judgement(known.level) if known else WELL
        self._courses[about] = _Course(0, judged, known, told=judged, told_at=0)

    def forget(self, about: ResourceId) -> None:
        self._courses.pop(about, None)
        self._turning.pop(about, None)

    def turns(self, now_ms: int) -> Iterator[Turn]:
        """What is to be told now, each once."""
        for about in list(self._turning):
            course = self._courses[about]
            since, wait = (course.first, FIRST_AFTER_MS) if course.told_at is None else (course.told_at, APART_MS)
            if now_ms - since >= wait:
                yield _turn(about, course, now_ms)
                course.told, course.told_at = course.judged, now_ms
                del self._turning[about]


def _turn(about: ResourceId, course: _Course, now_ms: int) -> Turn:
    now, before, known = course.judged, course.told, course.standing
    if now.worst is None or known is None:
        was = f"{before.worst}: {before.why[0]}" if before.why else str(before.worst)
        return Turn(about, sanitise(f"well again (was {was})"), Severity.INFO, course.turned)
    why = f": {now.why[0]}" if now.why else ""
    if before.worst is not None and RANK[now.worst] < RANK[before.worst]:
        return Turn(about, sanitise(f"{now.worst}, no longer {before.worst}{why}"), now.worst, course.turned)
    if course.told_at is None and not known.is_seen:
        return Turn(about, sanitise(f"{now.worst} when first looked at{why}"), now.worst, known.since)
    return Turn(about, sanitise(f"{now.worst}{why}"), now.worst, known.since)


def _turned(resource: Resource, before: Judgement, now_ms: int) -> int:
    """When the values that were beyond a bound were found otherwise; now, where none was."""
    times = [resource.latest[name].t for name in before.values if name in resource.latest]
    return min(now_ms, max(times)) if times else now_ms
