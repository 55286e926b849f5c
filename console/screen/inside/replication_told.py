"""What is told of the chosen one among those that copy from each other: in sentences, as slots, as a chart? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collectors.inside.replication import Replication, ReplicationByAws, Slot
from collectors.safe import Safe, sanitise
from console.screen.charts import chart_of
from console.screen.foot import wrapped
from console.screen.inside.copying import LAG
from console.screen.inside.family_tree import Member
from console.screen.inside.replication_words import sentence
from console.screen.inside.witnesses import Joined
from console.screen.picture import Picture
from console.screen.values import Signs
from console.screen.view import View
from widgets.bar import Ends
from widgets.chart import ChartData
from widgets.tone import Tone

NO_HISTORY = Safe("no history of its lag is told")


def detail(picture: Picture, member: Member, link: Joined | None, *, now: datetime, columns: int) -> list[Ends]:
    """One link in sentences, and what could not be seen; whole, for a reason that is cut off is none."""
    facts = (picture.inside_of(member.key, part) for part in (Replication, ReplicationByAws))
    notes = dict.fromkeys(note for fact in facts if fact is not None for note in fact.notes)
    said = sentence(link, now) if link is not None else _no_link(member)
    room = max(1, columns - 2)
    lines = [Ends(((sanitise(f" {part}"), Tone.PLAIN),)) for part in wrapped(said, room)]
    return lines + [Ends(((sanitise(f" {part}"), Tone.WARN),)) for note in notes for part in wrapped(note, room)]


def tallest(picture: Picture, members: Sequence[Member], *, now: datetime, columns: int) -> int:
    """The most lines that `detail` has of any of them, with its first link."""
    firsts = ((member, next(iter(member.links), None)) for member in members)
    return max((len(detail(picture, *each, now=now, columns=columns)) for each in firsts), default=0)


def _no_link(member: Member) -> Safe:
    if member.source:
        return sanitise(f"{member.name} copies from {member.source}; nobody tells how far it is behind.")
    return sanitise(f"Nobody tells of any link from {member.name} or to it.")


def slots(picture: Picture, member: Member | None) -> tuple[Slot, ...]:
    fact = picture.inside_of(member.key, Replication) if member is not None else None
    return fact.slots if fact is not None else ()


def chart(picture: Picture, members: Sequence[Member], member: Member | None, signs: Signs, view: View) -> ChartData:
    """The chosen one's own; else of the farthest behind beside it, which is what one asks of a source too."""
    told = _charted(picture, members, member) if member is not None else None
    if told is None:
        return ChartData(Safe("lag"), Safe("Seconds"), (), 0, picture.now_ms or 1, empty=NO_HISTORY)
    return chart_of(picture, told, LAG, signs, view=view)


def _charted(picture: Picture, members: Sequence[Member], member: Member) -> Safe | None:
    beside = next((each.below for each in members if each.key == member.source), ())
    for names in ([member.key], [each.copy for each in member.below], [each.copy for each in beside]):
        behind = {name: res.values[LAG].v or 0.0 for name in names
                  if (res := picture.resources.get(name)) is not None and LAG in res.values}  # fmt: skip
        if behind:
            return max(behind, key=behind.__getitem__)
    return None
