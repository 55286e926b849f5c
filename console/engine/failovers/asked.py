"""What is asked of failovers over the control socket: a tick, an acknowledgement, and those of before."""

from __future__ import annotations

from typing import cast, get_args

from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import sanitise
from console.engine.failovers.failovers import Failovers
from console.engine.failovers.past import Past
from console.protocol.bodies import Command
from console.protocol.failover import StepName
from console.protocol.requests import Said

STEPS = get_args(StepName)


class Asked:
    def __init__(self, failovers: Failovers, past: Past) -> None:
        self._failovers, self._past = failovers, past

    async def answer(self, command: Command, user: str) -> Said | None:
        """Raises `Trouble` for what cannot be done."""
        by = sanitise(user)
        match command.name, command.args:
            case "failover.tick", {"id": str(id_), "step": str(step)} if step in STEPS:
                await self._failovers.tick(id_, cast("StepName", step), by)
            case "failover.acknowledge", {"id": str(id_)}:
                await self._failovers.acknowledge(id_, by)
            case "failover.formers", {"id": str(resource)}:
                return await self._past.rows(ResourceId(sanitise(resource)))
            case _:
                mend = f"`tick` takes an id and one of {', '.join(STEPS)}; the others take an id."
                raise Trouble(f"`{command.name}` was asked otherwise than it can be.", mend=mend)
        return None
