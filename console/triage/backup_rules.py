"""Could it be restored? The ways in which backups fail without anybody being told, as AWS shows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from collectors.inside.backups import Backups, Copy, DatabaseBackups, Kind, Outcome, Proof
from collectors.readings import Severity
from collectors.safe import NO_TEXT, Safe, sanitise
from console.numbers import number
from console.times import span
from console.triage.finding import Finding
from console.triage.frame import Frame

STUCK_S = 15 * 60.0  # RDS ships the log every five minutes: three were missed
GRAVE_S = 30 * 60.0
MISSED = timedelta(hours=26)  # a day and the window: no snapshot came
COPY_BEHIND_S = 1800.0  # it follows by minutes
EMPTY = 0.01  # of the one before
PROOF = "restore-proof-age"
TRIED = "ListRestoreJobs"
GIVEN_UP = timedelta(days=8)  # a job that failed before the last week was either mended or is told by its tier
ENABLE = Safe("Set a retention of at least a day, and take a snapshot now: what was kept before is gone.")
ASK_AWS = Safe("Take a manual snapshot now; look at the window and the events, and ask AWS support why.")


def off(frame: Frame) -> Iterator[Finding]:
    """1, and 13 for services that are told to keep each moment: nothing is kept at all."""
    fact = frame.fact(Backups)
    if fact is None or fact.kept_by:
        return
    name = frame.resource.id
    if fact.retention_s == 0 and frame.resource.described.role not in ("replica", "reader"):
        seen = (Safe("retention is zero"), _last(fact))
        yield _finding(
            "backups-off", Severity.CRITICAL, f"{name} is not backed up: its retention is zero.", seen, ENABLE
        )
    elif fact.point_in_time is False:
        seen = (Safe("point-in-time recovery is disabled"), _last(fact))
        yield _finding("backups-off", Severity.CRITICAL, f"{name} keeps no moment to go back to.", seen, ENABLE)


def stuck(frame: Frame) -> Iterator[Finding]:
    """2: the restorable time stands still, and each second more would be lost."""
    fact = frame.fact(Backups)
    if fact is None or not fact.retention_s or fact.kept_by or not fact.point_in_time:
        return
    name = frame.resource.id
    if fact.restorable_until is None:
        if _is_young(fact):
            return
        what = f"{name} has a retention and no moment that it could be restored to."
        yield _finding("restore-point-stuck", Severity.CRITICAL, what, (_last(fact),), ASK_AWS)
        return
    passed = (fact.observed - fact.restorable_until).total_seconds()  # what was told long ago has not stood still since
    if passed < STUCK_S:
        return
    blamed = _blamed(frame)
    seen = (sanitise(f"restorable to {fact.restorable_until:%Y-%m-%d %H:%M:%S}Z, {span(passed)} ago"), *blamed)
    step = "Set the database online, multi-user and to full recovery; then take a snapshot." if blamed else str(ASK_AWS)
    what = f"What could be restored of {name} stands still: {span(passed)} would be lost by now."
    severity = Severity.CRITICAL if passed >= GRAVE_S else Severity.HIGH
    yield _finding("restore-point-stuck", severity, what, seen, sanitise(step))


def _blamed(frame: Frame) -> tuple[Safe, ...]:
    """Databases that keep a whole SQL Server from being backed up."""
    inside = frame.fact(DatabaseBackups)
    return tuple(sanitise(f"{each.database}: {each.why}") for each in inside.chains if each.why)[:3] if inside else ()


def _is_young(fact: Backups) -> bool:
    """Made so lately that nothing can be there yet."""
    return not fact.copies or fact.observed - min(copy.taken for copy in fact.copies) < timedelta(hours=1)


def missed(frame: Frame) -> Iterator[Finding]:
    """5: no snapshot of the last night. AWS writes no event for it: that nothing came is the only sign."""
    fact = frame.fact(Backups)
    if fact is None or not fact.retention_s or fact.kept_by or frame.resource.described.kind == "table":
        return
    whole = [copy for copy in fact.copies if copy.kind is Kind.AUTOMATED and copy.outcome is Outcome.DONE]
    newest = max((copy.taken for copy in whole), default=None)
    if newest is not None and fact.observed - newest < MISSED:
        return
    if newest is None and not fact.copies and fact.restorable_until is None:
        return  # it is new: `stuck` says so where it lasts
    name = frame.resource.id
    seen = (
        sanitise(
            f"newest automated snapshot {span((fact.observed - newest).total_seconds())} old"
            if newest
            else "none is kept"
        ),
        sanitise(f"window {fact.window or 'not known'}"),
    )
    yield _finding(
        "snapshot-missing", Severity.CRITICAL, f"{name} has no automated snapshot of the last night.", seen, ASK_AWS
    )


def failed(frame: Frame) -> Iterator[Finding]:
    """6, 7, 8, 9, 11: jobs that failed, keys that lock, copies elsewhere that stay behind, files that are empty."""
    fact, inside = frame.fact(Backups), frame.fact(DatabaseBackups)
    tasks = [*(fact.tasks if fact else ()), *(inside.tasks if inside else ())]
    newest = {
        (task.what, task.database): task for task in sorted(tasks, key=lambda task: _when(task.ended or task.began))
    }
    for task in newest.values():
        when = task.ended or task.began
        if task.outcome is Outcome.FAILED and (when is None or frame.now - when < GIVEN_UP):
            seen = (sanitise(task.why or "no reason is told"), sanitise(f"{task.what} {task.name}"))
            what = f"The last {task.what} of {task.database or frame.resource.id} failed."
            step = Safe("Mend what the reason names, and start it again.")
            yield _finding("snapshot-missing", Severity.HIGH, what, seen, step, about=task.what)
    if fact is not None and fact.key:
        what = f"The key that the backups of {frame.resource.id} are encrypted by cannot be used."
        step = Safe("Enable the key, or cancel its deletion, at once: without it nothing can be restored.")
        yield _finding("snapshot-missing", Severity.CRITICAL, what, (fact.key,), step, about=Safe("key"))
    yield from _elsewhere(frame, fact)
    copies = [*(fact.copies if fact else ()), *(inside.copies if inside else ())]
    yield from _unusable(frame, copies)


def _elsewhere(frame: Frame, fact: Backups | None) -> Iterator[Finding]:
    """Where the log is copied as it is written half an hour is long; where single copies are sent, a week and a day."""
    for place in fact.elsewhere if fact else ():
        until = place.restorable_until or place.newest
        passed = None if fact is None or until is None else (fact.observed - until).total_seconds()
        bound = COPY_BEHIND_S if place.restorable_until else GIVEN_UP.total_seconds()
        if passed is not None and passed < bound:
            continue
        behind = f"{span(passed)} behind" if passed is not None else "none there"
        seen = (sanitise(f"state {place.state}"), sanitise(behind))
        what = f"The copy of {frame.resource.id}'s backups in {place.region} has stayed behind."
        step = Safe("Look at the replication of the backups and at the key in that region.")
        yield _finding("snapshot-missing", Severity.HIGH, what, seen, step, about=place.region)


def _unusable(frame: Frame, copies: list[Copy]) -> Iterator[Finding]:
    """The newest of each kind: what failed and was done again since is mended. A failed job is told as a task."""
    newest: dict[tuple[Kind, str], Copy] = {}
    before: dict[tuple[Kind, str], Copy] = {}
    for copy in sorted(copies, key=lambda copy: copy.taken):
        is_told = copy.kind is Kind.AWS_BACKUP and copy.outcome is Outcome.FAILED
        if copy.outcome is not Outcome.RUNNING and not is_told:
            place = copy.kind, str(copy.database)
            if place in newest:
                before[place] = newest[place]
            newest[place] = copy
    for place, copy in newest.items():
        why = copy.why or _hollow(copy, before.get(place))
        if why and frame.now - copy.taken < GIVEN_UP:
            what = f"The newest {copy.kind} backup of {copy.database or frame.resource.id} cannot be relied on."
            step = Safe("Take another now, and see that it restores.")
            about = sanitise(f"{copy.kind} {copy.database}")
            yield _finding("snapshot-missing", Severity.HIGH, what, (why, copy.name), step, about=about)


def _hollow(copy: Copy, before: Copy | None) -> Safe:
    """11: there is a backup, and next to nothing is in it."""
    if before is None or copy.bytes is None or not before.bytes or copy.bytes >= EMPTY * before.bytes:
        return NO_TEXT
    return sanitise(f"{number(copy.bytes, 'Bytes')}, and the one before had {number(before.bytes, 'Bytes')}")


def unproven(frame: Frame) -> Iterator[Finding]:
    """14: nobody knows whether what is kept can be restored. Only where it was promised that somebody tries."""
    promised = frame.promised.get(PROOF)
    fact, inside = frame.fact(Backups), frame.fact(DatabaseBackups)
    if promised is None or fact is None or fact.kept_by or any(TRIED in note for note in fact.notes):
        return  # who may not see the restores, or has not been told yet, cannot say that there were none
    proofs: list[Proof] = [*fact.proofs, *(inside.proofs if inside else ())]
    held = max((proof.when for proof in proofs if proof.held), default=None)
    tried = max(proofs, key=lambda proof: proof.when, default=None)
    if held is not None and (frame.now - held).total_seconds() <= promised and (tried is None or tried.held):
        return
    seen = [f"last proved {span((frame.now - held).total_seconds())} ago" if held else "never proved",
            f"{span(promised)} was promised"]  # fmt: skip
    if tried is not None and not tried.held:
        seen.insert(0, f"the last try, {tried.how}, failed")
    what = f"Nobody has lately shown that {frame.resource.id} can be restored."
    step = Safe("Restore it to a test instance, check it, and note it down.")
    yield _finding("restore-unproven", Severity.WARNING, what, tuple(map(sanitise, seen)), step)


def _last(fact: Backups) -> Safe:
    newest = max((copy.taken for copy in fact.copies if copy.outcome is Outcome.DONE), default=None)
    return sanitise(f"newest copy of {newest:%Y-%m-%d %H:%M}Z" if newest else "no copy is kept")


def _when(at: datetime | None) -> float:
    return 0.0 if at is None else at.timestamp()


def _finding(
    name: str, severity: Severity, cause: str, seen: tuple[Safe, ...], step: Safe, *, about: Safe = NO_TEXT
) -> Finding:
    return Finding(sanitise(name), severity, sanitise(cause), seen, step, about=about)


RULES = (off, stuck, missed, failed, unproven)
