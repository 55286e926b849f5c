"""Which resources belong together by who copies from whom, and what stands beside each in the drawing? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from collectors.inside.replication import DEAD, LinkState, Replication
from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.inside.copying import LAG, fact_of, is_standby, links
from console.screen.inside.neighbours import Names, near
from console.screen.inside.replication_words import edge, lost, tone
from console.screen.inside.witnesses import Joined
from console.screen.picture import Picture
from console.screen.values import TONES, Signs
from widgets.columns import Column
from widgets.rows import Cell
from widgets.tone import Tone
from widgets.topology import Edge, Node

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

COLUMNS = (
    Column("role", Safe("ROLE"), width=8, priority=95),
    Column("az", Safe("AZ"), width=12, priority=92),
    Column("lost", Safe("LOST IF PROMOTED"), width=16, priority=80),
    Column("status", Safe("STATUS"), width=10, priority=70),
    Column("tier", Safe("TIER"), width=4, priority=60),
    Column("region", Safe("REGION"), width=14, priority=50),
    Column("changes", Safe("ROLE CHANGES"), width=12, priority=40),
)
SOURCES = ("primary", "writer")
_NOT_TOLD = Safe("not told")


@dataclass(frozen=True, slots=True)
class Member:
    """``key``: the resource's id; of a copy that is none here its source's id and its name, for it is no one else's."""

    key: Safe
    name: Safe
    above: tuple[Joined, ...] = ()  # the first is the one it is drawn below
    below: tuple[Joined, ...] = ()
    source: Safe | None = None  # whom it is drawn below; also where nobody tells how they do
    is_standby: bool = False

    @property
    def links(self) -> tuple[Joined, ...]:
        return *self.above, *self.below


def family(picture: Picture, resource: Safe) -> tuple[Member, ...]:
    """All that copy from it, or that it copies from, at any distance; and the other members of its cluster."""
    resources = near(picture, resource)
    by_key = _members(links(replace(picture, resources=resources)), resources)
    of = _clusters(resources)
    found: dict[Safe, None] = {}
    copies: dict[Safe, list[Safe]] = {}
    for each in by_key.values():
        for source in {link.source for link in each.above} | {each.source or NO_TEXT}:
            copies.setdefault(source, []).append(each.key)
    wanted = [resource, *of.get(resource, ())]
    while wanted:
        key = wanted.pop()
        if key in found or key not in by_key:
            continue
        found[key] = None
        member, res = by_key[key], resources.get(key)
        wanted += copies.get(key, [])
        wanted += [link.source for link in member.above] + [member.source or NO_TEXT]
        wanted += of.get(res.cluster, ()) if res is not None and res.cluster else ()
    standing = [key for key in by_key if key in found and (len(found) == 1 or not _is_only_a_name(key, of, by_key))]
    return tuple(by_key[key] for key in sorted(standing, key=lambda key: _rank(by_key[key])))


def _is_only_a_name(key: Safe, clusters: Mapping[str, tuple[Safe, ...]], members: Mapping[Safe, Member]) -> bool:
    """A cluster that has members is these."""
    return bool(clusters.get(key)) and not members[key].above and not members[key].below


def _clusters(resources: Mapping[str, Res]) -> dict[str, tuple[Safe, ...]]:
    found: dict[str, tuple[Safe, ...]] = {}
    for name, res in resources.items():
        if res.cluster:
            found[res.cluster] = (*found.get(res.cluster, ()), sanitise(name))
    return found


def _members(all_links: Iterable[Joined], resources: Mapping[str, Res]) -> dict[Safe, Member]:
    above: dict[Safe, list[Joined]] = {}
    below: dict[Safe, list[Joined]] = {}
    names = {sanitise(name): sanitise(name) for name in resources}
    for each in all_links:
        key = _key(each.copy, each.source, resources)
        names.setdefault(key, each.copy)
        above.setdefault(key, []).append(each)
        if each.source:
            names.setdefault(each.source, each.source)
            below.setdefault(each.source, []).append(each)
    found = {key: _member(key, name, above, below) for key, name in names.items()}
    return {**found, **_untold(found, resources)}


def _member(key: Safe, name: Safe, above: Mapping[Safe, list[Joined]], below: Mapping[Safe, list[Joined]]) -> Member:
    own = tuple(above.get(key, ()))
    standby = key != name and any(is_standby(each.link) for each in own)
    copies = sorted(below.get(key, ()), key=lambda each: (-each.rank, each.copy))
    return Member(key, name, own, tuple(copies), own[0].source or None if own else None, standby)


def _untold(members: Mapping[Safe, Member], resources: Mapping[str, Res]) -> dict[Safe, Member]:
    """Copies that the list of resources knows and of which nobody tells how they do."""
    found: dict[Safe, Member] = {}
    ends = Names(resources)
    writers = {res.cluster: sanitise(name) for name, res in resources.items() if res.cluster and res.role in SOURCES}
    for name, res in resources.items():
        about = sanitise(name)
        if fact_of(res, "SecondaryAvailabilityZone") and not any(
            each.is_standby for each in members.values() if each.source == about
        ):
            key = sanitise(f"{about}/standby")
            found[key] = Member(key, Safe("standby"), source=about, is_standby=True)
        listed = ends.resource(fact_of(res, "ReadReplicaSource"))
        listed = listed or (writers.get(res.cluster) if res.cluster and res.role not in SOURCES else None)
        if listed is not None and listed != about and not members[about].above:
            found[about] = Member(about, about, (), members[about].below, listed)
    return found


def _key(copy: Safe, source: Safe, resources: Mapping[str, Res]) -> Safe:
    return copy if copy in resources else sanitise(f"{source}/{copy}")


def _rank(member: Member) -> tuple[bool, bool, str]:
    """A standby first, then by name: nothing moves when a lag does."""
    return member.source is not None, not member.is_standby, member.name


def nodes(picture: Picture, members: Iterable[Member], signs: Signs) -> tuple[Node, ...]:
    return tuple(_node(picture, each, signs) for each in members)


def _node(picture: Picture, member: Member, signs: Signs) -> Node:
    res = picture.resources.get(member.key)
    link = member.above[0] if member.above else None
    if link is not None:
        line = Edge(edge(link), dead=link.link.state in DEAD, tone=_tone(picture, link, res))
    else:
        line = Edge((_NOT_TOLD,), tone=Tone.DIM)
    under = line if link is not None or member.source is not None else None
    return Node(member.key, member.name, member.source, under, tuple(_cells(picture, member, res, link, signs)))


def _tone(picture: Picture, link: Joined, res: Res | None) -> Tone:
    """Beyond a bound of the profile it is as grave as that, unless the link itself is worse."""
    if picture.stale:
        return Tone.DIM
    value = res.values.get(LAG) if res is not None else None
    grave = TONES.get(value.b, Tone.PLAIN) if value is not None and value.b is not None else Tone.PLAIN
    own = tone(link)
    return grave if own in (Tone.GOOD, Tone.PLAIN) and grave is not Tone.PLAIN else own


def _cells(picture: Picture, member: Member, res: Res | None, link: Joined | None, signs: Signs) -> Iterable[Cell]:
    source = picture.resources.get(member.source or "")
    fact = picture.inside_of(member.key, Replication)
    none = Cell(signs.inapplicable, Tone.DIM)
    if res is None:
        az = fact_of(source, "SecondaryAvailabilityZone") if source and member.is_standby else NO_TEXT
        yield Cell(Safe("standby") if member.is_standby else Safe("copy") if member.source else Safe("source"))
        yield Cell(az, Tone.DIM) if az else none
        yield _lost(link, none)
        yield Cell(link.link.told if link is not None and not member.is_standby else NO_TEXT, Tone.DIM)
        yield from (none, Cell(source.region if source and az else NO_TEXT, Tone.DIM), none)
        return
    yield Cell(res.role or (fact.role if fact else NO_TEXT) or signs.inapplicable)
    yield Cell(res.az, Tone.DIM)
    yield _lost(link, none)
    yield Cell(res.status, Tone.PLAIN if res.status.lower() in ("available", "active") else Tone.WARN)
    yield Cell(fact_of(res, "PromotionTier") or signs.inapplicable, Tone.DIM)
    yield Cell(res.region, Tone.DIM)
    yield none if fact is None or fact.role_changes is None else Cell(sanitise(str(fact.role_changes)), Tone.DIM)


def _lost(link: Joined | None, none: Cell) -> Cell:
    if link is None:
        return none
    at_risk = link.link.state in DEAD or bool(link.link.unsent.seconds or link.link.unsent.bytes)
    quiet = link.link.state is LinkState.IN_STEP or not link.link.unsent.is_known
    return Cell(lost(link), Tone.WARN if at_risk else Tone.DIM if quiet else Tone.PLAIN)
