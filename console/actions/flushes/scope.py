"""What of a cache or a database shall be flushed? One word, `database:0` or `prefix:0:session:`, read with care."""

from __future__ import annotations

import re
from dataclasses import dataclass

from collectors.errors import Trouble

MOST_PREFIX = 200
_HANDLE = re.compile(r"0x[0-9A-F]{1,128}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,5}")
KINDS = ("database", "prefix", "all", "plan", "plans", "all-plans")


@dataclass(frozen=True, slots=True)
class Scope:
    """``kind`` is one of `KINDS`; of the rest what it needs."""

    kind: str
    database: str = ""  # a number for caches, a name for SQL Server
    prefix: str = ""
    handle: str = ""  # of one plan


def kind_of(said: str) -> str:
    return said.partition(":")[0]


def scope(said: str) -> Scope:
    """`database:0`, `prefix:0:session:`, `all`, `plan:0x06…`, `plans:shop`, `all-plans`. Raises `Trouble` else."""
    kind, _, rest = said.partition(":")
    if kind in ("all", "all-plans") and not rest:
        return Scope(kind)
    if kind == "database" and _NUMBER.fullmatch(rest):
        return Scope(kind, database=rest)
    if kind == "prefix":
        number, _, prefix = rest.partition(":")
        if _NUMBER.fullmatch(number) and 0 < len(prefix) <= MOST_PREFIX:
            return Scope(kind, database=number, prefix=prefix)
    if kind == "plan" and _HANDLE.fullmatch(rest):
        return Scope(kind, handle=rest)
    if kind == "plans" and 0 < len(rest) <= 128:
        return Scope(kind, database=rest)
    mend = "Choose it in the dialog: database:0, prefix:0:session:, all, plan:0x…, plans:NAME or all-plans."
    raise Trouble("What is to be flushed is not understood.", seen=ascii(said[:80]), mend=mend)
