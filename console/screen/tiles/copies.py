"""Backups on the board: what would be lost now by a restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.screen.glance import restorable
from console.screen.resource_screen.facts import moment
from console.screen.tiles.tile import Scene, Told, line
from console.times import span
from widgets.bar import Ends
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Backup, Declaration, Res


def backups(scene: Scene, res: Res) -> Told:
    """Each fact of its own, and what it was declared to be."""
    if res.backup is None:
        return Told()
    kept, now = res.backup, scene.now
    rows = [_achieved(kept, now)]
    zone, proved = scene.view.zone, kept.restore_proof
    rows += [
        _fact("kept for", span(kept.retention_s) if kept.retention_s else Safe("not at all"), bad=not kept.retention_s),
        _fact("restorable to", sanitise(moment(kept.restorable, now, zone)) if kept.restorable else None),
        _fact("newest snapshot", sanitise(moment(kept.snapshot, now, zone)) if kept.snapshot else None),
        _fact("restore proved", sanitise(f"{span((now - proved) / 1000)} ago") if proved else None, absent="never"),
    ]
    differing = [each for each in res.declared if each.fact == "retention_at_least" and each.holds is False]
    rows += [_declared(each) for each in differing]
    return Told(tuple(rows), level=Severity.WARNING if differing or not kept.retention_s else None)


def _achieved(kept: Backup, now: int) -> Ends:
    newest = restorable(kept)
    if newest is None:
        return line("What could be restored is not known.", Tone.WARN)
    words = f"{span((now - newest) / 1000)} would be lost by restoring now (achieved RPO)"
    return Ends(((sanitise(f" {words}"), Tone.TITLE),))


def _fact(name: str, value: Safe | None, *, absent: str = "not known", bad: bool = False) -> Ends:
    tone = Tone.WARN if bad or value is None else Tone.PLAIN
    return Ends(((sanitise(f" {name:16}"), Tone.DIM), (value or sanitise(absent), tone)))


def _declared(row: Declaration) -> Ends:
    return line(f"not as declared: kept for {row.found}, should be at least {row.wanted}", Tone.WARN)
