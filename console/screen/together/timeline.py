"""The time line of an incident: what people noted and did, the newest last. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.foot import wrapped
from console.screen.picture import Picture
from console.screen.together.words import (
    ROLES,
    has_faded,
    in_order,
    is_open,
    lasted,
    moment,
    place,
    silent_s,
    since,
    watches,
)
from console.screen.values import TONES
from console.times import date_and_time, span
from widgets.bar import Ends
from widgets.columns import Column
from widgets.rows import Cell, Row
from widgets.tone import Tone

SOURCE = "incident"  # of events that tell what people did, and no note
COLUMNS = (
    Column("time", Safe("TIME"), width=11, priority=95),
    Column("who", Safe("WHO"), width=12, priority=90),
    Column("resource", Safe("RESOURCE"), width=16, priority=40),
    Column("text", Safe("WHAT"), width=10, flex=1, priority=100),
)
NONE_YET = (Safe("Nothing was noted yet: n notes something for everybody."),)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of it. A note names who said it; what was done says it itself."""

    key: Safe
    t: int
    text: Safe
    who: Safe = NO_TEXT
    resource: Safe | None = None
    is_proved: bool = True


def entries(picture: Picture) -> list[Entry]:
    """The oldest first."""
    noted = [
        Entry(sanitise(name), note.t, note.text, note.user, note.resource, note.is_proved)
        for name, note in picture.notes.items()
    ]
    done = [
        Entry(sanitise(f"{event.t} {number}"), event.t, event.text)
        for number, event in enumerate(event for event in picture.events if event.source == SOURCE)
    ]
    return sorted([*noted, *done], key=lambda each: (each.t, each.key))


def rows(told: list[Entry], now_ms: int, zone: tzinfo, nothing: Safe) -> list[Row]:
    return [_row(each, now_ms, zone, nothing) for each in told]


def _row(entry: Entry, now_ms: int, zone: tzinfo, nothing: Safe) -> Row:
    who = entry.who if entry.is_proved else sanitise(f"{entry.who}?")
    text = entry.text if entry.is_proved else sanitise(f"(unproved) {entry.text}")
    tone = Tone.PLAIN if entry.who and entry.is_proved else Tone.DIM
    cells = (
        Cell(moment(entry.t, now_ms, zone), Tone.DIM),
        Cell(who or nothing, Tone.ACCENT if entry.who and entry.is_proved else Tone.DIM),
        Cell(entry.resource or nothing, Tone.DIM),
        Cell(text, tone),
    )
    return Row(entry.key, cells)


def whole(entry: Entry, zone: tzinfo) -> Safe:
    """For whoever wants to read it to its end."""
    about = f" on {entry.resource}" if entry.resource else ""
    who = f" {entry.who}{about}:" if entry.who else ""
    doubt = "" if entry.is_proved else " (a broker says so; no signature proves who said it)"
    return sanitise(f"{date_and_time(entry.t, zone)}{who} {entry.text}{doubt}")


def head(picture: Picture, zone: tzinfo, columns: int, room: int) -> list[Ends]:
    """What it is, who commands it and who leads, in at most ``room`` lines."""
    incident, lead = picture.incident, picture.lead
    led = f"{lead.user} leads from {place(lead.pane, lead.resource)}" if lead is not None else "nobody leads"
    if incident is None:
        first = Safe(" No incident was opened: :open NAME [severity] opens one."), Tone.PLAIN
        return _lines([(first[0], first[1]), (sanitise(f" {led}"), Tone.DIM)], columns, room)
    now = picture.now_ms or incident.opened
    if is_open(incident):
        words = f" INCIDENT {incident.severity.value.upper()} {lasted(incident, now)}: {incident.name}"
        told = [(sanitise(words), TONES.get(incident.severity, Tone.WARN))]
        more = f" commander {incident.commander}, opened by {incident.by} at {since(incident, zone)}, {led}"
    else:
        closed = span((now - (incident.closed or now)) / 1000)
        words = f" CLOSED {incident.name}: {incident.outcome}"
        told = [(sanitise(words), Tone.PLAIN)]
        more = f" by {incident.closed_by} {closed} ago, after {lasted(incident, now)}; {led}"
    return _lines([*told, (sanitise(more), Tone.DIM)], columns, room)


def here(picture: Picture, columns: int, room: int) -> list[Ends]:
    """Who is here, a line each; where there is no room for all the last line says how many more."""
    people = in_order(picture.presence.values())
    lines = [(sanitise(f" HERE: {len(people)}"), Tone.HEADER)]
    for each in people:
        role = f"{ROLES[each.role]}{'' if each.is_proved else ', unproved'}"
        faded = has_faded(each, picture)
        ago = f", not heard of for {span(silent_s(each, picture))}" if faded else ""
        count = f", {each.screens} screens" if each.screens > 1 else ""
        looks = watches(each, picture.lead)
        words = f"  {each.user:<12}  {role}{count}{ago}{f'  {looks}' if looks else ''}"
        lines.append((sanitise(words), Tone.DIM if faded or not each.is_proved else Tone.PLAIN))
    if len(lines) > room > 0:
        left = len(lines) - room + 1
        lines = [*lines[: room - 1], (sanitise(f"  and {left} more"), Tone.DIM)]
    return [Ends((line,)) for line in lines[: max(0, room)]]


def _lines(told: list[tuple[Safe, Tone]], columns: int, room: int) -> list[Ends]:
    """As many as there is room for; what is longer than a line goes on below only where there is a spare one."""
    spare = room - len(told)
    lines: list[Ends] = []
    for words, tone in told:
        parts = list(wrapped(words, max(1, columns - 2)))
        if len(parts) > 1 + max(0, spare):
            keep = max(0, spare)
            parts = [*parts[:keep], sanitise(" ".join(parts[keep:]))]
        spare -= len(parts) - 1
        lines += [Ends(((sanitise(f" {part}"), tone),)) for part in parts]
    return lines[: max(1, room)]
