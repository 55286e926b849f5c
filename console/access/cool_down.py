"""Has this cluster been left alone for long enough since something was done to it? Or did somebody look at it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.safe import Safe
from console.access.refusal import Refusal, ago, left, refusal

UNHEARD_OF = timedelta(hours=1)  # for an action that this console does not know: the longest of those it does


@dataclass(frozen=True, slots=True)
class CoolDown:
    """Of one action. ``done``: as one says it of the past, `Failed over`."""

    done: Safe
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Former:
    """An operation on the cluster that has ended, however it ended."""

    op: str
    action: Safe  # as the registry calls it
    who: Safe
    ended: datetime
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Cooling:
    """The cluster is left alone until then, unless ``after`` is acknowledged."""

    after: Former
    done: Safe
    until: datetime

    def refusal(self, now: datetime) -> Refusal:
        when = ago(self.after.ended, now)
        what = f"{self.done} {when} ago by {self.after.who}, not acknowledged."
        return refusal(what, seen=self.after.op, mend=f"Acknowledge it (A) or wait {left(self.until - now)}.")

    def sentence(self, now: datetime) -> str:
        told = self.refusal(now)
        return f"{told.what} {told.mend}"


def cooling(formers: Iterable[Former], cool_downs: Mapping[str, CoolDown], now: datetime) -> Cooling | None:
    """The one that lasts longest; None where there is none any more.

    How long depends on what was done, not on what is to be done: a failover shakes a cluster for an hour.
    """
    still = [
        each for former in formers if (each := _cooling(former, cool_downs)).until > now and not former.acknowledged
    ]
    return max(still, key=lambda each: each.until, default=None)


def _cooling(former: Former, cool_downs: Mapping[str, CoolDown]) -> Cooling:
    known = cool_downs.get(former.action)
    if known is None:
        return Cooling(former, Safe("Something unknown to this console was done"), former.ended + UNHEARD_OF)
    return Cooling(former, known.done, former.ended + known.lasts)
