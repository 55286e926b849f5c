"""Plans of a SQL Server are thrown out: one, those of one database, or all."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Trouble
from collectors.safe import Safe, sanitise
from collectors.sqlserver.asking import Server
from collectors.statement_text import normalise
from collectors.threads import Threads
from console.actions.check import Check
from console.actions.craft import InsideCraft, Progress, Sent, Sight, Way
from console.actions.failovers import told
from console.actions.failovers.told import Events
from console.actions.flushes import plan_checks as checks
from console.actions.flushes import plan_proof as proof
from console.actions.flushes import plan_questions as questions
from console.actions.flushes.plan_line import PlanLine
from console.actions.flushes.plan_questions import DatabaseRow, HandleRow, Here
from console.actions.flushes.plan_saving import Keep, Survey, Surveys
from console.actions.flushes.scope import Scope, scope
from console.actions.hands import Hands
from console.actions.known import KnownInside
from console.actions.line import Line
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.registry import Action
from console.actions.surroundings import GetKeys, Keys, Wanted

STARTS = re.compile(r"failover|instance (re)?started|reboot", re.IGNORECASE)  # backups start too
LONGEST = 80  # of a statement in a sentence
COMPILED, USED = "counter.SQL Compilations/sec", "CPUUtilization"


@dataclass(frozen=True, slots=True)
class Found:
    """What the server and AWS tell at one moment."""

    here: Here
    handle: tuple[HandleRow, ...]
    database: DatabaseRow | None
    events: Events
    survey: Survey


class OfPlans(InsideCraft):
    """``keep``: where what is thrown out is kept first."""

    def __init__(self, action: Action, inside: KnownInside, hands: Hands, keep: Keep) -> None:
        self.action = action
        self._inside, self._hands = inside, hands
        self._surveys, self._threads = Surveys(keep), Threads()

    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight:
        wanted = _wanted(target)
        server = self._hands.server(target.about)
        found = await self._found(reader, server, target, wanted, now)
        seen = tuple(self._checks(target, wanted, found, now))
        radius = tuple(map(sanitise, self._radius(target, wanted, found.survey, now)))
        return Sight(now, _fingerprint(wanted, found), seen, radius=radius, to=sanitise(_words(wanted, found)))

    async def _found(self, reader: Reader, server: Server, target: Target, wanted: Scope, now: datetime) -> Found:
        """The survey first: it alone may take long, and what must be fresh is asked after it."""
        survey = await self._surveys.of(server, target, wanted, now)
        since = {"SourceIdentifier": target.name, "SourceType": "db-instance"}
        here, events = await asyncio.gather(
            questions.here(server), told.events(reader, "rds", now - checks.COLD, **since)
        )
        rows = await questions.handle(server, wanted.handle) if wanted.handle else ()
        row = await questions.database(server, wanted.database) if wanted.database else None
        return Found(here, rows, row, _starts(events), survey)

    def _checks(self, target: Target, wanted: Scope, seen: Found, now: datetime) -> Iterator[Check]:
        inside, about = self._inside, target.about
        yield checks.login(self._whose(about), now)
        yield checks.permission(now)
        yield checks.server(seen.here, inside.server(about), now)
        if wanted.handle:
            yield checks.handle(seen.handle, wanted.handle, inside.queries(about), now)
        if wanted.database:
            yield checks.database(seen.database, wanted.database, now)
        yield checks.cpu(inside.value(about, USED), inside.value(about, COMPILED), now)
        yield checks.recent(seen.here, seen.events, now)
        yield checks.saved(seen.survey, now)

    def _whose(self, about: str) -> Safe | Trouble:
        try:
            return self._hands.way_to_server(about).whose
        except CannotCollect as trouble:
            return trouble

    def _radius(self, target: Target, wanted: Scope, survey: Survey, now: datetime) -> Iterator[str]:
        if not wanted.handle:
            size = f" of {survey.size_kb / 1024:,.0f} MiB" if survey.size_kb else ""
            yield "How many plans go is not known." if survey.plans is None else f"{survey.plans:,} plans{size} go."
            compiled, used = self._inside.value(target.about, COMPILED), self._inside.value(target.about, USED)
            rate = "How many are compiled now is not known" if compiled is None else f"{compiled.value:,.0f} a second"
            busy = "how busy it is is not known" if used is None else f"CPU is at {used.value:.0f} %"
            yield f"Compilations: {rate}; {busy}. Both rise until the plans are back."
        of = {"plan": "this plan", "plans": f"the statements of {wanted.database}"}
        whose = of.get(wanted.kind, "all statements")
        yield f"The statistics of {whose} begin anew: `Queries` counts from there on."
        yield "What Query Store has counted stays, and a plan that it forces stays forced."
        told_ = self._inside.sessions(target.about)
        if told_ is not None:
            yield f"{told_.connected:,} sessions are connected. None is ended; what runs now runs to its end."

    def parameters(self, target: Target, sight: Sight) -> Facts:
        survey = self._surveys.known(target)
        if survey is None:
            return facts({"scope": target.scope})
        counted = {"plans": survey.plans, "entries": survey.entries}
        numbers = {name: str(number) for name, number in counted.items() if number is not None}
        kept = {"saved": survey.evidence} if survey.evidence else {}
        return facts({"scope": target.scope, **numbers, **kept})

    def makes(self, plan: Plan) -> str:
        return ""

    def arns(self, plan: Plan) -> tuple[str, ...]:
        return (plan.target.arn,)

    async def line(self, plan: Plan, keys: GetKeys) -> Line:
        way = self._hands.way_to_server(plan.target.about)

        async def narrowed(grants: tuple[str, ...], arns: tuple[str, ...]) -> Keys:
            return await keys(Wanted(plan.target, plan.op, grants, arns))

        return PlanLine(way, narrowed, plan, self._threads)

    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress:
        expected, server = dict(plan.expected), self._hands.server(plan.target.about)
        moved = proof.elsewhere(await questions.here(server), expected)
        if moved is not None:
            return moved
        seen = await self._proof(server, plan, sent)
        if seen.way is not Way.ABSENT:
            return seen
        if await questions.running(server):
            return Progress(Way.UNDER_WAY, Safe("the server is at it"))
        return await self._proof(server, plan, sent)  # one that was held up may have done it since it was asked

    @staticmethod
    async def _proof(server: Server, plan: Plan, sent: Sent) -> Progress:
        wanted = _wanted(plan.target)
        if wanted.handle:
            return proof.of_handle(await questions.handle(server, wanted.handle), dict(plan.expected))
        age_s = (sent.now - sent.at).total_seconds() + 1  # what was made while it was on its way is no proof
        return proof.of_plans(*await questions.plans(server, wanted.database, age_s), dict(plan.parameters))


def _wanted(target: Target) -> Scope:
    try:
        return scope(target.scope)
    except Trouble as trouble:
        raise CannotCollect(trouble.what, seen=trouble.seen, mend=trouble.mend) from None


def _starts(events: Events) -> Events:
    return None if events is None else tuple(each for each in events if STARTS.search(each.text))


def _fingerprint(wanted: Scope, seen: Found) -> Facts:
    """Nothing that moves by itself: which server, since when, and what it is done to."""
    told_: Mapping[str, str] = seen.here.facts()
    if wanted.handle and seen.handle:
        oldest = seen.handle[0]
        text = oldest.text_hash.hex() if oldest.text_hash else ""
        told_ = {**told_, "created": oldest.created, "text": text}
    if wanted.database and seen.database is not None:
        told_ = {**told_, "database": f"{seen.database.database_id} {seen.database.database_name}"}
    return facts(told_)


def _words(wanted: Scope, seen: Found) -> str:
    plans = "all plans" if seen.survey.plans is None else f"all {seen.survey.plans:,} plans"
    if wanted.database:
        return f"{plans} of the database {wanted.database}"
    if not wanted.handle:
        return plans
    statement = normalise(seen.handle[0].statement or "") if seen.handle else ""
    cut = statement if len(statement) <= LONGEST else f"{statement[: LONGEST - 1]}…"
    short = f"{wanted.handle[:18]}…" if len(wanted.handle) > 20 else wanted.handle
    return f'the plan {short} of "{cut}"' if cut else f"the plan {short}"
