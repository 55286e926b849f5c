"""Is a copy farther behind than it may be, and is it known why?"""

from __future__ import annotations

from collections.abc import Iterator

from collectors.inside.replication import Link, LinkState
from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.triage.finding import Confidence, Finding
from console.triage.frame import Frame
from console.triage.link_rules import far

LAG = "replica.lag_s"
PROMISED = "replica-lag"
BOUND_S = 5.0  # where neither the profile nor an objective says otherwise
SATURATED = 90.0  # percent of a processor
SEND_S = 10.0  # of log that waits to be sent
BUSY = ("rdb_bgsave_in_progress", "aof_rewrite_in_progress")


def behind(frame: Frame) -> Iterator[Finding]:
    """One finding for a replica, by its likeliest reason."""
    lag = frame.value(LAG)
    bound = min(frame.bounds.get(LAG, BOUND_S), frame.promised.get(PROMISED, frame.bounds.get(LAG, BOUND_S)))
    link = next(iter(frame.upstream()), None)
    if lag is None or lag < bound or (link is not None and link.state not in (LinkState.BEHIND, LinkState.IN_STEP)):
        return
    seen = [f"{number(lag, 'Seconds')} behind, {number(bound, 'Seconds')} is the bound"]
    if link is not None and link.unsent.is_known:
        seen.append(f"{far(link.unsent)} not sent yet")
    if link is not None and link.unapplied.is_known:
        seen.append(f"{far(link.unapplied)} not applied yet")
    yield _reason(frame, link, seen)


def _reason(frame: Frame, link: Link | None, seen: list[str]) -> Finding:
    name = frame.resource.id
    cpu = frame.value("cloudwatch.EngineCPUUtilization") or frame.value("cloudwatch.CPUUtilization")
    told = {str(key): str(value) for key, value in link.more} if link else {}
    confidence = Confidence.HIGH if cpu is not None else Confidence.MEDIUM
    if cpu is not None:
        seen.append(f"its processor at {number(cpu, 'Percent')}")
    else:
        seen.append("how busy it is could not be seen")
    if frame.resource.described.kind == "cache":
        seen += [f"{key} {told[key]}" for key in BUSY if told.get(key) not in (None, "0", "no")]
        found = ("cache-replication-behind", f"{name} follows its primary too slowly.",
                 "Look for a save under way, the client output buffer, and the network between the nodes.")  # fmt: skip
    elif cpu is not None and cpu >= SATURATED:
        found = ("replica-undersized", f"{name} is behind because it has no more to give itself.",
                 "Give it the class of its source, or take reads from it.")  # fmt: skip
    elif told.get("busy workers") == "1":
        found = ("replica-single-thread-bound", f"{name} applies with one worker alone.",
                 "Split the transaction; see that each table has a primary key; raise parallel workers.")  # fmt: skip
    else:
        found = ("replica-lag", f"{name} is behind its source: what is read from it is old.",
                 "See what its source writes, and what this replica waits for.")  # fmt: skip
    return Finding(
        id=sanitise(found[0]),
        severity=Severity.WARNING,
        cause=sanitise(found[1]),
        evidence=tuple(map(sanitise, seen)),
        next=sanitise(found[2]),
        confidence=confidence,
    )


def not_keeping_up(frame: Frame) -> Iterator[Finding]:
    """What waits to be sent is what a failover would lose."""
    for link in (*frame.upstream(), *frame.unseen_copies()):
        waiting = link.unsent.seconds
        if link.state is not LinkState.BEHIND or waiting is None or waiting < SEND_S:
            continue
        yield Finding(
            id=Safe("secondary-cannot-keep-up"),
            severity=Severity.WARNING,
            cause=sanitise(f"{link.copy} does not take the log as fast as {link.source} writes it."),
            evidence=(sanitise(f"{far(link.unsent)} not sent yet"), sanitise(f"state {link.told or link.state}")),
            next=Safe("Slow down bulk writes, or give the copy a larger class."),
            about=link.copy,
        )


RULES = (behind, not_keeping_up)
