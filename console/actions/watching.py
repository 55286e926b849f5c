"""Looks after what was sent until its end is proved, by asking AWS again and again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from collectors.errors import CannotCollect, Trouble
from collectors.safe import Safe, sanitise
from console.actions.craft import Sent
from console.actions.life import State
from console.actions.operation import Operation
from console.actions.surroundings import Surroundings
from console.actions.tracking import Tracked, aged, looked, spoken

EVERY_S, LEAST_S = 5.0, 0.25
JITTER = 0.2
_UNDER_WAY = Safe("AWS is at it.")
_INSIDE = Safe("The server is at it.")
_EVENTS = {State.DONE: "DONE", State.FAILED: "FAILED", State.OVERDUE: "OVERDUE"}


class Watching:
    """``speed``: of the estate's clock, by which AWS gets on."""

    def __init__(self, around: Surroundings, now: Callable[[], datetime], *, speed: float = 1.0) -> None:
        self._around = around
        self._now = now
        self._every_s = max(LEAST_S, EVERY_S / speed)

    async def to_the_end(self, operation: Operation, changed: Callable[[], None]) -> None:
        """Returns when it is done or has failed, each of which is in the audit by then."""
        plan, craft = operation.plan, operation.craft
        if plan is None:
            return
        tracked = Tracked(operation.state, operation.sent or self._now(), operation.is_accepted)
        every_s = LEAST_S
        while True:
            before = tracked
            try:
                sent = Sent(tracked.sent, self._now(), tracked.is_accepted)
                seen = await craft.progress(self._around.reader(plan.target), plan, sent)
            except CannotCollect as trouble:
                every_s = min(self._every_s, every_s * 2)  # after a restart the inventory takes a second
                operation.note(self._now(), sanitise(f"It cannot be looked for: {trouble.what}"))
            else:
                tracked, every_s = looked(tracked, seen, craft.action, self._now()), self._every_s
            tracked = aged(tracked, craft.action, self._now())
            if tracked is not before:
                await self._write(operation, before, tracked)
                _show(operation, tracked, self._now())
                changed()
            if tracked.is_over:
                return
            await asyncio.sleep(every_s * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - no secret

    async def _write(self, operation: Operation, before: Tracked, now: Tracked) -> None:
        plan, is_news = operation.plan, now.state is not before.state
        if plan is None or not (is_news or _quarter(now) != _quarter(before)):
            return
        percent = None if now.percent is None else int(now.percent)
        data = {"said": now.outcome, "proof": list(now.proof), "percent": percent}
        with suppress(Trouble):  # what has happened is true without the record; the next action is locked
            await self._around.record(_EVENTS.get(now.state, "PROGRESS") if is_news else "PROGRESS", plan, data)


def _quarter(tracked: Tracked) -> int | None:
    """A record for each is enough: how it got on in between is AWS's to know."""
    return None if tracked.percent is None else int(tracked.percent // 25)


def _show(operation: Operation, tracked: Tracked, now: datetime) -> None:
    operation.percent, operation.proof = tracked.percent, tracked.proof
    if tracked.outcome:
        operation.lines = (tracked.outcome, operation.lines[1], operation.lines[2])
    action = operation.craft.action
    usual = _INSIDE if action.is_inside else _UNDER_WAY
    said = usual if action.is_named or not tracked.said else sanitise(spoken(action, tracked.said))
    operation.turn(tracked.state, now, tracked.outcome or said)
