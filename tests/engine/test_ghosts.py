"""The same hours of yesterday and of last week: asked for once, by a person, for little money, and said what is not."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from collectors.aws.place import Place
from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.engine.ghosts import MOST_KEPT, Haunting
from console.estate.times import to_ms
from console.protocol.bodies import Ghosts
from console.protocol.codec import encode
from console.protocol.scribe import Scribe
from tests.collectors.aws.cloudwatch.cloud import PLACE, PRICE, START, Cloud, Stage, found
from tests.engine.engines import Engines

ORDERS = ResourceId(Safe("orders"))
CPU = Safe("cloudwatch.CPUUtilization")
HOURS = timedelta(hours=3)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def by_day(_: str, metric: str, at: datetime) -> float | None:
    """Each day has a number of its own; FreeableMemory has none."""
    return None if metric == "FreeableMemory" else float(at.toordinal())


@dataclass
class Seance:
    cloud: Cloud = field(default_factory=lambda: Cloud(by_day))
    told: dict[str, Ghosts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stage = Stage(self.cloud)
        self.stage.known.put(PLACE, [found("orders")])
        self.haunting = Haunting(self.stage.desk, self._place_of, self._tell, PRICE)

    def _place_of(self, about: ResourceId) -> Place | None:
        known = self.stage.known.find(about)
        return known.place if known else None

    def _tell(self, about: ResourceId, body: Ghosts | None) -> None:
        if body is None:
            del self.told[about]
        else:
            self.told[about] = body

    async def summon(self) -> Ghosts:
        await self.haunting.summon(ORDERS)
        return self.told[ORDERS]


async def test_two_requests_tell_of_all_its_series_in_the_times_at_which_they_were() -> None:
    there = Seance()
    ghosts = await there.summon()
    assert len(there.cloud.requests) == 2
    assert ghosts.metrics == there.cloud.metrics
    assert ghosts.usd == pytest.approx(there.cloud.metrics * PRICE)
    end = START.replace(second=0)
    assert (ghosts.start, ghosts.end) == (to_ms(end - HOURS), to_ms(end))
    past = ghosts.series[CPU]
    for points, ago in ((past.yesterday, DAY), (past.last_week, WEEK)):
        assert points is not None
        assert to_ms(end - HOURS - ago) < points.t[0] <= points.t[-1] <= to_ms(end - ago)
        assert set(points.v) == {float((START - ago).toordinal())}
    assert "cloudwatch.FreeableMemory" not in ghosts.series
    assert ghosts.error is None


async def test_whoever_asks_again_within_ten_minutes_costs_nothing() -> None:
    there = Seance()
    await asyncio.gather(there.summon(), there.summon())
    there.stage.later(minutes=9)
    await there.summon()
    assert len(there.cloud.requests) == 2
    there.stage.later(minutes=2)
    await there.summon()
    assert len(there.cloud.requests) == 4


async def test_a_day_without_money_refuses_in_words_and_asks_nothing() -> None:
    there = Seance()
    there.stage.purse.usd = 10 * PRICE
    with pytest.raises(Trouble, match="does not reach") as refused:
        await there.summon()
    assert "budget_usd_per_day" in refused.value.mend
    assert there.cloud.requests == []


async def test_what_cloudwatch_does_not_answer_is_told_to_all_and_asked_again() -> None:
    there = Seance(Cloud(by_day, error_after=1))
    with pytest.raises(Trouble, match="no answer"):
        await there.summon()
    assert there.told[ORDERS].error == "no answer"
    assert not there.told[ORDERS].series
    there.cloud.error_after = 1 << 30
    assert (await there.summon()).error is None


async def test_a_metric_that_is_refused_leaves_the_others_and_is_named() -> None:
    there = Seance(Cloud(by_day, codes={"WriteIOPS": "Forbidden"}, said="no"))
    ghosts = await there.summon()
    assert CPU in ghosts.series
    assert "may not be read" in (ghosts.error or "")
    there.cloud.codes = {}  # somebody granted it
    assert (await there.summon()).error is None


async def test_what_nobody_has_listed_has_none() -> None:
    with pytest.raises(Trouble, match="no series of carts"):
        await Seance().haunting.summon(ResourceId(Safe("carts")))


async def test_however_many_series_there_are_they_fit_into_one_message() -> None:
    numbers = random.Random(7)
    there = Seance(Cloud(lambda *_: numbers.uniform(0, 1e9)))
    there.stage.extra = tuple(f"cloudwatch.CPUUtilization.p{n}" for n in range(10, 99))
    body = await there.summon()
    message = Scribe("shop", "engine", "01J0000000000000000000000A", lambda: 0).write("ghost", ORDERS, body=body)
    assert 20_000 < len(encode(message)) < 64 * 1024
    assert len(body.series) == len(there.stage.desk.tracks(PLACE, ORDERS))


async def test_no_more_are_kept_than_anybody_looks_at() -> None:
    there = Seance()
    names = [f"db-{n}" for n in range(MOST_KEPT + 3)]
    there.stage.known.put(PLACE, [found(name) for name in names])
    for name in names:
        await there.haunting.summon(ResourceId(Safe(name)))
    assert list(there.told) == names[3:]


async def test_the_trouble_of_today_is_not_in_the_demos_yesterday(engines: Engines) -> None:
    engines.start()
    async with await engines.joined("control") as control, asyncio.timeout(60):
        while not (cpu := control.mirror.hist.get("billing", {}).get(CPU)) or not len(cpu):
            await anext(control.changes())
        ack = await control.request("ghosts", {"id": "billing"})
        assert ack.ok, ack.error
        while "billing" not in control.mirror.ghosts:
            await anext(control.changes())
        past = control.mirror.ghosts["billing"].series[CPU]
        assert past.yesterday is not None
        assert past.last_week is not None
        assert len(past.yesterday.t) > 120
        assert past.yesterday.v != past.last_week.v
        async with await engines.joined("view") as viewer:
            assert "billing" in viewer.mirror.ghosts
            ack = await viewer.request("ghosts", {"id": "billing"})
            assert not ack.ok
