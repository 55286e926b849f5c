"""The other tiles of the board: what happened, which alarms are raised, how it was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.inside.backups import Backups, DatabaseBackups
from collectors.inside.replication import Replication, ReplicationByAws
from collectors.readings import Severity
from collectors.safe import sanitise
from console.screen.foot import wrapped
from console.screen.glance import GRAVITY, LEVELS
from console.screen.happened import event_lines, events_of
from console.screen.resource_screen.facts import moment
from console.screen.tiles.tile import Scene, Told, line, worst
from console.screen.values import TONES
from widgets.bar import Ends
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import AlarmState, Declaration, FindingBody, Res

LOOKED_AT = (Replication, ReplicationByAws, Backups, DatabaseBackups)  # what triage judges by
RECENT_MS = 30 * 60_000


def events(scene: Scene, res: Res) -> Told:
    found = events_of(scene.picture, scene.resource)
    size = (scene.columns, scene.rows + 1)
    lines = event_lines(found, size, scene.now, scene.view.zone, scene.symbols.ellipsis)
    recent = [event.severity for event in found if scene.now - event.t < RECENT_MS and event.severity != Severity.INFO]
    return Told(tuple(lines[1:]), level=worst([*recent]))  # its heading is the tile's own


def alarms(scene: Scene, res: Res) -> Told:
    """Those in ALARM first, with AWS's own reason."""
    if not res.alarms:
        return Told((line("CloudWatch has no alarm about it."),))
    raised = sorted((each for each in res.alarms if each.state == "ALARM"), key=lambda each: -(each.since or 0))
    rest = [each for each in res.alarms if each.state != "ALARM"]
    lines = [part for each in raised for part in _alarm(scene, each)]
    lines += [line(f"{each.name}  {each.state}") for each in sorted(rest, key=lambda each: each.name)]
    return Told(tuple(lines), level=Severity.WARNING if raised else None)


def _alarm(scene: Scene, alarm: AlarmState) -> tuple[Ends, ...]:
    since = f" since {moment(alarm.since, scene.now, scene.view.zone)}" if alarm.since is not None else ""
    head = line(f"{alarm.name}  ALARM{since}", Tone.WARN)
    return (head, line(f"  {alarm.reason}")) if alarm.reason else (head,)


def facts(scene: Scene, res: Res) -> Told:
    """Declared against found, the differences first; then what else is known."""
    order = {False: 0, None: 1, True: 2}
    lines = [_declared(each) for each in sorted(res.declared, key=lambda each: order[each.holds])]
    lines += [Ends(((sanitise(f" {key} "), Tone.DIM), (value, Tone.PLAIN))) for key, value in res.facts.items()]
    differs = any(each.holds is False for each in res.declared)
    return Told(
        tuple(lines) or (line("Nothing is declared or known of it."),), level=Severity.WARNING if differs else None
    )


def _declared(row: Declaration) -> Ends:
    if row.holds is False:
        return line(f"{row.fact} should be {row.wanted}, is {row.found}", Tone.WARN)
    if row.holds is None:
        return line(f"{row.fact} should be {row.wanted}; it could not be seen")
    return line(f"{row.fact} {row.found}, as declared")


def findings(scene: Scene, res: Res) -> Told:
    """What is wrong, what shows it and what to do about it; the gravest first."""
    standing = [each for each in res.findings if each.cleared is None]
    standing.sort(key=lambda each: (GRAVITY.index(each.severity), each.since))
    if not standing:
        looked_at = any(scene.picture.inside_of(scene.resource, part) is not None for part in LOOKED_AT)
        words = "Nothing is found wrong in" if looked_at else "Nothing is known yet of"
        return Told((line(f"{words} its replication and backups."),))
    lines = [part for each in standing for part in _finding(scene, each)]
    return Told(tuple(lines), level=standing[0].severity)


def _finding(scene: Scene, found: FindingBody) -> tuple[Ends, ...]:
    room = scene.columns - 4
    since = moment(found.since, scene.now, scene.view.zone)
    sure = "" if found.confidence == "high" else "perhaps: "
    head = wrapped(sanitise(f"{LEVELS[found.severity]} {sure}{found.cause}"), room)
    seen = wrapped(sanitise(f"since {since}; {'; '.join(found.evidence)}"), room)
    step = wrapped(sanitise(f"> {found.next}"), room)
    tone = TONES.get(found.severity, Tone.DIM)
    return (
        *(line(part, tone) for part in head),
        *(line(f"  {part}") for part in seen),
        *(line(f"  {part}", Tone.PLAIN) for part in step),
    )
