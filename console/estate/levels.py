"""Is it well? What the profile's thresholds, AWS's own word and its alarms say of one resource. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.estate.resource import Resource
from console.numbers import number

RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.HIGH: 2, Severity.CRITICAL: 3}
MOST_REASONS = 8

DOWN = frozenset(
    (
        *("failed", "storage-full", "restore-error", "restore-failed", "create-failed", "insufficient-capacity"),
        *("incompatible-credentials", "incompatible-network", "incompatible-option-group", "incompatible-parameters"),
        *("incompatible-restore", "inaccessible-encryption-credentials"),
        "inaccessible-encryption-credentials-recoverable",
    )
)
"""AWS's own words for a resource that does not serve."""

UNSETTLED = frozenset(("failing-over", "rebooting", "stopping", "stopped", "starting", "resetting-master-credentials"))
"""And for one that does not serve at this moment."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Which resources something is about. Patterns are those of the shell; none at all fit everything."""

    ids: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def fits(self, about: str, engine: str, kind: str) -> bool:
        given = ((about, self.ids), (engine, self.engines), (kind, self.kinds))
        return all(not wanted or any(fnmatchcase(word, each) for each in wanted) for word, wanted in given)


EVERYTHING = Concern()


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound of one threshold."""

    value: Safe
    severity: Severity
    bound: float
    above: bool
    concern: Concern = EVERYTHING

    def is_crossed(self, value: float) -> bool:
        return value >= self.bound if self.above else value <= self.bound


@dataclass(frozen=True, slots=True)
class Judgement:
    """``values``: which are beyond a threshold. ``why``: in words, the worst first."""

    worst: Severity | None = None
    values: Mapping[Safe, Severity] = field(default_factory=dict)
    why: tuple[Safe, ...] = ()


WELL = Judgement()


class Limits:
    """All thresholds of a profile; which of them concern a resource is found out once."""

    def __init__(self, limits: Iterable[Limit] = ()) -> None:
        self._limits = sorted(limits, key=lambda limit: -RANK[limit.severity])
        self._concerning: dict[tuple[str, str, str], tuple[Limit, ...]] = {}

    def judge(self, resource: Resource) -> Judgement:
        """By the last known values, however old: a source that fails does not make its resource well."""
        found: dict[Safe, tuple[Severity, Safe]] = {}
        for limit in self.of(resource):
            latest = resource.latest.get(limit.value)
            if latest is None or latest.value is None or limit.value in found or not limit.is_crossed(latest.value):
                continue
            found[limit.value] = (limit.severity, _words(limit, latest.unit))
        reasons = [*((severity, words) for severity, words, _ in besides_values(resource)), *found.values()]
        if not reasons:
            return WELL
        reasons.sort(key=lambda reason: -RANK[reason[0]])
        return Judgement(
            worst=reasons[0][0],
            values={name: severity for name, (severity, _) in found.items()},
            why=tuple(words for _, words in reasons[:MOST_REASONS]),
        )

    def of(self, resource: Resource) -> tuple[Limit, ...]:
        """Those that concern it, the worst first."""
        key = (resource.id, resource.described.engine, resource.described.kind)
        if key not in self._concerning:
            self._concerning[key] = tuple(limit for limit in self._limits if limit.concern.fits(*key))
        return self._concerning[key]


def of_status(status: str) -> Severity:
    """How grave it is what AWS says."""
    if status in DOWN:
        return Severity.CRITICAL
    return Severity.WARNING if status in UNSETTLED else Severity.INFO


def besides_values(resource: Resource) -> Iterator[tuple[Severity, Safe, datetime | None]]:
    """What AWS itself says and what triage has found, in words, and since when, where that is told.

    An alarm has no severity of its own; that a team set it means that it deserves a look.
    """
    status = resource.described.status
    if (severity := of_status(status)) is not Severity.INFO:
        yield severity, sanitise(f"AWS says {status}"), None
    for alarm in resource.alarms.rows if resource.alarms else ():
        if alarm.state == "ALARM":
            yield Severity.WARNING, sanitise(f"alarm {alarm.name}"), alarm.since
    for sight in resource.findings:
        if sight.is_open:
            reason = sight.finding.cause.removesuffix(".")  # it stands among others that are no sentences
            yield sight.finding.severity, sanitise(reason), sight.since


def _words(limit: Limit, unit: Safe) -> Safe:
    """Without the value, which moves: whoever shows this has it beside."""
    name = limit.value.removeprefix("cloudwatch.").removeprefix("wait.")
    return sanitise(f"{name} {'over' if limit.above else 'under'} {number(limit.bound, unit)}")
