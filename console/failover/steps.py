"""The six steps: which of them the cloud does and is watched at, and which a person does and ticks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from collectors.safe import NO_TEXT, Safe, sanitise
from console.estate.times import to_ms
from console.failover.late import is_begun
from console.failover.observed import Kind, Ticked
from console.failover.phases import could_take_over, is_moved
from console.failover.run import BEGUN, Run
from console.failover.signs import Meaning
from console.failover.words import clock, leader
from console.protocol.failover import FailoverStep, StepName, StepState

AWS, PROBE = Safe("AWS"), Safe("the probe")
ORDER: tuple[StepName, ...] = ("detect", "promote", "repoint", "redirect", "watch-lag", "restore")
_BY_PROMOTION = {True: (Meaning.DETACHED,), False: ()}
Done = tuple[datetime, Safe, str]
"""When, by whom, and what shows it."""


def is_of_a_person(run: Run, name: StepName) -> bool:
    """Nobody but a person can know that clients are back, or where they are pointed to, or that a source is fenced."""
    return name == "redirect" or (run.case.is_promotion and name in ("repoint", "restore"))


def steps(run: Run, now: datetime) -> tuple[FailoverStep, ...]:
    """What is done, then what is under way, then what waits for it; a person's may be ticked at any time."""
    return tuple(_steps(run, now))


def _steps(run: Run, now: datetime) -> Iterator[FailoverStep]:
    is_next, is_over = run.start is not None, run.ended is not None
    for name in ORDER:
        by_person = is_of_a_person(run, name)
        done = _ticked(run, name) if by_person else _watched(run, name)
        if done is not None:
            at, by, said = done
            yield FailoverStep(
                name=name, state="done", ticked_by_person=by_person, at=to_ms(at), by=by, said=sanitise(said)
            )
            continue
        goes_on = is_next and (not is_over or by_person) and not run.has_failed
        state: StepState = "waiting"
        if goes_on:
            state = "late" if _is_late(run, now) and not by_person else "under-way"
        yield FailoverStep(name=name, state=state, ticked_by_person=by_person, said=sanitise(_awaited(run, name)))
        is_next = is_next and by_person  # what is watched goes on while a person has not ticked


def _ticked(run: Run, name: StepName) -> Done | None:
    tick: Ticked | None = next((each for each in run.ticks if each.step == name), None)
    return None if tick is None else (tick.at, tick.by, f"ticked at {clock(tick.at)}")


def _watched(run: Run, name: StepName) -> Done | None:
    match name:
        case "detect":
            return _detected(run)
        case "promote":
            return _promoted(run)
        case "repoint":
            return _repointed(run)
        case "watch-lag":
            return _followed(run)
        case _:
            return _restored(run)


def _detected(run: Run) -> Done | None:
    """The first sign that it takes place."""
    found: list[Done] = []
    if run.outages:
        shut = run.outages[0]
        found.append((shut.down, PROBE, f"the first knock that was not let in, at {clock(shut.down)}"))
    begun = run.first_of(*BEGUN, *_BY_PROMOTION[run.case.is_promotion])
    if begun is not None:
        found.append((begun.at, AWS, str(begun.text)))
    if run.case.sign:
        found.append((run.began, AWS, str(run.case.sign)))
    return min(found, default=None, key=lambda done: done[0])


def _promoted(run: Run) -> Done | None:
    found: list[Done] = []
    if (told := run.first_of(Meaning.PROMOTED, Meaning.COMPLETED, *_BY_PROMOTION[run.case.is_promotion])) is not None:
        found.append((told.at, AWS, str(told.text)))
    if run.moved is not None and run.last is not None:
        found.append((run.moved, PROBE, f"{run.last.node or run.last.address} answers"))
    if run.swapped is not None and run.listed is not None:
        who = leader(run.case.kind, run.case.resource, run.listed.members)
        found.append((run.swapped, AWS, f"listed: {who}"))
    return min(found, default=None, key=lambda done: done[0])


def _repointed(run: Run) -> Done | None:
    """The name that clients use leads to who has the role now."""
    if run.is_shut or not is_moved(run):
        return None
    if run.moved is not None and run.last is not None:
        where = f"{run.last.address} ({run.last.node})" if run.last.address and run.last.node else ""
        return run.moved, PROBE, f"the name leads to {where or run.last.node or run.last.address}"
    if (told := run.first_of(Meaning.REPOINTED)) is not None:
        return told.at, AWS, str(told.text)
    up = run.outages[-1].up if run.outages else None
    return None if up is None else (up, PROBE, "the name answers again, and may be written by it")


def _followed(run: Run) -> Done | None:
    if run.listed is None or run.is_shut or not is_moved(run) or not could_take_over(run):
        return None
    behind = [m.id for m in run.listed.members if m.in_step is False]
    if behind:
        return None
    known = [m for m in run.listed.members if m.in_step]
    return (run.safe or run.listed.at), AWS, f"{len(known)} in step" if known else "nothing is told to be behind"


def _restored(run: Run) -> Done | None:
    if run.safe is None:
        return None
    who = leader(run.case.kind, run.case.resource, run.listed.members) if run.listed else NO_TEXT
    return run.safe, AWS, f"another could take over again: {who}"


def _is_late(run: Run, now: datetime) -> bool:
    return run.start is not None and now - run.start > run.case.bounds.warn


def _awaited(run: Run, name: StepName) -> str:
    if run.start is None:
        return ""
    if name == "detect":
        return "it has begun" if is_begun(run) else "no sign of it yet"
    if run.case.is_promotion and name in _OF_A_PROMOTION:
        return _OF_A_PROMOTION[name]
    if name in _ANY:
        return _ANY[name]
    return (_WAITED if name == "promote" else _BACK)[run.case.kind]


_ANY: Mapping[StepName, str] = {
    "repoint": "AWS lets its name lead to who has the role",
    "redirect": "clients reconnect: look at one that matters, then tick",
    "watch-lag": "replicas and standby catch up",
}
_OF_A_PROMOTION: Mapping[StepName, str] = {
    "promote": "it becomes its own master",
    "repoint": "its endpoint does not move: point the application to this one, then tick",
    "restore": "fence or rebuild the old source, then tick",
}
_WAITED: Mapping[Kind, str] = {
    Kind.STANDBY: "the standby takes over, and recovers its databases",
    Kind.CLUSTER: "a reader becomes the writer",
    Kind.CACHE: "a replica becomes the primary",
}
_BACK: Mapping[Kind, str] = {
    Kind.STANDBY: "AWS makes the old primary the standby",
    Kind.CLUSTER: "the old writer comes back as a reader",
    Kind.CACHE: "the old primary comes back as a replica",
}
