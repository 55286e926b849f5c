"""Replica lag and backups on the board: what would be lost now by a failover, and by a restore."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.screen import charts
from console.screen.glance import restorable
from console.screen.limits import limits_of
from console.screen.resource_screen.facts import moment
from console.screen.tiles.tile import Scene, Told, line, worst
from console.screen.values import said
from console.times import span
from widgets.bar import Ends
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Backup, Declaration, Res

LAG = Safe("replica.lag_s")
NO_LINK = "It replicates from nobody that is known here."


def lag(scene: Scene, res: Res) -> Told:
    """The state in words before the number: a number of seconds says nothing where the link is dead."""
    followers = sorted(name for name, each in scene.picture.resources.items()
                       if each.replication is not None and each.replication.source == scene.resource)  # fmt: skip
    lines = [_own(scene, res)] if res.replication is not None or LAG in res.values else []
    lines += [_follower(scene, sanitise(name)) for name in followers]
    if not lines:
        return Told((line(NO_LINK),))
    telling = scene.resource if LAG in res.values else max(followers, key=partial(_lag_of, scene), default=None)
    chart = (
        charts.chart_of(scene.picture, telling, LAG, scene.signs, view=scene.view, named=telling != scene.resource)
        if telling is not None
        else None
    )
    values = [scene.picture.resources[name].values.get(LAG) for name in (scene.resource, *followers)]
    return Told(tuple(lines), chart, worst([value.b for value in values if value is not None]))


def _lag_of(scene: Scene, name: str) -> float:
    value = scene.picture.resources[name].values.get(LAG)
    return value.v if value is not None and value.v is not None else -1.0


def _own(scene: Scene, res: Res) -> Ends:
    words, tone = said(res.values.get(LAG), scene.now, scene.signs)
    source = res.replication.source if res.replication and res.replication.source else scene.signs.nothing
    state = res.replication.state if res.replication else Safe("state not known")
    limits = limits_of(scene.picture, scene.resource, LAG)
    bound = f"  {min(limits, key=lambda each: each.bound).bound:g}s is the first bound" if limits else ""
    return Ends(
        (
            (sanitise(f" {words}"), tone if tone is not Tone.PLAIN else Tone.TITLE),
            (sanitise(f" behind {source}: {state}"), Tone.PLAIN),
            (sanitise(bound), Tone.DIM),
        )
    )


def _follower(scene: Scene, name: Safe) -> Ends:
    res = scene.picture.resources[name]
    words, tone = said(res.values.get(LAG), scene.now, scene.signs)
    state = res.replication.state if res.replication else ""
    return Ends(((sanitise(f" {name} "), Tone.PLAIN), (words, tone), (sanitise(f" behind it: {state}"), Tone.DIM)))


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
