from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import Gone, Happened, Reading, ResourceId, Severity
from collectors.safe import Safe
from console.estate.estate import Estate
from console.estate.fold import FORGET_WAIT_MS
from tests.estate.builders import CPU, ORDERS, START_MS, at, backup, described, lag, metric, waits

WRITELOG = Safe("wait.WRITELOG")


def folded(*readings: Reading) -> Estate:
    estate = Estate()
    for reading in readings:
        estate.fold(reading)
    return estate


def latest(estate: Estate, name: str) -> tuple[float | None, float]:
    value = estate.resources[ORDERS].latest[Safe(name)]
    return value.value, (value.t - START_MS) / 1000


def test_what_was_read_before_the_description_is_there_once_the_resource_is_described() -> None:
    estate = folded(metric(0, 40.0), waits(0, WRITELOG=640))
    assert not estate.resources
    assert estate.changed_since(0).values == {}
    assert estate.fold(described(1)) == ORDERS
    assert latest(estate, CPU) == (40.0, 0)
    assert estate.changed_since(0).shapes == {ORDERS}


def test_an_older_observation_finds_its_place_in_the_series_and_does_not_overwrite_a_newer() -> None:
    estate = folded(described(), metric(120, 44.0), metric(60, 40.0))
    assert latest(estate, CPU) == (44.0, 120)
    assert estate.resources[ORDERS].series[CPU].columns()[1] == (40.0, 44.0)


def test_a_value_that_is_told_again_with_a_correction_is_corrected() -> None:
    estate = folded(described(), metric(60, 40.0), metric(60, 41.0))
    assert latest(estate, CPU) == (41.0, 60)


@pytest.mark.parametrize("nothing", [None, math.nan, math.inf, -math.inf])
def test_no_data_is_not_zero(nothing: float | None) -> None:
    assert latest(folded(described(), metric(0, nothing)), CPU) == (None, 0)


def test_a_wait_type_that_is_absent_was_not_waited_for() -> None:
    estate = folded(described(), waits(0, WRITELOG=640, LCK_M_X=12), waits(5, LCK_M_X=3))
    assert latest(estate, WRITELOG) == (0.0, 5)
    assert latest(estate, "wait.LCK_M_X") == (3.0, 5)
    assert estate.resources[ORDERS].latest[WRITELOG].group == "Tran Log IO"
    assert estate.resources[ORDERS].series[WRITELOG].columns()[1] == (640, 0.0)


def test_a_wait_type_nobody_has_waited_for_in_an_hour_is_no_longer_told() -> None:
    estate = folded(described(), waits(0, WRITELOG=640, LCK_M_X=1))
    for second in range(5, FORGET_WAIT_MS // 1000 + 10, 5):
        mark = estate.changed_since(0).mark
        estate.fold(waits(second, WRITELOG=600))
    assert "wait.LCK_M_X" not in estate.resources[ORDERS].latest
    assert estate.changed_since(mark).shapes == {ORDERS}
    estate.fold(waits(second + 5, LCK_M_X=2))
    assert latest(estate, "wait.LCK_M_X") == (2.0, second + 5)


def test_a_lag_that_the_replica_does_not_say_is_no_data() -> None:
    estate = folded(described(), lag(0, 0.25), lag(5, None, "stopped"))
    assert latest(estate, "replica.lag_s") == (None, 5)
    replication = estate.resources[ORDERS].replication
    assert replication is not None
    assert (replication.source, replication.state) == ("orders", "stopped")


def test_a_resource_that_is_gone_stays_gone_until_it_is_described_again() -> None:
    estate = folded(described(), metric(0, 40.0))
    mark = estate.changed_since(0).mark
    assert estate.fold(Gone(ORDERS, at(10))) == ORDERS
    assert estate.fold(metric(20, 50.0)) is None  # its collector was still under way
    assert not estate.resources
    assert estate.changed_since(mark).gone == {ORDERS}
    assert estate.fold(described(30)) == ORDERS
    assert estate.changed_since(mark).gone == frozenset()
    assert estate.resources[ORDERS].latest == {}


def test_a_resource_listed_again_later_than_it_was_missed_is_not_gone() -> None:
    estate = folded(described(60))
    assert estate.fold(Gone(ORDERS, at(0))) is None
    assert ORDERS in estate.resources


def test_what_happened_is_not_the_present() -> None:
    estate = folded(described())
    mark = estate.changed_since(0).mark
    assert estate.fold(Happened(ORDERS, at(1), Safe("Backing up DB instance"), Severity.INFO, Safe("rds"))) is None
    assert estate.changed_since(mark).mark == mark


def test_a_reader_is_told_only_what_is_new_since_its_mark() -> None:
    estate = folded(described(), metric(0, 40.0), lag(0, 0.2), backup(0))
    first = estate.changed_since(0)
    assert first.shapes == first.histories == {ORDERS}
    assert first.values == {ORDERS: {CPU, "replica.lag_s", "backup.rpo_s"}}
    estate.fold(metric(60, 41.0))
    second = estate.changed_since(first.mark)
    assert second.values == {ORDERS: {CPU}}
    assert second.shapes == second.histories == frozenset()
    assert estate.changed_since(second.mark).values == {}
    assert estate.changed_since(0).values == first.values  # another reader, with a mark of its own


def test_only_what_has_changed_is_told() -> None:
    estate = folded(described(), metric(0, 40.0), lag(0, 0.2), backup(0))
    mark = estate.changed_since(0).mark
    for same in (described(60), metric(0, 40.0), backup(0)):
        assert estate.fold(same) is None
    assert estate.changed_since(mark).mark == mark
    for news in (described(120, status="backing-up"), backup(120, restorable=60), lag(5, 0.2, "stopped")):
        mark = estate.changed_since(0).mark
        assert estate.fold(news) == ORDERS
        assert estate.changed_since(mark).shapes == {ORDERS}


def test_a_late_point_is_news_for_the_history_only() -> None:
    estate = folded(described(), metric(60, 40.0))
    mark = estate.changed_since(0).mark
    estate.fold(metric(0, 39.0))
    changes = estate.changed_since(mark)
    assert changes.histories == {ORDERS}
    assert not changes.shapes
    assert not changes.values


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        folded(replace(metric(0, 1.0), observed=at(0).replace(tzinfo=None)))


seconds, numbers = st.integers(0, 9), st.none() | st.integers(0, 3).map(float)
readings: st.SearchStrategy[Reading] = st.one_of(
    st.builds(metric, seconds, numbers, st.sampled_from([CPU, "cloudwatch.X"])),
    st.builds(lag, seconds, numbers, st.sampled_from(["up", "down"])),
    st.builds(described, seconds, status=st.sampled_from(["available", "backing-up"])),
    st.builds(backup, seconds, st.none() | st.integers(-300, 0)),
)


def key(reading: Reading) -> tuple[type[Reading], object, object]:
    return type(reading), reading.observed, getattr(reading, "name", None)


@st.composite
def in_two_orders(draw: st.DrawFn) -> tuple[list[Reading], list[Reading]]:
    some = draw(st.lists(readings, max_size=25, unique_by=key))
    return some, draw(st.permutations(some))


@given(in_two_orders())
def test_the_present_does_not_depend_on_the_order_in_which_readings_come(
    orders: tuple[list[Reading], list[Reading]],
) -> None:
    one, other = (folded(*order) for order in orders)
    assert one.resources.keys() == other.resources.keys()
    for about, resource in one.resources.items():
        twin = other.resources[about]
        assert resource.latest == twin.latest
        assert (resource.described, resource.backup, resource.replication) == (
            twin.described,
            twin.backup,
            twin.replication,
        )
        assert resource.seen == twin.seen
        assert {n: s.columns() for n, s in resource.series.items()} == {n: s.columns() for n, s in twin.series.items()}


@given(st.lists(readings | st.just(Gone(ORDERS, at(5))), max_size=40), st.sets(st.integers(0, 40)))
def test_a_copy_kept_up_by_changes_is_the_estate(given_readings: list[Reading], looks: set[int]) -> None:
    estate, mark = Estate(), 0
    copy: dict[ResourceId, dict[Safe, tuple[float | None, int]]] = {}
    for step, reading in enumerate(given_readings):
        estate.fold(reading)
        if step in looks or step == len(given_readings) - 1:
            changes = estate.changed_since(mark)
            mark = changes.mark
            for about in changes.gone:
                copy.pop(about, None)
            for about in changes.shapes:
                copy[about] = {n: (v.value, v.t) for n, v in estate.resources[about].latest.items()}
            for about, names in changes.values.items():
                for name in names:
                    assert name in copy[about], "a value may only change once it was declared"
                    value = estate.resources[about].latest[name]
                    copy[about][name] = (value.value, value.t)
    assert copy == {a: {n: (v.value, v.t) for n, v in r.latest.items()} for a, r in estate.resources.items()}


def test_waits_are_summed_by_category_and_benign_ones_are_no_values() -> None:
    row = waits(0, WRITELOG=600.0).rows[0]
    rows = (row, replace(row, type=Safe("LOGBUFFER"), ms_per_s=100.0), replace(row, type=Safe("IDLE"), benign=True))
    values = folded(described(), replace(waits(0), rows=rows)).resources[ORDERS].latest
    assert {name: latest.value for name, latest in values.items()} == {
        "wait.WRITELOG": 600.0,
        "wait.LOGBUFFER": 100.0,
        "waits.Tran Log IO": 700.0,
    }


def test_where_counting_began_anew_the_history_has_a_gap_and_no_spike() -> None:
    anew = replace(waits(5), interval_s=None)
    estate = folded(described(), waits(0, WRITELOG=600.0), anew, waits(10, WRITELOG=500.0))
    for name in ("wait.WRITELOG", "waits.Tran Log IO"):
        assert estate.resources[ORDERS].series[Safe(name)].columns()[1] == (600.0, None, 500.0)


def test_two_minutes_that_come_at_once_are_history_for_whoever_had_not_looked_in_between() -> None:
    estate = Estate()
    for reading in (described(), metric(0, 40.0)):
        estate.fold(reading)
    mark = estate.changed_since(0).mark
    estate.fold(metric(60, 41.0))
    one = estate.changed_since(mark)
    assert one.histories == frozenset(), "its tick tells it"
    estate.fold(metric(120, 42.0))
    assert estate.changed_since(mark).histories == {ORDERS}, "a tick tells the second alone"
    assert estate.changed_since(one.mark).histories == frozenset(), "who looked in between was told both"


def test_what_comes_every_few_seconds_may_be_overtaken_without_a_hole() -> None:
    estate = Estate()
    for reading in (described(), metric(0, 40.0)):
        estate.fold(reading)
    mark = estate.changed_since(0).mark
    for seconds in (5, 10, 15):
        estate.fold(metric(seconds, float(seconds)))
    assert estate.changed_since(mark).histories == frozenset()


def test_a_restorable_time_that_stands_still_is_a_line_that_rises_a_second_each_second() -> None:
    estate = folded(described(), *(backup(60.0 * n) for n in range(10)))
    times, values = estate.resources[ORDERS].series[Safe("backup.rpo_s")].columns()
    steps = [(b - a) / 1000 for a, b in pairwise(times)]
    assert steps == [60.0] * 9
    assert [after - before for before, after in pairwise(v for v in values if v is not None)] == steps
    well = folded(described(), *(backup(60.0 * n, 60.0 * n - 240) for n in range(10)))
    assert set(well.resources[ORDERS].series[Safe("backup.rpo_s")].columns()[1]) == {240.0}


def test_where_nothing_can_be_restored_what_would_be_lost_is_not_zero() -> None:
    nothing = replace(backup(0, None), newest_snapshot=None)
    assert folded(described(), nothing).resources[ORDERS].latest[Safe("backup.rpo_s")].value is None


def test_what_aws_alone_tells_of_a_lag_does_not_overwrite_what_the_database_told_lately() -> None:
    by_aws = replace(lag(60, 300.0), direct=False)
    assert folded(described(), lag(0, 0.2), by_aws).resources[ORDERS].latest[Safe("replica.lag_s")].value == 0.2
    later = replace(lag(240, 300.0), direct=False)
    assert folded(described(), lag(0, 0.2), later).resources[ORDERS].latest[Safe("replica.lag_s")].value == 300.0
