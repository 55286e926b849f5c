"""The board's short word on who is at work and who holds up whom; the screens of the same names tell it in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.inside.blocking import chains
from collectors.inside.sessions import Session, Sessions
from collectors.readings import Severity
from console.screen.foot import wrapped
from console.screen.inside.session_words import lasting, sentence, who
from console.screen.tiles.tile import Scene, Told, line
from widgets.bar import Ends
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

LONG_MS = 30_000.0  # nobody would wait so long for a lock on purpose


def activity(scene: Scene, res: Res) -> Told:
    """How many are at work, and those that worry most."""
    fact = scene.picture.inside_of(scene.resource, Sessions)
    if fact is None:
        return Told()
    at_work = sum(row.elapsed_ms is not None for row in fact.rows) + fact.more
    head = line(f"{at_work} at work of {fact.connected} connected", Tone.PLAIN)
    return Told((head, *(_row(row) for row in fact.rows[: max(0, scene.rows - 1)])))


def _row(row: Session) -> Ends:
    since = row.elapsed_ms if row.elapsed_ms is not None else row.idle_ms or 0.0
    doing = f"{row.wait} {lasting(row.wait_ms)}" if row.wait else f"{row.status} {lasting(since)}"
    held = f" by {row.blocked_by}" if row.blocked_by > 0 else ""
    return line(f"{row.id} {doing}{held}  {who(row)}  {row.statement}", Tone.PLAIN if row.wait else Tone.DIM)


def blocking(scene: Scene, res: Res) -> Told:
    """Each that holds up others, in a sentence."""
    fact = scene.picture.inside_of(scene.resource, Sessions)
    if fact is None:
        return Told()
    roots = chains(fact.rows)
    if not roots:
        return Told((line("Nobody blocks anybody.", Tone.GOOD),))
    said = [part for root in roots for part in wrapped(sentence(root, fact.observed), scene.columns - 2)]
    longest = max(root.longest_ms for root in roots)
    tone = Tone.WARN if longest >= LONG_MS else Tone.PLAIN
    return Told(
        tuple(line(part, tone) for part in said[: scene.rows]),
        level=Severity.WARNING if longest >= LONG_MS else None,
    )
