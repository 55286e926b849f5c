"""Which requests are work of a kind that lasts, and which of them tell how far they are?"""

from __future__ import annotations

from collectors.safe import NO_TEXT, Safe

_BY_COMMAND = (
    ("BACKUP", Safe("backup")),
    ("RESTORE", Safe("restore")),
    ("KILLED/ROLLBACK", Safe("rollback")),
    ("ROLLBACK", Safe("rollback")),
    ("DBCC", Safe("check")),
    ("CREATE INDEX", Safe("index")),
    ("ALTER INDEX", Safe("index")),
    ("DROP INDEX", Safe("index")),
    ("UPDATE STATISTIC", Safe("statistics")),
    ("BULK INSERT", Safe("bulk load")),
    ("CREATE", Safe("DDL")),
    ("ALTER", Safe("DDL")),
    ("DROP", Safe("DDL")),
    ("TRUNCATE", Safe("DDL")),
)


def undertaking(command: str, statement: str) -> Safe:
    """The kind of work, empty for what is none. An index that is reorganised runs as a `DBCC` command."""
    asked = command.upper()
    if asked.startswith("DBCC") and "ALTER INDEX" in statement.upper():
        return Safe("index")
    return next((kind for prefix, kind in _BY_COMMAND if asked.startswith(prefix)), NO_TEXT)
