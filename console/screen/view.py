"""How does the person look at it? What is chosen, filtered, sorted, grouped and marked: the same on every screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from collectors.safe import Safe

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time that charts show: how long, and how long before now it ends."""

    span_ms: int = HOUR_MS
    back_ms: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """Replaced, never changed: `ConsoleApp.look_at` takes the fields that differ and paints."""

    chosen: Safe | None = None  # the resource that keys act on
    asked: str = ""  # the filter: every list of resources or of what is about them obeys it
    sort: str = "level"  # a column of the overview
    reverse: bool = False
    group: str = ""  # cluster, engine, region, account or `tag:KEY`; empty: not grouped
    folded: frozenset[str] = frozenset()  # groups of which only the headline is shown
    session: Safe | None = None  # of the chosen resource, by its number: the one that another screen points at
    failover: Safe | None = None  # of the chosen resource, by its id: the one that was asked for among several
    marked: tuple[Safe, ...] = ()  # resources, in the order in which they were marked
    window: Window = field(default=Window())
    ghosts: bool = False
    zone: tzinfo = UTC
