"""The last failovers of one: whoever tells of them, each is one row, with the best time that anybody has."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe
from console.failover.history import SAME, Former, Witness, by_events, merged, rows
from tests.failover.given import COMPLETED, STARTED, at


def former(seconds: float, took: float | None, *witnesses: Witness, by: str = "") -> Former:
    span = None if took is None else timedelta(seconds=took)
    return Former(at(seconds), Safe("failover"), Safe(by), span, witnesses)


def test_the_same_one_told_by_several_is_one_row_with_the_best_time_and_whoever_asked() -> None:
    told = [
        former(0, None, Witness.CLOUDTRAIL, by="ann"),
        former(6, 66, Witness.EVENTS),
        former(1, 180, Witness.AUDIT, by="ann"),
        former(2, 74, Witness.PROBE),
        former(-9_000, 96, Witness.EVENTS),
    ]
    newest, oldest = merged(told)
    assert (newest.began, newest.by, newest.took) == (at(0), "ann", timedelta(seconds=74))
    assert newest.told_by == "our knocks, AWS's events, audit, CloudTrail"
    assert (oldest.took, oldest.told_by) == (timedelta(seconds=96), "AWS's events")


def test_events_pair_from_start_to_completion_and_a_start_alone_has_no_time() -> None:
    told = [(at(0), Safe(STARTED)), (at(74), Safe(COMPLETED)), (at(9_000), Safe(STARTED)), (at(50), Safe("restarted"))]
    assert [(each.began, each.took) for each in by_events(told)] == [(at(0), timedelta(seconds=74)), (at(9_000), None)]


def test_an_end_without_a_begin_is_no_failover_and_a_doubled_begin_is_one() -> None:
    assert by_events([(at(5), Safe(COMPLETED))]) == []
    told = [(at(0), Safe(STARTED)), (at(0), Safe(STARTED)), (at(60), Safe(COMPLETED)), (at(61), Safe(COMPLETED))]
    (one,) = by_events(told)
    assert one.took is not None


def test_of_a_cache_the_new_primary_is_the_end_of_its_outage() -> None:
    begun = Safe("Test Failover API called for node group 0001")
    promoted = Safe("Failover from primary node a to replica node b completed")
    finished = Safe("Finished recovery for cache nodes")
    told = [(at(0), begun), (at(12), promoted), (at(13), promoted), (at(300), finished)]
    assert [each.took for each in by_events(told)] == [timedelta(seconds=12)]
    assert [each.took for each in by_events([(at(12), promoted)])] == [None]


def test_a_row_says_what_by_whom_how_long_and_who_tells_it() -> None:
    told = merged([former(0, 74, Witness.PROBE, by="ann"), former(-9_000, None, Witness.CLOUDTRAIL)])
    titles, newest, oldest = rows(told)
    assert titles == ("TIME", "WHAT", "BY", "OUTAGE", "TOLD BY")
    assert newest == ("2026-11-22 03:00:00Z", "failover", "ann", "74 s", "our knocks")
    assert oldest[2:] == ("", "", "CloudTrail")


FORMERS = st.builds(
    former,
    st.integers(0, 100_000).map(float),
    st.one_of(st.none(), st.integers(1, 900).map(float)),
    st.sampled_from(Witness),
)


@given(st.lists(FORMERS, max_size=20))
def test_no_two_rows_are_of_one_and_none_is_lost(told: list[Former]) -> None:
    found = merged(told)
    times = [each.began for each in found]
    assert times == sorted(times, reverse=True)
    assert {w for each in found for w in each.witnesses} == {w for each in told for w in each.witnesses}
    if any(each.took is not None for each in told):
        assert any(each.took is not None for each in found)
    assert all(any(timedelta() <= one.began - each.began <= 20 * SAME for each in found) for one in told)
