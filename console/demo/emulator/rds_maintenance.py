"""What maintenance does RDS have waiting for an instance or a cluster? None but what a scenario has set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo.emulator.lists import page
from console.demo.emulator.overrides import overridden
from console.demo.emulator.rds import arn_of
from console.demo.emulator.requests_form import Items, Refused
from console.demo.emulator.world import Operation, World

DETAILS = "PendingMaintenanceActionDetails"


def describe_pending_maintenance_actions(world: World, said: dict[str, Any]) -> dict[str, Any]:
    """Whoever has nothing waiting is not in the list, as with AWS."""
    machines = [*world.machines("instance"), *world.machines("cluster")]
    if wanted := said.get("ResourceIdentifier"):
        machines = [each for each in machines if arn_of(each) == wanted]
        if not machines:
            raise Refused("ResourceNotFoundFault", f"{wanted} not found.", 404)
    shape = "ResourcePendingMaintenanceActions"
    told = [overridden(world, each, {"ResourceIdentifier": arn_of(each)}, "rds", shape) for each in machines]
    shown, more = page([each for each in told if each.get(DETAILS)], said, world.t)
    return {"PendingMaintenanceActions": Items(shape, shown)} | more


OPERATIONS: Mapping[str, Operation] = {"DescribePendingMaintenanceActions": describe_pending_maintenance_actions}
