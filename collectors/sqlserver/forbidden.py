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
    r"(?:FROM|JOIN|USE)\s+\[?rdsadmin\]?\.",  # reading it fails; its procedures may be called
)
_FORBIDDEN = re.compile(rf"(?<![\w@])(?:{'|'.join(_WORDS)})", re.IGNORECASE)
_NOT_SENT_AS_CODE = re.compile(r"/\*.*?\*/|--[^\n]*|N?'(?:[^']|'')*'", re.DOTALL)


class Forbidden(Trouble):
    """A statement that RDS forbids. To see it is to have found a fault of ours."""


@lru_cache(maxsize=256)
def forbidden(text: str) -> str:
    """The first thing in it that may not be sent; empty where all may. Comments and literals are none of it."""
    found = _FORBIDDEN.search(_NOT_SENT_AS_CODE.sub("''", text))
    return " ".join(found[0].split()) if found else ""


def check(text: str) -> None:
    """Raises `Forbidden`: then nothing is sent."""
    if found := forbidden(text):
        mend = "Please report this."
        raise Forbidden(f"{found} is not to be sent to a server on RDS.", seen="nothing was sent", mend=mend)
