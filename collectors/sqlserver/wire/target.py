"""Where is one SQL Server, and how is it to be spoken to?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

APPLICATION = "dbconsole"  # by which a DBA finds us in sys.dm_exec_sessions, and may leave us out
PORT = 1433
LOGIN_S = 5


class Encryption(StrEnum):
    """How much is asked of the server's certificate. The password is never sent in the clear but by `OFF`."""

    VERIFY = "verify"  # TLS, and a certificate that is trusted here and names the host
    STRICT = "strict"  # the same by TDS 8: TLS before anything else
    TRUST = "trust"  # TLS with whoever answers
    OFF = "off"  # none: for the demo on loopback; a profile cannot say it


@dataclass(frozen=True, slots=True)
class Target:
    """One server."""

    host: str
    port: int = PORT
    encryption: Encryption = Encryption.VERIFY
    host_in_certificate: str = ""  # where it is not the host's own name: behind a tunnel, an alias
    read_only: bool = False  # ApplicationIntent
    database: str = "master"
    login_s: int = LOGIN_S

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
