"""What a plan of a flush holds: which primaries, as who, and how often each was flushed before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.actions.flushes.nodes import COMMANDS, PRIMARY, Node, Seen, number
from console.actions.plan import Plan

SHARDS, GROUP = "Shards", "Group"
KEYS, ESTIMATE, SCOPE, CLUSTER = "keys", "Keys", "Scope", "Cluster"


@dataclass(frozen=True, slots=True)
class Expected:
    """One primary. ``calls``: of FLUSHDB and FLUSHALL, by command; ``keys``: of what is flushed, before."""

    shard: str
    name: str
    run_id: str
    calls: Mapping[str, int]
    keys: int = 0

    def differs(self, info: Mapping[str, str]) -> str:
        """In words, how whoever tells this of itself is not as the plan has it; empty where it is."""
        node = Node(self.name, "", info=info)
        if node.run_id != self.run_id:
            return (
                f"{self.name} is another server than in the plan: run id {node.run_id or 'not told'}, not {self.run_id}"
            )
        if not node.is_primary:
            return f"{self.name} is no primary any more: its role is {info.get('role', 'not told')}"
        more = [command.upper() for command in COMMANDS if node.calls(command) != self.calls[command]]
        return f"{self.name} had {' and '.join(more)} meanwhile" if more else ""


def facts_of(seen: Seen) -> dict[str, str]:
    """What must still be so when it is sent: nothing that moves by itself."""
    found = {GROUP: seen.name, SHARDS: " ".join(seen.shards)}
    for node in seen.primaries:
        found |= {f"{node.shard} primary": node.name, f"{node.shard} run id": node.run_id}
        found |= {f"{node.shard} role": PRIMARY}
        found |= {f"{node.shard} {command.upper()}": str(node.calls(command)) for command in COMMANDS}
    return found


def expected(plan: Plan) -> tuple[Expected, ...]:
    """In the order in which they are flushed."""
    facts, before = dict(plan.expected), dict(plan.parameters)
    return tuple(
        Expected(
            shard,
            facts[f"{shard} primary"],
            facts[f"{shard} run id"],
            {command: number(facts.get(f"{shard} {command.upper()}")) for command in COMMANDS},
            number(before.get(f"{shard} {KEYS}")),
        )
        for shard in facts.get(SHARDS, "").split()
        if f"{shard} primary" in facts
    )


def on(shards: int) -> str:
    return "1 primary" if shards == 1 else f"{shards} primaries"
