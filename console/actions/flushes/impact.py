"""What does a flush hit? In words for whoever confirms it, and in numbers that the plan keeps."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.aws.answers import text
from collectors.safe import Safe, sanitise
from console.actions.flushes.expected import CLUSTER, ESTIMATE, KEYS, SCOPE, on
from console.actions.flushes.nodes import Seen
from console.actions.flushes.risk_checks import Load
from console.actions.flushes.scope import Scope

MOST_NAMED = 4


def what(seen: Seen, meant: Scope, keys: int) -> Safe:
    """As the sentence of the dialog says it."""
    leads = seen.primaries
    names = ", ".join(node.name for node in leads[:MOST_NAMED])
    rest = f" and {len(leads) - MOST_NAMED} more" if len(leads) > MOST_NAMED else ""
    where = f"on {on(len(leads))} ({names}{rest})"
    match meant.kind:
        case "database":
            return sanitise(f"database {meant.database} of {seen.name}: {keys:,} keys {where}")
        case "prefix":
            begins = f'whose names begin with "{meant.prefix}"'
            return sanitise(f"about {keys:,} keys of database {meant.database} of {seen.name} {begins}, {where}")
    count = len(seen.databases)
    databases = "1 database" if count == 1 else f"{count} databases"
    return sanitise(f"everything in {seen.name}: {keys:,} keys in {databases} {where}")


def counted(seen: Seen, meant: Scope, keys: int) -> dict[str, str]:
    """What moves by itself, and so voids no plan: for the proof, and for the records."""
    found = {SCOPE: meant.kind, ESTIMATE: str(keys), CLUSTER: "yes" if seen.is_cluster else "no"}
    for node in seen.primaries:
        there = sum(count for n, count in node.keys.items() if meant.database in ("", str(n)))
        found[f"{node.shard} {KEYS}"] = str(there)
    return found


def radius(seen: Seen, load: Load) -> tuple[Safe, ...]:
    return tuple(map(sanitise, _radius(seen, load)))


def _radius(seen: Seen, load: Load) -> Iterator[str]:
    yield f"The origin has to answer: {load}."
    clients = sum(node.told("connected_clients") for node in seen.nodes)
    replicas = [node.name for node in seen.nodes if not node.is_primary]
    yield f"{clients:,} clients are connected, and meet an empty cache; none is dropped."
    if replicas:
        yield f"Replicas follow: {', '.join(replicas[:MOST_NAMED])}{' and more' if len(replicas) > MOST_NAMED else ''}."
    if world := text(seen.group, "GlobalReplicationGroupInfo", "GlobalReplicationGroupId"):
        yield f"It is of the global datastore {world}: other regions are flushed too."
