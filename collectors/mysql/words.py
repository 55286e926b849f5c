"""How is an error of replication told without the statement and the values that the server quotes in it?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from collectors.safe import NO_TEXT, Safe, sanitise

_TABLE = re.compile(r"\bCould not execute \w{1,40} event on table ([\w$-]{1,64}\.[\w$-]{1,64});")
_OF_A_STATEMENT = "Error '"  # from here on there may be values, which may read like anything
_MOST = 240
_APPLYING: Mapping[int, str] = {
    1007: "the database exists already",
    1008: "the database does not exist",
    1032: "a row that is to change is not there",
    1050: "the table exists already",
    1051: "the table does not exist",
    1054: "a column does not exist",
    1060: "the column exists already",
    1061: "the index exists already",
    1062: "a row with that key exists already",
    1091: "what is to be dropped does not exist",
    1114: "the table, or the disk, is full",
    1146: "the table does not exist",
    1205: "it waited for a lock for too long",
    1213: "it was chosen as a deadlock's victim",
    1236: "the source does not have that part of its log any more",
    1451: "a foreign key forbids it",
    1452: "a foreign key forbids it",
    1590: "the source reported an incident: its log has a hole",
    1594: "the relay log cannot be read",
    1677: "the column's types differ too much",
    1950: "a GTID out of order",
    3546: "the purged GTIDs do not fit",
}


def applying_failed(number: int, text: str) -> Safe:
    """Only the number, what it stands for, and the table: the rest of the text is a statement with its values."""
    if not number:
        return NO_TEXT
    on = _TABLE.search(text.partition(_OF_A_STATEMENT)[0])
    words = _APPLYING.get(number, "the server's error log says which statement")
    return sanitise(f"applying ended with error {number}: {words}{f' ({on[1]})' if on else ''}", _MOST)


def reading_failed(number: int, text: str) -> Safe:
    """Of the link: there is nothing of any table in it."""
    if not number:
        return NO_TEXT
    return sanitise(f"{number}: {' '.join(text.split())}", _MOST)
