"""The least rights of a role's login on a SQL Server, by the one list of what the console's statements need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from collectors.sqlserver.grants import GRANTS, IN_MSDB, Grant
from console.specs import RoleWord

EVERY_VERSION = 99
FLUSHES = "ALTER SERVER STATE"
FLUSHES_ONE_DATABASE = "ALTER ANY DATABASE SCOPED CONFIGURATION"
LEFT_OUT: Mapping[str, str] = {
    "log_chain": "gaps in a database's log backups are seen by its db_owner alone, who may change everything in it",
}
"""Of what the console can ask, that for which a login would need far more than to look."""
_IN_MSDB: Mapping[str, str] = {
    "backupset": "GRANT SELECT ON dbo.backupset TO {user};",
    "restorehistory": "GRANT SELECT ON dbo.restorehistory TO {user};",
    "rds_task_status": "IF OBJECT_ID(N'dbo.rds_task_status') IS NOT NULL "
    "EXEC (N'GRANT EXECUTE ON dbo.rds_task_status TO {user};');",
    "sp_help_job": "ALTER ROLE SQLAgentUserRole ADD MEMBER {user};",
}
"""By the names of `IN_MSDB`. The procedure is there on RDS alone."""


def login(role: RoleWord) -> str:
    return f"dbconsole_{role}"


def lines(role: RoleWord) -> Iterator[str]:
    """Batches for sqlcmd or Management Studio: what stands in angle brackets is refused until it is put in."""
    user = login(role)
    yield f"-- {user}: {_WHY[role]}"
    yield "-- Run as an administrator of the server; on RDS as its master user. One that is refused leaves the others:"
    yield "-- what it would show is then missing on the screens, which name it."
    yield "USE master;"
    yield f"CREATE LOGIN {user} WITH PASSWORD = <a new password, in quotes>;"
    yield "GO"
    yield from (_on_server(grant, user) for grant in GRANTS)
    yield from (f"GRANT {FLUSHES} TO {user};  -- single plans, and all of them" for _ in _of_admin(role))
    yield "GO"
    yield "USE msdb;"
    yield f"CREATE USER {user} FOR LOGIN {user};"
    yield from (f"{text.format(user=user)}  -- {IN_MSDB[name].why}" for name, text in _IN_MSDB.items())
    yield "GO"
    for _ in _of_admin(role):
        yield from _in_each_database(user)
    yield from (f"-- Left out: {why}." for why in LEFT_OUT.values())
    yield f"-- {_PROFILE[role].format(user=user)}"


def _on_server(grant: Grant, user: str) -> str:
    """A version that does not know a permission refuses the whole batch that names it."""
    statement = f"GRANT {grant.name} TO {user};"
    known = "CAST(SERVERPROPERTY('ProductMajorVersion') AS int)"
    if grant.until < EVERY_VERSION:
        statement = f"IF {known} <= {grant.until} EXEC (N'{statement}');"
    elif any(other.until < EVERY_VERSION and grant.since == other.until + 1 for other in GRANTS):
        statement = f"IF {known} >= {grant.since} EXEC (N'{statement}');"
    return f"{statement}  -- {grant.why}"


def _of_admin(role: RoleWord) -> Iterator[None]:
    if role == "admin":
        yield None


def _in_each_database(user: str) -> Iterator[str]:
    yield "-- In each database whose plans may be flushed by themselves:"
    yield "USE <the database, in square brackets>;"
    yield f"CREATE USER {user} FOR LOGIN {user};"
    yield f"GRANT {FLUSHES_ONE_DATABASE} TO {user};"
    yield "GO"


_WHY = {
    "viewer": "waits, sessions, memory, files, statements and backups; it changes nothing",
    "operator": "as a viewer: what an operator does is done by AWS, and needs nothing here",
    "admin": "as a viewer, and it may flush plans: one, those of a database, all",
}
_READS = 'In the profile: [[sqlserver]] user = "{user}", and secret = where its password is kept.'
_PROFILE = {
    "viewer": _READS,
    "operator": _READS,
    "admin": 'In the profile: [[sqlserver]] flush_user = "{user}", and flush_secret = where its password is kept.',
}
