"""What did a resource do at this hour yesterday and a week ago? Asked of CloudWatch when a person wants it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from collectors.aws.cloudwatch.batch import Answered, Batch, trouble
from collectors.aws.cloudwatch.desk import Desk
from collectors.aws.cloudwatch.tracks import HISTORY, Track, floor
from collectors.aws.place import Place
from collectors.errors import CannotCollect, Trouble
from collectors.job import Job, running
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from console.estate.render import MAIN, thinned
from console.estate.times import to_ms
from console.protocol.bodies import Ghosts, Past, Points

log = logging.getLogger(__name__)

NAME = "ghosts"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
GOOD_FOR = timedelta(minutes=10)
MOST_KEPT = 20  # resources; nobody looks at more at once
ANSWER_WITHIN_S = 8.0  # whoever asked waits ten; what comes later is told all the same
MOST_POINTS = 7_000  # of all series: numbers without any order come to six bytes each, compressed, of 64 KiB
MINUTE = timedelta(minutes=1)

Tell = Callable[[ResourceId, Ghosts | None], None]


class Haunting:
    """Tells the ghosts of a resource, and remembers what it has told."""

    def __init__(self, desk: Desk, place_of: Callable[[ResourceId], Place | None], tell: Tell, price: float) -> None:
        """``price``: of one series in one request."""
        self._desk, self._place_of, self._tell, self._price = desk, place_of, tell, price
        self._asking: dict[ResourceId, asyncio.Task[Trouble | None]] = {}
        self._told: OrderedDict[ResourceId, datetime | None] = OrderedDict()  # None: not whole

    async def summon(self, about: ResourceId) -> None:
        """Returns when they were told, or will be; raises `Trouble` where they cannot be."""
        if (at := self._told.get(about)) and timedelta(0) <= self._desk.now() - at < GOOD_FOR:
            return
        asking = self._asking.get(about)
        if asking is None:
            place, tracks = self._series(about)
            asking = self._asking[about] = asyncio.create_task(self._ask(about, place, tracks))
            asking.add_done_callback(lambda _: self._asking.pop(about, None))
        done, _ = await asyncio.wait({asking}, timeout=ANSWER_WITHIN_S)
        if done and (found := asking.result()):
            raise found

    def _series(self, about: ResourceId) -> tuple[Place, Sequence[Track]]:
        """Those that it seems to have, where there is money to ask for them."""
        place = self._place_of(about)
        tracks = self._desk.tracks(place, about) if place else ()
        if place is None or not tracks:
            what = f"CloudWatch has no series of {about} that are known here."
            raise Trouble(what, mend="Try again once the inventory has listed it.")
        spoken = [track for track in tracks if track.has_spoken] or list(tracks)
        if not self._desk.can_buy(2 * len(spoken)):
            raise Trouble(
                "What the profile lets metrics cost today does not reach for this.",
                seen=f"{2 * len(spoken)} metrics are ${2 * len(spoken) * self._price:.4f}",
                mend="Raise cost.budget_usd_per_day in the profile, or ask again after midnight UTC.",
            )
        return place, sorted(spoken, key=_importance)

    async def _ask(self, about: ResourceId, place: Place, tracks: Sequence[Track]) -> Trouble | None:
        running.set(Job(NAME, str(place)))
        end = floor(self._desk.now(), MINUTE)
        begin = floor(end - HISTORY, max(track.wanted.period for track in tracks))
        batches = [Batch(tuple(tracks), 0, end, begin - ago, end - ago) for ago in (DAY, WEEK)]
        try:
            answers = await asyncio.gather(*(self._desk.ask(place, batch) for batch in batches))
        except CannotCollect as found:
            self._keep(about, None, _body(tracks, (), end, self._price, found))
            return found
        found_trouble = trouble(answers) or _unpaid(answers)
        body = _body(tracks, answers, end, self._price, found_trouble)
        self._keep(about, None if found_trouble else end, body)
        return None if body.series else found_trouble

    def _keep(self, about: ResourceId, at: datetime | None, body: Ghosts) -> None:
        """What was in the way may be mended: only what is whole (``at``) is good for a while."""
        self._told.pop(about, None)
        self._told[about] = at
        self._tell(about, body)
        while len(self._told) > MOST_KEPT:
            self._tell(self._told.popitem(last=False)[0], None)


def _importance(track: Track) -> tuple[int, str]:
    name = track.wanted.name
    return (MAIN.index(name) if name in MAIN else len(MAIN)), name


def _unpaid(answers: Sequence[Answered]) -> Trouble | None:
    if all(answer.points for answer in answers):
        return None
    return Trouble("The day's money for metrics was spent meanwhile.", mend="Raise cost.budget_usd_per_day.")


def _body(
    tracks: Sequence[Track], answers: Sequence[Answered], end: datetime, price: float, found: Trouble | None
) -> Ghosts:
    """So thinned that all of it fits into one message."""
    most = max(3, MOST_POINTS // (2 * len(tracks)))
    series: dict[Safe, Past] = {}
    for track in tracks:
        pasts = [_points(track, answer.points.get(track.id, {}), most) for answer in answers]
        if any(pasts):
            series[track.wanted.name] = Past(yesterday=pasts[0], last_week=pasts[1])
    asked = sum(len(answer.batch.tracks) for answer in answers if answer.points)
    return Ghosts(
        start=to_ms(end - HISTORY),
        end=to_ms(end),
        metrics=asked,
        usd=asked * price,
        series=dict(series),
        error=sanitise(found.line()) if found else None,
    )


def _points(track: Track, points: Mapping[datetime, float], most: int) -> Points | None:
    """At the end of each period, as all points are told."""
    if not points:
        return None
    times = tuple(to_ms(begin + track.wanted.period) for begin in sorted(points))
    t, v = thinned((times, tuple(points[begin] for begin in sorted(points))), most)
    return Points(t=t, v=tuple(None if value is None else float(f"{value:.6g}") for value in v))
