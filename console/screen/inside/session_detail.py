"""One session to its end, how far long work is, and what all of them do in a line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from collectors.inside.blocking import chains
from collectors.inside.ranking import is_forgotten
from collectors.inside.sessions import Session, Sessions
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.foot import wrapped
from console.screen.inside.session_words import lasting, state, waits
from widgets.bar import Ends
from widgets.draw import Run
from widgets.tone import Symbols, Tone

GAUGE = 20  # cells
MOST_WORK = 3  # lines
_FULL = {Symbols.BRAILLE: ("⣿", "⣀"), Symbols.BLOCK: ("█", "░"), Symbols.ASCII: ("#", ".")}


def gauge(percent: float, cells: int, symbols: Symbols) -> Safe:
    """Never full before it is."""
    full, empty = _FULL[symbols]
    done = min(cells, max(0, int(cells * percent / 100)))
    return sanitise(full * done + empty * (cells - done))


def summary(fact: Sessions) -> list[Run]:
    """How many are at work, and what is wrong with them."""
    working = sum(row.elapsed_ms is not None for row in fact.rows)
    roots = chains(fact.rows)
    blocked = sum(root.total for root in roots)
    forgotten = sum(map(is_forgotten, fact.rows))
    runs: list[Run] = [(sanitise(f" {working} at work of {fact.connected} connected"), Tone.HEADER)]
    if blocked:
        runs.append((sanitise(f"  {blocked} blocked behind {len(roots)}"), Tone.BAD))
    if forgotten:
        runs.append((sanitise(f"  {forgotten} idle with a transaction open"), Tone.WARN))
    if fact.more > 0:
        runs.append((sanitise(f"  {fact.more} more that are less worrying are not listed"), Tone.WARN))
    return runs


def work(rows: Iterable[Session], symbols: Symbols) -> list[Ends]:
    """Backups, restores, indexes and their like: how far each is, or for how long it runs where it does not say."""
    found = sorted((row for row in rows if row.task or row.percent is not None), key=lambda row: -(row.elapsed_ms or 0))
    lines = [Ends((*_progress(row, symbols), (sanitise(f"  {row.statement}"), Tone.DIM))) for row in found]
    if len(lines) > MOST_WORK:
        left = len(lines) - MOST_WORK + 1
        return [*lines[: MOST_WORK - 1], Ends(((sanitise(f" and {left} more"), Tone.DIM),))]
    return lines


def _progress(row: Session, symbols: Symbols) -> tuple[Run, ...]:
    head: Run = (sanitise(f" {row.task or row.command} in {row.id}, {row.database or '?'}: "), Tone.TITLE)
    ran = lasting(row.elapsed_ms or 0)
    if row.percent is None:
        return head, (sanitise(f"for {ran}; it does not tell how far it is"), Tone.PLAIN)
    left = "" if row.remaining_ms is None else f", {lasting(row.remaining_ms)} left"
    words = sanitise(f" {row.percent:.1f}%{left} after {ran}")
    return head, (gauge(row.percent, GAUGE, symbols), Tone.ACCENT), (words, Tone.PLAIN)


def detail(row: Session | None, holds: int, observed: datetime, symbols: Symbols, room: tuple[int, int]) -> list[Ends]:
    """``room``: columns and lines. What matters most stands first, for the statement may be long."""
    if row is None:
        return []
    columns, height = max(3, room[0]), room[1]
    names = "  ".join(filter(None, (row.login, row.host, row.program, row.database)))
    lines = [Ends(((sanitise(f" {row.id}  {state(row, observed)}  "), Tone.TITLE), (sanitise(names), Tone.PLAIN)))]
    if queue := _queue(row, holds):
        lines += [Ends(((sanitise(f" {part}"), Tone.WARN),)) for part in wrapped(queue, columns - 2)]
    if row.percent is not None:
        lines.append(Ends(_progress(row, symbols)))
    lines.append(Ends(((sanitise(f" {_cost(row)}"), Tone.DIM),)))
    kept = lines[: max(1, height - 1)]
    return [*kept, *_text(row.statement or row.command, columns, height - len(kept))]


def _text(statement: Safe, columns: int, most: int) -> list[Ends]:
    """What has no room stands in the last line, and is cut where it is drawn."""
    parts = list(wrapped(statement, columns - 2))
    if len(parts) > most:
        parts = [*parts[: max(0, most - 1)], sanitise(" ".join(parts[most - 1 :]))] if most > 0 else []
    return [Ends(((sanitise(f" {part}"), Tone.PLAIN),)) for part in parts]


def _queue(row: Session, holds: int) -> Safe:
    parts = [f"{holds} wait for it." if holds > 1 else "1 waits for it."] if holds else []
    return sanitise(" ".join([*parts, waits(row)]).strip())


def _cost(row: Session) -> Safe:
    """Totals of its request, for nothing tells what it cost in an interval."""
    has = row.elapsed_ms is not None
    parts = [f"so far: CPU {number(row.cpu_ms, 'Milliseconds')}", f"{row.reads:,} reads", f"{row.writes:,} writes"]
    parts = parts if has else []
    parts += [f"log {number(row.log_bytes, 'Bytes')}"] if row.log_bytes else []
    parts += [f"grant {number(1024.0 * row.granted_kb, 'Bytes')}"] if row.granted_kb else []
    parts += [f"tempdb {number(1024.0 * row.tempdb_kb, 'Bytes')}"] if row.tempdb_kb else []
    parts += [f"{row.degree} threads"] if row.degree > 1 else []
    parts += [str(row.isolation)] if row.isolation else []
    return sanitise("  ".join(parts))
