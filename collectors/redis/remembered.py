"""What of a node's replication is known from before? Roles it had, what it wrote, and replicas that have left it."""

from __future__ import annotations

from dataclasses import dataclass, field

from collectors.inside.replication import Link
from collectors.readings import ResourceId
from collectors.redis.info import Node
from collectors.redis.written import Written


@dataclass(frozen=True, slots=True)
class Left:
    """A replica as it was last listed."""

    link: Link
    ip: str
    port: int
    offset: int
    history: str


@dataclass(slots=True)
class Remembered:
    """One node's."""

    node: Node | None = None
    role_changes: int = 0
    written: Written = field(default_factory=lambda: Written(""))
    upstream: Link | None = None
    downstream: dict[str, Left] = field(default_factory=dict)  # by the address that its primary knows

    def note(self, node: Node, t: float) -> None:
        if self.node is not None and changed(self.node, node):
            self.role_changes += 1
        if self.node is not None and self.node.is_primary and not node.is_primary:
            self.downstream.clear()  # they follow somebody else now, as it does itself
        if self.written.history != node.master_replid:
            self.written = Written(node.master_replid)
        if node.is_primary and node.master_repl_offset is not None:
            self.written.note(t, node.master_repl_offset)
        if node.is_primary:
            self.upstream = None
        self.node = node


def changed(before: Node, now: Node) -> bool:
    """Whether it was promoted or demoted. A primary that has begun another history without a start was both."""
    if before.is_primary != now.is_primary:
        return True
    began_anew = before.master_replid != now.master_replid and before.run_id == now.run_id
    return now.is_primary and began_anew and bool(before.master_replid)


Memory = dict[ResourceId, Remembered]


def primary_of(memory: Memory, about: ResourceId) -> ResourceId | None:
    """Who lists this one among its replicas, or did."""
    found = ((source, left.link.copy) for source, known in memory.items() for left in known.downstream.values())
    return next((source for source, copy in found if copy == about), None)


def written_of(memory: Memory, history: str) -> Written | None:
    """What the primary of that history was seen to write."""
    return next(
        (
            known.written
            for known in memory.values()
            if known.written.history == history and known.written.newest is not None
        ),
        None,
    )
