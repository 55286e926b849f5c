"""Actions in an engine: what is asked for, what is under way, and what a restart finds of before."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from collectors.aws.known import Known
from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.threads import Threads
from console.access.approvals import Approval, Requester
from console.access.break_glass import Asks, SecondFactor, break_glass
from console.access.cool_down import Former
from console.access.refusal import Refusal
from console.actions.check import Override
from console.actions.craft import Craft
from console.actions.desk import Confirmation, Desk, crafts_by
from console.actions.failovers.cache import TEST
from console.actions.failovers.shards import GROUP, SHARD
from console.actions.flushes.scope import kind_of
from console.actions.known import Tested
from console.actions.life import SHAKEN
from console.actions.operation import Operation
from console.actions.plan import Plan
from console.actions.preflight import Given
from console.actions.registry import Action, action_for
from console.actions.situation import UnderWay
from console.actions.tale import Next, Tale
from console.audit.record import Event
from console.engine.acting.agreeing import Agreeing
from console.engine.acting.around import Around
from console.engine.acting.asked import ApproveForm, ConfirmForm, OpForm, PlanForm, read
from console.engine.acting.book import Book
from console.engine.acting.onlookers import Onlookers
from console.engine.acting.remembered import Remembered, remembered
from console.engine.acting.standing import Standing
from console.engine.acting.targets import aimed, instead, target
from console.protocol.bodies import Command
from console.protocol.requests import Said

log = logging.getLogger(__name__)

OP = Safe("op")


@dataclass(frozen=True, slots=True)
class Company:
    """Who does what for it."""

    desk: Desk
    around: Around
    standing: Standing
    agreeing: Agreeing
    onlookers: Onlookers
    book: Book
    known: Known
    crafts: Mapping[str, Craft]
    threads: Threads
    audit: Path
    session: str
    estate: str
    person: Safe
    now: Callable[[], datetime]


class Acting:
    """Requests by name, and the tales of before. What follows from them is told through the desk."""

    def __init__(self, company: Company) -> None:
        self._by = company
        self._actions: tuple[Action, ...] = tuple(craft.action for craft in company.crafts.values())
        self._before = Remembered()

    async def answer(self, command: Command) -> Said | None:
        """Raises `Trouble` in words for what is not done."""
        match command.name:
            case "act.plan":
                return await self._plan(read(PlanForm, command))
            case "act.confirm":
                await self._confirm(read(ConfirmForm, command))
            case "act.abort":
                self._by.desk.withdraw(read(OpForm, command).op)
            case "act.acknowledge":
                await self.acknowledge(read(OpForm, command).op)
            case "act.adopt":
                await self._adopt(read(OpForm, command).op)
            case "approve":
                await self._approve(read(ApproveForm, command))
            case name:
                raise Trouble(f"This engine has no {name!r}.", mend="Update the engine, or use what `?` lists.")
        return None

    async def recall(self) -> None:
        """What was begun before, by this engine's predecessor or by another console: each is gone on with, or shown."""
        by = self._by
        self._before = found = await by.threads.call("the audit", partial(remembered, by.audit, by.now()))
        by.agreeing.remember(found.burned, found.denied)
        for told in found.tales:
            if told.estate == by.estate and told.plan.action in by.crafts:
                await self._recall(told, lives=told.session in found.living and told.session != by.session)

    async def _recall(self, told: Tale, *, lives: bool) -> None:
        """``lives``: the engine that wrote of it last does, and looks after it."""
        by, action = self._by, told.plan.action
        if told.next is Next.TRACK:
            if not lives:
                await self._write("HANDED_OVER", told.plan, {"from": told.session, "to": by.session, "by": by.person})
            by.desk.resume(told, by.crafts[action], sanitise(told.plan.by), is_elsewhere=lives)
        elif not lives:
            if told.next is Next.ABANDON:
                await self._write("ABANDONED", told.plan, {"by": by.person})
            if by.now() - told.began < by.crafts[action].action.overdue_after:  # for so long it may have the lock
                by.desk.release(told.plan)

    async def _write(self, event: str, plan: Plan, data: Mapping[str, Any]) -> None:
        """Of what is so without the record: an audit that cannot be written locks what comes next, and ends nothing."""
        with suppress(Trouble):
            await self._by.book.record(event, plan, data)

    def formers(self, family: str) -> tuple[Former, ...]:
        """What has ended on it: of this engine, and of those before."""
        here = tuple(
            Former(o.id, o.craft.action.name, o.by, o.ended or o.sent or o.began, o.is_acknowledged)
            for o in self._by.desk.operations
            if o.target.family == family and o.state in SHAKEN
        )
        known = {former.op for former in here}
        return (*here, *(former for former in self._before.formers(family) if former.op not in known))

    def tested(self, since: datetime) -> tuple[Tested, ...]:
        """Shards whose failover was tested: by this engine, and by those before."""
        sent = {t.op: (t.plan, t.sent) for t in self._before.tales}
        sent |= {o.id: (o.plan, o.sent) for o in self._by.desk.operations if o.plan is not None}
        return tuple(
            Tested(told.get(GROUP, ""), told.get(SHARD, ""), at)
            for plan, at in sent.values()
            if plan.action == TEST and at is not None and at >= since and (told := dict(plan.parameters))
        )

    def under_way(self, family: str, but: str) -> tuple[UnderWay, ...]:
        return tuple(
            UnderWay(o.id, o.craft.action.title.lower(), o.by, o.state, o.began)
            for o in self._by.desk.operations
            if o.target.family == family and o.id != but and o.is_under_way
        )

    async def _plan(self, form: PlanForm) -> Said:
        by = self._by
        found = by.known.find(ResourceId(form.id))
        if found is None:
            raise Trouble("There is no such resource.", seen=form.id, mend="Refresh with Ctrl+R.")
        aim = aimed(form.action, found, form.choice, by.known)
        found = aim.found
        what = kind_of(form.scope)
        action = action_for(self._actions, form.action, found.kind, found.engine, role=found.role, scope=what)
        if action is None:
            elsewhere = next((a.elsewhere for a in self._actions if a.offer == form.action), NO_TEXT)
            seen = f"it is {found.kind}, {', '.join(filter(None, (found.engine, found.role)))}"
            raise Trouble(f"{found.id} has no {form.action}.", seen=seen, mend=instead(form.action, found) or elsewhere)
        grant = await by.standing.grant(found.place)
        role = by.standing.role(found.place, grant)
        craft = crafts_by(by.crafts, action.name)
        meant = target(aim.found, by.known, aim.to, form.scope)
        op = by.desk.plan(craft, meant, _person(grant.identity, by.person), role)
        by.onlookers.planned(op, form.watchers)
        by.book.is_seen_by(form.watchers)
        return ((OP,), (sanitise(op),))

    async def _confirm(self, form: ConfirmForm) -> None:
        by = self._by
        operation = by.desk.known(form.op)
        by.book.is_seen_by(form.watchers)
        self._ask_again(form)
        if form.mfa:
            await self._show_code(operation, form)
        given = Given(operation.role, frozenset(form.overrides), form.reason)
        if form.incident:
            given = await self._with_glass(operation, form, given)
        by.desk.confirm(form.op, Confirmation(form.plan, form.typed, given))
        by.onlookers.proved(form.op)  # by the code, which AWS has taken, or by the word that was typed
        for name in sorted(given.overrides):
            await by.book.note(Event.OVERRIDE, {"op": form.op, "check": name, "reason": form.reason})
        plan = operation.plan
        needed = by.agreeing.needed(operation.craft.action, by.around.found(operation.target))
        past_others = given.has_broken_glass and "approval" in given.overrides
        if plan is None or not needed or past_others:
            by.desk.run(form.op)
            return
        request = by.agreeing.ask(plan, needed, Requester(operation.by))
        await by.book.record("APPROVE_REQ", plan, {"needed": needed})
        by.desk.await_approval(form.op, by.agreeing.text(request, operation.sentence), needed)

    def _ask_again(self, form: ConfirmForm) -> None:
        """On a terminal that others see: raises what is still asked for. The word is typed with the name."""
        seen = self._by.onlookers
        why = seen.joined_since(form.op, form.watchers)
        if why is None and seen.by_code(form.op) and not form.mfa:
            why = seen.why_not(form.op, sends=False)
        if why is not None:
            raise why.trouble()

    async def _show_code(self, operation: Operation, form: ConfirmForm) -> None:
        by, action = self._by, operation.craft.action
        by.around.with_code(operation.id, form.mfa)
        place = by.around.place(operation.target)
        await by.standing.show(place, by.around.aim(action, operation.target, (operation.target.arn,)), form.mfa)

    async def _with_glass(self, operation: Operation, form: ConfirmForm, given: Given) -> Given:
        """Broken for this operation, told to everybody, and reviewed afterwards."""
        by = self._by
        against = tuple(
            (sanitise(check.name), check.override.value)
            for check in operation.checks
            if check.name in given.overrides and check.override is Override.BREAK_GLASS
        )
        place = by.around.place(operation.target)
        factor = SecondFactor(was_given=by.around.is_demo or by.standing.is_shown(place, operation.craft.action.least))
        asks = Asks(operation.by, operation.role, factor, form.reason, form.incident, against)
        what = sanitise(f"{operation.craft.action.title.lower()} of {operation.target.about}")
        broken = break_glass(asks, what, operation.id, by.now())
        if isinstance(broken, Refusal):
            raise broken.trouble()
        await by.book.note(Event.BREAK_GLASS, {"op": operation.id, "review": broken.review})
        operation.glass = broken.banner
        operation.note(by.now(), broken.banner)
        return Given(given.role, given.overrides, given.reason, has_broken_glass=True)

    async def _approve(self, form: ApproveForm) -> None:
        by = self._by
        operation = by.desk.known(form.op)
        plan = operation.plan
        if plan is None:
            raise Trouble("There is nothing to approve yet.", seen=form.op, mend="Confirm it first.")
        told = await by.agreeing.take(plan, form.text)
        if isinstance(told, Approval):
            await by.book.record("APPROVED", plan, {"who": told.who, "key": told.key, "mark": told.mark})
            request = by.agreeing.of(plan)
            if request is not None:
                by.desk.approved(
                    form.op, len(request.given), request.needed, is_enough=request.missing(by.now()) is None
                )
            return
        await by.book.record("DENIED", plan, {"who": told.who, "key": told.key})
        by.desk.denied(form.op, told.who)

    async def acknowledge(self, op: str) -> None:
        operation = self._by.desk.acknowledge(op, self._by.person)
        if operation.plan is not None:
            await self._by.book.record("ACK", operation.plan, {"by": self._by.person})

    async def _adopt(self, op: str) -> None:
        by = self._by
        operation = by.desk.adopt(op)
        if operation.plan is not None:
            await by.book.record("HANDED_OVER", operation.plan, {"to": by.session, "by": by.person})


def _person(identity: Safe, user: Safe) -> Safe:
    """As AWS's records name them: the session of a role, else the user."""
    return sanitise(identity.rpartition("/")[2]) or user
