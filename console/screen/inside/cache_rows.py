"""Which lists does the screen of a cache have, with which rows, and what is said where there are none? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum

from collectors.inside.cache import CacheUse, Command, Keys, Slow, SlowLog, Spike, Spikes
from collectors.safe import NO_TEXT, Safe, sanitise
from console.estate.times import to_ms
from console.numbers import number
from console.screen.inside.cache_figures import Node
from console.screen.values import Signs
from console.times import clock, date_and_time, span
from widgets.columns import Column
from widgets.draw import Align, Run
from widgets.rows import NO_SIGN, Cell, Row
from widgets.tone import Symbols, Tone

BAR = 12  # cells
DAY_S = 86_400
WRONG = Safe("!")


class Section(Enum):
    """In the order in which they are gone through."""

    COMMANDS = "Commands"
    SLOW = "Slow log"
    KEYS = "Keys"
    SPIKES = "Held up by"
    NODES = "Nodes"  # where they do not stand above the others; a table of their own, for Enter opens one


COLLECTOR = {Section.SLOW: "slow-log", Section.SPIKES: "latency"}
"""Who tells it, where that is not whoever tells the most."""
COLUMNS: Mapping[Section, tuple[Column, ...]] = {
    Section.COMMANDS: (
        Column("command", Safe("COMMAND"), width=14, flex=2, priority=100),
        Column("share", Safe("TIME"), width=6, align=Align.RIGHT, priority=98),
        Column("bar", Safe(""), width=BAR, priority=60),
        Column("calls", Safe("CALLS/S"), width=8, align=Align.RIGHT, priority=95),
        Column("each", Safe("EACH"), width=8, align=Align.RIGHT, priority=94),
        Column("p50", Safe("P50"), width=8, align=Align.RIGHT, priority=70),
        Column("p99", Safe("P99"), width=8, align=Align.RIGHT, priority=80),
        Column("p999", Safe("P99.9"), width=8, align=Align.RIGHT, priority=65),
        Column("failed", Safe("FAILED/S"), width=8, align=Align.RIGHT, priority=75),
    ),
    Section.SLOW: (
        Column("when", Safe("WHEN"), width=8, priority=90),
        Column("took", Safe("TOOK"), width=8, align=Align.RIGHT, priority=100),
        Column("command", Safe("COMMAND"), width=14, flex=1, priority=99),
        Column("key", Safe("KEY (LENGTH)"), width=18, flex=2, priority=95),
        Column("words", Safe("WORDS"), width=6, align=Align.RIGHT, priority=70),
        Column("ago", Safe("AGO"), width=4, align=Align.RIGHT, priority=60),
    ),
    Section.KEYS: (
        Column("database", Safe("DATABASE"), width=8, align=Align.RIGHT, priority=100),
        Column("keys", Safe("KEYS"), width=14, align=Align.RIGHT, priority=99),
        Column("expiring", Safe("WITH A TTL"), width=10, align=Align.RIGHT, priority=95),
        Column("share", Safe("OF ALL"), width=6, align=Align.RIGHT, priority=80),
        Column("ttl", Safe("AVERAGE LEFT"), width=12, align=Align.RIGHT, priority=70),
    ),
    Section.SPIKES: (
        Column("what", Safe("HELD UP BY"), width=20, flex=1, priority=100),
        Column("ago", Safe("AGO"), width=5, align=Align.RIGHT, priority=95),
        Column("last", Safe("LAST"), width=8, align=Align.RIGHT, priority=94),
        Column("most", Safe("MOST"), width=8, align=Align.RIGHT, priority=90),
    ),
    Section.NODES: (),
}
_EMPTY: Mapping[Section, Safe] = {
    Section.COMMANDS: Safe("Nothing was asked of it."),
    Section.SLOW: Safe("Its slow log is empty."),
    Section.KEYS: Safe("It holds no key."),
    Section.SPIKES: Safe("Nothing is recorded: latency-monitor-threshold says from when on it would be."),
    Section.NODES: Safe(""),
}


@dataclass(frozen=True, slots=True)
class Lists:
    """All that the lists are made of."""

    use: CacheUse | None
    slow: SlowLog | None
    spikes: Spikes | None
    nodes: Sequence[Node] = ()

    def is_known(self, section: Section) -> bool:
        needed = {Section.SLOW: self.slow, Section.SPIKES: self.spikes, Section.NODES: self.nodes}
        return needed.get(section, self.use) is not None

    def count(self, section: Section) -> int | None:
        match section:
            case Section.SLOW:
                return len(self.slow.rows) if self.slow is not None else None
            case Section.SPIKES:
                return len(self.spikes.rows) if self.spikes is not None else None
            case Section.NODES:
                return len(self.nodes)
        return None

    def rows(self, section: Section, now: float, zone: tzinfo, signs: Signs, symbols: Symbols) -> list[Row]:
        use = self.use
        match section:
            case Section.COMMANDS:
                return [_command(each, signs, symbols) for each in use.commands] if use else []
            case Section.SLOW:
                return [_slow(each, now, zone) for each in self.slow.rows] if self.slow else []
            case Section.KEYS:
                return [_keys(each, signs) for each in use.databases] if use else []
            case Section.SPIKES:
                return [_spike(each, now) for each in self.spikes.rows] if self.spikes else []
            case Section.NODES:
                return []


def there(*, has_nodes: bool) -> tuple[Section, ...]:
    """Nodes are a list to go to only where they do not stand above the others."""
    return tuple(section for section in Section if section is not Section.NODES or has_nodes)


def empty(section: Section) -> Safe:
    return _EMPTY[section]


def strip(lists: Lists, sections: Sequence[Section], here: Section) -> list[Run]:
    """By name, with how many are in each."""
    counts = ((section, lists.count(section)) for section in sections)
    return [
        (
            sanitise(f" {section.value}{f' {count}' if count else ''} "),
            Tone.SELECTED if section is here else Tone.HEADER,
        )
        for section, count in counts
    ]


def _command(of: Command, signs: Signs, symbols: Symbols) -> Row:
    full = "#" if symbols is Symbols.ASCII else "█"
    failed = Cell(number(of.failed, ""), Tone.WARN) if of.failed else Cell(Safe("0"), Tone.DIM)
    cells = (
        Cell(of.name),
        Cell(number(of.share, "Percent")),
        Cell(sanitise(full * min(BAR, round(of.share * BAR / 100))), Tone.ACCENT),
        Cell(number(of.calls, "")),
        _us(of.us, signs),
        _us(of.p50_us, signs),
        _us(of.p99_us, signs),
        _us(of.p999_us, signs),
        failed,
    )
    return Row(of.name, cells, WRONG if of.failed else NO_SIGN)


def _slow(of: Slow, now: float, zone: tzinfo) -> Row:
    ago, at = now - of.at.timestamp(), to_ms(of.at)
    cells = (
        Cell(clock(at, zone) if ago < DAY_S else sanitise(date_and_time(at, zone)[:10])),
        Cell(number(of.us / 1e6, "Seconds")),
        Cell(of.command),
        Cell(of.key, Tone.DIM) if of.key else Cell(NO_TEXT),
        Cell(sanitise(f"{of.words:,}"), Tone.DIM),
        Cell(span(ago), Tone.DIM),
    )
    return Row(sanitise(str(of.id)), cells)


def _keys(of: Keys, signs: Signs) -> Row:
    share = 100 * of.expiring / of.keys if of.keys else 0.0
    cells = (
        Cell(sanitise(str(of.database))),
        Cell(sanitise(f"{of.keys:,}")),
        Cell(sanitise(f"{of.expiring:,}")),
        Cell(number(share, "Percent")),
        Cell(signs.inapplicable, Tone.DIM) if of.ttl_s is None else Cell(span(of.ttl_s)),
    )
    return Row(sanitise(str(of.database)), cells)


def _spike(of: Spike, now: float) -> Row:
    cells = (
        Cell(of.name),
        Cell(span(now - of.at.timestamp())),
        Cell(number(of.ms, "Milliseconds")),
        Cell(number(of.most_ms, "Milliseconds"), Tone.DIM),
    )
    return Row(of.name, cells)


def _us(value: float | None, signs: Signs) -> Cell:
    return Cell(signs.inapplicable, Tone.DIM) if value is None else Cell(number(value / 1e6, "Seconds"))
