"""What do files, logs and tempdb look like: which is slow, which is nearly full, and what is said of it? Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from collectors.inside.files import Database, Files, FileUse, Temporary, Volume
from collectors.safe import NO_TEXT, Safe, sanitise
from console.numbers import number
from console.screen.values import Signs
from widgets.bar import Ends
from widgets.columns import Column
from widgets.draw import Align, Run, runs_width
from widgets.rows import NO_SIGN, NOTHING, Cell, Row
from widgets.tone import Tone

SLOW_READ_MS, SLOW_WRITE_MS, SLOW_LOG_MS = 20.0, 20.0, 5.0  # of a data file; a commit waits for its log
VERY = 3.0  # times as slow
LOG_FILLS, LOG_FULL = 70.0, 90.0  # percent used
FEW_PERCENT = 10.0  # of tempdb or of a volume left
WAITED_FOR = 1.0  # percent of the time; hardly anybody minds how slow a file is that is waited for less
SEGMENTS = 1000  # more make a restart and a restore slow
USUAL_STATE = "online"
WRONG = Safe("!")

FILES = (
    Column("file", Safe("FILE"), width=18, flex=3, priority=100),
    Column("database", Safe("DATABASE"), width=14, flex=2, priority=86),
    Column("kind", Safe("KIND"), width=4, priority=60),
    Column("read", Safe("READ"), width=7, align=Align.RIGHT, priority=96),
    Column("write", Safe("WRITE"), width=7, align=Align.RIGHT, priority=95),
    Column("reads", Safe("READ/S"), width=6, align=Align.RIGHT, priority=71),
    Column("writes", Safe("WRITE/S"), width=7, align=Align.RIGHT, priority=70),
    Column("bytes", Safe("BYTES/S"), width=9, align=Align.RIGHT, priority=74),
    Column("size", Safe("SIZE"), width=7, align=Align.RIGHT, priority=62),
    Column("stalled", Safe("STALLED"), width=7, align=Align.RIGHT, priority=68),
    Column("word", Safe("SO"), width=12, priority=92),
)
DATABASES = (
    Column("database", Safe("DATABASE"), width=13, flex=2, priority=100),
    Column("used", Safe("LOG"), width=5, align=Align.RIGHT, priority=96),
    Column("size", Safe("OF"), width=7, align=Align.RIGHT, priority=70),
    Column("state", Safe("STATE"), width=9, priority=84),
    Column("recovery", Safe("RECOVERY"), width=11, priority=66),
    Column("segments", Safe("VLFS"), width=5, align=Align.RIGHT, priority=62),
    Column("versions", Safe("VERSIONS"), width=8, align=Align.RIGHT, priority=60),
    Column("why", Safe("WHAT HOLDS THE LOG"), width=34, flex=6, priority=90),
)


def sums(fact: Files | None, signs: Signs, room: int) -> list[Ends]:
    """The slowest, the fullest log with its reason, and the space that is left, in lines of ``room`` cells."""
    if fact is None:
        return []
    return [_slowest(fact, signs), *_fullest(fact.databases, room), _space(fact.temporary, fact.volumes)]


def files(fact: Files | None, signs: Signs) -> list[Row]:
    """Those that are waited for most first."""
    return [_file(file, fact.interval_s, signs) for file in fact.files] if fact else []


def databases(fact: Files | None, signs: Signs) -> list[Row]:
    return [_database(one, signs) for one in fact.databases] if fact else []


def slow(file: FileUse) -> tuple[Safe, Tone]:
    """A word where a file is slow, and how grave it is."""
    write_bound = SLOW_LOG_MS if file.kind == "log" else SLOW_WRITE_MS
    found = [
        (name, value / bound)
        for name, value, bound in (("reads", file.read_ms, SLOW_READ_MS), ("writes", file.write_ms, write_bound))
        if value is not None and value > bound
    ]
    if not found:
        return NO_TEXT, Tone.PLAIN
    tone = Tone.BAD if max(times for _, times in found) > VERY else Tone.WARN
    which = " and ".join(name for name, _ in found) if len(found) == 1 else "all"
    return sanitise(f"slow {which}"), tone


def _slowest(fact: Files, signs: Signs) -> Ends:
    if fact.interval_s is None:
        return Ends(((Safe(" Latency needs a second sample of this node."), Tone.DIM),))
    runs: list[Run] = [(Safe(" Slowest"), Tone.DIM)]
    for word, of in (("read", _read_ms), ("write", _write_ms)):
        runs += _slowest_by(word, of, fact.files, signs)
    return Ends(tuple(runs))


def _read_ms(file: FileUse) -> float | None:
    return file.read_ms


def _write_ms(file: FileUse) -> float | None:
    return file.write_ms


def _slowest_by(word: str, of: Callable[[FileUse], float | None], all_: Iterable[FileUse], signs: Signs) -> list[Run]:
    known = [(value, file) for file in all_ if (value := of(file)) is not None]
    known = [pair for pair in known if pair[1].stalled_percent >= WAITED_FOR] or known
    if not known:
        return [(sanitise(f"  {word} {signs.inapplicable}"), Tone.DIM)]
    value, file = max(known, key=lambda pair: pair[0])
    said, tone = slow(file)
    if said not in (f"slow {word}s", "slow all"):  # what it is slow at is the other word's to say
        said, tone = NO_TEXT, Tone.PLAIN
    mark = f" {said}" if said else ""
    return [(sanitise(f"  {word} {number(value, 'Milliseconds')} {file.name}{mark}"), tone)]


def _fullest(databases_: Sequence[Database], room: int) -> list[Ends]:
    known = [one for one in databases_ if one.log_used_percent is not None]
    if not known:
        return [Ends(((Safe(" No log says how full it is."), Tone.DIM),))]
    one = max(known, key=lambda each: each.log_used_percent or 0.0)
    tone, used = _log_tone(one), one.log_used_percent or 0.0
    full = ", nearly full" if used > LOG_FULL else ", filling" if used > LOG_FILLS else ""
    words = f"  {one.name} {used:.0f}% of {number(one.log_bytes, 'Bytes')}{full}"
    why = _why(one) or Safe("nothing holds it")
    first: list[Run] = [(Safe(" Fullest log"), Tone.DIM), (sanitise(words), tone)]
    if runs_width(first) + len(why) + 2 <= room:
        return [Ends((*first, (sanitise(f": {why}"), tone)))]
    return [Ends(tuple(first)), Ends(((sanitise(f"  {why}"), tone),))]


def _space(temporary: Temporary | None, volumes: Sequence[Volume]) -> Ends:
    runs = [*map(_of_volume, volumes), *(_of_tempdb(temporary) if temporary else [])]
    return Ends(((Safe(" Free"), Tone.DIM), *runs))


def _of_tempdb(one: Temporary) -> list[Run]:
    used = one.user_kb + one.internal_kb + one.versions_kb
    free = 100 * one.free_kb / max(1, one.free_kb + used)
    tone, short = (Tone.BAD, ", nearly full") if free < FEW_PERCENT else (Tone.PLAIN, "")
    parts = (("sorts", one.internal_kb), ("tables", one.user_kb), ("versions", one.versions_kb))
    words = ", ".join(f"{word} {number(kb, 'KB')}" for word, kb in parts)
    return [(sanitise(f"  tempdb {free:.0f}%{short}"), tone), (sanitise(f" ({words})"), tone)]


def _of_volume(one: Volume) -> Run:
    is_short = one.free_bytes * 100 < FEW_PERCENT * one.total_bytes
    words = f"  {one.name} {number(one.free_bytes, 'Bytes')}{', nearly full' if is_short else ''}"
    return sanitise(words), Tone.BAD if is_short else Tone.PLAIN


def _file(file: FileUse, interval_s: float | None, signs: Signs) -> Row:
    word, tone = slow(file)
    is_known = interval_s is not None

    def rate(value: float, unit: str = "") -> Cell:
        return Cell(number(value, unit)) if is_known else Cell(signs.pending, Tone.DIM)

    cells = (
        Cell(file.name, tone),
        Cell(file.database),
        Cell(file.kind, Tone.DIM),
        _latency(file.read_ms, tone, signs, is_known=is_known),
        _latency(file.write_ms, tone, signs, is_known=is_known),
        rate(file.reads_per_s),
        rate(file.writes_per_s),
        rate(file.read_bytes_per_s + file.write_bytes_per_s, "Bytes"),
        Cell(number(file.size_bytes, "Bytes"), Tone.DIM),
        rate(file.stalled_percent, "Percent"),
        Cell(word, tone),
    )
    return Row(sanitise(f"{file.database}/{file.name}/{file.kind}"), cells, WRONG if word else NO_SIGN)


def _latency(ms: float | None, tone: Tone, signs: Signs, *, is_known: bool) -> Cell:
    if ms is not None:
        return Cell(number(ms, "Milliseconds"), tone)
    return Cell(signs.inapplicable if is_known else signs.pending, Tone.DIM)


def _database(one: Database, signs: Signs) -> Row:
    tone, is_up = _log_tone(one), one.state == USUAL_STATE
    used = Cell(signs.inapplicable, Tone.DIM)
    if one.log_used_percent is not None:
        used = Cell(sanitise(f"{one.log_used_percent:.0f}%"), tone)
    state = ", ".join(filter(None, (one.state, one.access)))
    many = one.segments is not None and one.segments > SEGMENTS
    cells = (
        Cell(one.name),
        used,
        Cell(number(one.log_bytes, "Bytes"), Tone.DIM) if one.log_bytes else NOTHING,
        Cell(sanitise(state), Tone.PLAIN if is_up and not one.access else Tone.BAD),
        Cell(one.recovery, Tone.DIM),
        Cell(signs.inapplicable, Tone.DIM)
        if one.segments is None
        else Cell(number(one.segments, ""), Tone.WARN if many else Tone.PLAIN),
        Cell(number(one.version_store_kb, "KB")) if one.version_store_kb else NOTHING,
        Cell(_why(one), tone),
    )
    return Row(one.name, cells, NO_SIGN if is_up and tone is Tone.PLAIN and not many else WRONG)


def _why(one: Database) -> Safe:
    """In words, with the engine's own name for it behind them."""
    if not one.reuse:
        return NO_TEXT
    return sanitise(f"{one.reuse_words} ({one.reuse})") if one.reuse_words else one.reuse


def _log_tone(one: Database) -> Tone:
    used = one.log_used_percent or 0.0
    return Tone.BAD if used > LOG_FULL else Tone.WARN if used > LOG_FILLS else Tone.PLAIN
