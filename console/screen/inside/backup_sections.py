"""Which lists does the screen of backups have, with how many rows, and what is said where there are none? Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from collectors.inside.backups import Copy
from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.foot import wrapped
from console.screen.inside import backup_rows as rows
from console.screen.inside.backup_days import Sight, copies_of
from console.screen.inside.backup_facts import Known, Promised
from console.screen.inside.backup_tiers import Tiered
from console.screen.inside.backup_words import Clock, no_days
from console.screen.inside.backup_wrong import Wrong
from console.screen.values import Signs
from widgets.columns import Column
from widgets.draw import Run
from widgets.rows import Row
from widgets.tone import Symbols, Tone


class Section(Enum):
    """In the order in which they are gone through."""

    DAYS = "Days"
    WRONG = "Wrong"
    TIERS = "Tiers"
    DATABASES = "Databases"
    WORK = "Work"
    PROOFS = "Proofs"
    ELSEWHERE = "Elsewhere"
    RPO = "RPO"  # the chart, where it does not stand beside the calendar


COLUMNS: Mapping[Section, tuple[Column, ...]] = {
    Section.DAYS: rows.COPIES,
    Section.WRONG: rows.WRONGS,
    Section.TIERS: rows.TIERS,
    Section.DATABASES: rows.DATABASES,
    Section.WORK: rows.WORK,
    Section.PROOFS: rows.PROOFS,
    Section.ELSEWHERE: rows.ELSEWHERE,
    Section.RPO: (),
}
_EMPTY: Mapping[Section, Safe] = {
    Section.DAYS: Safe("Nothing is known of that day."),
    Section.WRONG: Safe("Nothing is wrong, as far as it is known."),
    Section.TIERS: Safe("No tier is declared for it: [[backup_tiers]] of the profile says what should be kept."),
    Section.DATABASES: Safe(
        "No database has told of its backups. Where nobody logs in to it, [[sqlserver]] of the profile says how."
    ),
    Section.WORK: Safe("No task is known: neither under way nor done lately."),
    Section.PROOFS: Safe("Nobody is known to have restored it. Until somebody has, nothing proves that it can be."),
    Section.ELSEWHERE: Safe("No other region keeps a copy, as far as is known."),
    Section.RPO: Safe(""),
}

_TOLD_BY_AWS = frozenset({Section.WRONG, Section.TIERS, Section.WORK, Section.PROOFS, Section.ELSEWHERE})
UNTOLD = Safe("Nobody has told yet which copies there are: whether anything is wrong with them is not known.")


@dataclass(frozen=True, slots=True)
class Told:
    """All that the lists are made of."""

    known: Known
    days: tuple[tuple[date, tuple[Sight, ...]], ...]
    tiers: tuple[Tiered, ...]
    wrong: Sequence[Wrong]
    promised: Promised
    at: Clock
    day: date | None = None  # the chosen one

    def count(self, section: Section) -> int | None:
        """None where a number says nothing."""
        return {
            Section.WRONG: sum(tone is not Tone.DIM for _, tone in self.wrong),
            Section.TIERS: len(self.tiers),
            Section.DATABASES: len(self.known.chains),
            Section.WORK: len(self.known.tasks) + len(self.known.inside.failed_jobs if self.known.inside else ()),
            Section.PROOFS: len(self.known.proofs),
            Section.ELSEWHERE: len(self.known.by_aws.elsewhere) if self.known.by_aws else 0,
        }.get(section)

    def rows(self, section: Section, signs: Signs, symbols: Symbols, columns: int) -> list[Row]:
        made: Mapping[Section, Callable[[], list[Row]]] = {
            Section.DAYS: lambda: rows.copies(self._copies(), self.at, signs),
            Section.WRONG: lambda: rows.wrong(self.wrong, columns),
            Section.TIERS: lambda: rows.tiers(self.tiers, self.at, signs),
            Section.DATABASES: lambda: rows.databases(self.known.chains, self.at, signs),
            Section.WORK: lambda: rows.work(self.known, self.at, signs, symbols),
            Section.PROOFS: lambda: rows.proofs(self.known.proofs, self.promised, self.at, signs),
            Section.ELSEWHERE: lambda: rows.elsewhere(self.known, self.at, signs),
        }
        return made[section]() if section in made else []

    def _copies(self) -> tuple[Copy, ...]:
        return copies_of(self.known, self.day, self.at.zone) if self.day is not None else ()

    def empty(self, section: Section, columns: int) -> tuple[Safe, ...]:
        """Why there are no rows, in lines of so many cells."""
        words = no_days(self.day, self.days) if section is Section.DAYS and self.day is not None else NO_TEXT
        if not words and self.known.by_aws is None and section in _TOLD_BY_AWS:
            words = UNTOLD
        return tuple(wrapped(words or _EMPTY[section], max(1, columns - 2)))


def there(*, has_databases: bool, is_roomy: bool) -> tuple[Section, ...]:
    """Those that such a resource has; where there is room the chart always stands above them."""
    left_out = {Section.RPO} if is_roomy else set()
    left_out |= set() if has_databases else {Section.DATABASES}
    return tuple(section for section in Section if section not in left_out)


def strip(told: Told, sections: Sequence[Section], here: Section) -> list[Run]:
    """By name, with how many are in each."""
    runs: list[Run] = []
    for section in sections:
        count = told.count(section)
        tone = Tone.SELECTED if section is here else Tone.HEADER
        if section is Section.WRONG and count and section is not here:
            tone = Tone.WARN
        runs.append((sanitise(f" {section.value}{f' {count}' if count else ''} "), tone))
    return runs
