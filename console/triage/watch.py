"""Since when does a finding stand, and when did it clear? Each look at a resource is compared with the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from collectors.readings import ResourceId
from console.triage.finding import Finding, Sight
from console.triage.frame import Frame
from console.triage.rules import RULES, Rule

RELEARNT = timedelta(minutes=20)  # after a restart even what is asked seldom has been asked
KEPT = 20  # that have cleared, of each resource
Key = tuple[str, str]


Sights = Mapping[Key, Sight]


def look(before: Sights, found: Iterable[tuple[Rule, Finding]], now: datetime) -> dict[Key, Sight]:
    """Pure. A finding stands once its rule has seen it as often as it must, and clears in the same way."""
    here = {finding.key: (rule, finding) for rule, finding in found}
    after: dict[Key, Sight] = {}
    for key, (rule, finding) in here.items():
        old = before.get(key)
        if old is None or old.cleared is not None:
            after[key] = Sight(finding, now, rule.hits, stands=rule.hits <= 1)
        else:
            seen = old.seen + 1
            stands = old.stands or seen >= rule.hits
            after[key] = replace(
                old, finding=finding, needs=rule.hits, seen=seen, missed=0, stands=stands, held_until=None
            )
    for key, old in before.items():
        if key not in here:
            gone = _gone(old, now)
            if gone is not None:
                after[key] = gone
    return after


def _gone(old: Sight, now: datetime) -> Sight | None:
    if old.cleared is not None or (old.held_until is not None and now < old.held_until):
        return old
    if not old.stands:
        return None
    if old.missed + 1 < old.needs:
        return replace(old, missed=old.missed + 1)
    return replace(old, cleared=now)


class Watch:
    """Of all resources of an engine."""

    def __init__(self, rules: Iterable[Rule] = RULES) -> None:
        self._rules = tuple(rules)
        self._sights: dict[ResourceId, dict[Key, Sight]] = {}

    def look(self, frame: Frame) -> list[Sight]:
        """At one resource, as it is known now; what stands and did not before, or the other way round."""
        about = frame.resource.id
        before = self._sights.get(about, {})
        found = [(rule, finding) for rule in self._rules for finding in rule.look(frame)]
        after = look(before, found, frame.now)
        self._sights[about] = _kept(after)
        return [sight for key, sight in after.items() if sight.is_open != (key in before and before[key].is_open)]

    def of(self, about: ResourceId) -> tuple[Sight, ...]:
        """All that stands, and what has stood, in the order in which it was seen."""
        sights = self._sights.get(about, {}).values()
        return tuple(sorted((sight for sight in sights if sight.stands), key=lambda sight: sight.since))

    def recall(self, about: ResourceId, sights: Iterable[Sight], now: datetime) -> None:
        """What stood before a restart stands since then; what shows it is learnt again bit by bit."""
        until = now + RELEARNT
        self._sights[about] = {sight.finding.key: replace(sight, held_until=until) for sight in sights}

    def forget(self, about: ResourceId) -> None:
        self._sights.pop(about, None)


def _kept(sights: dict[Key, Sight]) -> dict[Key, Sight]:
    """The newest of those that have cleared, and all others."""
    past = sorted((sight for sight in sights.values() if sight.cleared), key=lambda sight: sight.since)
    dropped = {sight.finding.key for sight in past[:-KEPT]}
    return {key: sight for key, sight in sights.items() if key not in dropped}
