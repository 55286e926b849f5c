"""What does a SQL Server of the demo say to whoever knocks: may the database that AWS keeps be written?"""

from __future__ import annotations

from collections.abc import Mapping

from collectors.database.rows import Rows
from collectors.knock.knock import Door
from console.demo.sqlserver.moment import Answer, Arguments, Moment

ASKED = "rdsadmin"  # each has it


def _knock(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    is_open = moment.model.door(moment.about, moment.t) is Door.OPEN
    updateability = "READ_WRITE" if is_open else "READ_ONLY"
    columns = ("asked", "updateability", "status", "node")
    return (Rows(columns, ((ASKED, updateability, "ONLINE", moment.node.name),)),)


ANSWERS: Mapping[str, Answer] = {"knock": _knock}
"""Asked over the wire alone: in process nobody has to ask."""
