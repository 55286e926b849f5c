"""How does a client meet a fault that a scenario has made? Whose it was for what target, the schedule says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.readings import ResourceId
from console.demo.model import Model
from console.demo.scenario.script import FaultKind


async def meet(model: Model, about: ResourceId, collector: str | None, grant: str, now: Callable[[], datetime]) -> None:
    """Returns where there is none for this resource and collector."""
    for fault in model.faults(now().timestamp()):
        if fault.resource in (None, about) and fault.collector in (None, collector):
            await fail_by(fault.kind, grant)


async def fail_by(kind: FaultKind, grant: str) -> None:
    """What a client would see of it."""
    match kind:
        case "hang":
            await asyncio.Event().wait()
        case "throttle":
            raise Throttled("It is asked too often.", mend="It is asked less often for a while.")
        case "access-denied":
            raise Denied(f"This identity may not ask for it: {grant} is missing.", grant=grant, mend=f"Grant {grant}.")
        case "expired-token":
            raise Expired("The credentials are no longer good.", mend="Renew them, and it is asked again.")
        case "refuse" | "drop":
            said = "The connection was refused." if kind == "refuse" else "The connection was reset."
            raise CannotCollect(said, mend="Look at the network and the security group.")
