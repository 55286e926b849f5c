"""Which broker is meant, as whom, and which estate there?"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Broker:
    """Where one connection goes. It holds a secret: it is never printed, `url` is."""

    host: str
    port: int
    user: str  # as the broker knows us, and the name in `cmd/<user>`
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    unix: Path | None = None  # the broker's socket on this host, in place of host and port
    estate: str | None = None  # None: the only one there is

    @property
    def url(self) -> str:
        """As a person may read it."""
        if self.unix is not None:
            return f"unix:{self.unix}"
        return f"mqtt{'s' if self.tls else ''}://{self.user}@{self.host}:{self.port}"
