"""What do drivers send by themselves, which nobody who answers statements should have to know?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from collectors.database.rows import Rows
from console.demo.tds.calls import Call, Procedure

_COMMENT = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)"
_WORD = r"[A-Za-z_]\w*"
_LEVEL = r"(?:READ\s+UNCOMMITTED|READ\s+COMMITTED|REPEATABLE\s+READ|SNAPSHOT|SERIALIZABLE)"
_SET = rf"SET\s+(?:TRANSACTION\s+ISOLATION\s+LEVEL\s+{_LEVEL}|{_WORD}(?:\s*,\s*{_WORD})*\s+(?:-?\d+|{_WORD}))"
_ONLY_SETS = re.compile(rf"{_COMMENT}*+(?:{_SET}(?=\W|$){_COMMENT}*+;?{_COMMENT}*+)+", re.IGNORECASE | re.DOTALL)
_DATATYPE_INFO = re.compile(
    r"\s*(?:exec(?:ute)?\s+)?(?:\[?sys\]?\.)?sp_datatype_info(?:_100)?\s+(-?\d+)", re.IGNORECASE
)
_USE = re.compile(rf"{_COMMENT}*+USE\s+\[((?:[^\]]|\]\])+)\]\s*;?{_COMMENT}*+", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"\s*/\* dbconsole:(\S+) \*/")

_INFO = (
    "TYPE_NAME", "DATA_TYPE", "PRECISION", "LITERAL_PREFIX", "LITERAL_SUFFIX", "CREATE_PARAMS", "NULLABLE",
    "CASE_SENSITIVE", "SEARCHABLE", "UNSIGNED_ATTRIBUTE", "MONEY", "AUTO_INCREMENT", "LOCAL_TYPE_NAME",
    "MINIMUM_SCALE", "MAXIMUM_SCALE", "SQL_DATA_TYPE", "SQL_DATETIME_SUB", "NUM_PREC_RADIX", "INTERVAL_PRECISION",
    "USERTYPE",
)  # fmt: skip
_TYPES = {12: ("varchar", 8000), -9: ("nvarchar", 4000), -3: ("varbinary", 8000), 93: ("datetime2", 27)}
"""The types that pyodbc asks for once: without their lengths, Microsoft's driver takes no long argument."""


def tag_of(text: str) -> str:
    """The name that our own statements begin with; empty for others."""
    found = _TAG.match(text)
    return found[1] if found else ""


def is_only_sets(text: str) -> bool:
    """Whether the batch does nothing but set options of the session, which here have no effect."""
    return _ONLY_SETS.fullmatch(text) is not None


def entered_by(text: str) -> str:
    """The database that the batch enters and does nothing else; empty for every other batch."""
    found = _USE.fullmatch(text)
    return found[1].replace("]]", "]") if found else ""


def asked_in_text(text: str) -> int | None:
    """The type that a batch asks about; None for every other batch."""
    found = _DATATYPE_INFO.match(text)
    return int(found[1]) if found else None


def asked_in_call(call: Call) -> int | None:
    """The type that a call asks about, 0 for all of them; None for every other call."""
    if call.name != Procedure.DATATYPE_INFO:
        return None
    first = call.arguments[0].value if call.arguments else 0
    return first if isinstance(first, int) else 0


def datatype_info(wanted: int) -> Rows:
    """What `sp_datatype_info_100` gives."""
    return Rows(_INFO, tuple(_described(kind) for kind in _TYPES if wanted in (0, kind)))


def _described(kind: int) -> tuple[object, ...]:
    name, precision = _TYPES[kind]
    quotes: Sequence[object] = ("0x", None) if kind == -3 else ("'", "'")
    scales: Sequence[object] = (0, 7) if kind == 93 else (None, None)
    texts = kind in (12, -9)
    verbose: Sequence[object] = (9, 3) if kind == 93 else (kind, None)
    return (name, kind, precision, *quotes, "max length", 1, int(texts), 3, None, 0, None, name, *scales, *verbose,
            None, None, 0)  # fmt: skip
