"""How does a client meet a fault that a scenario has made? Whose it was for what target, the schedule says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.knock.knock import Door
from collectors.readings import ResourceId
from console.demo.model import Model
from console.demo.scenario.script import FaultKind

REFUSED = "The connection was refused."


async def meet(model: Model, about: ResourceId, collector: str | None, grant: str, now: Callable[[], datetime]) -> None:
    """Returns where there is none for this resource and collector."""
    for fault in model.faults(now().timestamp()):
        if fault.resource in (None, about) and fault.collector in (None, collector):
            await fail_by(fault.kind, grant)


def require_open(model: Model, about: ResourceId, t: float) -> None:
    """As a client meets a door that is not."""
    if not model.exists(about, t) or model.door(about, t) is Door.DARK:
        raise CannotCollect(REFUSED, mend="Look at the network and the security group.")
    if model.door(about, t) is Door.RECOVERING:
        raise CannotCollect("It answers and lets nobody in yet.", mend="Wait until it has recovered.")


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
            said = REFUSED if kind == "refuse" else "The connection was reset."
            raise CannotCollect(said, mend="Look at the network and the security group.")
