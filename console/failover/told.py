"""How is a failover told to whoever looks? Everything that is known of it by now, as one body. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.safe import NO_TEXT, Safe, sanitise
from console.estate.times import to_ms
from console.failover.late import overdue
from console.failover.phases import phase
from console.failover.proofs import proofs
from console.failover.run import Run
from console.failover.steps import steps
from console.failover.words import clock, lasting, leader
from console.protocol.failover import Failover, Note, Probe

MOST_NOTES = 30  # the newest: a message has room for no more
MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of our own side of it."""

    endpoint: Safe = NO_TEXT
    every: timedelta = timedelta()
    trouble: Safe = NO_TEXT  # why nobody knocks
    evidence: Safe = NO_TEXT
    acknowledged: Safe = NO_TEXT


def told(run: Run, beside: Beside, now: datetime) -> Failover:
    shut, case = run.outage(now), run.case
    return Failover(
        id=sanitise(case.id),
        resource=case.resource,
        about=case.about,
        kind="promotion" if case.is_promotion else "failover",
        planned=case.is_planned,
        by=case.by,
        phase=phase(run, now),
        objective_s=case.objective.total_seconds() if case.objective else None,
        began=to_ms(run.sent or run.began),
        down=_ms(shut.down if shut else None),
        login=_ms(shut.login if shut else None),
        up=_ms(shut.up if shut else None),
        moved=_ms(run.moved),
        settled=_ms(run.settled),
        safe=_ms(run.safe),
        ended=_ms(run.ended),
        overdue=overdue(run, now),
        steps=steps(run, now),
        proofs=proofs(run, now),
        notes=tuple(Note(at=to_ms(n.at), text=n.text, came=to_ms(n.came)) for n in run.notes[-MOST_NOTES:]),
        probe=_probe(run, beside),
        before=leader(case.kind, case.resource, run.before),
        after=_after(run),
        evidence=beside.evidence,
        acknowledged=beside.acknowledged,
        outcome=outcome(run, now),
    )


def outcome(run: Run, now: datetime) -> Safe:
    """One sentence, once it has ended."""
    if run.ended is None:
        return NO_TEXT
    if run.is_given_up:
        return Safe("Nothing ever proved its end: look at the instance, at AWS's events and at CloudTrail.")
    if run.has_failed:
        return sanitise(_failed(run))
    return sanitise(f"It is done: {_outage(run, now)}{_unlooked(run)}")


def _after(run: Run) -> Safe:
    """Who has the role by now; empty while nobody else is known to."""
    if run.swapped is not None and run.listed is not None:
        return leader(run.case.kind, run.case.resource, run.listed.members)
    if run.moved is not None and run.last is not None:
        return sanitise(f"{run.last.node or run.last.address} answers")
    return NO_TEXT


def _failed(run: Run) -> str:
    if run.word == "rejected":
        return f"AWS refused it, and nothing was done: {run.said}" if run.said else "AWS refused it: nothing was done."
    refused = next((n for n in reversed(run.notes) if "failover" in n.text.lower()), None)
    words = str(run.said or (refused.text if refused else "")) or "AWS says nothing of why"
    if run.outages:
        return f"It did not come about, and who had the role has it again. {words}"
    return f"It did not come about: {words}"


def _outage(run: Run, now: datetime) -> str:
    shut = run.outage(now)
    if shut is None:
        began, end = run.notes[:1], run.completed
        if not run.is_judged_by_knocks and began and end is not None:
            return f"nobody could knock; AWS tells of {lasting(end.at - began[0].at)} from its first word to its last."
        if not run.case.is_planned:
            return "it was over when we began to knock; the outage was not measured."
        return "no knock was ever refused."
    least = "at least " if run.was_shut_at_first and shut is run.outages[0] else ""
    words = f"nobody was let in for {least}{lasting(shut.lasts(now))}"
    if run.case.objective is not None:
        over = shut.lasts(now) - run.case.objective
        promise = lasting(run.case.objective)
        words += f", {lasting(over)} more than" if over > timedelta() else ", within"
        words += f" the objective of {promise}"
    again = len(run.outages) - 1
    times = f"; it was shut {again} more time{'s' if again > 1 else ''}" if again else ""
    before = "; it was shut before the first knock" if least else ""
    return f"{words}{times}{before}."


def _unlooked(run: Run) -> str:
    if not run.gaps:
        return ""
    spans = ", ".join(f"{clock(begin)} to {clock(end)}" for begin, end in run.gaps)
    return f" Nobody looked from {spans}: the engine was gone."


def _probe(run: Run, beside: Beside) -> Probe:
    knock = run.newest
    return Probe(
        endpoint=beside.endpoint,
        door=sanitise(knock.door) if knock else NO_TEXT,
        said=knock.said if knock else NO_TEXT,
        at=_ms(knock.ended if knock else None),
        knocks=run.knocks,
        every_ms=int(beside.every / MS),
        node=knock.node if knock else NO_TEXT,
        address=knock.address if knock else NO_TEXT,
        trouble=beside.trouble or _shut_before(run),
    )


def _shut_before(run: Run) -> Safe:
    """A probe that was not let in before anything was sent tells little."""
    if run.usual is None or run.usual in ("open", "read-only") or run.newest is None or run.start is None:
        return NO_TEXT
    return sanitise(f"It was not let in before anything was sent either: {run.newest.said or run.usual}")


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)
