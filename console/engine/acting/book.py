"""The engine's hand on the audit trail: it writes in a thread, and knows why nothing can be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from collectors.aws.place import Place
from collectors.errors import Trouble
from collectors.threads import Threads
from console.access.freeze import Freeze, State
from console.access.role import Role
from console.actions.plan import Plan
from console.audit.record import Event
from console.audit.trail import Trail


class Book:
    def __init__(self, trail: Trail, estate: str) -> None:
        self.trail = trail
        self._estate = estate  # by which an action is found again after a restart
        self._frozen: dict[Place, tuple[str, str, str]] = {}  # what was last said
        self._threads = Threads(2)  # of its own: a disk that hangs must not hold up who asks AWS

    async def record(self, event: str, plan: Plan, data: Mapping[str, Any]) -> None:
        """Returns when it is durable, where it is an event that must be; raises `CannotRecord`."""
        about = {"op": plan.op, "act": plan.action, "res": plan.target.arn, "plan": plan.hash}
        await self._threads.call(
            "audit", partial(self.trail.write, Event(event), **about, data={**data, "estate": self._estate})
        )

    async def note(self, event: Event, data: Mapping[str, Any]) -> None:
        """What nothing waits for."""
        await self._threads.call("audit", partial(self.trail.note, event, data=data))

    async def trouble(self) -> Trouble | None:
        """Why nothing can be recorded now."""
        try:
            return await self._threads.call("audit", lambda: self.trail.trouble)
        except Trouble as hangs:
            return Trouble(
                "The audit's disk does not answer.", seen=hangs.what, mend="Look at the disk of the state folder."
            )

    def is_seen_by(self, watchers: int) -> None:
        """How many see the terminal that is acted from, as each record from now on says."""
        self.trail.who = replace(self.trail.who, shared=watchers)

    async def is_now(self, arn: str, role: Role) -> None:
        """Who acts from now on, as AWS has told."""
        who = self.trail.who
        if (who.arn, who.role) != (arn, role.word):
            self.trail.who = replace(who, arn=arn, role=role.word)
            await self.note(Event.ROLE, {"arn": arn, "role": role.word})

    async def is_frozen(self, place: Place, freeze: Freeze) -> None:
        """Whether anything may be changed there from now on, as far as freezes go: calendars are each place's own."""
        state = "passive" if freeze.is_passive else freeze.state.value
        told = state, freeze.name, freeze.source
        before = self._frozen.get(place)
        self._frozen[place] = told
        if told != before and (before is not None or state != State.OPEN):  # what was seen tells its age as well
            data = {"state": state, "name": freeze.name, "source": freeze.source, "seen": freeze.seen}
            await self.note(Event.FREEZE, {**data, "place": str(place)})
