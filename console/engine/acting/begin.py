"""Puts together what acts in an engine, and keeps it going: what is offered, what is under way, who is here."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from collectors.threads import Threads
from console import profiles
from console.access.moment import Moment
from console.actions.craft import Craft
from console.actions.crafts import crafts
from console.actions.desk import Desk
from console.actions.gate import COUNTDOWN_S, Gate
from console.actions.known import Probed
from console.actions.watching import Watching
from console.audit import evidence
from console.audit.record import Event, Who
from console.audit.trail import Trail
from console.engine.acting.acting import Acting, Company
from console.engine.acting.agreeing import Agreeing
from console.engine.acting.around import Around, Parts
from console.engine.acting.asked import HereForm, read
from console.engine.acting.attendance import Attendance
from console.engine.acting.auditing import Auditing
from console.engine.acting.book import Book
from console.engine.acting.flushing import OfFlushes
from console.engine.acting.inside import EstateInside
from console.engine.acting.lookout import Lookout
from console.engine.acting.onlookers import Onlookers
from console.engine.acting.standing import Standing
from console.engine.acting.telling import Telling
from console.engine.acting.witness import OfTheAudit
from console.engine.core import Core
from console.engine.failovers.failovers import Failovers
from console.engine.flushes.flushes import Flushes
from console.engine.outside import AGENT, Outside
from console.protocol.bodies import Command
from console.protocol.requests import Said
from console.protocol.users import user_name
from profiles.model import Profile

FRESH_MS = 600_000  # CloudWatch's values are a few minutes old when they come


class Actor:
    """Of one engine."""

    def __init__(
        self,
        core: Core,
        outside: Outside,
        profile: Profile,
        *,
        audit: Path,
        locks: Path,
        speed: float,
        failovers: Failovers,
        flushes: Flushes,
        countdown_s: float = COUNTDOWN_S,
    ) -> None:
        """``audit``: the folder of the trail; ``locks``: of locks that cover this host only.

        ``failovers`` and ``flushes``: who watches those that are begun here.
        """
        self._core = core
        now, is_demo = core.clock.now, outside.endpoint is not None
        self._user = user_name(os.geteuid())
        self._trail = _trail(core, profile, audit, self._user, is_demo=is_demo)
        self._threads, self._book = Threads(), Book(self._trail, profile.name)
        reader = outside.sessions.reader
        self._standing = Standing(profile.roles, reader, user=self._user, now=now, is_demo=is_demo)
        self._attendance, self._onlookers = Attendance(_now), Onlookers()
        agreeing = Agreeing(profile.access, self._threads, now)
        inside, keep = self._inside(outside, profile, failovers), partial(self._kept, audit)
        made = crafts(self._value, inside, outside.databases.hands, keep=keep)
        around = self._around(outside, profile, agreeing, made, locks)
        prepare = outside.prepare or (lambda _: None)
        gate = Gate(around, now, agent=AGENT, prepare=prepare, countdown_s=countdown_s)
        tell = Telling(core, failovers.op_is, flushes.op_is).tell
        self._desk = Desk(gate, Watching(around, now, speed=speed), now, tell, speed=speed)
        company = self._company(outside, profile, made, around, agreeing=agreeing, audit=audit)
        self._acting = Acting(company)
        failovers.hand = OfTheAudit(self._acting, company)
        flushes.hand = OfFlushes(company, inside)
        self._auditing = Auditing(
            audit, outside.aws.known, lambda: list(map(reader, outside.aws.places)), self._threads, now
        )
        self._lookout = self._looking_out(outside, made, around)

    def _company(
        self,
        outside: Outside,
        profile: Profile,
        made: Mapping[str, Craft],
        around: Around,
        *,
        agreeing: Agreeing,
        audit: Path,
    ) -> Company:
        return Company(
            desk=self._desk,
            around=around,
            standing=self._standing,
            agreeing=agreeing,
            onlookers=self._onlookers,
            book=self._book,
            known=outside.aws.known,
            crafts=made,
            threads=self._threads,
            audit=audit,
            session=self._core.epoch,
            estate=profile.name,
            person=sanitise(self._user),
            now=self._core.clock.now,
        )

    def _looking_out(self, outside: Outside, made: Mapping[str, Craft], around: Around) -> Lookout:
        return Lookout(
            [craft.action for craft in made.values()],
            around,
            self._book,
            self._attendance,
            places=lambda: outside.aws.places,
            tell=lambda told: self._core.teller.state("offers", body=told),
        )

    def _inside(self, outside: Outside, profile: Profile, failovers: Failovers) -> EstateInside:
        return EstateInside(
            self._core.estate,
            outside.aws.known,
            tested=lambda since: self._acting.tested(since),  # noqa: PLW0108 - it is made later
            probed=partial(_probed, failovers),
            origins=partial(profiles.origins, profile),
        )

    async def _kept(self, audit: Path, told: bytes) -> str:
        """Of the audit's evidence, by a thread: a disk may take its time."""
        return await self._threads.call("the evidence", partial(evidence.keep, audit, told))

    def _around(
        self, outside: Outside, profile: Profile, agreeing: Agreeing, made: Mapping[str, Craft], locks: Path
    ) -> Around:
        parts = Parts(
            clock=self._core.clock,
            known=outside.aws.known,
            sessions=outside.sessions,
            threads=self._threads,
            access=profile.access,
            standing=self._standing,
            agreeing=agreeing,
            onlookers=self._onlookers,
            book=self._book,
            locks=locks,
            actions={name: craft.action for name, craft in made.items()},
            user=self._user,
            demo=outside.endpoint,
            under_way=lambda family, but: self._acting.under_way(family, but),  # noqa: PLW0108 - it is made later
            formers=lambda family: self._acting.formers(family),  # noqa: PLW0108 - as well
            tags=self._tags,
            idle=self._attendance.why_locked,
        )
        return Around(parts)

    @property
    def holds(self) -> bool:
        """Whether this engine is needed for what it began, though nobody looks."""
        return self._desk.holds

    async def live(self) -> None:
        """Until cancelled."""
        await self._acting.recall()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lookout.look_out())
            group.create_task(self._lookout.look_at_the_audit())

    async def end(self) -> None:
        await self._desk.end()
        await asyncio.to_thread(self._trail.close, "the engine ends")

    async def answer(self, command: Command) -> Said | None:
        match command.name:
            case "act.here":
                self._attendance.key()
                self._book.is_seen_by(read(HereForm, command).watchers)
            case "act.unlock":
                self._attendance.unlock()
                self._standing.forget_codes()
                await self._book.note(Event.UNLOCK, {"by": self._user})
                self._lookout.tell()
            case "audit":
                return await self._auditing.rows()
            case name:
                if name.startswith("act."):
                    self._attendance.key()  # only a control screen asks for that; `approve` may come from anywhere
                return await self._acting.answer(command)
        return None

    async def noted(self, data: Mapping[str, Any]) -> None:
        """What people said and did beside actions."""
        await self._book.note(Event.NOTE, data)

    def _value(self, about: str, name: str) -> float | None:
        """The newest of the estate's own, where it is fresh."""
        resource = self._core.estate.resources.get(ResourceId(sanitise(about)))
        latest = resource.latest.get(sanitise(f"cloudwatch.{name}")) if resource else None
        is_fresh = latest is not None and self._core.now_ms() - latest.t < FRESH_MS
        return latest.value if latest is not None and is_fresh else None

    def _tags(self, about: ResourceId) -> tuple[tuple[Safe, Safe], ...]:
        resource = self._core.estate.resources.get(about)
        return resource.described.tags if resource else ()


def _now() -> Moment:
    """People's own time, which no play makes faster."""
    return Moment(datetime.now(UTC), time.monotonic())


def _trail(core: Core, profile: Profile, folder: Path, user: str, *, is_demo: bool) -> Trail:
    """Begins the session in the audit."""
    client = os.environ.get("SSH_CLIENT", "").split()
    who = Who(src=user, tty=f"ssh {client[0]}" if client else "local", role="viewer")
    about = {"estate": profile.name, "mode": "demo" if is_demo else "live"}
    return Trail(folder, who, core.epoch, core.clock.now, about=about)


def _probed(failovers: Failovers, op: str) -> Probed | None:
    """As far as it may be built upon: a door that opened a moment ago may shut again."""
    seen = failovers.seen_by_knocks(op)
    return None if seen is None else Probed(*seen)
