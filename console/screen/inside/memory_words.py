"""What do memory, its grants and the processors look like, and when is each bad news? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from collectors.inside.memory import Clerk, Grant, Memory, PageLife, Pool, Processors
from collectors.safe import NO_TEXT, Safe, sanitise
from console.numbers import number
from console.screen.values import Signs
from console.times import span
from widgets.bar import Ends
from widgets.columns import Column
from widgets.draw import Align, Run
from widgets.rows import NO_SIGN, Cell, Row
from widgets.tone import Symbols, Tone

BAR = 20  # cells
RUNNABLE_EACH = 1.0  # tasks for each processor that wait for it; two are many
MANY_EACH = 2.0
WORKERS_LEFT = 0.1  # of the most
PENDING_EACH = 4.0  # reads and writes under way for each processor
UNUSED = 0.3  # of its grant used: the rest was kept from others
WRONG = Safe("!")
_PREFIXES = ("MEMORYCLERK_", "CACHESTORE_", "OBJECTSTORE_", "USERSTORE_")
_NAMES = {
    "MEMORYCLERK_SQLBUFFERPOOL": "pages of tables",
    "MEMORYCLERK_SQLQERESERVATIONS": "grants of queries",
    "CACHESTORE_SQLCP": "plans of single statements",
    "CACHESTORE_OBJCP": "plans of procedures",
    "OBJECTSTORE_LOCK_MANAGER": "locks",
    "USERSTORE_TOKENPERM": "checks of permissions",
    "MEMORYCLERK_XTP": "memory-optimised tables",
    "MEMORYCLERK_SQLLOGPOOL": "log blocks",
}

CLERKS = (
    Column("use", Safe("MEMORY FOR"), width=26, flex=2, priority=100),
    Column("size", Safe("SIZE"), width=8, align=Align.RIGHT, priority=96),
    Column("share", Safe("SHARE"), width=6, align=Align.RIGHT, priority=90),
    Column("bar", Safe(""), width=BAR, priority=70),
)
GRANTS = (
    Column("session", Safe("SESSION"), width=7, align=Align.RIGHT, priority=100),
    Column("word", Safe("SO"), width=15, flex=1, priority=98),
    Column("asked", Safe("ASKED"), width=8, align=Align.RIGHT, priority=92),
    Column("granted", Safe("GRANTED"), width=8, align=Align.RIGHT, priority=90),
    Column("used", Safe("USED"), width=8, align=Align.RIGHT, priority=88),
    Column("ideal", Safe("IDEAL"), width=8, align=Align.RIGHT, priority=60),
    Column("degree", Safe("DOP"), width=3, align=Align.RIGHT, priority=50),
)


def sums(fact: Memory | None, signs: Signs) -> list[Ends]:
    """Memory, its pages, who waits for some; then the processors and workers."""
    if fact is None:
        return []
    lines = [_memory(fact), _page_life(fact, signs), _grants(fact.pools, fact.grants)]
    return [*lines, *(_processors(fact.processors) if fact.processors else ())]


def _memory(fact: Memory) -> Ends:
    words = f"  {number(fact.used_kb, 'KB')} of {number(fact.target_kb, 'KB')} aimed at"
    low = "; low: the system asks for some back" if fact.is_low else ""
    return Ends(((Safe(" Memory    "), Tone.DIM), (sanitise(words + low), Tone.BAD if low else Tone.PLAIN)))


def _page_life(fact: Memory, signs: Signs) -> Ends:
    title: Run = (Safe(" Page life "), Tone.DIM)
    if fact.page_life_s is None:
        return Ends((title, (sanitise(f"  {signs.nothing}"), Tone.DIM)))
    tone = {PageLife.FINE: Tone.PLAIN, PageLife.SHORT: Tone.WARN, PageLife.FELL: Tone.BAD}[fact.page_life]
    verdict = f": {fact.page_life}" if fact.page_life else ": long enough for so much memory"
    return Ends((title, (sanitise(f"  {fact.page_life_s:,.0f} s, {span(fact.page_life_s)}{verdict}"), tone)))


def _grants(pools: Sequence[Pool], grants: Sequence[Grant]) -> Ends:
    waiting = max(sum(pool.waiting for pool in pools), sum(grant.granted_kb is None for grant in grants))
    held = sum(grant.granted_kb is not None for grant in grants)
    free, target = sum(pool.available_kb for pool in pools), sum(pool.target_kb for pool in pools)
    timeouts = sum(pool.timeouts for pool in pools)
    who = f"{waiting} wait for a grant" if waiting else "nobody waits"
    holds = f"{held} hold one" if held else "none is held"
    words = f"  {who}, {holds}; {number(free, 'KB')} of {number(target, 'KB')} left to grant"
    words += f"; {timeouts} gave up since the start" if timeouts else ""
    return Ends(((Safe(" Grants    "), Tone.DIM), (sanitise(words), Tone.BAD if waiting else Tone.PLAIN)))


def _processors(of: Processors) -> list[Ends]:
    runnable, some = of.runnable / max(1, of.cores), f"{of.runnable} ready and waiting for {of.cores} cores"
    tone, word = Tone.PLAIN, ""
    if runnable > RUNNABLE_EACH:
        many = runnable > MANY_EACH
        tone, word = (Tone.BAD, ": far too few") if many else (Tone.WARN, ": too few")
    busiest = f", {of.busiest} at the busiest" if of.busiest else ""
    first = Ends(((Safe(" Processors"), Tone.DIM), (sanitise(f"  {some}{busiest}{word}"), tone)))
    few = of.workers > (1 - WORKERS_LEFT) * of.most_workers
    workers = f"  {of.workers} of {of.most_workers}"
    queued = f", {of.queued} requests have none: no worker is free" if of.queued else ", nearly all" if few else ""
    pending = of.pending_io > PENDING_EACH * of.cores
    return [
        first,
        Ends(
            (
                (Safe(" Workers   "), Tone.DIM),
                (sanitise(workers + queued), Tone.BAD if of.queued else Tone.WARN if few else Tone.PLAIN),
                (Safe("  Pending IO"), Tone.DIM),
                (sanitise(f" {of.pending_io}{', many' if pending else ''}"), Tone.WARN if pending else Tone.PLAIN),
            )
        ),
    ]


def clerks(fact: Memory | None, symbols: Symbols) -> list[Row]:
    """The greatest first, each beside the whole."""
    if fact is None:
        return []
    return [_clerk(clerk, max(1, fact.used_kb), symbols) for clerk in fact.clerks]


def _clerk(clerk: Clerk, whole_kb: int, symbols: Symbols) -> Row:
    share = clerk.kb / whole_kb
    cells = (
        Cell(_named(clerk.name)),
        Cell(number(clerk.kb, "KB")),
        Cell(number(100 * share, "Percent")),
        Cell(sanitise(("#" if symbols is Symbols.ASCII else "█") * min(BAR, round(share * BAR))), Tone.ACCENT),
    )
    return Row(clerk.name, cells)


def _named(clerk: Safe) -> Safe:
    """In words where there are some, with the engine's own name behind them."""
    short = clerk
    for prefix in _PREFIXES:
        short = sanitise(short.removeprefix(prefix))
    words = _NAMES.get(clerk)
    return sanitise(f"{words} ({short})") if words else short


def grants(fact: Memory | None, signs: Signs) -> list[Row]:
    """Who waits stands first."""
    if fact is None:
        return []
    return [_grant(grant, n, signs) for n, grant in enumerate(fact.grants)]


def _grant(grant: Grant, n: int, signs: Signs) -> Row:
    waits = grant.granted_kb is None
    word, tone = NO_TEXT, Tone.PLAIN
    if waits:
        word, tone = sanitise(f"waits {number(grant.waited_ms, 'Milliseconds')}"), Tone.BAD
    elif grant.granted_kb and grant.used_kb < UNUSED * grant.granted_kb:
        word, tone = sanitise(f"{100 * grant.used_kb / grant.granted_kb:.0f}% used"), Tone.WARN
    nothing = Cell(signs.inapplicable, Tone.DIM)
    cells = (
        Cell(sanitise(str(grant.session)), tone),
        Cell(word, tone),
        Cell(number(grant.requested_kb, "KB")),
        nothing if grant.granted_kb is None else Cell(number(grant.granted_kb, "KB")),
        nothing if waits else Cell(number(grant.used_kb, "KB")),
        Cell(number(grant.ideal_kb, "KB"), Tone.DIM),
        Cell(sanitise(str(grant.degree)), Tone.DIM),
    )
    return Row(sanitise(f"{grant.session}/{n}"), cells, WRONG if waits else NO_SIGN)
