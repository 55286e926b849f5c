"""What RDS does on request: restart, fail over, promote. Refused where AWS refuses it, or a scenario has it refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo import lifecycle
from console.demo.emulator.ledger import Done
from console.demo.emulator.rds import chosen, cluster, instance, no_cluster, no_instance
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.world import AURORA, Operation, World
from console.demo.inventory import Machine
from console.demo.ways import Ways, ways

LONGEST_DAYS = 35
FIRST_DAYS = 1  # that are kept of one that was not backed up, where nobody says more


def reboot_db_instance(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machine = _instance(world, said)
    forced = str(said.get("ForceFailover", "")).lower() == "true"
    _, standby = world.zones(machine)
    if forced and standby is None:
        text = "You cannot force a failover of a DB instance that is not configured for Multi-AZ."
        raise Refused("InvalidParameterCombination", text)
    _require_available(world, machine)
    way = _way(world, machine) if forced else Ways()
    course = lifecycle.failover(machine, world.t, way) if forced else lifecycle.restart(machine, world.t)
    world.ledger.enter(Done(world.t, machine, "RebootDBInstance", course))
    return {"DBInstance": instance(world, machine)}


def failover_db_cluster(world: World, said: dict[str, Any]) -> dict[str, Any]:
    wanted, target = said.get("DBClusterIdentifier"), said.get("TargetDBInstanceIdentifier")
    machine = next(iter(chosen(world, "cluster", {"DBClusterIdentifier": wanted})), None) if wanted else None
    if machine is None:
        raise no_cluster(wanted)
    members = world.members.get(machine.id, [])
    writer = next((m for m in members if m.role == "writer"), None)
    reader = next((m for m in members if m is not writer and target in (None, m.id)), None)
    if writer is None or reader is None:
        raise Refused("InvalidDBClusterStateFault", f"{machine.id} has no reader {target or ''} to fail over to.")
    for each in (machine, writer, reader):
        if world.status(each) != "available":
            code = "InvalidDBClusterStateFault" if each is machine else "InvalidDBInstanceState"
            raise Refused(code, f"{each.id} is not in the available state.")
    way = _way(world, machine, "InvalidDBClusterStateFault")
    crosses = world.zones(writer)[0] != world.zones(reader)[0]
    course = lifecycle.cluster_failover(machine, world.t, writer.id, reader.id, way, crosses=crosses)
    world.ledger.enter(Done(world.t, machine, "FailoverDBCluster", course, target=reader.id))
    return {"DBCluster": cluster(world, machine)}


def promote_read_replica(world: World, said: dict[str, Any]) -> dict[str, Any]:
    machine = _instance(world, said)
    if machine.source is None or machine.storage_type == AURORA:
        raise Refused("InvalidDBInstanceState", f"DB instance {machine.id} is not a read replica.")
    days = _days(said, machine)
    if days == 0 and world.replicas.get(machine.id):
        text = f"The backup retention period of {machine.id} cannot be 0 while it has read replicas."
        raise Refused("InvalidParameterCombination", text)
    _require_available(world, machine)
    course = lifecycle.promotion(machine, world.t, _way(world, machine), backs_up=days > 0)
    world.ledger.enter(Done(world.t, machine, "PromoteReadReplica", course, retention_days=days))
    return {"DBInstance": instance(world, machine)}


def _instance(world: World, said: dict[str, Any]) -> Machine:
    wanted = said.get("DBInstanceIdentifier")
    machine = next(iter(chosen(world, "instance", {"DBInstanceIdentifier": wanted})), None) if wanted else None
    if machine is None:
        raise no_instance(wanted)
    return machine


def _require_available(world: World, machine: Machine) -> None:
    if world.status(machine) != "available":
        raise Refused("InvalidDBInstanceState", f"Instance {machine.id} is not in available state.")


def _way(world: World, machine: Machine, code: str = "InvalidDBInstanceState") -> Ways:
    """As a scenario has it; one that is refused does not begin."""
    found = ways(world.model.set_of(machine.id, world.t), world.t)
    if found.refused:
        raise Refused(code, found.refused)
    return found


def _days(said: dict[str, Any], machine: Machine) -> int:
    given = said.get("BackupRetentionPeriod")
    if given is None:
        return machine.retention_days or FIRST_DAYS
    try:
        days = int(given)
    except (TypeError, ValueError):
        days = -1
    if not 0 <= days <= LONGEST_DAYS:
        raise Refused("InvalidParameterValue", f"Invalid backup retention period: {given}. It is 0 to {LONGEST_DAYS}.")
    return days


OPERATIONS: Mapping[str, Operation] = {
    "RebootDBInstance": reboot_db_instance,
    "FailoverDBCluster": failover_db_cluster,
    "PromoteReadReplica": promote_read_replica,
}
