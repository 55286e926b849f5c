"""What else than its topic tells of a failover: events for whoever looks later, and findings for whoever looks now."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.readings import Happened, ResourceId, Severity
from collectors.safe import Safe, sanitise
from console.engine.core import Core
from console.estate.times import from_ms
from console.failover.words import clock, lasting
from console.protocol.failover import Failover
from console.triage.finding import Finding

SOURCE = Safe("failover")
IN_PROGRESS, OVERDUE = Safe("failover-in-progress"), Safe("failover-overdue")
_NOT_BEGUN = ("preflight", "requested")


class Telling:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._late: dict[str, int] = {}  # how much was said of each that is overdue

    def tell(self, before: Failover | None, told: Failover) -> None:
        """``before``: as it was told last."""
        self._core.teller.state("failover", told.id, body=told)
        about = ResourceId(told.resource)
        for text, severity in _news(before, told):
            self._core.teller.happened(Happened(about, self._core.clock.now(), sanitise(text), severity, SOURCE))
        if told.phase == "preflight" or told.ended is not None:
            self.clear(told)
            return
        self._core.found(about, _in_progress(told))
        if not told.overdue:
            self._core.cleared(about, OVERDUE)
        elif self._late.get(told.id) != len(told.overdue):
            self._core.found(about, _overdue(told))  # once: its words have numbers that grow each second
        self._late[told.id] = len(told.overdue)

    def clear(self, told: Failover) -> None:
        self._late.pop(told.id, None)
        for finding in (IN_PROGRESS, OVERDUE):
            self._core.cleared(ResourceId(told.resource), finding)

    def forget(self, told: Failover) -> None:
        """It was never sent, or ended long ago."""
        self._core.teller.state("failover", told.id, body=None)
        self.clear(told)


def _news(before: Failover | None, told: Failover) -> Iterator[tuple[str, Severity]]:
    """What somebody wants to know later, each once."""
    what = "Promotion" if told.kind == "promotion" else "Failover"
    has_begun = before is not None and before.phase != "preflight"
    if not has_begun and told.phase != "preflight":
        yield _begun(what, told), Severity.HIGH
    if told.down is not None and (before is None or before.down != told.down) and told.up is None:
        yield f"{what}: nobody is let in since {clock(from_ms(told.down))}.", Severity.HIGH
    if told.up is not None and told.down is not None and (before is None or before.up != told.up):
        lasted = lasting(from_ms(told.up) - from_ms(told.down))
        yield f"{what}: open again at {clock(from_ms(told.up))}, after {lasted}.", Severity.INFO
    if told.overdue and (before is None or not before.overdue):
        yield f"{what} overdue. {told.overdue[0]}", Severity.CRITICAL
    if told.ended is not None and (before is None or before.ended is None):
        yield f"{what}: {told.outcome}", Severity.HIGH if told.phase == "refused" else Severity.INFO


def _begun(what: str, told: Failover) -> str:
    if told.planned:
        return f"{what} was asked for by {told.by}."
    sign = next((step.said for step in told.steps if step.name == "detect"), "")
    return f"{what} that nobody here asked for has begun: {sign}"


def _in_progress(told: Failover) -> Finding:
    """Its numbers move with the topic: a finding that ticked would be news twice a second."""
    what = "A promotion" if told.kind == "promotion" else "A failover"
    whose = f"asked for by {told.by}" if told.planned else "that nobody here asked for"
    shut = f"nobody is let in since {clock(from_ms(told.down))}" if told.down and not told.up else ""
    evidence = (f"began {clock(from_ms(told.began))}", f"phase: {told.phase}", shut, told.before)
    return Finding(
        id=IN_PROGRESS,
        severity=Severity.WARNING,
        cause=sanitise(f"{what} {whose} is under way."),
        evidence=tuple(sanitise(each) for each in evidence if each),
        next=Safe("Watch it: `:failover`. Tick the steps that only a person can know."),
        about=sanitise(told.id),
    )


def _overdue(told: Failover) -> Finding:
    return Finding(
        id=OVERDUE,
        severity=Severity.CRITICAL,
        cause=Safe("The failover takes longer than it may, or its end is not proved."),
        evidence=told.overdue,
        next=Safe("See in `:failover` what is not proved; look at AWS's events; if it stays dark, call AWS."),
        about=sanitise(told.id),
    )
