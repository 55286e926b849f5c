"""Where actions are asked for, confirmed, withdrawn and watched to their end. What it sends, it sends by the gate."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, repeat

from collectors.errors import CannotCollect, Trouble
from collectors.safe import NO_TEXT, Safe, sanitise
from console.access.role import Role
from console.actions.check import Check, Override
from console.actions.craft import Craft
from console.actions.gate import Gate
from console.actions.life import BEFORE_SENT, TRACKED, State
from console.actions.operation import Operation
from console.actions.order import Order, Turn
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.preflight import Given, stopping
from console.actions.tale import Next, Tale
from console.actions.watching import Watching
from console.estate.times import to_ms
from console.protocol.ulid import ENTROPY_BYTES, ulid

log = logging.getLogger(__name__)

KEPT = timedelta(hours=1)  # after its end, for whoever looks
MOST = 50  # that have ended or wait for somebody
RELEASED_AGAIN_S = (0.25, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)  # a lock that could not be given back; the last for ever
Tell = Callable[[Operation | str], None]
"""It is otherwise than before; or, by its id, no more."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a person said at the dialog."""

    plan: str
    typed: str
    given: Given


class Desk:
    """Everything that was begun here, or is watched here since whoever began it is gone."""

    def __init__(
        self, gate: Gate, watching: Watching, now: Callable[[], datetime], tell: Tell, *, speed: float
    ) -> None:
        self._gate, self._watching = gate, watching
        self._now, self._tell = now, tell
        self._speed = speed  # of the estate's clock: a countdown is of a person's time
        self._operations: dict[str, Operation] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def operations(self) -> tuple[Operation, ...]:
        return tuple(self._operations.values())

    @property
    def holds(self) -> bool:
        """Whether an engine is needed for what is under way, though nobody looks."""
        under_way = TRACKED | {State.INTENT}
        return any(o.state in under_way and not o.is_elsewhere for o in self._operations.values())

    def plan(self, craft: Craft, target: Target, by: Safe, role: Role) -> str:
        """Look at it; the id by which it is told of from now on."""
        self._make_room()
        now = self._now()
        op = ulid(to_ms(now), os.urandom(ENTROPY_BYTES))
        operation = Operation(op, craft, target, by, role, now, given=Given(role))
        self._operations[op] = operation
        self._tell(operation)
        self._begin(self._look(operation))
        return op

    def confirm(self, op: str, said: Confirmation) -> None:
        """Raises `Trouble` for what is not confirmed by that; what follows is told."""
        operation = self.known(op)
        plan = operation.plan
        if operation.state is not State.PLANNED or plan is None or operation.is_going:
            raise Trouble("There is nothing to confirm.", seen=f"{op} is {operation.state}", mend="Ask for it anew.")
        if said.plan != plan.hash:
            raise Trouble(
                "That is another plan than the one that is shown.", mend="Look at it again, and confirm that."
            )
        if said.typed != operation.word:
            raise Trouble(
                "The name was not typed.", seen="it is written as AWS writes it", mend=f"Type {operation.word}."
            )
        operation.given = replace(said.given, role=operation.role)
        final = replace(plan, reason=said.given.reason, overrides=tuple(sorted(said.given.overrides)))
        stops = _but_for_a_code(stopping(operation.checks, operation.given, operation.checks[0].looked))
        if stops:  # all is looked at again by the gate
            raise Trouble(stops[0].what, seen=stops[0].seen, mend=stops[0].mend)
        operation.plan = final

    def run(self, op: str) -> None:
        """What was confirmed, and approved where that is needed: once, however many screens and people say so."""
        operation = self.known(op)
        if operation.plan is not None and not operation.is_going:
            operation.is_going = True
            self._begin(self._run(operation, Order(operation.plan, operation.plan.hash, operation.given)))

    def await_approval(self, op: str, text: Sequence[Safe], needed: int) -> None:
        operation = self.known(op)
        operation.to_approve, operation.approvals = tuple(text), (0, needed)
        operation.turn(State.AWAIT_APPROVAL, self._now(), sanitise(f"It waits for {needed} approval(s)."))
        self._tell(operation)

    def approved(self, op: str, there_are: int, needed: int, *, is_enough: bool) -> None:
        operation = self.known(op)
        operation.approvals = (there_are, needed)
        operation.note(self._now(), Safe("It was approved."))
        self._tell(operation)
        if is_enough and operation.state is State.AWAIT_APPROVAL:
            self.run(op)

    def denied(self, op: str, who: Safe) -> None:
        operation = self.known(op)
        if operation.state in BEFORE_SENT:
            lines = (sanitise(f"{who} has denied it, which is final."), NO_TEXT, Safe("Plan it anew and ask again."))
            operation.abort.set()
            self._turned(operation, Turn(State.REFUSED, *lines))

    def release(self, plan: Plan) -> None:
        """It is over, or nobody will send it: its lock is for the next."""
        self._begin(self._released(plan))

    def withdraw(self, op: str) -> None:
        operation = self.known(op)
        if operation.is_going and operation.craft.action.can_stop and operation.state is State.SENT:
            operation.abort.set()
            operation.note(self._now(), Safe("It is being stopped."))
            self._tell(operation)
            return
        if operation.state not in BEFORE_SENT:
            why = "nothing brings it back" if operation.craft.action.is_inside else "AWS takes nothing back"
            raise Trouble(f"It has been sent: {why}.", seen=f"it is {operation.state}",
                          mend="Stop watching it; it goes on.")  # fmt: skip
        operation.abort.set()
        if not operation.is_going:  # else the gate finds it, and gives its lock back
            operation.turn(State.WITHDRAWN, self._now(), Safe("It was withdrawn: nothing was sent."))
            self._tell(operation)

    def acknowledge(self, op: str, by: Safe) -> Operation:
        """Somebody has seen how it ended: others may act there again."""
        operation = self.known(op)
        if not operation.has_ended and operation.state is not State.OVERDUE:
            raise Trouble("It has not ended.", seen=f"it is {operation.state}", mend="Acknowledge it when it has.")
        operation.acknowledged = by
        operation.note(self._now(), Safe("It was acknowledged."))
        self._tell(operation)
        return operation

    def resume(self, told: Tale, craft: Craft, by: Safe, *, is_elsewhere: bool) -> None:
        """Go on with what another engine began, or only show it where that engine lives. Nothing is sent for it."""
        now = self._now()
        operation = Operation(told.op, craft, told.plan.target, by, Role.OPERATOR, told.began, told.resumed, told.plan)
        operation.sent, operation.ended, operation.is_accepted = told.sent, told.ended, told.is_accepted
        operation.is_elsewhere = is_elsewhere
        if told.has_broken_glass:
            operation.glass = sanitise(f"GLASS BROKEN by {told.plan.by}: {told.plan.reason}")
        operation.lines = (sanitise(told.said), NO_TEXT, NO_TEXT)
        self._operations[told.op] = operation
        if is_elsewhere:
            operation.note(now, Safe("Another console watches it."))
        elif told.next is Next.TRACK:
            operation.note(now, Safe("Its engine ended; it is watched from here."))
            self._begin(self._watch(operation))
        self._tell(operation)

    def adopt(self, op: str) -> Operation:
        """It is watched from here from now on."""
        operation = self.known(op)
        if not operation.is_elsewhere:
            raise Trouble("It is watched from here already.", seen=op)
        operation.is_elsewhere = False
        operation.note(self._now(), Safe("It was taken over from another console."))
        self._begin(self._watch(operation))
        self._tell(operation)
        return operation

    async def end(self) -> None:
        """What is under way goes on without this engine; whoever comes next finds it in the audit."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def known(self, op: str) -> Operation:
        operation = self._operations.get(op)
        if operation is None:
            raise Trouble(
                "Nothing of that name is under way here.", seen=ascii(op[:40]), mend="`:operations` lists all."
            )
        return operation

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("an action's task ended", exc_info=error)

    async def _look(self, operation: Operation) -> None:
        """Preflight: everything is looked at, and the plan is what was seen."""
        bare = _plan(operation, (), (), ())
        try:
            seen = await self._gate.look(operation.craft, bare)
        except CannotCollect as trouble:
            lines = (trouble.what, trouble.seen, trouble.mend)
            self._turned(operation, await self._gate.refused(bare, lines))
            return
        sight, checks = seen.sight, seen.checks
        operation.sight, operation.checks = sight, checks
        parameters = operation.craft.parameters(operation.target, sight)
        outcomes = facts({check.name: check.verdict.value for check in checks})
        operation.plan = _plan(operation, parameters, sight.fingerprint, outcomes)
        await self._gate.checked(operation.plan, checks)
        if operation.state is not State.PREFLIGHT:
            return  # it was withdrawn meanwhile
        widest = replace(
            operation.given, overrides=frozenset(c.name for c in checks), reason=_any(checks), has_broken_glass=True
        )
        if stops := _but_for_a_code(stopping(checks, widest, self._now())):
            self._turned(operation, await self._gate.refused(operation.plan, stops[0].lines()))
            return
        operation.turn(State.PLANNED, self._now(), Safe("Everything was looked at."))
        self._tell(operation)

    async def _run(self, operation: Operation, order: Order) -> None:
        await self._gate.execute(operation.craft, order, lambda turn: self._turned(operation, turn), operation.abort)
        if operation.state in TRACKED:
            await self._watch(operation)
        elif self._gate.keeps_lock(operation.id):
            await self._released(order.plan)

    def _turned(self, operation: Operation, turn: Turn) -> None:
        if operation.has_ended:
            return  # it was denied meanwhile, which the gate found as one that was withdrawn
        now = self._now()
        operation.lines = (turn.said, turn.seen, turn.mend)
        operation.credentials = turn.keys or operation.credentials
        operation.lock = turn.lock or operation.lock
        if turn.counts_down_s is not None:
            operation.sends_at = now + timedelta(seconds=turn.counts_down_s * self._speed)
        if turn.state is State.SENT and operation.sent is None:
            operation.sent = now
        operation.is_accepted |= turn.state is State.ACCEPTED
        operation.percent = operation.percent if turn.percent is None else turn.percent
        operation.turn(turn.state, now, turn.said)
        self._tell(operation)

    async def _watch(self, operation: Operation) -> None:
        await self._watching.to_the_end(operation, lambda: self._tell(operation))
        if operation.has_ended and operation.plan is not None:
            await self._released(operation.plan)

    async def _released(self, plan: Plan) -> None:
        """What has the lock may not answer, or be asked for only once the inventory is known."""
        for pause_s in chain(RELEASED_AGAIN_S, repeat(RELEASED_AGAIN_S[-1])):
            if await self._gate.give_back(plan):
                return
            await asyncio.sleep(pause_s)

    def _make_room(self) -> None:
        """What has long ended goes, and of what waits for nobody the oldest."""
        now = self._now()
        idle = [o for o in self._operations.values() if o.has_ended or o.state in (State.PREFLIGHT, State.PLANNED)]
        old = [o for o in idle if o.ended is not None and now - o.ended > KEPT]
        for operation in {o.id: o for o in (*old, *idle[: max(0, len(idle) - MOST)])}.values():
            del self._operations[operation.id]
            self._tell(operation.id)


def _any(checks: Iterable[Check]) -> str:
    """The best reason that could be given: whatever was counted stands in it."""
    return " ".join(["any reason at all", *(str(check.count) for check in checks if check.override is Override.COUNT)])


def _but_for_a_code(stops: Iterable[Check]) -> tuple[Check, ...]:
    """A code is typed at the dialog: whether it was a good one is asked of AWS before anything is sent."""
    return tuple(check for check in stops if check.override is not Override.CODE)


def _plan(operation: Operation, parameters: Facts, expected: Facts, checks: Facts) -> Plan:
    action, target = operation.craft.action, operation.target
    return Plan(operation.id, action.name, target, parameters, expected, checks, operation.by, to_ms(operation.began))


def crafts_by(crafts: Mapping[str, Craft], name: str) -> Craft:
    """Raises `Trouble` for an action that this release does not know."""
    if name not in crafts:
        raise Trouble("This release has no such action.", seen=ascii(name[:40]), mend="Update the console.")
    return crafts[name]
