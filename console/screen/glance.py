"""What does a glance at a resource tell? Which of its values answer "is it well?", each in a word. No Textual."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.values import TONES, Signs, said
from console.times import span
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Backup, Res, Value

Said = tuple[Safe, Tone]

CPU = (Safe("cloudwatch.CPUUtilization"), Safe("cloudwatch.EngineCPUUtilization"))
SESSIONS = (Safe("cloudwatch.DatabaseConnections"), Safe("cloudwatch.CurrConnections"))
FREE = (Safe("cloudwatch.FreeStorageSpace"), Safe("cloudwatch.FreeLocalStorage"), Safe("cloudwatch.FreeableMemory"))
LAG = (Safe("replica.lag_s"),)
WELL = ("available", "active")
GRAVITY = (Severity.CRITICAL, Severity.HIGH, Severity.WARNING, Severity.INFO)
LEVELS = dict(zip(GRAVITY, map(Safe, ("CRIT", "HIGH", "WARN", "info")), strict=True))

HEADINGS = {
    "name": "RESOURCE",
    "engine": "ENGINE",
    "role": "ROLE",
    "az": "AZ",
    "level": "SEV",
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
        "level": level(res),
        "status": (res.status, Tone.PLAIN if res.status.lower() in WELL else Tone.WARN),
        "why": (res.why[0], level(res)[1]) if res.why else (Safe(""), Tone.PLAIN),
        "cpu": said(first(res, CPU), now, signs),
        "sessions": said(first(res, SESSIONS), now, signs),
        "free": said(first(res, FREE), now, signs),
        "lag": said(first(res, LAG), now, signs),
        "backup": recovery_point(res.backup, now, signs),
        "wait": top_wait(res.values.items(), signs),
        "age": (span((now - res.seen) / 1000), Tone.DIM),
    }


def first(res: Res, names: Sequence[Safe]) -> Value | None:
    """The first that says something, else the first that is there at all."""
    there = [res.values[name] for name in names if name in res.values]
    return next((value for value in there if value.s != "none"), there[0] if there else None)


def top_wait(values: Iterable[tuple[str, Value]], signs: Signs) -> Said:
    """The type most waited for, with its rate; a resource that counts no waits has none to show."""
    waits = [(v.v, name.removeprefix("wait.")) for name, v in values if name.startswith("wait.") and v.v is not None]
    if not waits:
        return signs.inapplicable, Tone.DIM
    rate, name = max(waits)
    return sanitise(f"{name} {number(rate, 'Count')}"), Tone.PLAIN


def recovery_point(backup: Backup | None, now: int, signs: Signs) -> Said:
    """How much would be lost by restoring now."""
    if backup is None:
        return signs.inapplicable, Tone.DIM
    newest = max(filter(None, (backup.restorable, backup.snapshot)), default=None)
    return (signs.nothing, Tone.DIM) if newest is None else (span((now - newest) / 1000), Tone.PLAIN)


def level(res: Res) -> Said:
    """How grave it is, in four letters: colour alone says nothing."""
    return (Safe(""), Tone.PLAIN) if res.level is None else (LEVELS[res.level], TONES.get(res.level, Tone.DIM))


def in_order(resources: Iterable[tuple[str, Res]]) -> list[tuple[str, Res]]:
    """The worst first; then members beside their cluster, else by name."""
    return sorted(resources, key=lambda pair: (_gravity(pair[1]), pair[1].cluster or pair[0], pair[0]))


def _gravity(res: Res) -> int:
    """Small for what is grave. What cannot be seen comes before what is seen to be well."""
    if res.level is not None:
        return GRAVITY.index(res.level)
    return len(GRAVITY) + all(value.s != "error" for value in res.values.values())
