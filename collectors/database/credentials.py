"""As whom is a database asked?"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """Whoever shows or logs this shows no password."""

    user: str
    password: str = field(repr=False)
