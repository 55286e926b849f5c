"""Backups on the board: what would be lost by restoring now, which database is worst, and when it was last tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.inside.backups import Outcome, Task
from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.estate.times import from_ms
from console.screen.inside import backup_words
from console.screen.inside.backup_facts import RPO, Known, declared_tiers, known, promised
from console.screen.inside.backup_rows import GAUGE
from console.screen.inside.backup_tiers import tiers
from console.screen.inside.backup_words import Clock
from console.screen.inside.backup_wrong import wrongs
from console.screen.inside.session_detail import gauge
from console.screen.resource_screen.facts import moment
from console.screen.tiles.tile import Scene, Told, line
from console.times import span
from widgets.bar import Ends
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Declaration, Res

LEAST_WRONG = 2
BESIDES = 7  # lines that are about else than what is wrong


def tell(scene: Scene, res: Res) -> Told:
    """Each fact of its own, what is wrong first, and what it was declared to be."""
    found = known(scene.picture, scene.resource)
    if found.is_nothing and found.status is None:
        return Told()
    at, bound = Clock(from_ms(scene.now), scene.view.zone), promised(scene.picture, scene.resource)
    declared = declared_tiers(scene.picture, scene.resource)
    rows = tiers(found, declared, at.now) if found.by_aws is not None else ()
    wrong = [each for each in wrongs(found, rows, bound, at.now, at.zone) if each[1] is not Tone.DIM]
    value = res.values.get(RPO)
    beyond = value is not None and bool(value.b)
    differing = [each for each in res.declared if each.fact == "retention_at_least" and each.holds is False]
    lines = [
        backup_words.headline(found, bound, at, beyond=beyond),
        *backup_words.wrong_lines(wrong, (scene.columns, max(LEAST_WRONG, scene.rows - BESIDES))),
        *(_under_way(task, scene.symbols) for task in found.tasks if task.outcome is Outcome.RUNNING),
        *map(_declared, differing),
        *_facts(found, scene),
    ]
    return Told(tuple(lines), level=(value.b if value else None) or (Severity.WARNING if wrong or differing else None))


def _facts(found: Known, scene: Scene) -> list[Ends]:
    now, zone = scene.now, scene.view.zone
    kept = found.by_aws.retention_s if found.by_aws else found.status.retention_s if found.status else None
    until = found.restorable_until
    snapshot = found.newest_snapshot
    proof = found.proved
    return [
        _fact("kept for", None if kept is None else span(kept) if kept else Safe("not at all"), bad=not kept),
        _fact("restorable to", sanitise(moment(int(until.timestamp() * 1000), now, zone)) if until else None),
        _fact("newest snapshot", sanitise(moment(int(snapshot.timestamp() * 1000), now, zone)) if snapshot else None),
        _fact(
            "restore proved",
            sanitise(f"{span(now / 1000 - proof.timestamp())} ago{_took(found)}") if proof else None,
            absent="never",
        ),
    ]


def _took(found: Known) -> str:
    proof = found.newest_proof
    return f", took {span(proof.took_s)}" if proof is not None and proof.took_s is not None else ""


def _under_way(task: Task, symbols: Symbols) -> Ends:
    of = f" of {task.database}" if task.database else ""
    name = (sanitise(f" {task.what}{of} "), Tone.PLAIN)
    if task.percent is None:
        return Ends((name, (Safe("is under way"), Tone.ACCENT)))
    return Ends(
        (name, (gauge(task.percent, GAUGE, symbols), Tone.ACCENT), (sanitise(f" {task.percent}%"), Tone.ACCENT))
    )


def _fact(name: str, value: Safe | None, *, absent: str = "not known", bad: bool = False) -> Ends:
    tone = Tone.WARN if bad or value is None else Tone.PLAIN
    return Ends(((sanitise(f" {name:16}"), Tone.DIM), (value or sanitise(absent), tone)))


def _declared(row: Declaration) -> Ends:
    return line(f"not as declared: kept for {row.found}, should be at least {row.wanted}", Tone.WARN)
