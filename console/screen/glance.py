"""What does a glance at a resource tell? Which of its values answer "is it well?", each in a word. No Textual."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from collectors.inside.replication import DEAD, LinkState
from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.values import TONES, Signs, said
from console.times import span
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Backup, Res, Value

Said = tuple[Safe, Tone]

CPU = (Safe("cloudwatch.CPUUtilization"), Safe("cloudwatch.EngineCPUUtilization"))
SESSIONS = (Safe("cloudwatch.DatabaseConnections"), Safe("cloudwatch.CurrConnections"))
FREE = (Safe("cloudwatch.FreeStorageSpace"), Safe("cloudwatch.FreeLocalStorage"), Safe("cloudwatch.FreeableMemory"))
LAG = (Safe("replica.lag_s"),)
LINK_STATES = frozenset(map(str, LinkState))
DEAD_LINKS = frozenset(map(str, DEAD))
WELL = ("available", "active")
GRAVITY = (Severity.CRITICAL, Severity.HIGH, Severity.WARNING, Severity.INFO)
TONE_OF = tuple(TONES.get(severity, Tone.DIM) for severity in GRAVITY)
LEVELS = dict(zip(GRAVITY, map(Safe, ("CRIT", "HIGH", "WARN", "info")), strict=True))

HEADINGS = {
    "name": "RESOURCE",
    "engine": "ENGINE",
    "role": "ROLE",
    "az": "AZ",
    "region": "REGION",
    "account": "ACCOUNT",
    "level": "SEV",
    "since": "SINCE",
    "status": "STATUS",
    "why": "WHY",
    "cpu": "CPU",
    "sessions": "CONN",
    "free": "FREE",
    "lag": "LAG",
    "backup": "RPO",
    "wait": "TOP WAIT, ms/s",
    "age": "AGE",
}


def glance(name: str, res: Res, now: int, signs: Signs) -> dict[str, Said]:
    """A word for each heading."""
    return {
        "name": (sanitise(name), Tone.PLAIN),
        "engine": (res.engine, Tone.DIM),
        "role": (res.role, Tone.PLAIN) if res.role else (signs.inapplicable, Tone.DIM),
        "az": (res.az, Tone.DIM) if res.az else (signs.inapplicable, Tone.DIM),
        "region": (res.region, Tone.DIM) if res.region else (signs.inapplicable, Tone.DIM),
        "account": (res.account, Tone.DIM) if res.account else (signs.inapplicable, Tone.DIM),
        "level": level(res),
        "since": since(res, now, signs),
        "status": (res.status, Tone.PLAIN if res.status.lower() in WELL else Tone.WARN),
        "why": why(res),
        "cpu": said(first(res, CPU), now, signs),
        "sessions": said(first(res, SESSIONS), now, signs),
        "free": said(first(res, FREE), now, signs),
        "lag": lag(res, now, signs),
        "backup": recovery_point(res.backup, now, signs),
        "wait": top_wait(res.values.items(), signs),
        "age": (span((now - res.seen) / 1000), Tone.DIM),
    }


def first(res: Res, names: Sequence[Safe]) -> Value | None:
    """The first that says something, else the first that is there at all."""
    there = [res.values[name] for name in names if name in res.values]
    return next((value for value in there if value.s != "none"), there[0] if there else None)


def lag(res: Res, now: int, signs: Signs) -> Said:
    """How far behind; of a link that is dead or says no number the state, for no number is true of it."""
    value, told = first(res, LAG), res.replication
    if told is not None and told.state in DEAD_LINKS:
        return told.state, Tone.BAD
    if told is not None and told.state in LINK_STATES and (value is None or value.v is None) and not is_old(value):
        return told.state, Tone.WARN if told.state == str(LinkState.PAUSED) else Tone.DIM
    return said(value, now, signs)


def is_old(value: Value | None) -> bool:
    """What was said with it may be so no longer, or could not be asked again."""
    return value is not None and value.s in ("stale", "error")


def top_wait(values: Iterable[tuple[str, Value]], signs: Signs) -> Said:
    """The type most waited for, with its rate; a resource that counts no waits has none to show."""
    longest = longest_wait(values)
    if longest is None:
        return signs.inapplicable, Tone.DIM
    rate, name = longest
    return sanitise(f"{name} {number(rate, 'Count')}"), Tone.PLAIN


def longest_wait(values: Iterable[tuple[str, Value]]) -> tuple[float, str] | None:
    """Rate and type."""
    waits = [(v.v, name.removeprefix("wait.")) for name, v in values if name.startswith("wait.") and v.v is not None]
    return max(waits, default=None)


def recovery_point(backup: Backup | None, now: int, signs: Signs) -> Said:
    """How much would be lost by restoring now."""
    if backup is None:
        return signs.inapplicable, Tone.DIM
    newest = restorable(backup)
    return (signs.nothing, Tone.DIM) if newest is None else (span((now - newest) / 1000), Tone.PLAIN)


def restorable(backup: Backup | None) -> int | None:
    """The newest moment that could be restored."""
    return max(filter(None, (backup.restorable, backup.snapshot)), default=None) if backup else None


def level(res: Res) -> Said:
    """How grave it is, in four letters: colour alone says nothing."""
    return (Safe(""), Tone.PLAIN) if res.level is None else (LEVELS[res.level], TONES.get(res.level, Tone.DIM))


def since(res: Res, now: int, signs: Signs) -> Said:
    """For how long it has been at that level or worse; what is well has nothing to say here."""
    if res.level is None:
        return Safe(""), Tone.PLAIN
    return (signs.nothing, Tone.DIM) if res.since is None else (span((now - res.since) / 1000), level(res)[1])


def why(res: Res) -> Said:
    """The worst reason; else what cannot be seen; else an unusual status, for that column goes first when narrow."""
    if res.why:
        return res.why[0], level(res)[1]
    if count := unread(res):
        return sanitise(f"{count} value{'s' if count != 1 else ''} cannot be read"), Tone.WARN
    return (Safe(""), Tone.PLAIN) if res.status.lower() in WELL else (res.status, Tone.WARN)


def unread(res: Res) -> int:
    """How many of its values somebody tried to read, and could not."""
    return [value.s for value in res.values.values()].count("error")


def in_order(
    resources: Iterable[tuple[str, Res]], grave: Callable[[str, Res], int] | None = None
) -> list[tuple[str, Res]]:
    """The worst first; then members beside their cluster, else by name. ``grave``: `gravity` from a memory."""
    known = grave or (lambda _, res: gravity(res))
    return sorted(resources, key=lambda pair: (known(*pair), pair[1].cluster or pair[0], pair[0]))


def gravity(res: Res) -> int:
    """Small for what is grave: the place in `GRAVITY`, then what cannot be seen, then what is seen to be well."""
    if res.level is not None:
        return GRAVITY.index(res.level)
    return len(GRAVITY) + (not unread(res))
