"""What is asked of failovers over the control socket: a tick, an acknowledgement, and those of before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast, get_args

from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from console.engine.failovers.failovers import Failovers
from console.engine.failovers.past import Past
from console.failover.late import overdue
from console.failover.observed import Ticked
from console.failover.steps import is_of_a_person
from console.protocol.bodies import Command
from console.protocol.failover import StepName
from console.protocol.requests import Said

STEPS = get_args(StepName)


class Asked:
    def __init__(self, failovers: Failovers, past: Past, now: Callable[[], datetime]) -> None:
        self._failovers, self._past, self._now = failovers, past, now

    async def answer(self, command: Command, user: str) -> Said | None:
        """Raises `Trouble` for what cannot be done."""
        by = sanitise(user)
        match command.name, command.args:
            case "failover.tick", {"id": str(id_), "step": str(step)} if step in STEPS:
                await self._tick(id_, cast("StepName", step), by)
            case "failover.acknowledge", {"id": str(id_)}:
                await self._acknowledge(id_, by)
            case "failover.formers", {"id": str(resource)}:
                return await self._past.rows(ResourceId(sanitise(resource)))
            case _:
                mend = f"`tick` takes an id and one of {', '.join(STEPS)}; the others take an id."
                raise Trouble(f"`{command.name}` was asked otherwise than it can be.", mend=mend)
        return None

    async def _tick(self, id_: str, step: StepName, by: Safe) -> None:
        one = self._failovers.known(id_)
        if not is_of_a_person(one.run, step):
            raise Trouble(f"`{step}` is watched, and not ticked.", mend="Tick what only a person can know.")
        if one.run.start is None:
            raise Trouble("It has not been sent.", mend="Tick it when it is done.")
        one.saw(Ticked(self._now(), step, by))
        if (hand := self._failovers.hand) is not None:
            await hand.note(id_, {"step": step, "by": by, "resource": one.run.case.resource})

    async def _acknowledge(self, id_: str, by: Safe) -> None:
        one = self._failovers.known(id_)
        if not one.is_over and not overdue(one.run, self._now()):
            phase = one.body().phase
            raise Trouble("It has not ended.", seen=phase, mend="Acknowledge it when it has.")
        if (hand := self._failovers.hand) is not None:
            had_op = one.run.case.is_planned and await hand.acknowledge(id_)
            if not had_op:
                await hand.note(id_, {"acknowledged": by, "resource": one.run.case.resource})
        one.acknowledge(by)
