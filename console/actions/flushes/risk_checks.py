"""What a flush would cost: is it a store, can the origin bear the load, could anything be brought back?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from collectors.aws.answers import many, text, within
from collectors.errors import CannotCollect
from console.actions.check import Check, Override, Verdict, found, passed
from console.actions.flushes.nodes import Seen
from console.actions.flushes.sample import Sample
from console.actions.known import KnownInside, Value

MOST_CPU = 60.0  # percent of an origin, from which on it has no head-room
STALE = timedelta(minutes=5)  # CloudWatch's own delay is minutes of that
RECENT = timedelta(hours=24)
NOT_EVICTED = "noeviction"
BY_NOW = "or say why now"


@dataclass(frozen=True, slots=True)
class Load:
    """What comes to the origins: operations a second, the share of them that hits, and what of that is flushed."""

    operations: int
    hit_rate: float | None
    share: float

    @property
    def expected(self) -> float | None:
        return None if self.hit_rate is None else self.operations * self.hit_rate * self.share

    def __str__(self) -> str:
        if self.hit_rate is None or self.expected is None:
            return f"{self.operations:,} operations/s, of which nobody knows how many hit"
        of_it = "" if self.share > 0.995 else f" x {self.share:.0%} of its keys"
        return f"{self.operations:,} operations/s x {self.hit_rate:.1%} hits{of_it} = about {self.expected:,.0f}/s more"


def load(seen: Seen, inside: KnownInside, keys: int, now: datetime) -> Load:
    """``keys``: that are flushed. CloudWatch's hit rate of these minutes, else the nodes' own since they began."""
    told = [inside.value(node.about, "CacheHitRate") for node in seen.nodes]
    recent = [each.value / 100 for each in told if each is not None and now - each.at <= STALE and each.value > 0]
    hits, misses = (sum(node.told(f"keyspace_{what}") for node in seen.nodes) for what in ("hits", "misses"))
    since = hits / (hits + misses) if hits + misses else None
    rate = sum(recent) / len(recent) if recent else since
    whole = seen.keys()
    operations = sum(node.told("instantaneous_ops_per_sec") for node in seen.nodes)
    return Load(operations, rate, min(1.0, keys / whole) if whole else 0.0)


def store(seen: Seen, sample: Sample | CannotCollect, keys: int, now: datetime) -> Check:
    policies = sorted({node.info.get("maxmemory_policy", "") for node in seen.primaries} - {""})
    kept = [f"its policy is {NOT_EVICTED}"] if NOT_EVICTED in policies else []
    if isinstance(sample, Sample):
        kept += sample.suspicions
    if kept:
        what, mend = "It looks like a store, not a cache: it may be nowhere else.", f"the number of keys: {keys:,}."
        told = (what, f"{'; '.join(kept)}; {keys:,} keys would go", f"Say why, with {mend}")
        return replace(found("store", Verdict.BLOCK, now, told, Override.COUNT), count=keys)
    if isinstance(sample, CannotCollect) or (not sample.looked and keys):
        seen_ = sample.line() if isinstance(sample, CannotCollect) else "none of its keys could be looked at"
        told = ("Whether it is a store, not a cache, is not known.", seen_,
                "Give the reading login +scan, +ttl, +type, +select and +dbsize, or say why.")  # fmt: skip
        return found("store", Verdict.UNKNOWN, now, told, Override.REASON)
    policy = ", ".join(policies) or "no policy told"
    return passed("store", now, "It looks like a cache.", f"{policy}; {sample.looked:,} keys were sampled")


def head_room(inside: KnownInside, about: str, more: Load, now: datetime) -> Check:
    """Whoever asks for what was flushed asks the origin."""
    origins = inside.origins(about)
    if not origins:
        told = ("Which database it stands before is not known.", str(more),
                "Name it in the profile's [[origins]]; look at the origin's CPU yourself.")  # fmt: skip
        return found("head-room", Verdict.UNKNOWN, now, told, Override.REASON)
    values = {name: _fresh(inside.value(name, "CPUUtilization"), now) for name in origins}
    known = {name: value.value for name, value in values.items() if value is not None}
    busy = "; ".join(_at(inside, name, values[name], now) for name in origins)
    highest = max(known.values(), default=0.0)
    if highest >= MOST_CPU:
        told = (f"The origin has no head-room: {highest:.0f} % of its CPU, and the flush sends it more.",
                f"{busy}; {more}", f"Wait until it is under {MOST_CPU:.0f} %, flush less, {BY_NOW}.")  # fmt: skip
        return found("head-room", Verdict.BLOCK, now, told, Override.REASON)
    if len(known) < len(origins):
        told = ("How busy the origin is, is not known.", f"{busy}; {more}", f"Look at it yourself, {BY_NOW}.")
        return found("head-room", Verdict.UNKNOWN, now, told, Override.REASON)
    return passed("head-room", now, f"The origin has head-room: {highest:.0f} % of its CPU.", f"{busy}; {more}")


def _fresh(value: Value | None, now: datetime) -> Value | None:
    return None if value is None or now - value.at > STALE else value


def _at(inside: KnownInside, name: str, cpu: Value | None, now: datetime) -> str:
    reads = _fresh(inside.value(name, "ReadIOPS"), now)
    does = f", {reads.value:,.0f} reads/s of its storage" if reads is not None else ""
    told = "not known" if cpu is None else f"{cpu.value:.0f} % {_ago(now - cpu.at)} ago"
    return f"{name}: CPU {told}{does}"


def snapshot(seen: Seen, now: datetime) -> Check:
    made = [at for taken in seen.snapshots if text(taken, "SnapshotStatus") == "available" for at in _times(taken)]
    newest = max(made, default=None)
    if newest is not None and now - newest <= RECENT:
        return passed("snapshot", now, f"Its newest snapshot is {_ago(now - newest)} old.")
    seen_ = "it has none" if newest is None else f"the newest is {_ago(now - newest)} old"
    told = ("There is no snapshot of the last 24 hours: what goes is gone.", seen_,
            "Take one first (S), or say why the loss is accepted.")  # fmt: skip
    return found("snapshot", Verdict.BLOCK, now, told, Override.REASON)


def _times(taken: object) -> Sequence[datetime]:
    told = (within(node, "SnapshotCreateTime") for node in many(taken, "NodeSnapshots"))  # type: ignore[arg-type]
    return [at if at.tzinfo else at.replace(tzinfo=UTC) for at in told if isinstance(at, datetime)]


def _ago(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.0f} h" if hours >= 2 else f"{hours * 60:.0f} min"
