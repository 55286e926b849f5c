"""What is told of one resource, and is it still as it was told?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from collectors.readings import ResourceId, Severity
from collectors.safe import Safe
from console.estate.course import Courses
from console.estate.declared import Intent, declarations
from console.estate.levels import Judgement
from console.estate.render import res_body
from console.estate.resource import Resource
from console.estate.since import Standing
from console.estate.states import Sources, states
from console.protocol.res import MetricState, Res


@dataclass(slots=True)
class _Report:
    """As last told. A tick may change no other value than ``states`` has."""

    states: dict[Safe, MetricState]
    judged: Judgement
    standing: Standing | None


class Reports:
    """Of all resources that were told whole."""

    def __init__(
        self,
        courses: Courses,
        intents: Iterable[Intent],
        sources: Callable[[ResourceId], Sources],
        now_ms: Callable[[], int],
    ) -> None:
        self._courses, self._intents = courses, tuple(intents)
        self._sources, self._now_ms = sources, now_ms
        self._told: dict[ResourceId, _Report] = {}

    def __contains__(self, about: ResourceId) -> bool:
        return about in self._told

    def whole(self, resource: Resource) -> Res:
        """As it is now, which is told now."""
        about, now_ms = resource.id, self._now_ms()
        judged = self._courses.judge(resource, now_ms)
        standing = self._courses.standing(about)
        body = res_body(
            resource,
            now_ms,
            self._sources(about),
            judged,
            since=standing.since if standing else None,
            declared=declarations(resource, self._intents),
        )
        self._told[about] = _Report({name: value.s for name, value in body.values.items()}, judged, standing)
        return body

    def all(self) -> list[ResourceId]:
        return list(self._told)

    def values(self, about: ResourceId) -> Mapping[Safe, MetricState]:
        """What a tick may change, and in which state it was told; nothing of what was not told yet."""
        report = self._told.get(about)
        return report.states if report else {}

    def ticked(self, about: ResourceId, name: Safe, value: float | None) -> None:
        """As whoever hears a tick takes it."""
        self._told[about].states[name] = "none" if value is None else "fresh"

    def means_otherwise(self, resource: Resource, *, anew: bool) -> bool:
        """Whether its values mean something else than was told. ``anew``: it may also be so since another time."""
        report = self._told.get(resource.id)
        if report is None:
            return False
        judged = self._courses.judge(resource, self._now_ms(), anew=anew)
        is_news = (judged.worst, judged.values) != (report.judged.worst, report.judged.values)
        return is_news or self._courses.standing(resource.id) != report.standing

    def has_aged(self, resource: Resource) -> bool:
        """Whether a value is in another state than was told: it grows stale without anybody saying so."""
        about = resource.id
        return about in self._told and (
            states(resource, self._now_ms(), self._sources(about)) != self._told[about].states
        )

    def forget(self, about: ResourceId) -> None:
        self._told.pop(about, None)
        self._courses.forget(about)

    def is_sick(self, about: ResourceId) -> bool:
        """Whether it is beyond a threshold, or does not serve."""
        return about in self._told and self._told[about].judged.worst not in (None, Severity.INFO)
