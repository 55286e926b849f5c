"""What does a server of the demo do when it is told to throw plans out? It looks who says so, and tells the play."""

from __future__ import annotations

import re

from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from console.demo.reporting import Reports
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.plan_cache import VARIANTS, databases, of_database, of_handle
from console.demo.sqlserver.thrown_out import OF_DATABASE, ONE
from console.demo.tds.answering import Asked, TdsError
from console.demo.tds.prologue import entered_by
from console.demo.tds.statements import Dropped

FLUSHER = "dbconsole_flush"
TAGS = frozenset({"flush_enter", "flush_one_plan", "flush_database_plans", "flush_all_plans"})
_TEXT = re.compile(
    r"/\* dbconsole:\w+ \*/\s*(?:DBCC FREEPROCCACHE(?: \((?P<one>0x[0-9A-F]{2,128})\))? WITH NO_INFOMSGS"
    r"|(?P<database>ALTER DATABASE SCOPED CONFIGURATION CLEAR PROCEDURE_CACHE));\s*"
)
_NO_DBCC = TdsError(2571, "The user does not have permission to run DBCC freeproccache.", severity=14)
_NO_ALTER = TdsError(15247, "User does not have permission to perform this action.")
_SYNTAX = TdsError(102, "Incorrect syntax near the keyword.", severity=15)


async def run(moment: Moment, asked: Asked, reports: Reports) -> None:
    """One statement. Raises `TdsError` for what is refused, and `Dropped` where nobody can say that it was done."""
    if not moment.model.serves(moment.about, moment.t):
        raise Dropped
    if database := entered_by(asked.text):
        if database not in databases(moment):
            raise TdsError(911, "Database does not exist. Make sure that the name is entered correctly.")
        return
    said = _TEXT.fullmatch(asked.text)
    if said is None:
        raise _SYNTAX
    if asked.login.user != FLUSHER:
        raise _NO_ALTER if said["database"] else _NO_DBCC
    what = asked.login.database if said["database"] else said["one"] or ""
    if said["one"] and of_handle(moment, what) is None:
        raise TdsError(2549, "There is no plan of that handle.")
    operation = OF_DATABASE if said["database"] else ONE
    await _tell(reports, moment.about, operation, _share(moment, what, is_one=bool(said["one"])), what)


def _share(moment: Moment, what: str, *, is_one: bool) -> float:
    """Of the plans that are there."""
    there = len(of_database(moment, ""))
    if is_one:
        return 1 / (VARIANTS * there) if there else 0.0
    return len(of_database(moment, what)) / there if there else 0.0


async def _tell(reports: Reports, about: ResourceId, operation: str, share: float, what: str) -> None:
    try:
        await reports.flushed(about, operation, share=share, what=what)
    except CannotCollect as trouble:
        raise Dropped from trouble
