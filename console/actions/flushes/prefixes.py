"""Keys with a prefix are deleted, on each primary, by the console that began it and by no other."""

from __future__ import annotations

import asyncio

from collectors.aws.reader import Reader
from collectors.safe import sanitise
from console.actions.craft import Progress, Sent, Way
from console.actions.flushes.by_prefix import ByPrefix, Prefix
from console.actions.flushes.caches import OfCaches
from console.actions.flushes.expected import CLUSTER, ESTIMATE, expected
from console.actions.flushes.left import Left, is_at_it, left
from console.actions.flushes.logged_in import Entry, LoggedIn
from console.actions.flushes.looking import Eyes
from console.actions.flushes.nodes import number
from console.actions.flushes.scope import scope
from console.actions.plan import Plan
from console.actions.registry import Action

NOBODY = "Its console ended on the way."


class OfPrefixes(OfCaches):
    def __init__(self, action: Action, eyes: Eyes) -> None:
        super().__init__(action, eyes)
        self._ended: dict[str, str] = {}  # by operation: how those ended that were begun here and not finished

    def _line(self, plan: Plan, entry: Entry) -> LoggedIn:
        told, prefix = dict(plan.parameters), scope(plan.target.scope).prefix

        def ended(words: str) -> None:
            self._ended[plan.op] = words

        meant = Prefix(prefix, number(told.get(ESTIMATE)), told.get(CLUSTER) == "yes")
        return ByPrefix(entry, meant, ended)

    async def progress(self, reader: Reader, plan: Plan, sent: Sent) -> Progress:
        """Nothing goes on by itself: whoever has not come to the end of it has left something."""
        if sent.is_accepted:
            said = "done: each key that was there from its begin to its end is deleted; others may have come since"
            return Progress(Way.DONE, sanitise(said), 100.0)
        caches = [self._eyes.hands.cache(self._about(plan, each.name)) for each in expected(plan)]
        words = self._ended.get(plan.op, "")
        if not words and any(await asyncio.gather(*(is_at_it(cache, plan.op) for cache in caches))):
            return Progress(Way.UNDER_WAY, sanitise("Its console is at it."))
        meant = scope(plan.target.scope)
        found = sum(await asyncio.gather(*(left(cache, meant.database, meant.prefix) for cache in caches)), Left(0))
        self._ended.pop(plan.op, None)
        if found == Left(0):
            return Progress(Way.DONE, sanitise("done: no key of that prefix is left"), 100.0)
        there = f"{found} of that prefix are left; ask anew for them."
        return Progress(Way.FAILED, sanitise(f"{words or NOBODY} {there[0].upper()}{there[1:]}"))
