"""What ElastiCache does on request: it fails one shard over to its replica, so that one sees what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo import lifecycle
from console.demo.emulator.elasticache import NODE_GROUP, group
from console.demo.emulator.ledger import Done
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.world import Operation, World
from console.demo.inventory import Machine
from console.demo.ways import Ways, ways

TEST = "TestFailover"
A_DAY, DAY_S = 15, 86_400.0  # shards that an account may test in a rolling day


def test_failover(world: World, said: dict[str, Any]) -> dict[str, Any]:
    wanted, shard = str(said.get("ReplicationGroupId", "")), said.get("NodeGroupId")
    nodes = [each for each in world.members.get(wanted, []) if each.kind == "cache"]
    if not nodes:
        raise Refused("ReplicationGroupNotFoundFault", f"ReplicationGroup {wanted} not found.", 404)
    if shard != NODE_GROUP:
        raise Refused("NodeGroupNotFoundFault", f"Node group {shard} of {wanted} not found.", 404)
    if any(world.status(each) != "available" for each in nodes):
        raise Refused("InvalidReplicationGroupState", f"Replication group {wanted} is not in the available state.")
    primary = next((each for each in nodes if each.source is None), None)
    replica = next((each for each in nodes if primary is not None and each.source == primary.id), None)
    if primary is None or replica is None:
        text = f"Automatic failover is not enabled for replication group {wanted}."
        raise Refused("InvalidReplicationGroupState", text)
    lately = [done for done in world.ledger.made(TEST, world.t) if done.t > world.t - DAY_S]
    if len(lately) >= A_DAY:
        text = f"The customer has tested {A_DAY} node groups in the last 24 hours, which is as many as are allowed."
        raise Refused("APICallRateForCustomerExceeded", text)
    way = _way(world, primary, replica)
    course = lifecycle.cache_failover(primary, world.t, replica.id, way)
    world.ledger.enter(Done(world.t, primary, TEST, course, target=replica.id))
    return {"ReplicationGroup": group(world, wanted, nodes)}


def _way(world: World, *nodes: Machine) -> Ways:
    """As a scenario has it of one of them; one that is refused does not begin."""
    sets = {name: held for each in reversed(nodes) for name, held in world.model.set_of(each.id, world.t).items()}
    found = ways(sets, world.t)
    if found.refused:
        raise Refused("TestFailoverNotAvailableFault", found.refused)
    return found


OPERATIONS: Mapping[str, Operation] = {TEST: test_failover}
