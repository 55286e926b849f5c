"""What is this resource, in a few lines: is it well, as declared, restorable? The most telling first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.foot import wrapped
from console.screen.glance import LEVELS, level
from console.screen.values import Signs
from console.times import clock, date_and_time, span, zone_mark
from widgets.bar import Ends
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import AlarmState, Backup, Declaration, Res

DAY_MS = 86_400_000
NOTHING = Safe("")
Told = tuple[Safe, Tone]


def facts(
    name: Safe,
    res: Res | None,
    now: int,
    signs: Signs,
    *,
    unseen: Safe = NOTHING,
    zone: tzinfo = UTC,
    columns: int = 10_000,
    room: int = 10,
) -> list[Ends]:
    """At most ``room`` lines of ``columns`` cells: what there is no room for goes from the end.

    ``unseen``: what cannot be known of it at present, and why.
    """
    if res is None:
        return [Ends(((sanitise(f" {name} is no longer in the estate."), Tone.WARN),))]
    told = [each for each in _told(res, now, signs, zone, unseen) if each[0]]
    lines = [_headline(name, res)]
    spare = room - 1 - len(told)  # a line that is too long goes on below only where nothing has to go for that
    for words, tone in told:
        parts = list(wrapped(words, max(1, columns - 2)))
        if len(parts) - 1 > spare:
            parts = [*parts[: max(0, spare)], sanitise(" ".join(parts[max(0, spare) :]))]
        spare -= len(parts) - 1
        lines += [Ends(((sanitise(f" {part}"), tone),)) for part in parts]
    return lines[: max(1, room)]


def _told(res: Res, now: int, signs: Signs, zone: tzinfo, unseen: Safe) -> Iterator[Told]:
    yield why(res, now, zone)
    yield unseen, Tone.WARN
    yield declared(res.declared)
    yield alarms(res.alarms, now, zone)
    if res.replication is not None:
        yield (
            sanitise(f"replicates from {res.replication.source or signs.nothing}: {res.replication.state}"),
            Tone.PLAIN,
        )
    if res.backup is not None:
        yield sanitise(backup_words(res.backup, now, zone)), Tone.PLAIN
    yield sanitise(", ".join(f"{key} {value}" for key, value in res.facts.items())), Tone.DIM
    tags = ", ".join(f"{key}={value}" for key, value in res.tags.items())
    yield sanitise(f"tags: {tags}" if tags else ""), Tone.DIM


def _headline(name: Safe, res: Res) -> Ends:
    place = f"{res.role} {res.kind}{' of ' + res.cluster if res.cluster else ''}".strip()
    return Ends(
        (
            (sanitise(f" {name}"), Tone.TITLE),
            (sanitise(f"  {res.engine}  {place}"), Tone.PLAIN),
            *((sanitise(f"  {each}"), Tone.DIM) for each in (res.status, res.az, res.region, res.account) if each),
        )
    )


def why(res: Res, now: int, zone: tzinfo) -> Told:
    """How grave, since when, and why; nothing where all is well."""
    if res.level is None:
        return Safe(""), Tone.PLAIN
    since = f" since {moment(res.since, now, zone)} ({span((now - res.since) / 1000)})" if res.since else ""
    return sanitise(f"{LEVELS[res.level]}{since}: {'; '.join(res.why) or 'no reason given'}"), level(res)[1]


def declared(rows: Sequence[Declaration]) -> Told:
    """The differences first and in words; then what could not be seen; then how much holds."""
    differing = [row for row in rows if row.holds is False]
    unseen = [row.fact for row in rows if row.holds is None]
    holding = sum(row.holds is True for row in rows)
    parts = []
    if differing:
        each = "; ".join(f"{row.fact} should be {row.wanted}, is {row.found}" for row in differing)
        parts.append(f"not as declared: {each}")
    if holding:
        parts.append(f"as declared: {holding} of {len(rows)}")
    if unseen:
        parts.append(f"declared and not seen: {', '.join(unseen)}")
    return sanitise(". ".join(parts)), Tone.WARN if differing else Tone.DIM


def alarms(rows: Sequence[AlarmState], now: int, zone: tzinfo) -> Told:
    """Those in ALARM by name, the others by number."""
    raised = [row for row in rows if row.state == "ALARM"]
    others = len(rows) - len(raised)
    parts = [
        f"alarm {row.name}" + (f" since {moment(row.since, now, zone)}" if row.since is not None else "")
        for row in raised
    ]
    if others:
        parts.append(
            f"{others} other{'s' if others != 1 else ''} not raised" if raised else f"alarms: {others}, none raised"
        )
    return sanitise("; ".join(parts)), Tone.WARN if raised else Tone.DIM


def backup_words(kept: Backup, now: int, zone: tzinfo = UTC) -> str:
    """What could be restored now, and what is known to work."""
    return ", ".join(
        (
            f"backups kept {span(kept.retention_s)}",
            "restorable " + (f"to {_ago(kept.restorable, now)}" if kept.restorable else "time not known"),
            "newest snapshot " + (date_and_time(kept.snapshot, zone) if kept.snapshot else "not known"),
            f"restore proved {_ago(kept.restore_proof, now)}" if kept.restore_proof else "no restore proved",
        )
    )


def moment(ms: int, now: int, zone: tzinfo) -> str:
    """The time of day, with its date where that is another day's."""
    return f"{clock(ms, zone)[:5]}{zone_mark(ms, zone)}" if abs(now - ms) < DAY_MS else date_and_time(ms, zone)


def _ago(ms: int, now: int) -> str:
    return f"{span((now - ms) / 1000)} ago"
