"""What would one write to the chat? The incident in a dozen lines at most: what, since when, why, who is at it.

Nothing is concluded here that the screen does not show, and nothing that is not known is left unsaid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.screen.acting import states
from console.screen.failover import reported
from console.screen.flush.told import reported as flushed
from console.screen.glance import GRAVITY, in_order, unread
from console.screen.happened import events_of
from console.screen.picture import Picture
from console.screen.together import reported as together
from console.times import clock, date_and_time, span, zone_mark

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Event
    from console.protocol.res import Res

BEFORE_MS = 30 * 60_000  # what changed that long before it began may be why
LONGEST = 300  # characters of a line: chats fold what is longer
MOST_VALUES, MOST_OTHERS, MOST_EVENTS = 5, 4, 4
OUR_OWN = ("dbconsole", "triage")


@dataclass(frozen=True, slots=True)
class Joining:
    """How others may look too."""

    socket: str
    host: str


def report(picture: Picture, joining: Joining, zone: tzinfo, about: Safe | None = None) -> tuple[Safe, ...]:
    """``about``: what the person looks at; else the worst there is."""
    now = picture.now_ms
    if picture.meta is None or now is None:
        return (Safe("Nothing is known yet: no engine has spoken."),)
    ordered = [name for name, _ in in_order(picture.resources.items())]
    chosen = about if about in picture.resources else sanitise(ordered[0]) if ordered else None
    people = together.told(picture, zone)
    lines = [_head(picture, now, zone), *people, *reported.told(picture, zone), *flushed(picture, zone)]
    if chosen is not None:
        lines += _of(picture, chosen, now, zone)
        lines += _others(picture, [name for name in ordered if name != chosen])
    lines += [
        f"Actions: {states.told(picture.ops.values(), now)}",
        *together.noted(picture, zone),
        f"Watching: {together.watchers(picture)}",
        f"Join: ssh -t {joining.host} dbconsole view {joining.socket}",
        *_unknown(picture),
    ]
    return tuple(sanitise(line, LONGEST) for line in lines if line)


def _head(picture: Picture, now: int, zone: tzinfo) -> str:
    levels = [res.level for res in picture.resources.values() if res.level is not None]
    counts = [f"{levels.count(level)} {level.value}" for level in GRAVITY if level in levels]
    state = ", ".join(counts) if counts else "all within bounds"
    meta = picture.meta
    mode = f" ({meta.mode.upper()})" if meta is not None and meta.mode != "live" else ""
    estate = meta.estate if meta is not None else ""
    old = f", as it was {span(picture.contact_s)} ago" if picture.stale else ""
    return f"{estate}{mode} at {date_and_time(now, zone)}{old}: {state} of {len(picture.resources)} resources"


def _of(picture: Picture, name: Safe, now: int, zone: tzinfo) -> Iterator[str]:
    res = picture.resources[name]
    place = ", ".join(filter(None, (res.engine, res.role, res.az or res.region)))
    if res.level is None:
        yield f"{name} ({place}): {res.status}, within its bounds"
        return
    yield f"{name} ({place}) is {res.level.value.upper()}: {'; '.join(res.why) or 'no reason given'}"
    if res.since is not None:
        yield f"Since: {clock(res.since, zone)}{zone_mark(res.since, zone)} ({span((now - res.since) / 1000)})"
    yield _evidence(res, now)
    yield from _found(res)
    yield changes(events_of(picture, name), res.since or now, zone)


def _evidence(res: Res, now: int) -> str:
    """The values that are beyond a bound, each with its age."""
    beyond = [(GRAVITY.index(value.b), key, value) for key, value in res.values.items() if value.b is not None]
    said = [
        f"{key.removeprefix('cloudwatch.')} {number(value.v, value.u)} ({span((now - value.t) / 1000)} old)"
        for _, key, value in sorted(beyond, key=lambda each: each[:2])[:MOST_VALUES]
        if value.v is not None
    ]
    return f"Evidence: {', '.join(said)}" if said else "Evidence: AWS's own word; no value is beyond a bound"


def _found(res: Res) -> Iterator[str]:
    """The gravest of what triage has found: what shows it, and what to do."""
    standing = [each for each in res.findings if each.cleared is None]
    if standing:
        worst = min(standing, key=lambda each: (GRAVITY.index(each.severity), each.since))
        yield f"Found: {worst.cause} ({'; '.join(worst.evidence)}). Next: {worst.next}"


def changes(events: Sequence[Event], since: int, zone: tzinfo) -> str:
    """What happened before it, the newest last; what this console said itself is no change."""
    found = [each for each in events if since - BEFORE_MS <= each.t <= since + 60_000 and each.source not in OUR_OWN]
    if not found:
        return f"Changes in the {span(BEFORE_MS / 1000)} before: no event is known"
    told = (f"{clock(each.t, zone)} {each.text.rstrip('.')}" for each in reversed(found[:MOST_EVENTS]))
    return f"Changes before: {'; '.join(told)}"


def _others(picture: Picture, names: Sequence[str]) -> list[str]:
    sick = [
        (name, picture.resources[name]) for name in names if picture.resources[name].level not in (None, Severity.INFO)
    ]
    if not sick:
        return []
    told = [f"{name} {res.level.value if res.level else ''}: {res.why[0] if res.why else ''}" for name, res in sick]
    more = f"; and {len(sick) - MOST_OTHERS} more" if len(sick) > MOST_OTHERS else ""
    return [f"Also: {'; '.join(told[:MOST_OTHERS])}{more}"]


def _unknown(picture: Picture) -> list[str]:
    """Whoever reads this must know what it could not see."""
    parts = []
    if picture.status is not None:
        unwell = [each for each in picture.status.collectors if each.state in ("failing", "denied", "late")]
        parts += [f"{each.name} of {each.target} is {each.state}" for each in unwell[:3]]
        parts += [f"{len(unwell) - 3} more collectors"] if len(unwell) > 3 else []
    blind = sum(bool(unread(res)) for res in picture.resources.values())
    parts += [f"{blind} resources have values that cannot be read"] if blind else []
    return [f"Not known: {'; '.join(parts)}"] if parts else []
