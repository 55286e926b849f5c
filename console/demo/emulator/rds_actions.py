"""What RDS does on request: restart an instance, fail it over, fail a cluster over. Refused where AWS refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo.emulator import lifecycle
from console.demo.emulator.ledger import Done
from console.demo.emulator.rds import chosen, cluster, instance, no_cluster, no_instance
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.world import Operation, World


def reboot_db_instance(world: World, said: dict[str, Any]) -> dict[str, Any]:
    wanted = said.get("DBInstanceIdentifier")
    machine = next(iter(chosen(world, "instance", {"DBInstanceIdentifier": wanted})), None) if wanted else None
    if machine is None:
        raise no_instance(wanted)
    forced = str(said.get("ForceFailover", "")).lower() == "true"
    _, standby = world.zones(machine)
    if forced and standby is None:
        text = "You cannot force a failover of a DB instance that is not configured for Multi-AZ."
        raise Refused("InvalidParameterCombination", text)
    if world.status(machine) != "available":
        raise Refused("InvalidDBInstanceState", f"Instance {machine.id} is not in available state.")
    course = (lifecycle.failover if forced else lifecycle.restart)(machine.id, world.t)
    world.ledger.enter(Done(world.t, machine, "RebootDBInstance", course))
    return {"DBInstance": instance(world, machine)}


def failover_db_cluster(world: World, said: dict[str, Any]) -> dict[str, Any]:
    wanted, target = said.get("DBClusterIdentifier"), said.get("TargetDBInstanceIdentifier")
    machine = next(iter(chosen(world, "cluster", {"DBClusterIdentifier": wanted})), None) if wanted else None
    if machine is None:
        raise no_cluster(wanted)
    members = world.members.get(machine.id, [])
    writer = next((m for m in members if world.is_writer(m)), None)
    reader = next((m for m in members if m is not writer and target in (None, m.id)), None)
    if writer is None or reader is None:
        raise Refused("InvalidDBClusterStateFault", f"{machine.id} has no reader {target or ''} to fail over to.")
    for each in (machine, writer, reader):
        if world.status(each) != "available":
            code = "InvalidDBClusterStateFault" if each is machine else "InvalidDBInstanceState"
            raise Refused(code, f"{each.id} is not in the available state.")
    crosses = world.zones(writer)[0] != world.zones(reader)[0]
    course = lifecycle.cluster_failover(machine.id, world.t, writer.id, reader.id, crosses=crosses)
    world.ledger.enter(Done(world.t, machine, "FailoverDBCluster", course, target=reader.id))
    return {"DBCluster": cluster(world, machine)}


OPERATIONS: Mapping[str, Operation] = {
    "RebootDBInstance": reboot_db_instance,
    "FailoverDBCluster": failover_db_cluster,
}
