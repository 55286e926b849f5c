"""What do backups look like in words: what would be lost now, what is kept, since when, and who has tried? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from collectors.inside.backups import Copy, Kind, Outcome
from collectors.safe import NO_TEXT, Safe, sanitise
from console.estate.times import to_ms
from console.numbers import number
from console.screen.foot import wrapped
from console.screen.inside.backup_days import Sight
from console.screen.inside.backup_facts import Known, Promised
from console.screen.inside.backup_wrong import Wrong
from console.screen.values import Signs
from console.times import clock, date_and_time, span, zone_mark
from widgets.bar import Ends
from widgets.calendar import Day, Mark
from widgets.draw import Run
from widgets.tone import Symbols, Tone

WRONG = Safe("!")
_DAY_S = 86_400
_MARKS: Mapping[Sight, tuple[str, str, str, str, Tone]] = {
    Sight.FAILED: ("✕", "x", "F", "failed", Tone.BAD),
    Sight.MISSING: ("!", "!", "D", "due: none", Tone.BAD),
    Sight.RUNNING: ("»", ">", "R", "running", Tone.ACCENT),
    Sight.AUTOMATED: ("●", "o", "A", "automated", Tone.GOOD),
    Sight.MANUAL: ("◆", "+", "M", "manual", Tone.ACCENT),
    Sight.AWS_BACKUP: ("▲", "^", "B", "Backup", Tone.ACCENT),
    Sight.NATIVE: ("■", "=", "N", "native", Tone.ACCENT),
    Sight.NONE: ("·", ".", " ", "", Tone.DIM),
    Sight.UNKNOWN: ("?", "?", " ", "", Tone.DIM),
}
"""The sign, the same in ASCII, the letter, a word that a cell has room for, and the tone."""


@dataclass(frozen=True, slots=True)
class Clock:
    """When it is, and how times are told."""

    now: datetime
    zone: tzinfo

    def ago(self, when: datetime | None, signs: Signs) -> Safe:
        return signs.nothing if when is None else sanitise(f"{span((self.now - when).total_seconds())} ago")

    def moment(self, when: datetime) -> str:
        """The time of day, with its date where that is another day's."""
        ms = to_ms(when)
        if when.astimezone(self.zone).date() == self.now.astimezone(self.zone).date():
            return f"{clock(ms, self.zone)[:5]}{zone_mark(ms, self.zone)}"
        return f"{date_and_time(ms, self.zone)[:16]}{zone_mark(ms, self.zone)}"


def mark(sight: Sight, symbols: Symbols) -> Mark:
    sign, plain, letter, word, tone = _MARKS[sight]
    return Mark(sanitise(plain if symbols is Symbols.ASCII else sign), sanitise(letter), sanitise(word), tone)


def days(seen: Sequence[tuple[date, tuple[Sight, ...]]], symbols: Symbols) -> list[Day]:
    """For the calendar; the last is today."""
    last = len(seen) - 1
    return [
        Day(day, tuple(mark(each, symbols) for each in sights), is_today=index == last)
        for index, (day, sights) in enumerate(seen)
    ]


def legend(seen: Sequence[tuple[date, tuple[Sight, ...]]], symbols: Symbols) -> list[Run]:
    """Of the marks that are to be seen."""
    there = {sight for _, sights in seen for sight in sights}
    runs: list[Run] = []
    for sight in Sight:
        if sight in there:
            one = mark(sight, symbols)
            runs += [(sanitise(f" {one.sign}{one.letter.strip()}"), one.tone), (sanitise(f" {sight.value} "), Tone.DIM)]
    return runs


def headline(known: Known, promised: Promised, at: Clock, *, beyond: bool) -> Ends:
    """What would be lost, against what was promised. ``beyond``: it is past a bound of the profile."""
    if known.by_aws is not None and known.by_aws.kept_by:
        return Ends(((sanitise(f" Backed up in its stead: {known.by_aws.kept_by}."), Tone.PLAIN),))
    newest = known.newest_moment
    if newest is None:
        return Ends(((Safe(" What could be restored is not known."), Tone.WARN),))
    lost = (at.now - newest).total_seconds()
    runs: list[Run] = [(sanitise(f" {span(lost)}"), Tone.BAD if beyond else Tone.TITLE)]
    runs.append((Safe(" would be lost by restoring now (achieved RPO)"), Tone.PLAIN))
    if promised.rpo_s is not None:
        holds = lost <= promised.rpo_s
        word = f"; objective {span(promised.rpo_s)}: {'held' if holds else 'missed'}"
        runs.append((sanitise(word), Tone.DIM if holds else Tone.BAD))
    elif beyond:
        runs.append((Safe("; beyond a bound of the profile"), Tone.BAD))
    return Ends(tuple(runs))


def wrong_lines(wrong: Sequence[Wrong], room: tuple[int, int]) -> list[Ends]:
    """In about so many lines of so many cells, whole sentences only, at least one; how many more there are is said."""
    columns, most = room
    lines: list[Ends] = []
    for index, (words, tone) in enumerate(wrong):
        sign = WRONG if tone is not Tone.DIM else " "
        parts = [f" {' ' if n else sign} {part}" for n, part in enumerate(wrapped(words, max(1, columns - 4)))]
        left = len(wrong) - index - 1
        if lines and len(lines) + len(parts) + (left > 0) > most:
            return [*lines, Ends(((sanitise(f"   and {left + 1} more under Wrong"), Tone.WARN),))]
        lines += [Ends(((sanitise(part), tone),)) for part in parts]
    return lines


def kept_lines(known: Known, at: Clock, signs: Signs) -> list[Ends]:
    """Retention and range, the newest of each kind, and what it costs."""
    return [each for each in (_range(known, at, signs), _newest(known, at), _cost(known)) if each.left]


def _range(known: Known, at: Clock, signs: Signs) -> Ends:
    kept, until = known.by_aws, known.restorable_until
    retention = kept.retention_s if kept else known.status.retention_s if known.status else None
    said = signs.nothing if retention is None else Safe("not at all") if not retention else span(retention)
    runs: list[Run] = [(Safe(" kept "), Tone.DIM), (said, Tone.PLAIN if retention else Tone.WARN)]
    if kept is not None and kept.window:
        runs += [(Safe("  window "), Tone.DIM), (sanitise(f"{kept.window} UTC"), Tone.PLAIN)]
    if until is not None:
        since = f"{at.moment(kept.earliest)} to " if kept is not None and kept.earliest is not None else "to "
        runs += [(Safe("  restorable "), Tone.DIM), (sanitise(since + at.moment(until)), Tone.PLAIN)]
    elif kept is not None and kept.point_in_time is None:
        runs.append((Safe("  snapshots only: no moment between them"), Tone.DIM))
    return Ends(tuple(runs))


def _newest(known: Known, at: Clock) -> Ends:
    runs: list[Run] = []
    for kind in Kind:
        copy = known.newest(kind)
        if copy is not None:
            runs += [(sanitise(f" {kind.value} "), Tone.DIM), (sanitise(f"{_span(at, copy.taken)} ago "), Tone.PLAIN)]
    if not runs and known.newest_snapshot is not None:
        runs = [
            (Safe(" newest snapshot "), Tone.DIM),
            (sanitise(f"{_span(at, known.newest_snapshot)} ago "), Tone.PLAIN),
        ]
    proof, proved = known.newest_proof, known.proved
    took = f", took {span(proof.took_s)}" if proof is not None and proof.took_s is not None else ""
    words = "never, as far as is known" if proved is None else f"{_span(at, proved)} ago{took}"
    return Ends((*runs, (Safe(" restore proved "), Tone.DIM), (sanitise(words), Tone.PLAIN)))


def _cost(known: Known) -> Ends:
    kept = known.by_aws
    if kept is None:
        return Ends()
    runs: list[Run] = []
    if kept.bytes is not None:
        runs += [(Safe(" size "), Tone.DIM), (number(kept.bytes, "Bytes"), Tone.PLAIN)]
    if kept.usd_per_month is not None:
        runs += [(Safe(" costs "), Tone.DIM), (sanitise(f"{kept.usd_per_month:,.2f} USD a month"), Tone.PLAIN)]
    if kept.elsewhere:
        there = ", ".join(f"{each.region} ({each.state})" for each in kept.elsewhere)
        runs += [(Safe(" also in "), Tone.DIM), (sanitise(there), Tone.PLAIN)]
    unencrypted = any(copy.encrypted is False for copy in kept.copies)
    encrypted = not unencrypted and any(copy.encrypted for copy in kept.copies)
    if unencrypted or encrypted:
        words = " not all encrypted" if unencrypted else " encrypted"
        runs.append((sanitise(words), Tone.WARN if unencrypted else Tone.DIM))
    if kept.key:
        runs.append((sanitise(f", its key: {kept.key}"), Tone.BAD))
    return Ends(tuple(runs))


def _span(at: Clock, when: datetime) -> Safe:
    return span((at.now - when).total_seconds())


def state_of(copy: Copy) -> tuple[Safe, Tone]:
    """How far it is, or what became of it."""
    if copy.outcome is Outcome.RUNNING:
        return sanitise("running" if copy.percent is None else f"{copy.percent}%"), Tone.ACCENT
    if copy.outcome is Outcome.FAILED:
        return Safe("failed"), Tone.BAD
    return (Safe("not usable"), Tone.BAD) if copy.why else (Safe("done"), Tone.PLAIN)


def no_days(day: date, seen: Sequence[tuple[date, tuple[Sight, ...]]]) -> Safe:
    """Why a day has no copy."""
    sights = dict(seen).get(day, ())
    if Sight.MISSING in sights:
        return sanitise(f"{day:%Y-%m-%d}: a snapshot was due in its window, and none was taken.")
    if Sight.UNKNOWN in sights:
        return sanitise(f"{day:%Y-%m-%d}: which copies there are of it has not been told.")
    return sanitise(f"{day:%Y-%m-%d}: no copy is kept of it, and none was expected.") if sights else NO_TEXT
