"""What of a failover is worth interrupting somebody for? That one began, that it takes too long, and how it ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.failover.chosen import has_begun, noun
from console.screen.failover.stopwatch import figure_s, outage_s
from console.screen.picture import Picture

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover


class FailoverNews:
    """Keeps what was known; asked with each picture. Of what was so when one came nothing is news."""

    def __init__(self) -> None:
        self._before: Mapping[str, Failover] | None = None
        self._epoch: object = None

    def of(self, picture: Picture, *, besides: Collection[str]) -> Safe | None:
        """``besides``: those in sight, which tell themselves."""
        epoch = picture.meta.started if picture.meta else None
        before, self._before = self._before, picture.failovers
        was, self._epoch = self._epoch, epoch
        if before is None or was != epoch or before is picture.failovers:
            return None
        told = [
            words
            for name, run in picture.failovers.items()
            if name not in besides and (words := _turned(before.get(name), run, picture)) is not None
        ]
        return sanitise(told[-1]) if told else None


def _turned(before: Failover | None, run: Failover, picture: Picture) -> str | None:
    """What an operation of ours tells itself when it ends is not told twice."""
    if before is None or not has_begun(before):
        return None if run.ended is not None or not has_begun(run) else _began(run)
    if run.overdue and not before.overdue and run.ended is None:
        return f"The {noun(run)} of {run.resource} is OVERDUE. {run.overdue[0]} (:fo)"
    if run.ended is not None and before.ended is None and run.id not in picture.ops:
        return _ended(run)
    return None


def _began(run: Failover) -> str:
    if run.planned:
        return f"The {noun(run)} of {run.resource} has begun. (:fo)"
    return f"{run.resource} fails over, and nobody here asked for it. (:fo)"


def _ended(run: Failover) -> str:
    seconds = outage_s(run, run.ended or 0)
    down = "" if seconds is None else f" It was down for {figure_s(seconds)}."
    missing = sum(each.state != "proved" for each in run.proofs)
    lacks = f" {missing} of {len(run.proofs)} proofs are missing." if missing else ""
    return f"The {noun(run)} of {run.resource} has ended.{down}{lacks} (:fo, A acknowledges it)"
