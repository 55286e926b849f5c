"""Where is one node, and how is it to be spoken to?"""

from __future__ import annotations

from dataclasses import dataclass

NAME = "dbconsole"  # by which an operator finds us in CLIENT LIST
PORT = 6379
LOGIN_S = 5.0
DEFAULT_USER = "default"  # whom AUTH with a password alone means, on servers that know no other too


@dataclass(frozen=True, slots=True)
class Target:
    """One node."""

    host: str
    port: int = PORT
    tls: bool = True  # with a certificate that is trusted here and names the host; False: nothing is encrypted
    ca_file: str = ""  # who is trusted, in PEM; the system's if empty
    login_s: float = LOGIN_S

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
