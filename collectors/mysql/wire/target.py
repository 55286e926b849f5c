"""Where is one MySQL or MariaDB server, and how is it to be spoken to?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

APPLICATION = "dbconsole"  # by which a DBA finds us in performance_schema.session_connect_attrs
PORT = 3306
LOGIN_S = 5.0


class Encryption(StrEnum):
    """How much is asked of the server's certificate. The password is never sent in the clear but by `OFF`."""

    VERIFY = "verify"  # TLS, and a certificate that is trusted here and names the host
    TRUST = "trust"  # TLS with whoever answers
    OFF = "off"  # none: for tests on loopback; a profile cannot say it


@dataclass(frozen=True, slots=True)
class Target:
    """One server."""

    host: str
    port: int = PORT
    encryption: Encryption = Encryption.VERIFY
    ca_file: str = ""  # the system's, where it is empty
    login_s: float = LOGIN_S

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
