"""What the console spends is said by kind of question, with the reason for each that is asked less than it could be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from collectors.attention import Attention
from collectors.aws.cloudwatch.desk import Paced
from collectors.aws.prices import Spent
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.engine.bill import Asked, bill
from console.protocol.mirror import Mirror
from tests.collectors.aws.cloudwatch.cloud import PLACE, PRICE, Stage, found
from tests.engine.engines import Engines

MINUTE = timedelta(minutes=1)


def test_each_tier_says_how_often_it_is_asked_and_why_no_oftener() -> None:
    paced = (Paced(0, 4, MINUTE, 0.5), Paced(1, 9, 5 * MINUTE, 0.2), Paced(2, 0, None, 0.0), Paced(3, 70, None, 0.0))
    told = bill(Asked(paced=paced), budget=1.0, price_of_request=PRICE)
    assert [(each.series, each.every_s, each.full_every_s, each.why) for each in told] == [
        (4, 60.0, 60.0, ""),
        (9, 300.0, 60.0, "$1.00 a day does not reach for more"),
        (70, None, 60.0, "$1.00 a day does not reach for it"),
    ]


def test_alarms_cost_a_request_for_each_hundred_and_for_each_place() -> None:
    (one,) = bill(Asked(alarms=3, alarms_every=(MINUTE, MINUTE)), budget=1.0, price_of_request=PRICE)
    (many,) = bill(Asked(alarms=301, alarms_every=(MINUTE, MINUTE)), budget=1.0, price_of_request=PRICE)
    assert one.usd_per_day == pytest.approx(2 * 1440 * PRICE)
    assert many.usd_per_day == pytest.approx(4 * 1440 * PRICE)


def test_what_is_asked_once_is_counted_as_what_it_came_to() -> None:
    told = bill(Asked(history=Spent(1, 40, 0.0004), ghosts=Spent(2, 30, 0.0003)), budget=1.0, price_of_request=PRICE)
    assert [(each.series, each.usd_per_day, each.why) for each in told] == [
        (40, 0.0004, "once for each series"),
        (30, 0.0003, "only when somebody asks"),
    ]


def test_what_nobody_asks_is_not_on_it() -> None:
    assert bill(Asked(), budget=1.0, price_of_request=PRICE) == ()


def test_a_desk_with_little_money_slows_what_nobody_looks_at_and_says_what_a_day_costs() -> None:
    stage = Stage(attention=Attention(frozenset({ResourceId(Safe("db-0"))})))
    stage.known.put(PLACE, [found(f"db-{n}") for n in range(5)])
    stage.desk.due(PLACE, stage.attention)
    full = list(stage.desk.paces())
    assert [each.every for each in full] == [MINUTE] * 4
    assert sum(each.series for each in full) == sum(
        len(stage.desk.tracks(PLACE, found(f"db-{n}").id)) for n in range(5)
    )
    assert sum(each.usd_per_day for each in full) == pytest.approx(1440 * PRICE * sum(each.series for each in full))
    stage.purse.usd = 0.3 * sum(each.usd_per_day for each in full)
    stage.later(minutes=1)
    stage.desk.due(PLACE, stage.attention)
    slow = list(stage.desk.paces())
    assert slow[0].every == MINUTE
    assert slow[3].every is None or slow[3].every > MINUTE
    assert sum(each.usd_per_day for each in slow) < 0.6 * sum(each.usd_per_day for each in full)


async def test_the_demo_says_what_it_would_spend(engines: Engines) -> None:
    engines.start()

    def is_told(mirror: Mirror) -> bool:
        return mirror.status is not None and any(each.what == "alarms" for each in mirror.status.spending)

    status = (await engines.mirror_until(is_told)).status
    assert status is not None
    assert all(each.usd_per_day >= 0 for each in status.spending)
