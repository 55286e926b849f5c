"""Puts together what acts in an engine, and keeps it going: what is offered, what is under way, who is here."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from collectors.aws.place import Place
from collectors.errors import Trouble
from collectors.readings import Happened, ResourceId, Severity
from collectors.safe import Safe, sanitise
from collectors.threads import Threads
from console.access.idle import Idle
from console.access.refusal import Refusal
from console.actions.common import locked
from console.actions.craft import Craft
from console.actions.crafts import crafts
from console.actions.desk import Desk
from console.actions.gate import COUNTDOWN_S, Gate
from console.actions.life import State
from console.actions.operation import Operation
from console.actions.registry import Action
from console.actions.situation import Situation
from console.actions.watching import Watching
from console.audit.record import Event, Who
from console.audit.trail import Trail
from console.engine.acting.acting import Acting, Company
from console.engine.acting.agreeing import Agreeing
from console.engine.acting.around import Around, Parts
from console.engine.acting.auditing import Auditing
from console.engine.acting.book import Book
from console.engine.acting.offering import offers
from console.engine.acting.standing import Standing
from console.engine.core import Core
from console.engine.outside import AGENT, Outside
from console.protocol.bodies import Command
from console.protocol.op import Offers
from console.protocol.requests import Said
from console.protocol.users import user_name
from profiles.model import Profile

log = logging.getLogger(__name__)

AUDIT_LOOKED_AT_S = 0.5  # so that a full disk locks within a second
OUTLOOK_S = 15.0
FRESH_MS = 600_000  # CloudWatch's values are a few minutes old when they come
SOURCE = Safe("console")
_GRAVE = {State.FAILED: Severity.HIGH, State.OVERDUE: Severity.HIGH, State.UNKNOWN: Severity.WARNING}
_TOLD = frozenset({State.REFUSED, State.SENT, State.REJECTED, State.UNKNOWN, State.DONE, State.FAILED, State.OVERDUE})


class Actor:
    """Of one engine. ``audit``: the folder of the trail; ``locks``: of locks that cover this host only."""

    def __init__(
        self,
        core: Core,
        outside: Outside,
        profile: Profile,
        *,
        audit: Path,
        locks: Path,
        speed: float,
        countdown_s: float = COUNTDOWN_S,
        more: Iterable[Craft] = (),
    ) -> None:
        """``more``: crafts of actions that are not the release's."""
        self._core, self._outside = core, outside
        now, user = core.clock.now, user_name(os.geteuid())
        about = {"estate": profile.name, "mode": "demo" if outside.endpoint else "live"}
        tty = "ssh " + os.environ["SSH_CLIENT"].split()[0] if os.environ.get("SSH_CLIENT") else "local"
        self._trail = Trail(audit, Who(src=user, tty=tty, role="viewer"), core.epoch, now, about=about)
        threads, book = Threads(), Book(self._trail, profile.name)
        reader = outside.sessions.reader
        self._standing = Standing(profile.roles, reader, user=user, now=now, is_demo=outside.endpoint is not None)
        self._idle = Idle(self._standing.moment())
        agreeing = Agreeing(profile.access, threads, now)
        made: dict[str, Craft] = {**crafts(self._value), **{craft.action.name: craft for craft in more}}
        self._actions: tuple[Action, ...] = tuple(craft.action for craft in made.values())
        self._around = Around(
            Parts(
                clock=core.clock,
                known=outside.aws.known,
                sessions=outside.sessions,
                threads=threads,
                access=profile.access,
                standing=self._standing,
                agreeing=agreeing,
                book=book,
                locks=locks,
                actions={action.name: action for action in self._actions},
                user=user,
                demo=outside.endpoint,
                under_way=lambda family, but: self._acting.under_way(family, but),  # noqa: PLW0108 - as well
                formers=lambda family: self._acting.formers(family),  # noqa: PLW0108 - it comes after this
                tags=self._tags,
                idle=self._why_idle,
            )
        )
        prepare = outside.prepare or (lambda _: None)
        gate = Gate(self._around, now, agent=AGENT, prepare=prepare, countdown_s=countdown_s)
        watching = Watching(self._around, now, speed=speed)
        self._desk = Desk(gate, watching, now, self._tell, speed=speed)
        self._book = book
        self._acting = Acting(
            Company(
                desk=self._desk,
                around=self._around,
                standing=self._standing,
                agreeing=agreeing,
                book=book,
                known=outside.aws.known,
                crafts=made,
                threads=threads,
                audit=audit,
                session=core.epoch,
                estate=profile.name,
                person=sanitise(user),
                now=now,
            )
        )
        places = lambda: [(place, reader(place)) for place in outside.aws.places]  # noqa: E731
        self._auditing = Auditing(audit, outside.aws.known, places, threads, now)
        self._outlook: Situation | None = None
        self._offered: Offers | None = None
        self._states: dict[str, State] = {}

    @property
    def holds(self) -> bool:
        """Whether this engine is needed for what it began, though nobody looks."""
        return self._desk.holds

    async def live(self) -> None:
        """Until cancelled."""
        await self._acting.recall()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_out())
            group.create_task(self._look_at_the_audit())

    async def end(self) -> None:
        await self._desk.end()
        await asyncio.to_thread(self._trail.close, "the engine ends")

    async def answer(self, command: Command) -> Said | None:
        if command.name == "act.unlock":
            self._idle = self._idle.unlocked(self._standing.moment())
            self._standing.forget_codes()
            await self._book.note(Event.UNLOCK, {"by": user_name(os.geteuid())})
            self._offer()
            return None
        if command.name == "act.here":
            self._here()
            return None
        return await (self._auditing.rows() if command.name == "audit" else self._acting.answer(command))

    def _here(self) -> None:
        """A key was pressed at a control screen."""
        self._idle = self._idle.key(self._standing.moment())

    def _why_idle(self) -> Refusal | None:
        return self._idle.why_locked(self._standing.moment())

    async def _look_out(self) -> None:
        """Who one is here, and what locks everything."""
        while True:
            places = self._outside.aws.places
            if places:
                await self._look_from(places[0])
            await asyncio.sleep(OUTLOOK_S if self._outlook else AUDIT_LOOKED_AT_S)

    async def _look_from(self, place: Place) -> None:
        try:
            self._outlook = await self._around.outlook(self._actions[0], place)
        except Trouble as trouble:
            log.info("what may be done is not known: %s", trouble.line())
        self._offer()

    async def _look_at_the_audit(self) -> None:
        while True:
            trouble = await self._book.trouble()
            if self._outlook is not None:
                self._outlook = replace(self._outlook, audit=trouble)
                self._offer()
            await asyncio.sleep(AUDIT_LOOKED_AT_S)

    def _offer(self) -> None:
        seen = self._outlook
        if seen is None:
            return
        idle = self._why_idle()
        now = replace(seen, locked_out=idle.trouble() if idle else seen.locked_out)
        told = offers(self._actions, now, locked(self._actions[0], now))
        if told != self._offered:
            self._offered = told
            self._core.teller.state("offers", body=told)

    def _tell(self, changed: Operation | str) -> None:
        """On its topic, and as an event where somebody wants to know of it later."""
        if isinstance(changed, str):
            self._states.pop(changed, None)
            self._core.teller.state("op", changed, body=None)
            return
        self._core.teller.state("op", changed.id, body=changed.told(self._core.clock.now()))
        if self._states.get(changed.id) is not changed.state and changed.state in _TOLD:
            self._core.teller.happened(self._event(changed))
        self._states[changed.id] = changed.state

    def _event(self, operation: Operation) -> Happened:
        said = operation.lines[0] or sanitise(operation.state)
        text = f"{operation.craft.action.title} by {operation.by}: {operation.state}. {said}"
        severity = _GRAVE.get(operation.state, Severity.INFO)
        about = ResourceId(sanitise(operation.target.about))
        return Happened(about, self._core.clock.now(), sanitise(text), severity, SOURCE)

    def _value(self, about: str, name: str) -> float | None:
        """The newest of the estate's own, where it is fresh."""
        resource = self._core.estate.resources.get(ResourceId(sanitise(about)))
        latest = resource.latest.get(sanitise(f"cloudwatch.{name}")) if resource else None
        is_fresh = latest is not None and self._core.now_ms() - latest.t < FRESH_MS
        return latest.value if latest is not None and is_fresh else None

    def _tags(self, about: ResourceId) -> tuple[tuple[Safe, Safe], ...]:
        resource = self._core.estate.resources.get(about)
        return resource.described.tags if resource else ()
