"""Which nodes hold what shall be flushed, and what does each say of itself?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from collectors.aws.answers import Answer, text

PRIMARY = "master"  # as INFO has it
COMMANDS = ("flushdb", "flushall")
SLOTS_MOVE = ("->-", "-<-")  # in CLUSTER NODES, beside a slot that changes its shard


@dataclass(frozen=True, slots=True)
class Node:
    """One. ``shard`` and ``listed``: where ElastiCache has it, and as what; ``silence``: why it did not answer."""

    name: str  # AWS's
    about: str  # as the estate calls it
    shard: str = ""
    listed: str = ""
    info: Mapping[str, str] = field(default_factory=dict)
    silence: str = ""
    neighbours: str = ""  # CLUSTER NODES

    @property
    def answers(self) -> bool:
        return not self.silence

    @property
    def is_primary(self) -> bool:
        return self.answers and self.info.get("role") == PRIMARY

    @property
    def run_id(self) -> str:
        return self.info.get("run_id", "")

    @property
    def is_of_a_cluster(self) -> bool:
        return self.info.get("cluster_enabled") == "1"

    @property
    def keys(self) -> dict[int, int]:
        """By database; one without keys is not told."""
        told = ((name, worded(said)) for name, said in self.info.items() if name[:2] == "db" and name[2:].isdecimal())
        return {int(name[2:]): number(words.get("keys")) for name, words in told}

    def told(self, name: str) -> int:
        return number(self.info.get(name))

    def calls(self, command: str) -> int:
        """How often it was executed since the node's counters began."""
        return number(worded(self.info.get(f"cmdstat_{command}", "")).get("calls"))


@dataclass(frozen=True, slots=True)
class Seen:
    """All nodes of what a person chose, as AWS and they themselves tell it. ``group`` is empty of a node alone."""

    chosen: Node
    nodes: tuple[Node, ...]
    answer: Answer  # of the chosen node
    group: Answer
    snapshots: tuple[Answer, ...]
    tags: Mapping[str, str]
    doubt: str = ""  # why the tags are not fresh

    @property
    def name(self) -> str:
        return text(self.group, "ReplicationGroupId") or self.chosen.name

    @property
    def shards(self) -> tuple[str, ...]:
        return tuple(sorted({node.shard for node in self.nodes}))

    @property
    def primaries(self) -> tuple[Node, ...]:
        """In the order of the shards."""
        return tuple(sorted((node for node in self.nodes if node.is_primary), key=lambda node: node.shard))

    @property
    def is_cluster(self) -> bool:
        return self.chosen.is_of_a_cluster

    def keys(self, database: str = "") -> int:
        """Of one database, or of all."""
        return sum(count for node in self.primaries for n, count in node.keys.items() if database in ("", str(n)))

    @property
    def databases(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for node in self.primaries:
            for n, count in node.keys.items():
                found[n] = found.get(n, 0) + count
        return dict(sorted(found.items()))


def number(said: str | None) -> int:
    """What is no number counts as none of them."""
    return int(said) if said is not None and said.isdecimal() and len(said) < 20 else 0


def worded(said: str) -> dict[str, str]:
    """`calls=1,usec=12` by its names."""
    return {name: value for name, _, value in (word.partition("=") for word in said.split(","))}


def myself(neighbours: str) -> str:
    """The node id by which a cluster knows whoever answered."""
    found = (line.split() for line in neighbours.splitlines())
    return next((words[0] for words in found if len(words) > 2 and "myself" in words[2].split(",")), "")


def holders(neighbours: str) -> dict[str, str]:
    """Of a cluster: who serves slots, by node id, and at which address."""
    found = (line.split() for line in neighbours.splitlines())
    return {words[0]: words[1] for words in found if len(words) > 8 and "master" in words[2].split(",")}


def is_moving(neighbours: str) -> bool:
    return any(mark in neighbours for mark in SLOTS_MOVE)
