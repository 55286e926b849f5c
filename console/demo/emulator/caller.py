"""Who is asking? Always the same role: the demo's AWS believes any key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo.emulator.faults import CALLER
from console.demo.emulator.world import Operation, World
from console.demo.inventory import ACCOUNT


def get_caller_identity(world: World, said: dict[str, Any]) -> dict[str, Any]:
    return {"UserId": "AROADBCONSOLEVIEWER00:demo", "Account": str(ACCOUNT), "Arn": CALLER}


OPERATIONS: Mapping[str, Operation] = {"GetCallerIdentity": get_caller_identity}
