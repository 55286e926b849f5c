"""Which indexes does a SQL Server miss, and which has this node not read for a month?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from collectors.errors import CannotCollect
from collectors.inside.indexes import Indexes, MissingIndex, UnusedIndex, enough, score
from collectors.readings import Reading, ResourceId
from collectors.safe import sanitise
from collectors.sqlserver.asking import VIEW_SERVER_STATE, Server
from collectors.sqlserver.collector import SqlServerCollector
from collectors.sqlserver.inside_database import UserDatabase, inside, question, quoted, user_databases
from collectors.sqlserver.queries.rows import MissingRow, Since, UnusedRow

MISSING = question("missing_indexes")
USAGE = question("index_usage")
MOST_UNUSED = 50


class IndexUse(SqlServerCollector):
    """One Indexes for each pass. Use is counted by each node for itself: reads on a replica are counted there alone."""

    name = "indexes"
    asks = ("missing_indexes", "index_usage", "user_databases")
    every = timedelta(minutes=15)
    needs = (VIEW_SERVER_STATE,)

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        server = self._servers.of(target)
        missing_, since_ = await server.ask(MISSING)
        missing, since = missing_.as_(MissingRow), since_.as_(Since)[0]
        unused, troubles = await _unused(server) if enough(since.up_s) else ((), ())
        yield Indexes(
            about=target,
            observed=self._now(),
            missing=tuple(sorted(map(_missing, missing), key=lambda each: -each.score)),
            unused=unused,
            evidence_s=since.up_s,
            node=sanitise(since.node or ""),
            trouble=sanitise("; ".join(troubles)),
        )


async def _unused(server: Server) -> tuple[tuple[UnusedIndex, ...], tuple[str, ...]]:
    """Of all databases that can be looked into, the most written first; and why others cannot."""
    rows: list[UnusedRow] = []
    troubles: list[str] = []
    for database in await user_databases(server):
        try:
            rows += await _of(server, database)
        except CannotCollect as trouble:
            troubles.append(f"{database.database_name}: {trouble.line()}")
    rows.sort(key=lambda row: (-row.updates, -row.used_kb))
    return tuple(map(_told, rows[:MOST_UNUSED])), tuple(troubles)


async def _of(server: Server, database: UserDatabase) -> tuple[UnusedRow, ...]:
    name = database.database_name
    if not database.has_access:
        raise CannotCollect("There is no access to it.", mend="Create a user for this login in it.")
    (found,) = await server.ask(inside(USAGE, database), name, name)
    return found.as_(UnusedRow)


def _missing(row: MissingRow) -> MissingIndex:
    uses = row.user_seeks + row.user_scans
    return MissingIndex(
        table=sanitise(row.table_name),
        equality=sanitise(row.equality_columns or ""),
        inequality=sanitise(row.inequality_columns or ""),
        included=sanitise(row.included_columns or ""),
        score=score(row.avg_total_user_cost, row.avg_user_impact, uses),
        seeks=uses,
        impact=row.avg_user_impact,
        last=_utc(row.last_user_seek),
    )


def _told(row: UnusedRow) -> UnusedIndex:
    table = ".".join(map(quoted, (row.database_name, row.schema_name, row.table_name)))
    return UnusedIndex(sanitise(table), sanitise(row.index_name), row.updates, row.used_kb)


def _utc(time: datetime | None) -> datetime | None:
    return None if time is None else time.replace(tzinfo=UTC)
