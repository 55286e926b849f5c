"""Which link leads from where to where? What the services' links have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass

from collectors.aws.answers import in_words
from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.replication.judging import Heard, Verdict
from collectors.aws.replication.told import Papers
from collectors.inside.replication import NOT_MEASURED, Distance, Link
from collectors.safe import NO_TEXT, Safe, sanitise

Key = tuple[Safe, Safe]
"""Source and copy, as they are shown."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link: a resource of the estate, or somebody of whom only the name is known."""

    name: Safe
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """``verdict`` None: nobody measures this link."""

    link: Link
    source: Found | None = None
    copy: Found | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """What is said of a link beside its state."""

    mode: Safe
    told: str = ""
    unsent: Distance = NOT_MEASURED
    more: tuple[tuple[Safe, object], ...] = ()


class Estate:
    """All that was found, to look up who is meant; what lies on the desk; and when each link was last heard of."""

    def __init__(self, found: Iterable[Found], papers: Papers, heard: MutableMapping[Key, Heard]) -> None:
        self.found = tuple(found)
        self.papers = papers
        self.heard = heard
        self._by_arn = {each.arn: each for each in self.found}
        self._by_name = {(each.place, each.kind, each.name): each for each in self.found}

    def named(self, beside: Found, kind: str, name: str) -> End:
        """``name``: of the same place, or an ARN."""
        found = self._by_arn.get(name) or self.at(beside.place, kind, name)
        return End(found.id, found) if found else End(sanitise(_short(name)))

    def at(self, place: Place, kind: str, name: str) -> Found | None:
        return self._by_name.get((place, kind, name))

    def edge(self, source: End, copy: End, verdict: Verdict, manner: Manner) -> Edge:
        """What was heard of it last is remembered for when it goes silent."""
        if verdict.heard is not None:
            self.heard[source.name, copy.name] = verdict.heard
        return Edge(_link(source, copy, verdict, manner), source.found, copy.found, verdict)


def unmeasured(source: End, copy: End, verdict: Verdict, manner: Manner) -> Edge:
    """Of a copy that nobody can ask and AWS does not measure."""
    return Edge(_link(source, copy, verdict, manner), source.found, copy.found)


def _link(source: End, copy: End, verdict: Verdict, manner: Manner) -> Link:
    return Link(
        source=source.name,
        copy=copy.name,
        state=verdict.state,
        told=sanitise(manner.told) if manner.told else NO_TEXT,
        mode=manner.mode,
        lag=verdict.lag,
        unsent=manner.unsent,
        heard=verdict.heard.at if verdict.heard else None,
        why=verdict.why,
        more=tuple(_said(manner.more)),
    )


def _said(more: Iterable[tuple[Safe, object]]) -> Iterator[tuple[Safe, Safe]]:
    return ((name, words) for name, value in more if (words := in_words(value)))


def _short(name: str) -> str:
    """`arn:aws:rds:us-east-1:111122223333:db:orders` as `orders@us-east-1`"""
    parts = name.split(":")
    return f"{parts[-1]}@{parts[3]}" if len(parts) > 6 else name
