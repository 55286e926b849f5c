"""How is a statement about the objects of one database sent, when a name cannot be a bound argument?

Such a statement has a placeholder, `[{database}]`, where a three-part name begins. Only a name that `sys.databases`
gave may stand there, in brackets with each `]` doubled, for nothing else ends a name in brackets (QUOTENAME does the
same). The connection stays in its own database: there is no USE, and no text is put together on the server.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pydantic import BaseModel

from collectors.sqlserver.asking import VIEW_SERVER_STATE, Question, Server, text_of

PLACE = "[{database}]"
LONGEST = 128  # characters, as sysname has it


class UserDatabase(BaseModel):
    """One of those that `user_databases` gives: online, and neither a system database nor rdsadmin."""

    database_name: str
    is_query_store_on: bool
    has_access: bool


def question(name: str, within_s: float = 10.0, grant: str = VIEW_SERVER_STATE) -> Question:
    return Question(name, text_of(name), (grant,), timedelta(seconds=within_s))


def inside(asked: Question, database: UserDatabase) -> Question:
    """The question about that database. It may still need the name as an argument as well."""
    if PLACE not in asked.text:
        raise ValueError(f"{asked.name} is about no database")
    return replace(asked, text=asked.text.replace(PLACE, quoted(database.database_name)))


def quoted(name: str) -> str:
    """The name in brackets; ValueError for what can be no name of a database."""
    if not 0 < len(name) <= LONGEST or "\0" in name:
        raise ValueError("this is no name of a database")
    return f"[{name.replace(']', ']]')}]"


USER_DATABASES = question("user_databases", 5)


async def user_databases(server: Server) -> tuple[UserDatabase, ...]:
    (rows,) = await server.ask(USER_DATABASES)
    return rows.as_(UserDatabase)
