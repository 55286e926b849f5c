"""The tree of who waits for whom as lines of a table: each root as a headline, those behind it below with guides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collectors.inside.blocking import Blocker, Guides, walk
from collectors.inside.sessions import Session
from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.inside.session_rows import key
from console.screen.inside.session_words import age_ms, behind, circle, lasting, state, what, who
from widgets.columns import Column
from widgets.draw import Align, Run
from widgets.rows import Cell, Row
from widgets.tone import Symbols, Tone

COLUMNS = (
    Column("who", Safe("WHO WAITS"), 26, 2, priority=100),
    Column("behind", Safe("BEHIND"), 6, align=Align.RIGHT, priority=80),
    Column("for", Safe("FOR"), 6, align=Align.RIGHT, priority=95),
    Column("wait", Safe("WAIT"), 10, priority=85),
    Column("transaction", Safe("TRX"), 6, align=Align.RIGHT, priority=40),
    Column("resource", Safe("RESOURCE"), 26, 2, priority=60),
    Column("statement", Safe("STATEMENT"), 20, 3, priority=70),
)
DEEPEST = 8  # levels that are drawn; what is deeper stands at the last of them, and says how deep
Lines = tuple[str, str, str, str]
_UNICODE: Lines = ("│ ", "  ", "├─", "└─")
_ASCII: Lines = ("| ", "  ", "|-", "`-")


def guides(levels: Guides, symbols: Symbols) -> Safe:
    """The lines that lead from the root to a session."""
    bar, blank, branch, last = _ASCII if symbols is Symbols.ASCII else _UNICODE
    if not levels:
        return NO_TEXT
    shown = levels[-DEEPEST:]
    deep = f"{len(levels)}:" if len(levels) > DEEPEST else ""
    stems = "".join(bar if goes_on else blank for goes_on in shown[:-1])
    return sanitise(f"{deep}{stems}{branch if shown[-1] else last} ")


@dataclass(frozen=True, slots=True)
class Spot:
    """One line of the tree: who, below which guides, and in whose tree."""

    each: Blocker
    levels: Guides
    root: Blocker


def spots(roots: tuple[Blocker, ...]) -> Mapping[Safe, Spot]:
    """From the first line to the last, by their keys."""
    return {key(each.id): Spot(each, levels, root) for root in roots for each, levels in walk(root)}


def row_of(spot: Spot, observed: datetime, symbols: Symbols, *, stale: bool) -> Row:
    each, levels = spot.each, spot.levels
    if not levels or each.session is None:
        return Row(key(each.id), headline=_headline(each, observed, stale=stale))
    row = each.session
    cells = (
        (sanitise(f"{guides(levels, symbols)}{each.id} {who(row)}"), Tone.PLAIN),
        (key(each.total) if each.total else NO_TEXT, Tone.BAD),
        (lasting(row.wait_ms), Tone.WARN),
        (row.wait, Tone.PLAIN),
        (_age(row, observed), Tone.DIM),
        (row.resource, Tone.DIM),
        (row.statement or row.command, Tone.PLAIN),
    )
    return Row(key(each.id), tuple(Cell(text, Tone.DIM if stale else tone) for text, tone in cells))


def _age(row: Session, observed: datetime) -> Safe:
    age = age_ms(row, observed)
    return NO_TEXT if age is None else lasting(age)


def _headline(root: Blocker, observed: datetime, *, stale: bool) -> tuple[Run, ...]:
    """What it is doing before who it is: that it is idle is what has to be seen."""
    doing = f"{state(root.session, observed)}, " if root.session is not None else ""
    runs: list[Run] = [(key(root.id), Tone.BAD)] if root.id > 0 else []
    runs.append((sanitise(f" {doing}{behind(root)}  "), Tone.WARN))
    runs.append((what(root), Tone.TITLE))
    if root.circle:
        runs.insert(0, (sanitise(f"{circle(root)} "), Tone.BAD))
    return tuple((text, Tone.DIM if stale else tone) for text, tone in runs)
