"""The statements in words: what all of them cost, what one of them does, and why there may be none."""

from __future__ import annotations

from collectors.inside.queries import Queries, Statement
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.foot import wrapped
from console.screen.inside.query_rows import MEASURES, each_ms
from widgets.bar import Ends
from widgets.draw import Run
from widgets.tone import Tone

ENDED = Safe("A statement is counted when it ends: what still runs is on Activity.")
NO_WAITS = Safe("What each waits for is not told here: only Query Store knows, where it is on.")
Told = tuple[tuple[Safe, ...], ...]


def summary(fact: Queries, measure: str) -> list[Run]:
    """Since when, by what, and how much it is together."""
    _, word = MEASURES[measure]
    if fact.interval_s is None:
        return [(Safe(" STATEMENTS"), Tone.HEADER), (sanitise(f"  by {fact.source}"), Tone.DIM)]
    cost = f"  all: CPU {number(fact.cpu_ms, 'ms/s')}, {fact.count} statements"
    return [
        (sanitise(f" STATEMENTS by {word}"), Tone.HEADER),
        (sanitise(cost), Tone.PLAIN),
        (sanitise(f"  each second of {fact.interval_s:.0f}s"), Tone.DIM),
        (sanitise(f"  {fact.source}"), Tone.DIM),
    ]


def remarks(fact: Queries, measure: str, columns: int, most: int) -> list[Ends]:
    """What is suspected, then what keeps the source from telling all."""
    lines = [(NO_WAITS, Tone.WARN)] if measure == "wait_ms" and _tells_no_waits(fact) else []
    lines += [(part, Tone.WARN) for each in fact.suspicions for part in wrapped(each, columns - 2)]
    if fact.trouble:
        lines += [(part, Tone.DIM) for part in wrapped(sanitise(f"{fact.trouble}."), columns - 2)]
    return [Ends(((sanitise(f" {part}"), tone),)) for part, tone in lines[:most]]


def _tells_no_waits(fact: Queries) -> bool:
    return bool(fact.rows) and all(row.wait_ms is None for row in fact.rows)


def why_empty(fact: Queries) -> tuple[Safe, ...]:
    if fact.interval_s is None:
        return Safe("This was the first look, or another node answered: what it cost is known after the next."), ENDED
    return Safe("No statement has ended in this interval."), ENDED


def detail(row: Statement, plan: Told, columns: int, most: int) -> list[Ends]:
    """What it costs each time, the answer about its plan, and all of its text as far as there is room."""
    lines: list[tuple[Safe, Tone]] = [(part, Tone.TITLE) for part in wrapped(costs(row), columns - 2)]
    lines += [(sanitise(f"{title}: {words}"), Tone.GOOD) for title, words in (each[:2] for each in plan[1:])]
    if most > 3 or not plan:
        lines += [(part, Tone.PLAIN) for part in wrapped(row.text, columns - 2)]
    if most > 6:
        lines.append((sanitise(f"{row.hash}, plan {row.plan}. {ENDED}"), Tone.DIM))
    return [Ends(((sanitise(f" {part}"), tone),)) for part, tone in lines[:most]]


def costs(row: Statement) -> Safe:
    """Of one execution, on average."""
    n = row.executions
    if not n:
        return Safe("It has not ended in this interval.")
    parts = [f"each takes {each_ms(row)}ms", f"{number(row.cpu_ms / n, '')}ms of CPU"]
    parts.append(f"reads {number(row.reads / n, '')} pages")
    if row.writes:
        parts.append(f"writes {number(row.writes / n, '')}")
    parts.append(f"gives {number(row.rows / n, '')} rows")
    if row.wait_ms:
        parts.append(f"waits {number(row.wait_ms / n, '')}ms" + (f", mostly for {row.wait}" if row.wait else ""))
    if row.spills:
        parts.append(f"spills {number(row.spills / n, '')} pages")
    if row.grant_kb >= 1:
        parts.append(f"is granted {number(1024 * row.grant_kb, 'Bytes')}")
    if row.plans > 1:
        parts.append(f"{row.plans} plans")
    return sanitise(", ".join(parts))
