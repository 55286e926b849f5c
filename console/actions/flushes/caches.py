"""A database of a cache is flushed, a prefix in it, or everything: on each primary, each proved to be who it is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from collectors.aws.answers import text
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Trouble
from collectors.safe import sanitise
from collectors.threads import Threads
from console.actions.craft import InsideCraft, Progress, Sent, Sight
from console.actions.flushes import risk_checks, told_checks
from console.actions.flushes.at_once import AtOnce
from console.actions.flushes.executed import judged, proof
from console.actions.flushes.expected import expected, facts_of
from console.actions.flushes.impact import counted, radius, what
from console.actions.flushes.logged_in import Entry, LoggedIn, Primary
from console.actions.flushes.looking import WHO, Eyes, seen
from console.actions.flushes.nodes import Node, Seen
from console.actions.flushes.sample import Sample, sample, shares
from console.actions.flushes.scope import Scope, scope
from console.actions.line import Line
from console.actions.plan import Facts, Plan, Target, facts
from console.actions.registry import Action
from console.actions.surroundings import GetKeys, Keys, Wanted


@dataclass(frozen=True, slots=True)
class CacheSight(Sight):
    """``counted``: what moves by itself, and belongs into the plan's words alone."""

    counted: Facts = ()


class OfCaches(InsideCraft):
    """What the three have in common; `FLUSHDB` and `FLUSHALL` it is itself."""

    def __init__(self, action: Action, eyes: Eyes) -> None:
        self.action = action
        self._eyes = eyes
        self._threads = Threads()

    async def look(self, reader: Reader, target: Target, now: datetime) -> Sight:
        meant = _meant(target)
        found = await seen(reader, self._eyes, target)
        sampled = await self._sampled(found, meant)
        keys = found.keys(meant.database)
        if meant.kind == "prefix":
            keys = sampled.estimate(keys) if isinstance(sampled, Sample) else keys
        estimate = keys if isinstance(sampled, Sample) and sampled.looked else None
        inside = self._eyes.inside
        more = risk_checks.load(found, inside, keys, now)
        checks = (
            told_checks.status(found, now),
            told_checks.primary(found, now),
            told_checks.node(found, now),
            told_checks.tag(found, now),
            told_checks.scope(found, meant, estimate, now),
            told_checks.under_way(found, now),
            told_checks.login(self._eyes.hands, found.primaries, now),
            risk_checks.store(found, sampled, keys, now),
            risk_checks.head_room(inside, target.about, more, now),
            risk_checks.snapshot(found, now),
        )
        az = sanitise(text(found.answer, "PreferredAvailabilityZone"))
        before = facts(counted(found, meant, keys))
        to = what(found, meant, keys)
        return CacheSight(now, facts(facts_of(found)), checks, az, radius(found, more), to=to, counted=before)

    async def _sampled(self, found: Seen, meant: Scope) -> Sample | CannotCollect:
        """Spread over all primaries, and over all databases that are meant."""
        there = [
            (node, n, keys)
            for node in found.primaries
            for n, keys in node.keys.items()
            if meant.database in ("", str(n))
        ]
        parts = shares([keys for _, _, keys in there])
        asked = (self._sample(node, n, count, meant.prefix) for (node, n, _), count in zip(there, parts, strict=True))
        try:
            return sum(await asyncio.gather(*asked), Sample())
        except CannotCollect as trouble:
            return trouble

    async def _sample(self, node: Node, database: int, count: int, prefix: str) -> Sample:
        return await sample(self._eyes.hands.cache(node.about), database, count, prefix)

    def parameters(self, target: Target, sight: Sight) -> Facts:
        return sight.counted if isinstance(sight, CacheSight) else ()

    def makes(self, plan: Plan) -> str:
        return ""

    def arns(self, plan: Plan) -> tuple[str, ...]:
        """Of the group, where there is one: that is what IAM calls a login to."""
        return (plan.target.family,)

    async def line(self, plan: Plan, keys: GetKeys) -> Line:
        primaries = tuple(
            Primary(each, self._eyes.hands.way_to_cache(self._eyes.called(each.name, plan.target)))
            for each in expected(plan)
        )

        async def narrowed(grants: tuple[str, ...], arns: tuple[str, ...]) -> Keys:
            return await keys(Wanted(plan.target, plan.op, grants, arns))

        database = scope(plan.target.scope).database
        return self._line(plan, Entry(plan.op, primaries, narrowed, self._threads, database))

    def _line(self, plan: Plan, entry: Entry) -> LoggedIn:
        return AtOnce(entry, self.action.operation)

    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress:
        command, database = self.action.operation.split()[0].lower(), scope(plan.target.scope).database
        every = expected(plan)
        told = await asyncio.gather(*(self._eyes.hands.cache(self._about(plan, each.name)).ask(WHO) for each in every))
        proofs = [proof(each, info, command, database) for each, info in zip(every, told, strict=True)]
        return judged(proofs, sent)

    def _about(self, plan: Plan, name: str) -> str:
        return self._eyes.called(name, plan.target)


def _meant(target: Target) -> Scope:
    try:
        return scope(target.scope)
    except Trouble as trouble:
        raise CannotCollect(trouble.what, seen=trouble.seen, mend=trouble.mend) from None
