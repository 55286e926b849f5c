"""What does the other end say of the same link? A copy does not see what its source has not sent it yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from collectors.inside.replication import Link, LinkState, Part
from collectors.sqlserver.replication import judge

FRESH = timedelta(seconds=15)  # three passes


class Sources:
    """What primaries last told of each copy, by the id that a copy has at both ends."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[datetime, Link]] = {}

    def tell(self, replica_id: str, link: Link, at: datetime) -> None:
        self._told[replica_id] = (at, link)

    def of(self, replica_id: str, at: datetime) -> Link | None:
        """None where its primary was not asked lately."""
        told, link = self._told.get(replica_id, (None, None))
        return link if told is not None and at - told <= FRESH else None


def completed(own: Link, source: Link) -> Link:
    """As the copy tells it, with what only its source knows."""
    known: Mapping[str, Part] = {part.name: part for part in source.parts}
    parts = tuple(_part(part, known.get(part.name)) for part in own.parts)
    return replace(
        own,
        state=judge.worst((part.state for part in parts), own.state),
        lag=judge.together(part.lag for part in parts),
        unsent=judge.together(part.unsent for part in parts),
        parts=parts,
    )


def _part(own: Part, source: Part | None) -> Part:
    """Where the copy has applied all that came, its source may still know better."""
    if source is None:
        return own
    if own.state is LinkState.IN_STEP:
        return replace(own, state=source.state, lag=source.lag, unsent=source.unsent, why=source.why)
    return replace(own, unsent=source.unsent)
