"""How many others must agree to this action on this resource? The profile says so."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from collectors.aws.known import Found
from console.estate.levels import Concern
from profiles.access import Approvals


def needed(said: Iterable[Approvals], action: str, found: Found) -> int:
    """Where several fit, as many as the strictest asks for; none where nothing fits."""
    return max((each.needed for each in said if _fits(each, action, found)), default=0)


def _fits(said: Approvals, action: str, found: Found) -> bool:
    is_meant = any(fnmatchcase(action, pattern) for pattern in said.actions)
    concern = Concern(said.ids, said.engines, tuple(said.kinds))
    return is_meant and concern.fits(found.id, found.engine, found.kind)
