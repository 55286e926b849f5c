"""What are the lists about backups made of: copies, tiers, databases, work, proofs, other regions? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from collectors.inside.backups import Copy, DatabaseChain, Elsewhere, Outcome, Proof, Task
from collectors.safe import NO_TEXT, Safe, sanitise
from console.numbers import number
from console.screen.foot import wrapped
from console.screen.inside.backup_facts import Known, Promised
from console.screen.inside.backup_tiers import State, Tiered
from console.screen.inside.backup_words import WRONG, Clock, state_of
from console.screen.inside.backup_wrong import USUAL, USUAL_ACCESS, USUAL_RECOVERY, Wrong, of_chain
from console.screen.inside.session_detail import gauge
from console.screen.values import Signs
from console.times import span
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import NO_SIGN, NOTHING, Cell, Row
from widgets.tone import Symbols, Tone

GAUGE = 10
_DAY_S = 86_400.0

COPIES = (
    Column("at", Safe("TAKEN"), width=6, priority=100),
    Column("kind", Safe("KIND"), width=10, priority=98),
    Column("state", Safe("STATE"), width=10, priority=99),
    Column("size", Safe("SIZE"), width=8, align=Align.RIGHT, priority=80),
    Column("kept", Safe("KEPT UNTIL"), width=10, priority=78),
    Column("crypt", Safe("CRYPT"), width=5, priority=50),
    Column("name", Safe("NAME"), width=18, flex=2, priority=70),
    Column("why", Safe("WHY"), width=12, flex=3, priority=60),
)
WRONGS = (Column("what", Safe("WHAT IS WRONG"), width=20, flex=1, priority=100),)
TIERS = (
    Column("tier", Safe("TIER"), width=9, flex=1, priority=100),
    Column("state", Safe("STATE"), width=14, priority=99),
    Column("newest", Safe("NEWEST"), width=9, align=Align.RIGHT, priority=95),
    Column("due", Safe("NEXT DUE"), width=17, priority=94),
    Column("every", Safe("EVERY"), width=7, priority=80),
    Column("keep", Safe("KEEP"), width=5, align=Align.RIGHT, priority=78),
    Column("source", Safe("OF"), width=10, priority=70),
    Column("note", Safe("NEWEST THAT COUNTS"), width=18, flex=3, priority=60),
)
DATABASES = (
    Column("database", Safe("DATABASE"), width=13, flex=2, priority=100),
    Column("state", Safe("STATE"), width=10, priority=97),
    Column("recovery", Safe("RECOVERY"), width=8, priority=90),
    Column("log", Safe("LOG UNTIL"), width=9, align=Align.RIGHT, priority=96),
    Column("chain", Safe("CHAIN"), width=6, priority=95),
    Column("full", Safe("FULL"), width=8, align=Align.RIGHT, priority=84),
    Column("checked", Safe("CHECKDB"), width=8, align=Align.RIGHT, priority=82),
    Column("why", Safe("WHY"), width=14, flex=5, priority=70),
)
WORK = (
    Column("what", Safe("WHAT"), width=14, flex=1, priority=100),
    Column("database", Safe("DATABASE"), width=10, flex=1, priority=80),
    Column("state", Safe("STATE"), width=15, priority=99),
    Column("began", Safe("BEGAN"), width=8, align=Align.RIGHT, priority=85),
    Column("took", Safe("TOOK"), width=5, align=Align.RIGHT, priority=82),
    Column("why", Safe("NAME OR REASON"), width=16, flex=3, priority=90),
)
PROOFS = (
    Column("when", Safe("WHEN"), width=9, align=Align.RIGHT, priority=100),
    Column("how", Safe("HOW"), width=22, flex=2, priority=95),
    Column("took", Safe("TOOK"), width=5, align=Align.RIGHT, priority=99),
    Column("rto", Safe("RTO"), width=11, priority=94),
    Column("held", Safe("WHOLE"), width=5, priority=96),
    Column("source", Safe("FROM"), width=16, flex=2, priority=80),
    Column("by", Safe("TOLD BY"), width=10, flex=1, priority=70),
)
ELSEWHERE = (
    Column("region", Safe("REGION"), width=14, flex=1, priority=100),
    Column("state", Safe("STATE"), width=12, flex=1, priority=99),
    Column("until", Safe("RESTORABLE TO"), width=17, priority=95),
    Column("behind", Safe("BEHIND"), width=6, align=Align.RIGHT, priority=94),
    Column("newest", Safe("NEWEST COPY"), width=17, priority=80),
)


def copies(rows: Sequence[Copy], at: Clock, signs: Signs) -> list[Row]:
    return [_copy(copy, at, signs) for copy in rows]


def wrong(rows: Sequence[Wrong], columns: int) -> list[Row]:
    """A sentence that is longer than the list is wide goes on in the next row: what is cut off tells nothing."""
    return [
        Row(sanitise(f"{index}.{part}"), (Cell(words, tone),), WRONG if tone is not Tone.DIM and not part else NO_SIGN)
        for index, (whole, tone) in enumerate(rows)
        for part, words in enumerate(wrapped(whole, max(1, columns - 3)))
    ]


def tiers(rows: Sequence[Tiered], at: Clock, signs: Signs) -> list[Row]:
    return [_tier(tier, at, signs) for tier in rows]


def databases(rows: Sequence[DatabaseChain], at: Clock, signs: Signs) -> list[Row]:
    """Those with something wrong first, then those whose log ends earliest."""
    far = at.now.timestamp()
    ranked = sorted(
        rows, key=lambda one: (not list(of_chain(one)), one.log_until.timestamp() if one.log_until else far)
    )
    return [_database(one, at, signs) for one in ranked]


def work(known: Known, at: Clock, signs: Signs, symbols: Symbols) -> list[Row]:
    failed = (Cell(Safe("agent job")), NOTHING, Cell(Safe("failed"), Tone.BAD), NOTHING, NOTHING)
    names = known.inside.failed_jobs if known.inside else ()
    jobs = [Row(sanitise(f"job/{name}"), (*failed, Cell(name)), WRONG) for name in names]
    return [*(_task(task, index, at, signs, symbols) for index, task in enumerate(known.tasks)), *jobs]


def proofs(rows: Sequence[Proof], promised: Promised, at: Clock, signs: Signs) -> list[Row]:
    return [_proof(proof, index, promised, at, signs) for index, proof in enumerate(rows)]


def elsewhere(known: Known, at: Clock, signs: Signs) -> list[Row]:
    return [_there(each, at, signs) for each in (known.by_aws.elsewhere if known.by_aws else ())]


def _copy(copy: Copy, at: Clock, signs: Signs) -> Row:
    state, tone = state_of(copy)
    crypt = signs.nothing if copy.encrypted is None else Safe("yes") if copy.encrypted else Safe("no")
    cells = (
        Cell(sanitise(f"{copy.taken.astimezone(at.zone):%H:%M}")),
        Cell(sanitise(copy.kind.value)),
        Cell(state, tone),
        Cell(number(copy.bytes, "Bytes"), Tone.DIM) if copy.bytes is not None else Cell(signs.nothing, Tone.DIM),
        Cell(
            sanitise(f"{copy.expires.astimezone(at.zone):%Y-%m-%d}") if copy.expires else signs.inapplicable, Tone.DIM
        ),
        Cell(crypt, Tone.WARN if copy.encrypted is False else Tone.DIM),
        Cell(sanitise(f"{copy.database}: {copy.name}") if copy.database else copy.name),
        Cell(copy.why, tone),
    )
    return Row(sanitise(f"{copy.taken.timestamp()}/{copy.name}"), cells, WRONG if tone is Tone.BAD else NO_SIGN)


def _tier(tier: Tiered, at: Clock, signs: Signs) -> Row:
    words, tone = {
        State.KEPT: ("kept", Tone.GOOD),
        State.RUNNING: ("under way", Tone.ACCENT),
        State.OVERDUE: (f"overdue {span(tier.overdue.total_seconds())}", Tone.BAD),
        State.NEVER: ("no copy", Tone.BAD),
    }[tier.state]
    note, note_tone = (tier.newest.name, Tone.DIM) if tier.newest else (NO_TEXT, Tone.DIM)
    if tier.newest is None and tier.short is not None:
        note, note_tone = sanitise(f"{tier.short.name} is kept shorter than that"), Tone.WARN
    cells = (
        Cell(tier.name),
        Cell(sanitise(words), tone),
        Cell(at.ago(tier.newest.taken if tier.newest else None, signs)),
        Cell(sanitise(at.moment(tier.due)) if tier.due else signs.nothing),
        Cell(Safe("month") if tier.every_s is None else span(tier.every_s), Tone.DIM),
        Cell(span(tier.keep_s), Tone.DIM),
        Cell(tier.source, Tone.DIM),
        Cell(note, note_tone),
    )
    return Row(tier.name, cells, WRONG if tone is Tone.BAD else NO_SIGN)


def _database(one: DatabaseChain, at: Clock, signs: Signs) -> Row:
    found = list(of_chain(one))
    tone = found[0][1] if found else Tone.PLAIN
    usual = one.state.upper() in USUAL and one.access.upper() in USUAL_ACCESS
    state = one.access if one.state.upper() in USUAL and not usual else one.state
    chain = {None: (signs.nothing, Tone.DIM), True: (Safe("broken"), Tone.BAD), False: (Safe("whole"), Tone.PLAIN)}
    full = one.recovery.upper() in USUAL_RECOVERY
    cells = (
        Cell(one.database, tone),
        Cell(state, Tone.PLAIN if usual else Tone.BAD),
        Cell(one.recovery or signs.nothing, Tone.DIM if full else Tone.WARN),
        Cell(at.ago(one.log_until, signs)),
        Cell(*chain[one.broken]),
        Cell(at.ago(one.newest_full, signs)),
        Cell(at.ago(one.checked, signs)),
        Cell(one.why, tone),
    )
    return Row(one.database, cells, WRONG if found else NO_SIGN)


def _task(task: Task, index: int, at: Clock, signs: Signs, symbols: Symbols) -> Row:
    if task.outcome is Outcome.RUNNING and task.percent is not None:
        state, tone = sanitise(f"{gauge(task.percent, GAUGE, symbols)} {task.percent}%"), Tone.ACCENT
    else:
        tone = {Outcome.FAILED: Tone.BAD, Outcome.RUNNING: Tone.ACCENT, Outcome.DONE: Tone.PLAIN}[task.outcome]
        state = sanitise(task.outcome.value)
    end = at.now if task.outcome is Outcome.RUNNING else task.ended
    took = None if task.began is None or end is None else (end - task.began).total_seconds()
    cells = (
        Cell(task.what),
        Cell(task.database, Tone.DIM),
        Cell(state, tone),
        Cell(at.ago(task.began, signs)),
        Cell(signs.nothing if took is None else span(took), Tone.DIM),
        Cell(task.why or task.name, tone if task.why else Tone.DIM),
    )
    return Row(sanitise(f"{index}/{task.name}"), cells, WRONG if task.outcome is Outcome.FAILED else NO_SIGN)


def _proof(proof: Proof, index: int, promised: Promised, at: Clock, signs: Signs) -> Row:
    rto = Cell(signs.inapplicable, Tone.DIM)
    if proof.took_s is not None and promised.rto_s is not None:
        holds = proof.took_s <= promised.rto_s
        rto = Cell(
            sanitise(f"{'within' if holds else 'beyond'} {span(promised.rto_s)}"), Tone.GOOD if holds else Tone.BAD
        )
    cells = (
        Cell(at.ago(proof.when, signs)),
        Cell(proof.how),
        Cell(signs.nothing if proof.took_s is None else span(proof.took_s)),
        rto,
        Cell(Safe("yes"), Tone.GOOD) if proof.held else Cell(Safe("no"), Tone.BAD),
        Cell(proof.source, Tone.DIM),
        Cell(proof.told_by, Tone.DIM),
    )
    return Row(sanitise(f"{index}"), cells, NO_SIGN if proof.held else WRONG)


def _there(each: Elsewhere, at: Clock, signs: Signs) -> Row:
    newest = each.restorable_until or each.newest
    behind = signs.nothing if newest is None else span((at.now - newest).total_seconds())
    cells = (
        Cell(each.region),
        Cell(each.state, Tone.PLAIN if newest else Tone.WARN),
        Cell(sanitise(at.moment(each.restorable_until)) if each.restorable_until else signs.nothing),
        Cell(behind),
        Cell(sanitise(at.moment(each.newest)) if each.newest else signs.nothing, Tone.DIM),
    )
    return Row(each.region, cells, NO_SIGN if newest else WRONG)
