"""What does each kind of question cost at the present pace, and why is it asked no oftener? Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from collectors.aws.cloudwatch import pace
from collectors.aws.cloudwatch.desk import Paced
from collectors.aws.prices import NOTHING_SPENT, Spent
from collectors.safe import Safe, sanitise
from console.protocol.status import Spending

DAY_S = 86_400.0
A_PAGE = 100  # alarms in one request
WHAT = (
    Safe("essential metrics of what is looked at or sick"),
    Safe("other metrics of what is looked at or sick"),
    Safe("essential metrics of the rest"),
    Safe("other metrics of the rest"),
)
"""By tier."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the bill is made of. ``alarms_every``: one for each place that is asked."""

    paced: tuple[Paced, ...] = ()
    alarms: int = 0
    alarms_every: tuple[timedelta, ...] = ()
    history: Spent = NOTHING_SPENT
    ghosts: Spent = NOTHING_SPENT


def bill(asked: Asked, *, budget: float, price_of_request: float) -> tuple[Spending, ...]:
    """Only of what is asked at all."""
    return (*_metrics(asked.paced, budget), *_alarms(asked, price_of_request), *_once(asked))


def _metrics(paced: Iterable[Paced], budget: float) -> Iterator[Spending]:
    for each in paced:
        if each.series:
            yield Spending(
                what=WHAT[each.tier],
                series=each.series,
                every_s=each.every.total_seconds() if each.every else None,
                full_every_s=pace.MINUTE.total_seconds(),
                usd_per_day=each.usd_per_day,
                why=_why(each.every, budget),
            )


def _why(every: timedelta | None, budget: float) -> Safe:
    if every == pace.MINUTE:
        return Safe("")
    return sanitise(f"${budget:.2f} a day does not reach for {'it' if every is None else 'more'}")


def _alarms(asked: Asked, price_of_request: float) -> Iterator[Spending]:
    """A request for every hundred of them, and one where there is none."""
    if not asked.alarms_every:
        return
    pages = max(len(asked.alarms_every), math.ceil(asked.alarms / A_PAGE))
    every_s = max(each.total_seconds() for each in asked.alarms_every)
    usd = pages * DAY_S / every_s * price_of_request
    yield Spending(what=Safe("alarms"), series=asked.alarms, every_s=every_s, full_every_s=every_s, usd_per_day=usd)


def _once(asked: Asked) -> Iterator[Spending]:
    """What has no pace is counted as what it came to."""
    for what, spent, why in (
        ("three hours of history", asked.history, "once for each series"),
        ("ghosts of yesterday and last week", asked.ghosts, "only when somebody asks"),
    ):
        if spent.metrics:
            yield Spending(
                what=sanitise(what),
                series=spent.metrics,
                every_s=DAY_S,
                full_every_s=DAY_S,
                usd_per_day=spent.usd,
                why=sanitise(why),
            )
