"""What else changes with a failover: memory is cold, jobs stay behind, alarms ring. What of it is as before? Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from console.failover.observed import NOTHING_KNOWN, Kind, Within
from console.failover.run import Run
from console.failover.words import lasting
from console.protocol.failover import ProofState

COLD_FOR = timedelta(minutes=10)  # for so long a cache's hit rate is looked at, and slow reads are no news
FELL = 5.0  # percent points: a hit rate that is so much lower has fallen
_WARM = {
    Kind.CLUSTER: "the new writer's were warm for what it read before",
    Kind.PROMOTION: "warm for what it read before; it takes the writes too now",
}
NAMES = ("caches", "hit rate", "alarms", "agent jobs", "event sessions")
"""Of the items: none of them keeps a failover from being over."""
Item = tuple[str, ProofState, str]


def besides(run: Run, now: datetime) -> Iterator[Item]:
    before, after = _within(run)
    yield _caches(run, before, after, now)
    yield _alarms(before, after)
    if run.case.is_sql_server and run.case.kind is Kind.STANDBY:
        yield _jobs(before, after)
        yield "event sessions", "unknown", "they and roles of the server are never copied: look whether yours are here"


def _within(run: Run) -> tuple[Within, Within]:
    """Of who is failed over: before it began, and as it was told last. Of a shard, of whoever leads."""
    members = run.listed.members if run.listed is not None else ()
    if run.case.kind is Kind.CACHE:
        old, new = (next((m for m in each if m.leads), None) for each in (run.before, members))
    else:
        old, new = (next((m for m in each if m.id == run.case.resource), None) for each in (run.before, members))
    is_after = run.listed is not None and run.start is not None and run.listed.at >= run.start
    return old.within if old else NOTHING_KNOWN, new.within if new and is_after else NOTHING_KNOWN


def _caches(run: Run, before: Within, after: Within, now: datetime) -> Item:
    """What is expected of a database's memory: nobody has measured it, and so it is never said to be proved."""
    if run.case.kind is Kind.CACHE:
        return _hits(before, after)
    if (words := _WARM.get(run.case.kind)) is not None:
        return "caches", "unknown", words
    outage = run.outage(now)
    since = outage.up if outage is not None else run.moved
    if since is None:
        return "caches", "unknown", "cold once it is up: slow reads and compilations are expected"
    if now - since < COLD_FOR:
        return "caches", "unknown", f"cold, up for {lasting(now - since)}: slow reads and compilations are expected"
    return "caches", "unknown", f"filled for {lasting(now - since)}; what is slow still has another cause"


def _hits(before: Within, after: Within) -> Item:
    if after.hit_rate is None:
        return "hit rate", "unknown", "CloudWatch has no minute of after it yet; the last writes may be lost"
    was = f", {before.hit_rate:.0f} % before" if before.hit_rate is not None else ""
    gone = f"; {after.evictions:.0f} evictions in a minute" if after.evictions else ""
    has_fallen = before.hit_rate is not None and after.hit_rate < before.hit_rate - FELL
    return "hit rate", "missing" if has_fallen else "proved", f"{after.hit_rate:.0f} %{was}{gone}"


def _alarms(before: Within, after: Within) -> Item:
    if after.alarms is None:
        return "alarms", "unknown", "CloudWatch has not been asked since"
    new = [name for name in after.alarms if name not in (before.alarms or ())]
    if new:
        return "alarms", "missing", f"in ALARM since: {', '.join(new)}"
    same = f"none but those of before: {', '.join(after.alarms)}" if after.alarms else "none is in ALARM"
    return "alarms", "proved", same


def _jobs(before: Within, after: Within) -> Item:
    if after.jobs is None:
        return "agent jobs", "unknown", "nobody has looked since; the new primary may not have them"
    if before.jobs is None:
        return "agent jobs", "unknown", f"{after.jobs} are enabled here; how many there were is not known"
    if after.jobs < before.jobs:
        return "agent jobs", "missing", f"{after.jobs} of {before.jobs} are enabled here: backups and loads may stop"
    return "agent jobs", "proved", f"{after.jobs} are enabled, as before"
