"""Replica lag on the board: does the link live, how far behind is the copy, and what would a promotion lose?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from collectors.inside.replication import DEAD, LinkState
from collectors.readings import Severity
from collectors.safe import sanitise
from console.screen import charts
from console.screen.foot import wrapped
from console.screen.inside.copying import LAG
from console.screen.inside.family_tree import Member, family
from console.screen.inside.replication_words import far, sentence, state, tone
from console.screen.inside.witnesses import Joined
from console.screen.limits import limits_of, objectives_of
from console.screen.tiles.tile import Scene, Told, line, worst
from widgets.bar import Ends
from widgets.chart import ChartData
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

NO_LINK = "It replicates from nobody that is known here."


def tell(scene: Scene, res: Res) -> Told:
    """The state in words before the number: a number of seconds says nothing where the link is dead."""
    member = next((each for each in family(scene.picture, scene.resource) if each.key == scene.resource), None)
    if member is None or not (member.above or member.below):
        return Told((line(_no_link(member)),))
    lines = [part for each in member.above for part in _own(scene, each)]
    lines += [_follower(scene, each) for each in member.below]
    dead = any(each.link.state in DEAD for each in (*member.above, *member.below))
    names = (scene.resource, *(each.copy for each in member.below))
    values = [found.values.get(LAG) for name in names if (found := scene.picture.resources.get(name)) is not None]
    level = worst([value.b for value in values if value is not None])
    return Told(tuple(lines), _chart(scene, member), worst([level, Severity.HIGH]) if dead else level)


def _no_link(member: Member | None) -> str:
    if member is not None and member.source:
        return f"It copies from {member.source}; nobody tells how far it is behind."
    return NO_LINK


def _own(scene: Scene, each: Joined) -> list[Ends]:
    """With the first bound; then in a sentence what a promotion would cost, where there is more to say than that."""
    source = each.source or scene.signs.nothing
    how = state(each)
    joint = "" if how.endswith("behind") else " with" if each.link.state is LinkState.IN_STEP else ", from"
    runs = ((sanitise(f" {_old(each)}{how}"), _tone(scene, each)), (sanitise(f"{joint} {source}"), Tone.PLAIN))
    head = Ends((*runs, (sanitise(_bounds(scene)), Tone.DIM)))
    if not each.link.unsent.is_known and not each.link.why and each.link.heard is None:
        return [head]
    now = datetime.fromtimestamp(scene.now / 1000, UTC)
    said = sentence(each, now).partition(". ")[2]
    return [head, *(line(part, Tone.PLAIN) for part in wrapped(sanitise(said), scene.columns - 2))]


def _follower(scene: Scene, each: Joined) -> Ends:
    costs = f"  would lose {far(each.link.unsent)}" if each.link.unsent.is_known else ""
    if not costs and each.link.state in DEAD:
        costs = "  what it would lose is not known"
    runs = ((sanitise(f" {each.copy} "), Tone.PLAIN), (sanitise(f"{_old(each)}{state(each)}"), _tone(scene, each)))
    return Ends((*runs, (sanitise(costs), Tone.DIM)))


def _old(each: Joined) -> str:
    return "? " if each.is_old else ""


def _tone(scene: Scene, each: Joined) -> Tone:
    return Tone.DIM if scene.picture.stale else tone(each)


def _bounds(scene: Scene) -> str:
    objectives = [each.bound for each in objectives_of(scene.picture, scene.resource, LAG)]
    limits = [each.bound for each in limits_of(scene.picture, scene.resource, LAG)]
    words = [f"objective {objectives[0]:g}s"] if objectives else []
    words += [f"first bound {min(limits):g}s"] if limits else []
    return f"  {', '.join(words)}" if words else ""


def _chart(scene: Scene, member: Member) -> ChartData | None:
    """Its own; a source's copy that is farthest behind."""
    there = [scene.resource, *(each.copy for each in member.below)]
    behind = {name: res.values[LAG].v for name in there
              if (res := scene.picture.resources.get(name)) is not None and LAG in res.values}  # fmt: skip
    if not behind:
        return None
    telling = scene.resource if scene.resource in behind else max(behind, key=lambda name: behind[name] or 0.0)
    named = telling != scene.resource
    return charts.chart_of(scene.picture, telling, LAG, scene.signs, view=scene.view, named=named)
