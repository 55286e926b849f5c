"""With what is a request signed? Held as short as can be: never kept, shown, logged or sent on."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    key_id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
