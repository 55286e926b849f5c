"""How far is it, and is it over? One answer from all facts, whatever order they came in. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from collectors.knock.knock import Door
from console.failover.case import GIVEN_UP
from console.failover.observed import Kind
from console.failover.run import Run, concerned, is_available
from console.failover.signs import Meaning
from console.protocol.failover import PhaseWord

_WORDS: dict[Door, PhaseWord] = {
    Door.DARK: "down",
    Door.RECOVERING: "recovering",
    Door.READ_ONLY: "up-read-only",
    Door.OPEN: "up",
}


def phase(run: Run, now: datetime) -> PhaseWord:
    if run.ended is not None and not run.is_given_up:
        return "refused" if run.has_failed else "done"
    if run.start is None:
        return "preflight"
    if run.is_shut:
        return _WORDS[run.outages[-1].door]
    if not (run.outages or is_moved(run)):
        return "requested"
    if not is_steady(run, now) or run.safe is not None:
        return "up"
    return "ha-degraded" if has_standby(run) else "up"


def is_moved(run: Run) -> bool:
    """Whether anything proves that another has the role: AWS's word, AWS's list, or who answers."""
    told = run.first_of(Meaning.DETACHED if run.case.is_promotion else Meaning.PROMOTED)
    return bool(run.completed or run.swapped or run.moved or told)


def has_standby(run: Run) -> bool:
    """Whether there is one to be had back: who was promoted stands alone."""
    return run.case.kind is not Kind.PROMOTION


def is_steady(run: Run, now: datetime) -> bool:
    """Nobody is shut out, and nobody was a moment ago."""
    return not run.is_shut and all(shut.is_steady(now) for shut in run.outages[-1:])


def is_proved(run: Run) -> bool:
    """AWS says that it is over, or shows it and the login works."""
    if run.is_judged_by_knocks and not run.can_log_in:
        return False
    return run.completed is not None or (run.swapped is not None and run.can_log_in)


def could_take_over(run: Run) -> bool:
    """Whether there is somebody again, as far as AWS and the databases tell."""
    if run.listed is None or not _is_after_it(run):
        return False
    members = concerned(run, run.listed.members)
    if not members or not is_available(members) or any(m.in_step is False for m in members):
        return False
    match run.case.kind:
        case Kind.STANDBY:
            return any(m.standby_az for m in members)
        case Kind.CLUSTER | Kind.CACHE:
            return len(members) >= len(run.before) and any(not m.leads for m in members)
        case Kind.PROMOTION:
            return True


def _is_after_it(run: Run) -> bool:
    """What AWS listed before the door opened again is of before."""
    up = run.outages[-1].up if run.outages else run.start
    return run.listed is not None and (up is None or run.listed.at >= up)


def aged(run: Run, now: datetime) -> Run:
    """What follows from the facts by now: that it is safe again, and that it is over."""
    if run.start is None or run.ended is not None:
        return run
    if run.word == "rejected" or _was_not_attempted(run) or _went_back(run, now):
        return replace(run, ended=now, has_failed=True)
    can = not run.is_shut and bool(run.outages or is_moved(run)) and could_take_over(run)
    run = replace(run, safe=(run.safe or now) if can else None) if can != (run.safe is not None) else run
    if can and is_proved(run) and is_steady(run, now):
        return replace(run, ended=now)
    return replace(run, ended=now, is_given_up=True) if now - since(run) > GIVEN_UP else run


def _was_not_attempted(run: Run) -> bool:
    """AWS took the request and says that it does nothing of it; nothing else was seen either."""
    refused = run.first_of(Meaning.REFUSED)
    return run.case.is_planned and refused is not None and not (run.outages or is_moved(run))


def _went_back(run: Run, now: datetime) -> bool:
    """It was attempted, and who had the role has it again."""
    failed = run.first_of(Meaning.FAILED)
    is_back = failed is not None and not (run.swapped or run.moved or run.completed) and is_steady(run, now)
    operation_failed = run.word == "failed" and not is_moved(run)
    return (is_back or operation_failed) and (not run.knocks or run.can_log_in or not run.is_judged_by_knocks)


def since(run: Run) -> datetime:
    """The first that is known of it: sent, or seen."""
    return run.sent or run.began
