"""Which statements cost a SQL Server most, by its plan cache and by Query Store where that is on?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.errors import CannotCollect
from collectors.inside.queries import Queries
from collectors.inside.repeated import suspicions
from collectors.inside.statement_totals import NOTHING
from collectors.inside.top_statements import leading
from collectors.readings import Reading, ResourceId
from collectors.safe import sanitise
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Server, Servers
from collectors.sqlserver.collector import Now, SqlServerCollector
from collectors.sqlserver.inside_database import UserDatabase, user_databases
from collectors.sqlserver.queries.cache import CacheLook, PlanCache
from collectors.sqlserver.queries.looked import INTERVAL_S, Ran
from collectors.sqlserver.queries.statements import rates_of, source, statements
from collectors.sqlserver.queries.store import QueryStores, StoreLook
from collectors.sqlserver.queries.texts import AllTexts, Texts

MOST_STORES = 8  # databases whose Query Store is asked in one pass


@dataclass(slots=True)
class Stores:
    """Those that told, by their databases, and why others did not."""

    looks: dict[str, StoreLook] = field(default_factory=dict)
    databases: dict[str, UserDatabase] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    silent: int = 0


class TopQueries(SqlServerCollector):
    """One Queries for each pass. What still runs is not in it: a statement is counted when it ends."""

    name = "queries"
    asks = ("query_stats", "query_texts", "query_store_state", "query_store", "query_store_texts", "query_store_waits")
    every = timedelta(seconds=INTERVAL_S)
    needs = (VIEW_SERVER_STATE,)

    def __init__(self, servers: Servers, now: Now) -> None:
        super().__init__(servers, now)
        self._cache, self._stores, self._texts = PlanCache(), QueryStores(), AllTexts()
        self._looked: dict[ResourceId, datetime] = {}

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        server, now = self._servers.of(target), self._now()
        before = self._looked.get(target)
        passed_s = max(0.0, (now - before).total_seconds()) if before else None
        cache = await self._cache.look(server, target, passed_s)
        stores = await self._ask_stores(server, target, cache.version, passed_s)
        self._looked[target] = now
        yield await self._told(server, target, cache, stores)

    async def _ask_stores(self, server: Server, about: ResourceId, version: int, passed_s: float | None) -> Stores:
        """A Query Store that does not tell is no reason to say nothing: its statements are in the plan cache too."""
        found = Stores()
        for database in await user_databases(server):
            name = database.database_name
            try:
                why = await self._why_not(server, database, len(found.looks))
                if not why:
                    found.looks[name] = await self._stores.look(server, about, database, version, passed_s)
                    found.databases[name] = database
            except CannotCollect as trouble:
                why = f"Query Store of {name}: {trouble.line()}"
            if why:
                found.troubles.append(why)
                found.silent += 1
        return found

    async def _why_not(self, server: Server, database: UserDatabase, asked: int) -> str:
        name = database.database_name
        if not database.has_access:
            return f"there is no access to {name}: create a user for this login in it"
        if asked >= MOST_STORES:
            return f"Query Store of {name} is not asked: {MOST_STORES} others are"
        return await self._stores.why_not(server, database)

    async def _told(self, server: Server, about: ResourceId, cache: CacheLook, stores: Stores) -> Queries:
        looked = {name: look.looked for name, look in stores.looks.items() if look.looked.interval_s is not None}
        rates = rates_of(cache.looked, looked)
        stored = {ran: rate for ran, rate in rates.items() if ran.database}  # the plan cache has these as well
        chosen, texts = leading(cache.looked.rates) + leading(stored), self._texts.of(about)
        await texts.ask_cache(server, {ran: cache.handles[ran] for ran in chosen if not ran.database})
        await self._ask_stored(server, texts, stores, chosen)
        rows = statements(chosen, rates, looked, {ran: texts.of(ran) for ran in chosen}, cache.plans)
        everything = sum(cache.looked.rates.values(), start=NOTHING)
        troubles = list(stores.troubles)
        if not cache.looked.is_whole:
            troubles.insert(0, "the plan cache holds more statements than are asked for: some may be missing")
        return Queries(
            about=about,
            observed=self._now(),
            rows=rows,
            interval_s=cache.looked.interval_s,
            source=source(looked, stores.silent),
            trouble=sanitise("; ".join(troubles)),
            suspicions=suspicions(rows, everything.executions),
            count=len(cache.looked.rates),
            cpu_ms=everything.cpu_ms,
        )

    @staticmethod
    async def _ask_stored(server: Server, texts: Texts, stores: Stores, chosen: tuple[Ran, ...]) -> None:
        for name, look in stores.looks.items():
            wanted = {ran: look.queries[ran] for ran in chosen if ran in look.queries}
            await texts.ask_store(server, stores.databases[name], wanted)
