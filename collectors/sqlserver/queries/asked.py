"""What does a person ask a server by hand: the plan of one statement, how fragmented the indexes of one table are."""

from __future__ import annotations

import re

from collectors.errors import CannotCollect
from collectors.sqlserver.asking import Server
from collectors.sqlserver.inside_database import UserDatabase, inside, question, quoted, user_databases
from collectors.sqlserver.queries.rows import FragmentRow, PlanRow
from collectors.statement_text import strip_plan

PLAN = question("plan", 6)
STORED_PLAN = question("query_store_plan", 6)
FRAGMENTATION = question("index_fragmentation", 8)
HASH = re.compile(r"0x[0-9A-F]{16}")


async def plan(server: Server, query_hash: str, plan_hash: str, database: str) -> str:
    """From the plan cache, else from the Query Store of its database; without the values in it."""
    if not HASH.fullmatch(query_hash) or not HASH.fullmatch(plan_hash):
        raise CannotCollect("A plan is asked for by two hashes, such as 0x0123456789ABCDEF.")
    (rows,) = await server.ask(PLAN, query_hash, plan_hash)
    found = next((row.query_plan for row in rows.as_(PlanRow) if row.query_plan), None)
    if found is None:
        found = await _stored(server, query_hash, plan_hash, database)
    if found is None:
        mend = "Ask again when it has run once more: the plan cache has thrown it out."
        raise CannotCollect("The server has no plan of this statement any more.", mend=mend)
    return strip_plan(found)


async def _stored(server: Server, query_hash: str, plan_hash: str, database: str) -> str | None:
    held = await _database(server, database)
    if held is None or not held.is_query_store_on or not held.has_access:
        return None
    (rows,) = await server.ask(inside(STORED_PLAN, held), held.database_name, query_hash, plan_hash)
    return next((row.query_plan for row in rows.as_(PlanRow)), None)


async def fragmentation(server: Server, table: str) -> tuple[FragmentRow, ...]:
    """``table``: of three parts in brackets, as the lists of indexes name it. It reads one level of each index."""
    parts = names_of(table)
    held = await _database(server, parts[0]) if parts else None
    if parts is None or held is None:
        mend = "Name it as [database].[schema].[table]."
        raise CannotCollect("There is no such table in a database of users.", seen=table[:80], mend=mend)
    if not held.has_access:
        raise CannotCollect(f"There is no access to {parts[0]}.", mend="Create a user for this login in it.")
    (rows,) = await server.ask(inside(FRAGMENTATION, held), parts[0], ".".join(map(quoted, parts)))
    found = rows.as_(FragmentRow)
    if not found:
        raise CannotCollect("The table has no index that holds pages, or is no longer there.", seen=table[:80])
    return found


def names_of(table: str) -> tuple[str, str, str] | None:
    """The parts of `[database].[schema].[table]`; None for anything else."""
    found = re.fullmatch(r"\[((?:[^\]]|\]\])+)\]\.\[((?:[^\]]|\]\])+)\]\.\[((?:[^\]]|\]\])+)\]", table)
    if found is None:
        return None
    database, schema, name = (part.replace("]]", "]") for part in found.groups())
    return database, schema, name


async def _database(server: Server, name: str) -> UserDatabase | None:
    """Only what the server itself names is ever written into a statement."""
    return next((each for each in await user_databases(server) if each.database_name == name), None)
