"""The one way out. Whatever changes the world is sent here, once, after all of it was asked again."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from collectors.errors import CannotCollect, Trouble
from collectors.safe import Safe, sanitise
from console.access.locks.border import ClusterLock, Held, Holder, NoLock, Taken
from console.actions import mutating
from console.actions.answer import Answer
from console.actions.api_line import ApiLine
from console.actions.check import Check, Verdict, found
from console.actions.common import common
from console.actions.craft import Craft, InsideCraft
from console.actions.life import State
from console.actions.line import Hear, Heard, Line
from console.actions.order import Order, Refused, Says, Turn, changed, confirmed, difference
from console.actions.plan import Plan, Target
from console.actions.preflight import Looked, lowered, stopping
from console.actions.surroundings import Keys, Surroundings, Wanted

COUNTDOWN_S = 5.0
FRESH_S = 2.0  # from the last look at the target to the request
LOOKS = 3  # until one is that fresh
Locked = tuple[ClusterLock, Held]


class Gate:
    """`execute` is the single function that sends. It has no parameter that would force anything."""

    def __init__(
        self, around: Surroundings, now: Callable[[], datetime], *, agent: str, prepare: mutating.Prepare,
        countdown_s: float = COUNTDOWN_S,
    ) -> None:  # fmt: skip
        self._around = around
        self._now = now
        self._agent, self._prepare = agent, prepare
        self._countdown_s = countdown_s
        self._kept: set[str] = set()  # operations whose lock could not be given back

    async def look(self, craft: Craft, plan: Plan, *, sends: bool = False) -> Looked:
        """At everything, now. Raises `CannotCollect` where the target cannot be seen."""
        around, target = self._around, plan.target
        situation = await around.situation(craft.action, plan, craft.arns(plan), sends=sends)
        sight = await craft.look(around.reader(target), target, self._now())
        return Looked(sight, (*common(craft.action, target, situation), *sight.checks), situation.role)

    async def execute(self, craft: Craft, order: Order, says: Says, abort: asyncio.Event) -> None:
        """Send it, once, or say why not. What is said last is refused, withdrawn, accepted, rejected or unknown."""
        plan = order.plan
        try:
            await self._may(craft, order)
            await self._write("CONFIRM", plan, confirmed(order))
            held = await self._locked(craft, plan)
            try:
                await self._under_lock(craft, order, held, says, abort)
            except Trouble:
                await self._give_back(plan, held)
                raise
        except Trouble as refusal:
            says(await self.refused(plan, (refusal.what, refusal.seen, refusal.mend)))

    async def give_back(self, plan: Plan) -> bool:
        """After the end, of whatever engine sent it: the lock is for the next one. Whether that was possible.

        It is taken by its operation once more, for that alone: who did not take it first knows no fence.
        """
        holder = Holder(plan.op, Safe("action"), sanitise(plan.by), self._now(), self._now())
        try:
            lock = await self._around.lock(plan.target, plan.op, self._client_for)
            taken = await lock.take(plan.target.family, holder)
            if isinstance(taken, Held):
                await lock.give_back(taken)
        except Trouble:
            return False
        self._kept.discard(plan.op)
        return True

    def keeps_lock(self, op: str) -> bool:
        """Whether it may have it although it is over, since that could not be given back."""
        return op in self._kept

    async def _give_back(self, plan: Plan, held: Locked) -> None:
        lock, ours = held
        try:
            await lock.give_back(ours)
        except NoLock:
            self._kept.add(plan.op)

    async def checked(self, plan: Plan, checks: Iterable[Check]) -> None:
        """What was looked at before anybody confirmed anything; where it cannot be written C0 has said so."""
        doubts = [f"{each.name}: {each.verdict}: {each.what}" for each in checks if each.verdict is not Verdict.PASS]
        data = {"said": "; ".join(doubts) or "all pass", "checks": dict(plan.checks)}
        with contextlib.suppress(Trouble):
            await self._around.record("CHECK", plan, data)

    async def refused(self, plan: Plan, lines: Iterable[str]) -> Turn:
        """What was not done is written down as well."""
        what, seen, mend = map(sanitise, lines)
        with contextlib.suppress(Trouble):  # an audit that cannot be written is often the reason itself
            await self._around.record("REFUSED", plan, {"what": what, "seen": seen, "mend": mend})
        return Turn(State.REFUSED, what, seen, mend)

    async def _may(self, craft: Craft, order: Order) -> None:
        plan = order.plan
        if order.confirmed != plan.hash:
            raise changed(
                "the plan is another than the one that was confirmed", "Look at it again and confirm that.", self._now()
            )
        seen = await self._seen(craft, plan)
        if stops := stopping(seen.checks, lowered(order.given, seen.role), self._now()):
            raise Refused(stops[0])
        if seen.sight.fingerprint != plan.expected:
            raise changed(difference(plan, seen.sight), "Ask for it anew and look at what is there now.", self._now())

    async def _seen(self, craft: Craft, plan: Plan) -> Looked:
        try:
            return await self.look(craft, plan, sends=True)
        except CannotCollect as trouble:
            told = (f"{plan.target.name} cannot be seen: {trouble.what}", trouble.seen, trouble.mend)
            raise Refused(found("target", Verdict.UNKNOWN, self._now(), told)) from None

    async def _locked(self, craft: Craft, plan: Plan) -> Locked:
        now = self._now()
        lock = await self._around.lock(plan.target, plan.op, self._client_for)
        holder = Holder(plan.op, craft.action.title, sanitise(plan.by), now, now + craft.action.overdue_after)
        try:
            taken = await lock.take(plan.target.family, holder)
        except NoLock:
            self._kept.add(plan.op)  # it may be ours, and the answer was lost
            raise
        if isinstance(taken, Taken):
            told = taken.refusal(now)
            raise Refused(found("lock", Verdict.BLOCK, now, (told.what, told.seen, told.mend)))
        return lock, taken

    async def _under_lock(self, craft: Craft, order: Order, held: Locked, says: Says, abort: asyncio.Event) -> None:
        plan = order.plan
        if abort.is_set():
            await self._withdraw(plan, held, says)
            return
        line = await self._line(craft, plan)
        await self._write("INTENT", plan, {**confirmed(order), "keys": line.whose, "lock": held[0].covers})
        counting = Turn(State.INTENT, Safe("It counts down."), keys=line.whose, lock=held[0].covers)
        says(replace(counting, counts_down_s=self._countdown_s))
        if await self._is_withdrawn(abort):
            await self._withdraw(plan, held, says)
            return
        try:
            await line.open()
            if not await self._still(craft, order, held, abort):
                await self._withdraw(plan, held, says)
                return
            await self._write("SENT", plan, {"operation": craft.action.operation, "makes": craft.makes(plan)})
            says(Turn(State.SENT, Safe("It has left.")))
            told = await line.send(plan, self._hearing(plan, says), abort)
        finally:
            await line.close()
        await self._answered(craft, plan, held, told, says)

    async def _withdraw(self, plan: Plan, held: Locked, says: Says) -> None:
        with contextlib.suppress(Trouble):
            await self._around.record("WITHDRAWN", plan, {})
        await self._give_back(plan, held)
        says(Turn(State.WITHDRAWN, Safe("It was withdrawn: nothing was sent.")))

    async def _still(self, craft: Craft, order: Order, held: Locked, abort: asyncio.Event) -> bool:
        """All of it once more, no longer ago than two seconds when it is sent. False: it was withdrawn meanwhile."""
        for _ in range(LOOKS):
            began = time.monotonic()
            await self._may(craft, order)
            if not await held[0].still_held(held[1]):
                raise changed("the lock was lost meanwhile", "Ask for it anew.", self._now())
            if abort.is_set():
                return False
            if time.monotonic() - began <= FRESH_S:
                return True
        seen = f"the last look took longer than {FRESH_S:g} s, {LOOKS} times"
        raise changed(seen, "AWS answers slowly: look at `c`, and ask again.", self._now())

    async def _keys(self, craft: Craft, plan: Plan) -> Keys:
        try:
            return await self._around.keys(Wanted(plan.target, plan.op, craft.action.grants, craft.arns(plan)))
        except Trouble as trouble:
            told = (f"No credentials for it: {trouble.what}", trouble.seen, trouble.mend)
            raise Refused(found("credentials", Verdict.BLOCK, self._now(), told)) from None

    async def _client_for(self, service: str, region: str, wanted: Wanted) -> Any:
        """For whatever keeps the locks: as narrow, and as single, as for an action."""
        return await self._client(service, region, wanted.target, await self._around.keys(wanted))

    async def _client(self, service: str, region: str, target: Target, keys: Keys) -> Any:
        make = partial(
            mutating.client,
            (keys.access, keys.secret, keys.token),
            service,
            region,
            endpoint=self._around.endpoint(target),
            agent=self._agent,
            prepare=self._prepare,
        )
        return await self._around.in_thread(target.arn, make)

    async def _line(self, craft: Craft, plan: Plan) -> Line:
        """Whose keys it is sent with is known before anything is written; what they open is opened after that."""
        if isinstance(craft, InsideCraft):
            return await craft.line(plan, self._around.keys)
        keys, target = await self._keys(craft, plan), plan.target
        make = partial(self._client, craft.action.service, target.region, target, keys)
        return ApiLine(craft, make, self._around.in_thread, keys.whose)

    def _hearing(self, plan: Plan, says: Says) -> Hear:
        """What takes long is shown as it gets on, and written down at each quarter."""
        quarter = 0

        async def hear(heard: Heard) -> None:
            nonlocal quarter
            says(Turn(State.SENT, heard.said, percent=heard.percent))
            if heard.percent is not None and heard.percent // 25 > quarter:
                quarter = int(heard.percent // 25)
                with contextlib.suppress(Trouble):  # it goes on without the record
                    await self._around.record("PROGRESS", plan, {"said": heard.said, "percent": int(heard.percent)})

        return hear

    async def _answered(self, craft: Craft, plan: Plan, held: Locked, told: Answer, says: Says) -> None:
        if told.is_denied:
            self._around.denied(craft.action, plan.target, told.said)
        with contextlib.suppress(Trouble):  # it is done: that it could not be written down locks what comes next
            await self._around.record(told.state.upper(), plan, {"said": told.said, "request_id": told.request_id})
        if told.state is State.REJECTED:
            await self._give_back(plan, held)
        says(Turn(told.state, told.said, request_id=told.request_id))

    async def _is_withdrawn(self, abort: asyncio.Event) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(abort.wait(), self._countdown_s)
        return abort.is_set()

    async def _write(self, event: str, plan: Plan, data: dict[str, Any]) -> None:
        """Before it is sent: what cannot be written down is not done."""
        try:
            await self._around.record(event, plan, data)
        except Trouble as trouble:
            told = ("The audit cannot be written: nothing was sent.", f"{trouble.what} {trouble.seen}", trouble.mend)
            raise Refused(found("audit", Verdict.BLOCK, self._now(), told)) from None
