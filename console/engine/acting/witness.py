"""What the audit is told of a failover that is watched, and what it knows of former ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from console.actions.tale import Line, tale
from console.audit.folder import CannotRead
from console.audit.read import last_of_ops
from console.audit.record import Event, Record
from console.engine.acting.acting import Acting, Company
from console.engine.failovers.hand import Hand
from console.failover.history import Former, Witness

FAR_BACK = timedelta(days=90)
FAMILY = ("fail-over.", "promote.")


class OfTheAudit(Hand):
    def __init__(self, acting: Acting, company: Company) -> None:
        self._acting, self._by = acting, company

    async def verified(self, op: str, data: Mapping[str, Any]) -> None:
        with suppress(Trouble):  # what is proved is so without the record; the next action is locked
            plan = self._by.desk.known(op).plan
            if plan is not None:
                await self._by.book.record("VERIFIED", plan, data)

    async def note(self, failover: str, data: Mapping[str, Any]) -> None:
        with suppress(Trouble):
            await self._by.book.note(Event.NOTE, {"failover": failover, **data})

    async def acknowledge(self, op: str) -> bool:
        if all(operation.id != op for operation in self._by.desk.operations):
            return False
        await self._acting.acknowledge(op)
        return True

    async def formers(self, resources: Sequence[ResourceId]) -> Sequence[Former]:
        try:
            read = partial(last_of_ops, self._by.audit, since=self._by.now() - FAR_BACK)
            by_op = await self._by.threads.call("the audit", read)
        except (Trouble, CannotRead):
            return ()
        return [each for found in by_op.values() if (each := _former(found, resources)) is not None]


def _former(records: Iterable[Record], resources: Sequence[ResourceId]) -> Former | None:
    """Of an operation that failed something over, to its end."""
    every = tuple(records)
    told = tale(every[0].op, (Line(datetime.fromisoformat(r.ts), r.ev, r.sess, r.data) for r in every))
    if told is None or not told.plan.action.startswith(FAMILY) or told.sent is None or told.state != "done":
        return None
    if told.plan.target.about not in resources:
        return None
    outage = next((r.data.get("outage_ms") for r in every if r.ev == Event.VERIFIED), None)
    what, by = Safe("failover" if told.plan.action.startswith(FAMILY[0]) else "promotion"), sanitise(told.plan.by)
    if isinstance(outage, int):
        return Former(told.sent, what, by, timedelta(milliseconds=outage), (Witness.PROBE,))
    took = told.ended - told.sent if told.ended else None
    return Former(told.sent, what, by, took, (Witness.AUDIT,))
