"""What the gate finds around it in a real engine: who asks, what is frozen, who else is at it, and whose keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.aws.sessions import Sessions
from collectors.clock import Clock
from collectors.errors import CannotCollect, Trouble
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from collectors.threads import Threads
from console.access.cool_down import CoolDown, Former, cooling
from console.access.credentials import issue
from console.access.endpoint import elsewhere, endpoint_of
from console.access.locks.border import ClusterLock
from console.access.locks.dynamodb import DynamoLock
from console.access.locks.file_lock import FileLock
from console.access.locks.ssm import SsmLock
from console.access.mfa import Shown
from console.access.refusal import Refusal
from console.access.simulation import Aim
from console.actions.check import Verdict
from console.actions.plan import Plan, Target
from console.actions.registry import Action
from console.actions.situation import PASSES, Situation, Told, UnderWay
from console.actions.surroundings import Keys, MakeClient, Surroundings, Wanted
from console.engine.acting.agreeing import Agreeing
from console.engine.acting.book import Book
from console.engine.acting.freezing import Freezing
from console.engine.acting.onlookers import Onlookers
from console.engine.acting.standing import Seen, Standing, is_met
from profiles.access import Access


@dataclass(frozen=True, slots=True)
class Parts:
    """What it is made of."""

    clock: Clock
    known: Known
    sessions: Sessions
    threads: Threads
    access: Access
    standing: Standing
    agreeing: Agreeing
    onlookers: Onlookers
    book: Book
    locks: Path  # where locks that cover this host are kept
    actions: Mapping[str, Action]
    user: str
    demo: str | None  # the endpoint of the demo's AWS
    under_way: Callable[[str, str], tuple[UnderWay, ...]]  # on a family, but for one operation
    formers: Callable[[str], tuple[Former, ...]]  # on a family
    tags: Callable[[ResourceId], tuple[tuple[Safe, Safe], ...]]
    idle: Callable[[], Refusal | None]


class Around(Surroundings):
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._freezing = Freezing(parts.access, parts.threads)
        self._codes: dict[str, str] = {}  # of the second factor, typed for one operation

    def found(self, target: Target) -> Found:
        """As the inventory has it now."""
        found = self._parts.known.find(ResourceId(sanitise(target.about)))
        if found is None or found.arn != target.arn:
            raise CannotCollect(f"{target.about} is not in the inventory now.", mend="Refresh with Ctrl+R.")
        return found

    def place(self, target: Target) -> Place:
        return self.found(target).place

    def reader(self, target: Target) -> Reader:
        return self._parts.sessions.reader(self.place(target))

    def endpoint(self, target: Target) -> str | None:
        return self._parts.demo

    @property
    def is_demo(self) -> bool:
        return self._parts.demo is not None

    def aim(self, action: Action, target: Target, arns: tuple[str, ...]) -> Aim:
        """The action in IAM's terms."""
        return Aim(action.name, action.least, action.grants, arns, self._tags(target))

    def with_code(self, op: str, typed: str) -> None:
        """For this very operation, where STS wants one for it."""
        self._codes[op] = typed

    async def situation(self, action: Action, plan: Plan, arns: tuple[str, ...], *, sends: bool = False) -> Situation:
        parts, now, target = self._parts, self._parts.clock.now(), plan.target
        place = self.place(target)
        seen = await parts.standing.seen(place, self.aim(action, target, arns))
        by_code = seen.waits is not None or seen.demand.shown in (Shown.WANTED, Shown.FRESH)
        parts.onlookers.takes_code(plan.op, by_code=by_code)
        cool = cooling(parts.formers(target.family), cool_downs(parts.actions, parts.access), now)
        return replace(
            await self.outlook(action, place),
            role=seen.may_become or seen.role,
            denial=None if seen.may_become else _trouble(seen.denial),
            under_way=parts.under_way(target.family, plan.op),
            cool_down=PASSES if cool is None else _told(Verdict.BLOCK, cool.refusal(now)),
            mfa=_demanded(seen),
            takes_code=seen.takes_code,
            approvals=self._agreed(action, plan, sends=sends),
            lock=Told(Verdict.PASS, "The lock is taken once it is confirmed.", self._covers()),
            shared=_seen_by_others(parts.onlookers.why_not(plan.op, sends=sends), sends=sends),
            proves_by_code=by_code,
            looked=parts.clock.now(),
        )

    async def outlook(self, action: Action, place: Place) -> Situation:
        """As far as it hangs on no target."""
        parts, now = self._parts, self._parts.clock.now()
        grant = await parts.standing.grant(place)
        role = parts.standing.role(place, grant)
        await parts.book.is_now(grant.identity, role)
        freeze = await self._freezing.now(parts.sessions.reader(place), now)
        await parts.book.is_frozen(place, freeze)
        verdict = Verdict(freeze.verdict(in_a_freeze=action.in_a_freeze))
        return Situation(
            looked=parts.clock.now(),
            audit=await parts.book.trouble(),
            caller_account=grant.account or None,
            caller_region=place.region,
            caller=grant.identity,
            role=role,
            how=grant.how,
            denial=None,
            locked_out=await self._locked_out(place, action),
            freeze=PASSES if verdict is Verdict.PASS else _told(verdict, freeze.refusal(now)),
            is_passive=freeze.is_passive,
            under_way=(),
            cool_down=PASSES,
            skew=parts.sessions.dating.skew,
        )

    async def keys(self, wanted: Wanted) -> Keys:
        parts, place = self._parts, self.place(wanted.target)
        grant = await parts.standing.grant(place)
        code = self._codes.pop(wanted.op, "")
        caller = await parts.standing.caller(place)
        serial = parts.standing.serial(caller, grant.role)
        got = await issue(
            parts.sessions.reader(place),
            grant,
            lambda: parts.sessions.keys(place.account),
            grants=wanted.grants,
            arns=wanted.arns,
            user=parts.user,
            op_id=wanted.op,
            factor=parts.standing.factor(serial, code) if serial and code else None,
            serial=serial,
        )
        return Keys(got.keys.key_id, got.keys.secret, got.keys.token, got.whose)

    async def lock(self, target: Target, op: str, client: MakeClient) -> ClusterLock:
        parts, said = self._parts, self._parts.access.lock
        if said.kind == "file":
            return self._file_lock()
        region = said.region or target.region
        place = Place(self.place(target).account, region)
        partition = target.arn.split(":")[1]
        if said.kind == "dynamodb":
            arn = f"arn:{partition}:dynamodb:{region}:{target.account}:table/{said.table}"
            made = await client("dynamodb", region, Wanted(target, op, DynamoLock.grants, (arn,)))
            return DynamoLock(made, said.table or "", place, parts.clock, parts.threads)
        name = SsmLock.name_of(said.parameters or "", target.family)
        arn = f"arn:{partition}:ssm:{region}:{target.account}:parameter{name}"
        made = await client("ssm", region, Wanted(target, op, SsmLock.grants, (arn,)))
        return SsmLock(made, said.parameters or "", place, parts.clock, parts.threads)

    async def record(self, event: str, plan: Plan, data: Mapping[str, Any]) -> None:
        await self._parts.book.record(event, plan, data)

    async def in_thread(self, what: str, work: Any) -> Any:
        return await self._parts.threads.call(what, work)

    def denied(self, action: Action, target: Target, said: Safe) -> None:
        self._parts.standing.was_wrong(self.place(target), action.name, said)

    async def _locked_out(self, place: Place, action: Action) -> Trouble | None:
        """Nobody is here, or it is not AWS that would be asked."""
        parts = self._parts
        if (idle := parts.idle()) is not None:
            return idle.trouble()

        def look() -> Refusal | None:
            services = ("sts",) if action.is_inside else ("sts", action.service)
            clients = (parts.sessions.client(place, service) for service in services)
            return elsewhere(map(endpoint_of, clients), os.environ, demo=parts.demo)

        return _trouble(await parts.threads.call(f"endpoints of {place}", look))

    def _covers(self) -> str:
        """Whom the lock keeps apart."""
        said = self._parts.access.lock
        if said.kind == "file":
            return self._file_lock().covers
        return f"{said.table or said.parameters}: all consoles of this account"

    def _file_lock(self) -> FileLock:
        parts, said = self._parts, self._parts.access.lock
        return FileLock(Path(said.folder) if said.folder else parts.locks, parts.clock, parts.threads)

    def _agreed(self, action: Action, plan: Plan, *, sends: bool) -> Told:
        parts, now = self._parts, self._parts.clock.now()
        needed = parts.agreeing.needed(action, self.found(plan.target))
        if not needed:
            return PASSES
        if not parts.agreeing.can_be_signed:
            return unsigned(needed)
        request = parts.agreeing.of(plan)
        if request is None:
            return unasked(needed, sends=sends)
        missing = request.missing(now)
        return PASSES if missing is None else _told(Verdict.BLOCK, missing)

    def _tags(self, target: Target) -> tuple[tuple[str, str], ...]:
        return tuple(self._parts.tags(ResourceId(sanitise(target.about))))


def unsigned(needed: int) -> Told:
    """It would be waited for in vain."""
    what = f"{_others(needed)} must approve it, and nobody's signature counts here."
    return Told(Verdict.BLOCK, what, "the profile names no allowed_signers", "Name them in [access] of the profile.")


def _others(needed: int) -> str:
    return "1 other person" if needed == 1 else f"{needed} other people"


SAYS_WHO = "a promotion always wants one; of all else the profile's [access] says it"


def unasked(needed: int, *, sends: bool) -> Told:
    """Of what others must agree to, and have not been asked: they are once it is confirmed."""
    others = _others(needed)
    if sends:
        mend = "Confirm it at a console: then they are asked."
        return Told(Verdict.BLOCK, f"{others} must approve it.", "nobody was asked for this plan", mend)
    mend = "Confirm it: you are told what to send them."
    return Told(Verdict.WARN, f"{others} must approve it once it is confirmed.", SAYS_WHO, mend)


def cool_downs(actions: Mapping[str, Action], access: Access) -> Mapping[str, CoolDown]:
    asked = {name: timedelta(seconds=seconds) for name, seconds in access.cool_downs.items()}
    return {name: CoolDown(action.done, asked.get(name, action.cool_down)) for name, action in actions.items()}


def _seen_by_others(why: Refusal | None, *, sends: bool) -> Told:
    return PASSES if why is None else _told(Verdict.BLOCK if sends else Verdict.WARN, why)


def _demanded(seen: Seen) -> Told:
    demand = seen.demand
    if seen.waits is not None:
        return _told(Verdict.BLOCK, seen.waits)
    if is_met(demand) or demand.refusal is None:
        return PASSES
    return _told(Verdict.BLOCK, demand.refusal)


def _told(verdict: Verdict, refusal: Refusal) -> Told:
    return Told(verdict, refusal.what, refusal.seen, refusal.mend)


def _trouble(refusal: Refusal | None) -> Trouble | None:
    return None if refusal is None else refusal.trouble()
