"""What must never be sent to a SQL Server on RDS? What is refused there, breaks there, or belongs to RDS alone."""

from __future__ import annotations

import re
from functools import lru_cache

from collectors.errors import Trouble

_WORDS = (
    r"xp_(?!msver\b)\w+",  # extended procedures: xp_cmdshell, xp_readerrorlog, xp_regread, xp_fixeddrives …
    r"DBCC\s+(?:DBINFO|LOGINFO|PAGE|TRACEON|FREEPROCCACHE|DROPCLEANBUFFERS|SHRINK\w+)",
    r"dm_server_registry",
    r"sp_(?:validatelogins|updatestats|configure|OA\w+|readerrorlog|addsrvrolemember|trace_\w+)",
    r"sys(?:jobsteps|sessions)\b",  # of msdb; `msdb.dbo.sp_help_job` says as much
    r"RECONFIGURE",
    r"SHUTDOWN",
    r"(?:BACKUP|RESTORE)\s+(?:DATABASE|LOG|FILELISTONLY|HEADERONLY|VERIFYONLY)",
    r"(?:CREATE|ALTER|DROP)\s+(?:(?:SERVER|ANY)\s+)?(?:ENDPOINT|SERVER\s+ROLE|AVAILABILITY\s+GROUP|DATABASE|ASSEMBLY)",
    r"AS\s+SNAPSHOT\s+OF",
    r"OPENROWSET|OPENDATASOURCE|BULK\s+INSERT",
    r"TRUSTWORTHY",
    r"CONTROL\s+SERVER",
    r"(?:FROM|JOIN)\s+\[?rdsadmin\]?\.|USE\s+\[?rdsadmin\b",  # reading it fails; its procedures may be called
)
_FORBIDDEN = re.compile(rf"(?<![\w@])(?:{'|'.join(_WORDS)})", re.IGNORECASE)
_COMMENT_OR_LITERAL = re.compile(r"/\*.*?\*/|--[^\n]*|N?'((?:[^']|'')*)'", re.DOTALL)
_RUNS_TEXT = re.compile(r"\bsp_executesql\b|\bEXEC(?:UTE)?\s*\(", re.IGNORECASE)


class Forbidden(Trouble):
    """A statement that RDS forbids. To see it is to have found a fault of ours."""


@lru_cache(maxsize=256)
def forbidden(text: str) -> str:
    """The first thing in it that may not be sent; empty where all may.

    Comments are none of it; literals are where the statement runs text.
    """
    literal = r" \1 " if _RUNS_TEXT.search(text) else "''"
    found = _FORBIDDEN.search(_COMMENT_OR_LITERAL.sub(literal, text))
    return " ".join(found[0].split()) if found else ""


def check(text: str) -> None:
    """Raises `Forbidden`: then nothing is sent."""
    if found := forbidden(text):
        mend = "Please report this."
        raise Forbidden(f"{found} is not to be sent to a server on RDS.", seen="nothing was sent", mend=mend)
