"""Which few resources of a large estate can have to do with one, by who copies from whom? Pure.

It is asked at each paint: whatever looks closer then has only these to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from collectors.inside.replication import Replication, ReplicationByAws
from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.picture import Picture

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

SOURCE_LISTED, ENDPOINT = Safe("ReadReplicaSource"), Safe("Endpoint")


class Names:
    """Which resource somebody means by a name or an address."""

    def __init__(self, resources: Mapping[str, Res]) -> None:
        self._resources = resources
        self._hosts: dict[str, str] | None = None  # made when the first address is asked for

    def resource(self, name: str) -> Safe | None:
        found = self.id(name)
        return sanitise(found) if found is not None else None

    def id(self, name: str) -> str | None:
        """As `resource`, for many."""
        return name if name in self._resources else self._by_address(name)

    def _by_address(self, name: str) -> str | None:
        if self._hosts is None:
            self._hosts = {_host(res.facts.get(ENDPOINT, NO_TEXT)): each for each, res in self._resources.items()}
            self._hosts.pop("", None)
        host = _host(name.rpartition(":")[2] if name.startswith("arn:") else name)
        first = host if host.replace(".", "").isdigit() else host.partition(".")[0]
        found = self._hosts.get(host)
        return found or next((each for each in (host, first) if each in self._resources), None)


def _host(address: str) -> str:
    """Without a port."""
    return address.rpartition(":")[0] if address.count(":") == 1 else address


def near(picture: Picture, resource: str) -> dict[str, Res]:
    """It, and whatever is joined to it over any number of links, clusters and words of the list."""
    joined: dict[str, list[str]] = {}
    for one, other in _joints(picture):
        joined.setdefault(one, []).append(other)
        joined.setdefault(other, []).append(one)
    found, wanted = {resource}, [resource]
    while wanted:
        for each in joined.get(wanted.pop(), ()):
            if each not in found:
                found.add(each)
                wanted.append(each)
    return {name: res for name, res in picture.resources.items() if name in found}


def _joints(picture: Picture) -> Iterator[tuple[str, str]]:
    resources = picture.resources
    names = Names(resources)
    for name, res in resources.items():
        if res.cluster:
            yield name, res.cluster if res.cluster in resources else f"cluster {res.cluster}"
        if listed := res.facts.get(SOURCE_LISTED):
            yield name, names.id(listed) or listed
        if res.replication is not None and res.replication.source:
            yield name, names.id(res.replication.source) or res.replication.source
    for part in (Replication.part, ReplicationByAws.part):
        for about, fact in picture.inside.get(part, {}).items():
            if isinstance(fact, Replication):
                yield from ((about, names.id(link.source) or link.source) for link in fact.upstream)
                copies = (names.id(link.copy) for link in fact.downstream)
                yield from ((about, copy) for copy in copies if copy is not None)
