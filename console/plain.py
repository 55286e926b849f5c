"""The present as plain text: for a pipe, a ticket, or a reader that has no screen."""

from __future__ import annotations

from console.check import document, doubts
from console.protocol.mirror import Mirror
from console.screen.failover.chosen import noun, under_way
from console.screen.failover.figure import figure
from console.screen.failover.stopwatch import Moment
from console.screen.flush.words import plain as flushed
from console.screen.glance import HEADINGS, glance, in_order
from console.screen.values import Signs
from console.times import date_and_time, span


def text(mirror: Mirror, now_ms: int, signs: Signs) -> str:
    """A line that says who speaks and how it is, then a table."""
    meta = mirror.meta
    if meta is None:
        return "No engine has spoken yet."
    verdict = document(meta, mirror.status, mirror.resources, now_ms, mirror.relay)["status"]
    up = span((now_ms - meta.started) / 1000)
    head = f"{meta.estate} {meta.mode.upper()} {verdict} at {date_and_time(now_ms)}, engine {meta.version} up {up}"
    notices: list[str] = doubts(mirror.relay)
    notices += filter(None, (*mirror.status.notices, mirror.status.shared)) if mirror.status else []
    failing = [c for c in mirror.status.collectors if c.state not in ("ok", "pending")] if mirror.status else []
    notices += [f"{c.name} of {c.target} is {c.state}: {c.error or ''} {c.mend or ''}".rstrip() for c in failing]
    going = under_way(mirror.failovers)
    notices += [f"{noun(run)} of {run.resource}: {figure(run, Moment(now_ms))}, {run.phase}" for run in going]
    notices += flushed(mirror.flushes.values(), now_ms)
    rows = [list(HEADINGS.values())]
    for name, res in in_order(mirror.resources.items()):
        rows.append([word for word, _ in glance(name, res, now_ms, signs).values()])
    return "\n".join([head, *notices, "", *_aligned(rows)])


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]
