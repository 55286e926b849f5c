"""Where is one PostgreSQL, and how is it to be spoken to?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

APPLICATION = "dbconsole"  # by which a DBA finds us in pg_stat_activity, and may leave us out
PORT = 5432
DATABASE = "postgres"
LOGIN_S = 5


class Encryption(StrEnum):
    """How much is asked of the server's certificate."""

    VERIFY = "verify"  # TLS, and a certificate that is trusted here and names the host
    TRUST = "trust"  # TLS with whoever answers
    OFF = "off"  # none: the password goes as the server asks for it


@dataclass(frozen=True, slots=True)
class Target:
    """One server, and one database of it: what is asked is the same in each."""

    host: str
    port: int = PORT
    encryption: Encryption = Encryption.VERIFY
    ca_file: str = ""
    database: str = DATABASE
    login_s: int = LOGIN_S
    addresses: tuple[str, ...] = ()  # of the host, where somebody has looked them up already

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
