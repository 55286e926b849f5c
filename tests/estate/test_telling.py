"""A resource told as messages, and made again from them."""

from __future__ import annotations

import math
from datetime import timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import Reading
from collectors.safe import Safe
from console.estate.estate import Estate
from console.estate.render import MOST_POINTS, hist_body, res_body, thinned
from console.estate.resource import Resource
from console.estate.restore import restore
from console.estate.states import Source
from console.protocol.bodies import Hist
from console.protocol.res import Res
from tests.estate.builders import CPU, ORDERS, START_MS, backup, described, lag, metric, waits

SOURCES = {
    "cloudwatch": Source(timedelta(minutes=1), "ok"),
    "waits": Source(timedelta(seconds=5), "ok"),
    "replica-lag": Source(timedelta(seconds=5), "ok"),
}


def resource(*readings: Reading) -> Resource:
    estate = Estate()
    for reading in (described(), *readings):
        estate.fold(reading)
    return estate.resources[ORDERS]


def test_a_resource_is_told_whole() -> None:
    told = res_body(resource(metric(60, 41.5), waits(55, WRITELOG=640), lag(58, 0.25), backup(60)), START_MS, SOURCES)
    assert (told.kind, told.engine, told.role, told.az) == ("instance", "sqlserver-ee", "primary", "eu-west-1a")
    assert told.facts == {"DBInstanceClass": "db.r6i.2xlarge"}
    assert told.values[CPU].model_dump() == {"v": 41.5, "t": START_MS + 60_000, "u": "Percent", "s": "fresh", "g": None}
    writelog = told.values[Safe("wait.WRITELOG")]
    assert (writelog.v, writelog.u, writelog.g) == (640, "ms/s", "Tran Log IO")
    assert told.replication is not None
    assert (told.replication.source, told.replication.state) == ("orders", "replicating")
    assert told.backup is not None
    assert (told.backup.retention_s, told.backup.restorable) == (14 * 86_400, START_MS - 240_000)
    assert told.backup.restore_proof is None
    assert told.seen == START_MS + 60_000


def test_what_has_not_come_yet_is_told_as_pending_and_what_grew_old_as_stale() -> None:
    pending = {**SOURCES, "cloudwatch": Source(timedelta(minutes=1), "pending")}
    assert res_body(resource(lag(0, 0.2)), START_MS, pending).values[CPU].s == "pending"
    assert res_body(resource(metric(0, 1.0)), START_MS + 3_600_000, SOURCES).values[CPU].s == "stale"


def test_the_history_of_a_large_resource_fits_a_message_and_tells_the_important_first() -> None:
    many = [f"cloudwatch.Metric{n:03}" for n in range(60)]
    readings = [metric(60 * n, 1.23456789e15 + n, name) for name in [*many, CPU] for n in range(400)]
    told = hist_body(resource(*readings, *(waits(5 * n, WRITELOG=640.123456, LCK_M_X=1e-7 * n) for n in range(720))))
    assert len(orjson.dumps(told.model_dump(mode="json"))) < 64 * 1024
    names = list(told.series)
    assert names[:4] == [CPU, "waits.Tran Log IO", "wait.WRITELOG", "wait.LCK_M_X"]
    assert max(len(points.t) for points in told.series.values()) <= MOST_POINTS
    assert told.series[CPU].t[-1] == START_MS + 399 * 60_000


columns = st.lists(
    st.tuples(st.integers(0, 10**7), st.none() | st.floats(allow_nan=False, allow_infinity=False)),
    max_size=200,
    unique_by=lambda p: p[0],
).map(sorted)


@given(columns, st.integers(3, 50))
def test_thinning_keeps_real_points_the_peak_and_the_bound(points: list[tuple[int, float | None]], most: int) -> None:
    times, values = thinned((tuple(t for t, _ in points), tuple(v for _, v in points)), most)
    kept = list(zip(times, values, strict=True))
    assert len(kept) <= most
    assert times == tuple(sorted(set(times)))
    assert set(kept) <= set(points)
    numbers = [v for _, v in points if v is not None]
    assert max((v for v in values if v is not None), default=None) == max(numbers, default=None)


def test_a_gap_in_a_history_stays_a_gap() -> None:
    told = hist_body(resource(metric(0, 1.0), metric(60, math.nan), metric(120, 2.0)))
    assert told.series[CPU].v == (1.0, None, 2.0)


def reborn(before: Resource) -> Resource:
    """Through JSON, as it lies on the disk."""
    res = Res.model_validate_json(orjson.dumps(res_body(before, START_MS, SOURCES).model_dump(mode="json")))
    hist = Hist.model_validate_json(orjson.dumps(hist_body(before).model_dump(mode="json")))
    return restore(ORDERS, res, hist)


def test_a_restarted_engine_knows_what_it_told_and_how_old_that_is() -> None:
    before = resource(metric(0, 40.0), metric(60, 41.5), waits(55, WRITELOG=640, LCK_M_X=2), lag(58, 0.25), backup(60))
    again = reborn(before)
    assert res_body(again, START_MS, SOURCES) == res_body(before, START_MS, SOURCES)
    assert hist_body(again) == hist_body(before)
    aged = res_body(again, START_MS + 3_600_000, SOURCES)
    assert {value.s for value in aged.values.values()} == {"stale"}


def test_a_restored_resource_goes_on_with_what_is_observed_next() -> None:
    estate = Estate()
    estate.restore(reborn(resource(metric(0, 40.0), waits(0, WRITELOG=640))))
    assert estate.changed_since(0).shapes == {ORDERS}
    for reading in (described(300, status="rebooting"), metric(300, 50.0), waits(300, LCK_M_X=1)):
        assert estate.fold(reading) == ORDERS
    after = estate.resources[ORDERS]
    assert after.described.status == "rebooting"
    assert after.series[CPU].columns() == ((START_MS, START_MS + 300_000), (40.0, 50.0))
    assert after.latest[Safe("wait.WRITELOG")].value == 0.0


@pytest.mark.parametrize("present", [True, False])
def test_what_was_observed_since_the_restart_is_not_replaced_by_what_was_known_before(present: bool) -> None:
    estate = Estate()
    if present:
        estate.fold(described(600, status="failed"))
    estate.restore(reborn(resource(metric(0, 40.0))))
    assert estate.resources[ORDERS].described.status == ("failed" if present else "available")
