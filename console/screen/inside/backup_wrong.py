"""What is wrong with the backups of one resource, the worst first, each in a sentence? Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from collectors.inside.backups import Copy, DatabaseChain, Outcome
from collectors.safe import Safe, sanitise
from console.estate.times import to_ms
from console.screen.inside.backup_days import missed
from console.screen.inside.backup_facts import Known, Promised, is_good
from console.screen.inside.backup_tiers import State, Tiered
from console.times import date_and_time, span
from widgets.tone import Tone

RECENT = timedelta(days=2)  # a failure that is older and was followed by a success is history
FAR_BEHIND = timedelta(hours=1)  # of copies in another region, after what can be restored here
USUAL = ("", "ONLINE")
USUAL_ACCESS = ("", "MULTI_USER")
USUAL_RECOVERY = ("", "FULL")
_RANK = {Tone.BAD: 0, Tone.WARN: 1, Tone.DIM: 2}
Wrong = tuple[Safe, Tone]


def wrongs(known: Known, tiers: tuple[Tiered, ...], promised: Promised, now: datetime, zone: tzinfo) -> list[Wrong]:
    """Nothing where all is well, as far as it is known. That more would be lost than was promised is the headline's."""
    chains = sorted(known.chains, key=lambda one: not stops_the_server(one))
    of_databases = [wrong for chain in chains for wrong in of_chain(chain)]
    if known.by_aws is not None and known.by_aws.kept_by:
        found = [*of_databases, *_unseen(known)]
    else:
        found = [
            *_of_recovery(known),
            *of_databases,
            *_of_copies(known, now, zone),
            *_of_tiers(tiers),
            *_of_work(known, now, zone),
            *_of_elsewhere(known, now),
            *_of_proofs(known, promised, now),
            *_unseen(known),
        ]
    return sorted(found, key=lambda wrong: _RANK.get(wrong[1], 3))


def stops_the_server(chain: DatabaseChain) -> bool:
    """Whether nothing of its whole server can be restored to a moment since: RDS backs up the log of all or of none."""
    return chain.state.upper() not in USUAL or chain.access.upper() not in USUAL_ACCESS


def of_chain(chain: DatabaseChain) -> Iterator[Wrong]:
    """One sentence for a database, with the gravest that keeps it from being brought back."""
    name, why = chain.database, f": {chain.why}" if chain.why else ""
    if stops_the_server(chain):
        how = chain.state if chain.state.upper() not in USUAL else f"in {chain.access}"
        yield sanitise(f"{name} is {how}, which keeps the log of the whole server from being backed up{why}"), Tone.BAD
    elif chain.broken:
        yield sanitise(f"{name} has a gap in its log chain{why}"), Tone.BAD
    elif chain.recovery.upper() not in USUAL_RECOVERY:
        yield (
            sanitise(f"{name} is in {chain.recovery} recovery: not every moment of it can be restored{why}"),
            Tone.WARN,
        )
    elif why:
        yield sanitise(f"{name}{why}"), Tone.WARN


def _of_recovery(known: Known) -> Iterator[Wrong]:
    kept = known.by_aws
    retention = kept.retention_s if kept else known.status.retention_s if known.status else None
    if retention == 0:
        yield Safe("automated backups are off: nothing is kept"), Tone.BAD
    if kept is not None and kept.point_in_time is False:
        yield Safe("point-in-time recovery is off"), Tone.BAD
    if known.newest_moment is None and retention and not known.is_nothing:
        yield Safe("nothing tells what could be restored, though backups are on"), Tone.BAD
    if kept is not None and kept.key:
        yield sanitise(f"the key: {kept.key}"), Tone.BAD


def _of_copies(known: Known, now: datetime, zone: tzinfo) -> Iterator[Wrong]:
    if nights := missed(known, now):
        last = date_and_time(to_ms(nights[-1]), zone)
        many = f", nor in {len(nights) - 1} before it" if len(nights) > 1 else ""
        yield sanitise(f"no snapshot came in the window of {last}{many}"), Tone.BAD
    newest: dict[tuple[str, str], Copy] = {}
    for copy in known.copies:
        if copy.outcome is not Outcome.RUNNING:
            newest.setdefault((copy.kind, copy.database), copy)
    for copy in newest.values():
        if not is_good(copy):
            which = f"{copy.kind}{f' of {copy.database}' if copy.database else ''}"
            why = f": {copy.why}" if copy.why else ""
            yield sanitise(f"the newest {which} copy, of {_ago(copy.taken, now)}, cannot be used{why}"), Tone.BAD


def _of_tiers(tiers: tuple[Tiered, ...]) -> Iterator[Wrong]:
    for tier in tiers:
        if tier.state is State.OVERDUE:
            yield sanitise(f"tier {tier.name} is overdue by {span(tier.overdue.total_seconds())}"), Tone.BAD
        elif tier.state is State.NEVER:
            short = f": the newest copy is kept shorter than {span(tier.keep_s)}" if tier.short else ""
            yield sanitise(f"tier {tier.name} has no copy{short}"), Tone.WARN


def _of_work(known: Known, now: datetime, zone: tzinfo) -> Iterator[Wrong]:
    for job in known.inside.failed_jobs if known.inside else ():
        yield sanitise(f"the job {job} failed"), Tone.WARN
    for task in known.tasks:
        when = task.ended or task.began
        again = any(each.what == task.what and each.database == task.database and each.outcome is Outcome.DONE
                    and (each.ended or each.began or now) > (when or now) for each in known.tasks)  # fmt: skip
        if task.outcome is Outcome.FAILED and when is not None and now - when < RECENT and not again:
            of = f" of {task.database}" if task.database else ""
            why = f": {task.why}" if task.why else ""
            yield sanitise(f"{task.what}{of} failed at {date_and_time(to_ms(when), zone)}{why}"), Tone.WARN


def _of_elsewhere(known: Known, now: datetime) -> Iterator[Wrong]:
    for there in known.by_aws.elsewhere if known.by_aws else ():
        newest = max(filter(None, (there.restorable_until, there.newest)), default=None)
        if newest is None:
            yield sanitise(f"nothing can be restored in {there.region} yet: {there.state}"), Tone.WARN
        elif newest < (known.newest_moment or now) - FAR_BEHIND and there.restorable_until is not None:
            yield sanitise(f"the copies in {there.region} end {_ago(newest, now)}"), Tone.WARN


def _of_proofs(known: Known, promised: Promised, now: datetime) -> Iterator[Wrong]:
    if known.by_aws is None and not known.proofs:
        return
    newest = next(iter(known.proofs), None)
    if newest is None:
        yield Safe("no restore is known: that these backups work is not proved"), Tone.WARN
        return
    if not newest.held:
        yield sanitise(f"what was restored {_ago(newest.when, now)} was not whole ({newest.how})"), Tone.BAD
    held = known.newest_proof
    if held is None:
        return
    if promised.proof_age_s is not None and (now - held.when).total_seconds() > promised.proof_age_s:
        words = f"the last proved restore was {_ago(held.when, now)}; one in {span(promised.proof_age_s)} was promised"
        yield sanitise(words), Tone.WARN
    if promised.rto_s is not None and held.took_s is not None and held.took_s > promised.rto_s:
        yield sanitise(f"the last restore took {span(held.took_s)}; {span(promised.rto_s)} was promised"), Tone.WARN


def _unseen(known: Known) -> Iterator[Wrong]:
    notes = (*(known.by_aws.notes if known.by_aws else ()), *(known.inside.notes if known.inside else ()))
    return ((note, Tone.DIM) for note in notes)


def _ago(when: datetime, now: datetime) -> str:
    return f"{span((now - when).total_seconds())} ago"
