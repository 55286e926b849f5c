"""Is it well, for a machine that asks? The check document, the document of a played demo, and the Nagios line.

Made from what any client is told and from nothing else, so that it says the same of a live engine, a remote one or a
recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from collectors.readings import Severity
from collectors.safe import sanitise
from console import findings
from console.demo.scenario.file import Expect
from console.documents import (
    BackupPart,
    CheckDocument,
    CollectorPart,
    DemoDocument,
    MetricPart,
    PlayedFindingPart,
    ReplicationPart,
    ResourcePart,
    Verdict,
    WaitPart,
)
from console.estate.levels import DOWN, RANK
from console.estate.times import from_ms
from console.protocol.meta import Meta
from console.protocol.res import Backup, Replication, Res, Value
from console.protocol.status import CollectorCondition, CollectorState, Cost, Status
from console.protocol.together import Relay

EXIT_CODES: Mapping[Verdict, int] = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}

METRIC, WAIT, WAITS, LAG, KEPT = "cloudwatch.", "wait.", "waits.", "replica.lag_s", "backup."
NAMED_IN_A_LINE = 3
BLIND: tuple[CollectorCondition, ...] = ("failing", "denied", "pending")


def document(
    meta: Meta | None,
    status: Status | None,
    resources: Mapping[str, Res],
    now_ms: int,
    relay: Relay | None = None,
) -> dict[str, Any]:
    """The estate as it is known at ``now_ms``; ``relay``: how it was heard, where it came by a broker."""
    collectors = status.collectors if status else ()
    notices = [*doubts(relay), *(status.notices if status else ())]
    return CheckDocument(
        estate=meta.estate if meta else "",
        at=_iso(now_ms),
        status="UNKNOWN" if doubts(relay) else verdict(status, resources),
        resources=[_resource(name, res, now_ms) for name, res in sorted(resources.items())],
        findings=findings.standing(resources),
        collectors=_collectors(collectors),
        unnamed_collectors=dict(status.unnamed) if status else {},
        cost=status.cost if status else Cost(),
        notices=notices,
        endpoint=meta.endpoint if meta else None,
        verified=None if relay is None else relay.trust == "verified",
    ).model_dump(mode="json")


def doubts(relay: Relay | None) -> list[str]:
    """Why what was heard by a broker says nothing about the estate; a line each."""
    if relay is None:
        return []
    unproved = f"UNVERIFIED: nobody who is known has signed what {relay.url} tells."
    unheard = f"LOST: {relay.why}. This is what was said last."
    return [*([unproved] if relay.trust == "unverified" else []), *([unheard] if relay.state == "lost" else [])]


def demo_document(
    status: Status | None,
    simulated_seconds: int,
    scenario: str | None = None,
    *,
    found: Sequence[PlayedFindingPart] = (),
    expect: Expect | None = None,
) -> dict[str, Any]:
    """What became of a play."""
    return DemoDocument(
        scenario=scenario,
        simulated_seconds=simulated_seconds,
        findings=list(found),
        collectors=_collectors(status.collectors if status else ()),
        expect=findings.judged(found, expect),
    ).model_dump(mode="json")


def verdict(status: Status | None, resources: Mapping[str, Res]) -> Verdict:
    """The worst that is known; and nothing is well that nobody could look at."""
    levels = {res.level for res in resources.values()}
    if levels & {Severity.CRITICAL, Severity.HIGH} or any(res.status in DOWN for res in resources.values()):
        return "CRITICAL"
    if status is None or not status.online or not resources or not status.collectors:
        return "UNKNOWN"
    if Severity.WARNING in levels:
        return "WARNING"
    if any(status.unnamed.get(condition) for condition in BLIND):
        return "UNKNOWN"
    return "UNKNOWN" if any(is_blind(collector) for collector in status.collectors) else "OK"


def is_blind(collector: CollectorState | CollectorPart) -> bool:
    """Whether it does not see its target. One that is late has answered before, and may do so again."""
    return collector.state in BLIND


def exit_code(status: Verdict) -> int:
    return EXIT_CODES[status]


def nagios_line(checked: Mapping[str, Any]) -> str:
    """The document in one line, as monitoring systems read it: words, a bar, figures."""
    told = CheckDocument.model_validate(checked)
    blind = [collector for collector in told.collectors if is_blind(collector)]
    more = told.unnamed_collectors
    asked = len(told.collectors) + sum(more.values())
    unseeing = len(blind) + sum(more.get(condition, 0) for condition in BLIND)
    down = [f"{res.id} is {res.status}" for res in told.resources if res.status in DOWN]
    words = [_named(down), _named(_beyond(told.resources)), f"{len(told.resources)} resources"]
    if unseeing:
        whose = f": {_blamed(blind)}" if blind else ""
        words.append(f"{unseeing} of {asked} collectors do not see their target{whose}")
    else:
        words.append(f"{asked} collectors answer")
    words += told.notices[:1]
    said = "; ".join(filter(None, words)).replace("|", "¦")  # a bar begins the figures
    beyond = sum(res.level is not None for res in told.resources)
    figures = f"resources={len(told.resources)} beyond={beyond} down={len(down)}"
    figures += f" collectors={asked} blind={unseeing}"
    return sanitise(f"DBCONSOLE {told.status} - {told.estate or 'no estate'}: {said} | {figures}")


def _beyond(resources: Iterable[ResourcePart]) -> list[str]:
    """What is beyond a threshold, the worst first."""
    worst = sorted((res for res in resources if res.level), key=lambda res: (-RANK[Severity(res.level or "")], res.id))
    return [f"{res.id} {res.level}: {res.why[0]}" for res in worst if res.why and res.status not in DOWN]


def _blamed(blind: list[CollectorPart]) -> str:
    return _named([f"{c.name} of {c.target} is {c.state}" + (f" ({c.error})" if c.error else "") for c in blind])


def _named(all_of_them: list[str]) -> str:
    more = len(all_of_them) - NAMED_IN_A_LINE
    return ", ".join(all_of_them[:NAMED_IN_A_LINE]) + (f" and {more} more" if more > 0 else "")


def _resource(name: str, res: Res, now_ms: int) -> ResourcePart:
    return ResourcePart(
        id=name,
        kind=res.kind,
        engine=res.engine,
        role=res.role,
        status=res.status,
        az=res.az,
        level=res.level,
        why=list(res.why),
        metrics={
            key.removeprefix(METRIC): _metric(value)
            for key, value in sorted(res.values.items())
            if not key.startswith((WAIT, WAITS, KEPT)) and key != LAG
        },
        waits=_waits(res.values),
        replication=None if res.replication is None else _replication(res.replication, res.values.get(sanitise(LAG))),
        backup=None if res.backup is None else _backup(res.backup, now_ms),
    )


def _metric(value: Value) -> MetricPart:
    return MetricPart(value=value.v, unit=value.u, at=_iso(value.t), state=value.s, level=value.b)


def _waits(values: Mapping[Any, Value]) -> list[WaitPart]:
    """From the most waited for; the percentage is of all that was waited for, and of an idle server it is zero."""
    known = {name.removeprefix(WAIT): value for name, value in values.items() if name.startswith(WAIT)}
    rates = [(value.v, name, value) for name, value in known.items() if value.v is not None]
    total = sum(rate for rate, _, _ in rates)
    return [
        WaitPart(
            category=value.g or "Unknown",
            type=name,
            ms_per_s=rate,
            percent=round(100 * rate / total, 2) if total else 0.0,
            state=value.s,
        )
        for rate, name, value in sorted(rates, key=lambda each: (-each[0], each[1]))
    ]


def _replication(replication: Replication, lag: Value | None) -> ReplicationPart:
    """A lag that is not fresh is not the present lag."""
    return ReplicationPart(lag_s=lag.v if lag and lag.s == "fresh" else None, state=replication.state)


def _backup(backup: Backup, now_ms: int) -> BackupPart:
    newest = max(filter(None, (backup.restorable, backup.snapshot)), default=None)
    return BackupPart(
        rpo_s=None if newest is None else max(0, now_ms - newest) // 1000,
        last_snapshot=None if backup.snapshot is None else _iso(backup.snapshot),
        restore_proof=None if backup.restore_proof is None else _iso(backup.restore_proof),
    )


def _collectors(states: Iterable[CollectorState]) -> list[CollectorPart]:
    parts = (CollectorPart(name=c.name, target=c.target, state=c.state, error=c.error) for c in states)
    return sorted(parts, key=lambda part: (part.name, part.target))


def _iso(ms: int) -> str:
    """UTC to the second, as in the contract's example."""
    return from_ms(ms).strftime("%Y-%m-%dT%H:%M:%SZ")
