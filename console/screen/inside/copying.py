"""Which links are there in the estate, and between which resources? From facts of both ends, of AWS, and of the list.

Pure, from the picture alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from collectors.inside.replication import Distance, Link, LinkState, Replication, ReplicationByAws
from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.inside.neighbours import Names
from console.screen.inside.witnesses import DATABASE, Joined, Told, joined
from console.screen.picture import Picture

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

LAG = Safe("replica.lag_s")
_STATES = {state.value: state for state in LinkState}


def fact_of(res: Res, name: str) -> Safe:
    """As the list of resources tells it; empty where it does not."""
    return res.facts.get(sanitise(name), NO_TEXT)


def links(picture: Picture) -> tuple[Joined, ...]:
    """Every link once. An end that is no resource here has the name that it was given."""
    now = datetime.fromtimestamp((picture.now_ms or 0) / 1000, UTC)
    names = Names(picture.resources)
    told: dict[tuple[Safe, Safe], list[Told]] = {}
    for each in _matched(tuple(_told(picture, names)), picture.resources):
        told.setdefault((each.link.source, each.link.copy), []).append(each)
    found = {ends: joined(words, now) for ends, words in told.items()}
    linked = {copy for _, copy in found}
    for name, res in picture.resources.items():
        about = sanitise(name)
        if res.replication is not None and about not in linked:
            bare = _bare(about, res, names)
            found[bare.source, bare.copy] = bare
    return tuple(found.values())


def _told(picture: Picture, names: Names) -> Iterator[Told]:
    for name, res in picture.resources.items():
        about = sanitise(name)
        for part in (Replication, ReplicationByAws):
            fact = picture.inside_of(name, part)
            if fact is None:
                continue
            by_aws = part is ReplicationByAws
            for link in fact.upstream:
                source = names.resource(link.source) or _source(res, names, fact) or link.source
                yield Told(replace(link, source=source, copy=about), fact.observed, by_aws, by_copy=True)
            for link in fact.downstream:
                yield Told(
                    replace(link, source=about, copy=names.resource(link.copy) or link.copy), fact.observed, by_aws
                )


def _source(res: Res, names: Names, fact: Replication) -> Safe | None:
    """An address that nobody here knows is the source that AWS names, where there can be only one."""
    listed = fact_of(res, "ReadReplicaSource") or (res.replication.source if res.replication else None)
    return names.resource(listed) if listed and len(fact.upstream) == 1 else None


def _matched(told: tuple[Told, ...], resources: Mapping[str, Res]) -> Iterator[Told]:
    """A source may know a copy only by a name of its own, such as an address, of which nobody knows whose it is.

    Where one is left over on either side, it is the same. Where several are, each copy tells for itself, and the
    addresses are told apart from them only where one is dead.
    """
    by_source: dict[Safe, list[Told]] = {}
    for each in told:
        by_source.setdefault(each.link.source, []).append(each)
    for source, words in by_source.items():
        yield from _matched_of(words, resources) if source in resources else words


def _matched_of(words: Sequence[Told], resources: Mapping[str, Res]) -> Iterator[Told]:
    """Of one source. A standby, which is no resource, is only ever that of which AWS says so."""
    strange = [each for each in words if each.link.copy not in resources]
    standbys, others = [e for e in strange if is_standby(e.link)], [e for e in strange if not is_standby(e.link)]
    own = {each.link.copy for each in others if not each.by_aws}
    met = {each.link.copy for each in words if not each.by_aws and not each.by_copy}
    left = {each.link.copy for each in words if each.link.copy in resources} - met
    left = left or {each.link.copy for each in others if each.by_aws}
    same = _same(own, left) | _same(
        {each.link.copy for each in standbys if each.by_aws}, {each.link.copy for each in standbys if not each.by_aws}
    )
    for each in words:
        if each.link.copy in same:
            yield replace(each, link=replace(each.link, copy=same[each.link.copy]))
        elif each.link.copy not in own or each.is_dead or len(left) < len(own):
            yield each


def _same(these: Collection[Safe], those: Collection[Safe]) -> dict[Safe, Safe]:
    return dict(zip(these, those, strict=True)) if len(these) == len(those) == 1 else {}


def is_standby(link: Link) -> bool:
    """It takes over, and is read by nobody; that is known by how it is called."""
    return "standby" in f"{link.copy} {link.mode} {link.told}".lower()


def _bare(about: Safe, res: Res, names: Names) -> Joined:
    """Where nobody tells more than a number and a word."""
    told = res.replication
    value = res.values.get(LAG)
    state = _STATES.get(told.state, LinkState.UNKNOWN) if told else LinkState.UNKNOWN
    seconds = value.v if value is not None and value.s == "fresh" else None
    source = (names.resource(told.source) or told.source) if told and told.source else NO_TEXT
    link = Link(source, about, state, told=told.state if told else NO_TEXT, lag=Distance(seconds=seconds))
    return Joined(link, DATABASE, is_old=value is not None and value.s == "stale")
