"""Where in the log is that, and how far is it from there? PostgreSQL writes a position as `16/B374D848`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

_WRITTEN = re.compile(r"([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})")


def position(written: object) -> object:
    """Bytes since the log began; what is no position is left for whoever checks it."""
    found = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
    return int(found[1], 16) << 32 | int(found[2], 16) if found else written


def written(at: int) -> str:
    return f"{at >> 32:X}/{at & 0xFFFFFFFF:X}"


Position = Annotated[int, BeforeValidator(position)]


def between(behind: int | None, ahead: int | None) -> int | None:
    """Bytes that are left to go; none where it is further than what was read a moment earlier."""
    return None if behind is None or ahead is None else max(0, ahead - behind)
