"""What became of the one statement that throws plans out? A refusal by the server is believed; the rest is unknown."""

from __future__ import annotations

from collectors.safe import sanitise
from collectors.sqlserver.wire.errors import About, said, told
from console.actions.answer import Answer
from console.actions.life import State

DENIED = frozenset({229, 230, 262, 297, 300, 371, 916, 2571, 5011, 15151, 15247})
"""Of DBCC, of ALTER DATABASE, and of whatever they need."""


def answered(error: BaseException, about: About) -> Answer:
    """An error with the server's own number is its answer: the statement was not done. A line that broke is none."""
    found, numbers = told(error, about), said(error).numbers
    if found.loses or found.number is None:
        return Answer(State.UNKNOWN, sanitise(f"It was sent, and no answer came: {found.trouble.line()}"))
    if denied := sorted(DENIED & set(numbers)):
        what = f"The server refused it ({denied[0]}): the login may not. Nothing was thrown out."
        mend = "Grant ALTER SERVER STATE to it, or of one database ALTER ANY DATABASE SCOPED CONFIGURATION."
        return Answer(State.REJECTED, sanitise(f"{what} {mend}"))
    seen = found.trouble.seen or str(found.number)
    return Answer(State.REJECTED, sanitise(f"The server refused it ({found.number}): {seen} Nothing was thrown out."))
