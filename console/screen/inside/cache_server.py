"""What is a node of a cache, whom does it follow, and what of it is on a disk? A line, of its own words. Pure."""

from __future__ import annotations

from collectors.inside.cache import CacheUse
from collectors.inside.replication import LinkState
from collectors.safe import Safe, sanitise
from console.times import span
from widgets.bar import Ends
from widgets.draw import Run
from widgets.tone import Tone


def title(word: str) -> Run:
    return sanitise(f" {word:10}"), Tone.DIM


def server(use: CacheUse, now: float) -> Ends:
    """What it is, whom it follows, and what of it is on a disk."""
    words = f"  {use.version}" + (f", up {span(use.uptime_s)}" if use.uptime_s is not None else "")
    runs: list[Run] = [title("Node"), (sanitise(words), Tone.PLAIN)]
    if use.is_loading:
        runs.append((Safe("; reads its data: it serves nobody yet"), Tone.BAD))
    if use.link is not None:
        follows = f"; replica of {use.source or 'somebody'}: {use.link}"
        runs.append((sanitise(follows), Tone.BAD if use.link is LinkState.BROKEN else Tone.PLAIN))
    if use.replicas or use.link is None:
        count = f"{use.replicas} replica{'' if use.replicas == 1 else 's'}" if use.replicas else "no replica"
        runs.append((sanitise(f"; {count}"), Tone.PLAIN))
    runs += [run for run in (_saved(use, now), _appended(use)) if run is not None]
    return Ends(tuple(runs))


def _saved(use: CacheUse, now: float) -> Run | None:
    saving = use.saving
    if saving.is_under_way:
        return Safe("; a snapshot is being written"), Tone.WARN
    if saving.is_well is False:
        return Safe("; its last snapshot failed"), Tone.BAD
    if saving.last is None:
        return None
    return sanitise(f"; written or started {span(now - saving.last.timestamp())} ago"), Tone.DIM


def _appended(use: CacheUse) -> Run | None:
    if not use.saving.appends:
        return None
    if use.saving.appends_well is False:
        return Safe("; its append-only file cannot be written"), Tone.BAD
    return Safe("; append-only file"), Tone.DIM
