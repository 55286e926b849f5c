"""What the audit is told of the time after a flush, and which of those before nobody has watched to the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from console.actions.known import KnownInside
from console.actions.life import State
from console.actions.plan import Plan
from console.actions.tale import Tale
from console.engine.acting.acting import Company
from console.engine.acting.remembered import Remembered, remembered
from console.engine.flushes.flushes import FAMILY
from console.engine.flushes.hand import Hand
from console.flush.watch import Flushed


class OfFlushes(Hand):
    def __init__(self, company: Company, inside: KnownInside) -> None:
        self._by, self._inside = company, inside
        self._before: dict[str, Plan] = {}  # of those that another engine did

    async def verified(self, op: str, data: Mapping[str, Any]) -> None:
        with suppress(Trouble):  # what is proved is so without the record; the next action is locked
            plan = self._before.get(op) or self._by.desk.known(op).plan
            if plan is not None:
                await self._by.book.record("VERIFIED", plan, data)

    async def unverified(self, since: datetime) -> Sequence[Flushed]:
        by = self._by
        try:
            found = await by.threads.call("the audit", partial(remembered, by.audit, by.now()))
        except Trouble:
            return ()
        left = [told for told in unwatched(found, since, by.session, by.estate) if told.plan.action in by.crafts]
        self._before |= {told.op: told.plan for told in left}
        return [flushed(told, by.crafts[told.plan.action].action.title) for told in left]

    def origins(self, about: ResourceId) -> Sequence[ResourceId]:
        return [ResourceId(sanitise(name)) for name in self._inside.origins(about)]


def unwatched(found: Remembered, since: datetime, session: str, estate: str) -> Iterator[Tale]:
    """Those that have ended since, of which no verdict is on record, and whose engine does not live."""
    others = found.living - {session}
    for told in found.tales:
        is_ours = told.estate == estate and told.session not in others and told.plan.action.startswith(FAMILY)
        is_over = told.state in (State.DONE, State.FAILED) and told.sent is not None
        if is_ours and is_over and not told.is_verified and told.ended is not None and told.ended >= since:
            yield told


def flushed(told: Tale, title: Safe) -> Flushed:
    ended = told.ended or told.began
    about, by = ResourceId(sanitise(told.plan.target.about)), sanitise(told.plan.by)
    return Flushed(told.op, about, title, by, told.sent or ended, ended, told.state is State.FAILED)
