"""Lag as the board tells it: the state before the number, and what a promotion would lose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.inside.replication import Link, LinkState, Replication
from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.meta import Objective, Threshold
from console.protocol.res import Replication as Bare
from console.screen.tiles.tile import Told
from tests.screen.bodies import MINUTE, NOW, ORDERS, res, value
from tests.screen.inside.copied import about, lag, link
from tests.screen.tiles.scenes import scene, seen, tell, words

AT = datetime.fromtimestamp(NOW / 1000, UTC)


def behind(source: str, lag: float, **fields: Any) -> Any:
    return res(
        replication=Bare(source=source, state="replicating"),
        values={"replica.lag_s": value(lag, "Seconds", **fields)},
    )


def told_of(of: str, *, up: tuple[Link, ...] = (), down: tuple[Link, ...] = ()) -> Told:
    """As the database of that resource tells it."""
    fact = about(of, "replica", at=AT, upstream=up, downstream=down)
    estate = seen({ORDERS: res(), "near": res(), "far": res()})
    return tell("lag", scene(replace(estate, inside={Replication.part: {of: fact}}), columns=100))


def test_a_replica_says_how_far_behind_whom_it_is() -> None:
    (line,) = words(tell("lag", scene(seen({ORDERS: behind("billing", 7.0)}), rows=4)))
    assert line == "replicating, 7.0s behind billing"


def test_a_source_is_as_grave_as_its_worst_follower_and_charts_the_farthest_behind() -> None:
    estate = {
        ORDERS: res(),
        "close": behind(ORDERS, 1.0),
        "far": behind(ORDERS, 90.0, b=Severity.HIGH),
        "elsewhere": behind("billing", 500.0, b=Severity.CRITICAL),
    }
    told = tell("lag", scene(seen(estate)))
    assert [line.split()[0] for line in words(told)] == ["close", "far"]
    assert told.level == Severity.HIGH
    assert told.chart is not None
    assert told.chart.title.startswith("far ")


def test_one_that_replicates_from_nobody_says_so() -> None:
    assert words(tell("lag", scene(seen({ORDERS: res()})))) == ["It replicates from nobody that is known here."]
    assert words(tell("lag", scene(seen({ORDERS: res(kind="table")})))) == words(told_of("near"))


def test_the_worst_follower_stands_first_with_what_its_promotion_would_lose() -> None:
    well = link(ORDERS, "near", LinkState.IN_STEP, lag=lag(0.0), unsent=lag(0.0, 0))
    dead = link(ORDERS, "far", LinkState.SILENT, lag=lag(48.0, at_least=True))
    told = told_of(ORDERS, down=(well, dead))
    assert words(told) == [
        "far silent, >=48.0s behind  what it would lose is not known",
        "near in step  would lose nothing",
    ]
    assert told.level == Severity.HIGH


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            link("far", ORDERS, LinkState.BEHIND, lag=lag(12.4), unsent=lag(12.0, 4 * 1024**2), unapplied=lag(3.0)),
            "12.4s behind far Promoted now it would lose 12.0s, 4.0MiB, and it has 3.0s to apply first.",
        ),
        (
            link("far", ORDERS, LinkState.BROKEN, why=Safe("no such user"), heard=AT - timedelta(seconds=90)),
            "broken, from far Nobody can tell what it would lose if it were promoted now. no such user.",
        ),
        (
            link("far", ORDERS, LinkState.IN_STEP, unsent=lag(0.0)),
            "in step with far Promoted now it would lose nothing.",
        ),
    ],
)
def test_a_copy_says_in_a_sentence_what_a_promotion_would_cost(given: Link, said: str) -> None:
    assert " ".join(words(told_of(ORDERS, up=(given,)))) == said


def test_the_objective_and_the_first_bound_stand_beside_it() -> None:
    bound = Threshold(value="replica.lag_s", severity=Severity.WARNING, bound=30, above=True)
    promise = Objective(name="lag", value="replica.lag_s", bound=5, above=True, engines=("sqlserver-*",))
    estate = seen({ORDERS: behind("billing", 7.0)}, thresholds=(bound,))
    assert estate.meta is not None
    promised = replace(estate, meta=estate.meta.model_copy(update={"objectives": (promise,)}))
    told = tell("lag", scene(promised))
    assert words(told) == ["replicating, 7.0s behind billing  objective 5s, first bound 30s"]
    assert told.chart is not None
    assert [(limit.value, limit.word) for limit in told.chart.thresholds] == [(30, "WARN"), (5, "objective")]


def test_a_number_that_is_old_is_not_told_as_one_of_now() -> None:
    old = behind("billing", 7.0, s="stale", t=NOW - 9 * MINUTE)
    assert words(tell("lag", scene(seen({ORDERS: old})))) == ["? replicating, from billing"]
