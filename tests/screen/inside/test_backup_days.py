"""Days and tiers: what was due and did not come is seen, and nothing else, in every zone and at every hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.backups import Backups, Copy, Kind, Outcome
from collectors.safe import Safe, sanitise
from console.protocol.meta import Tier
from console.screen.inside.backup_days import DAYS, GRACE, Sight, copies_of, days, missed, window_of
from console.screen.inside.backup_facts import Known
from console.screen.inside.backup_tiers import MOST_SLACK, State, Tiered, month_after, tiers
from tests.screen.inside.backed_up import AT, DAY, HOUR, MINUTE, automated, chain, copy, inside, night, well

zones = st.sampled_from([UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata"), timezone(timedelta(hours=-11))])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
windows = st.tuples(st.integers(0, 23), st.integers(0, 59), st.integers(30, 24 * 60 - 60))


def each_night(at: datetime, window: tuple[int, int, int], retention: int) -> Backups:
    """A copy in each window of the retention that has begun, at any time within it."""
    hour, minute, lasts = window
    first = at.replace(hour=hour, minute=minute, second=0, microsecond=0)
    end = first + timedelta(minutes=lasts)
    due = [first - n * DAY for n in range(-1, retention + 1)]
    copies = [copy(when + timedelta(minutes=lasts) / 2) for when in due if when + timedelta(minutes=lasts) / 2 <= at]
    text = sanitise(f"{first:%H:%M}-{end:%H:%M}")
    since = at - retention * DAY
    kept = tuple(each for each in copies if each.taken >= since)
    return well(at, window=text, copies=kept, retention_s=retention * 86_400.0, earliest=since)


@given(moments, zones, windows, st.integers(1, 35))
def test_where_each_night_was_kept_nothing_is_missing(
    at: datetime, zone: tzinfo, window: tuple[int, int, int], retention: int
) -> None:
    known = Known(each_night(at, window, retention))
    assert missed(known, at) == ()
    seen = days(known, at, zone)
    assert len(seen) == DAYS
    assert seen[-1][0] == at.astimezone(zone).date()
    assert all(later[0] - earlier[0] == DAY for earlier, later in pairwise(seen))
    shown = sum(len(copies_of(known, day, zone)) for day, _ in seen)
    assert shown == sum(each.taken.astimezone(zone).date() >= seen[0][0] for each in known.copies)


@given(moments, windows, st.data())
def test_a_night_that_was_left_out_is_seen_and_no_other(
    at: datetime, window: tuple[int, int, int], data: st.DataObject
) -> None:
    whole = each_night(at, window, 14)
    lasts = timedelta(minutes=window[2])
    over = [
        each for each in whole.copies if each.taken + lasts / 2 + GRACE < at and each.taken - lasts / 2 > at - 13 * DAY
    ]
    gone = data.draw(st.sampled_from(over))
    known = Known(replace(whole, copies=tuple(each for each in whole.copies if each is not gone)))
    (when,) = missed(known, at)
    assert when <= gone.taken <= when + lasts
    assert Sight.MISSING in dict(days(known, at, UTC))[when.date()]


def test_while_the_window_is_open_and_an_hour_after_nothing_is_missing_yet() -> None:
    known = Known(well(copies=automated(without=(0,))))
    today = night(0).replace(minute=0)
    assert missed(known, today + 89 * MINUTE) == ()
    assert missed(known, today + 91 * MINUTE) == (today,)


@pytest.mark.parametrize(
    "fields",
    [
        {"retention_s": 0.0},
        {"retention_s": None},
        {"window": Safe("")},
        {"window": Safe("25:00-26:00")},
        {"kept_by": Safe("orders-cluster")},
    ],
)
def test_where_nothing_is_taken_by_itself_nothing_is_missing(fields: dict[str, Any]) -> None:
    assert missed(Known(well(copies=(), **fields)), AT) == ()


def test_before_it_was_there_and_before_what_is_kept_nothing_is_missing() -> None:
    young = well(earliest=night(2), copies=automated(3))
    assert missed(Known(young), AT) == ()
    nobody_says_since_when = well(earliest=None, copies=automated(3))
    assert missed(Known(nobody_says_since_when), AT) == ()
    assert len(missed(Known(well(earliest=None, copies=())), AT)) == 1  # the last one at least


def test_what_failed_or_runs_is_said_of_its_own_day() -> None:
    failed = copy(AT - 30 * MINUTE, Kind.AWS_BACKUP, Outcome.FAILED)
    runs = copy(AT - 5 * MINUTE, Kind.MANUAL, Outcome.RUNNING)
    seen = days(Known(well(copies=(runs, failed, *automated()))), AT, UTC)
    assert seen[-1][1] == (Sight.FAILED, Sight.RUNNING, Sight.AUTOMATED)
    assert seen[0][1] == (Sight.NONE,)


def test_a_window_over_midnight_lasts_until_the_next_day() -> None:
    found = window_of(well(window=Safe("23:45-00:15")))
    assert found is not None
    assert found[1] == 30 * MINUTE
    assert window_of(well(window=Safe("when it suits"))) is None


def tier(every_s: float | None = 86_400.0, keep_s: float = 7 * 86_400.0, source: str = "any") -> Tier:
    return Tier(name="a", every_s=every_s, keep_s=keep_s, source=source)


def found(declared: Tier, *copies: Copy, at: datetime = AT, **fields: Any) -> Tiered:
    (one,) = tiers(Known(well(copies=copies, **fields), fields.pop("inside", None)), [declared], at)
    return one


@given(
    st.lists(st.integers(1, 40 * 24), max_size=6),
    st.sampled_from([3600.0, 86_400.0, 7 * 86_400.0, None]),
    st.sampled_from(["any", "manual", "automated"]),
)
def test_a_tier_is_reckoned_from_the_newest_copy_that_counts(
    hours: list[int], every: float | None, source: str
) -> None:
    kinds = [Kind.AUTOMATED, Kind.MANUAL, Kind.AWS_BACKUP]
    copies = [copy(AT - ago * HOUR, kinds[n % 3]) for n, ago in enumerate(hours)]
    one = found(tier(every, source=source), *copies)
    counting = [each.taken for each in copies if source in ("any", each.kind.value)]
    if not counting:
        assert (one.state, one.newest, one.due) == (State.NEVER, None, None)
        return
    assert one.newest is not None
    assert one.newest.taken == max(counting)
    assert one.due == (month_after(max(counting)) if every is None else max(counting) + timedelta(seconds=every))
    late = AT - one.due
    assert one.overdue == (late if one.state is State.OVERDUE else timedelta(0))
    assert late <= timedelta(0) or one.state is State.OVERDUE or late <= MOST_SLACK
    assert one.state is not State.OVERDUE or late > timedelta(0)


def test_a_copy_that_is_kept_too_short_does_not_count_and_is_named() -> None:
    weekly = tier(7 * 86_400.0, 84 * 86_400.0)
    one = found(weekly, *automated())
    assert (one.state, one.newest) == (State.NEVER, None)
    assert one.short is not None
    assert found(weekly, copy(AT - DAY, Kind.AWS_BACKUP, expires=AT + 90 * DAY)).state is State.KEPT
    assert found(weekly, copy(AT - DAY, Kind.AUTOMATED), retention_s=None).state is State.NEVER


def test_a_copy_that_failed_cannot_be_used_or_is_of_one_database_keeps_no_tier() -> None:
    for bad in (
        copy(AT - HOUR, Kind.MANUAL, Outcome.FAILED),
        copy(AT - HOUR, Kind.MANUAL, why=Safe("its key is gone")),
        copy(AT - HOUR, Kind.NATIVE, database=Safe("orders")),
        copy(AT + HOUR, Kind.MANUAL),
    ):
        assert found(tier(), bad).state is State.NEVER
    assert found(tier(), copy(AT - HOUR, Kind.MANUAL, Outcome.RUNNING, percent=3)).state is State.RUNNING


def test_native_copies_keep_a_tier_only_if_there_is_one_of_every_database() -> None:
    orders = copy(AT - HOUR, Kind.NATIVE, database=Safe("orders"))
    stock = copy(AT - 30 * HOUR, Kind.NATIVE, database=Safe("stock"))
    both = inside(chain("orders"), chain("stock"))
    known = Known(well(copies=()), replace(both, copies=(orders,)))
    (one,) = tiers(known, [tier(source="native")], AT)
    assert one.state is State.NEVER
    (one,) = tiers(replace(known, inside=replace(both, copies=(orders, stock))), [tier(source="native")], AT)
    assert one.newest == stock
    assert one.overdue == 6 * HOUR


@given(moments)
def test_a_month_later_is_never_the_same_month_nor_the_one_after_the_next(when: datetime) -> None:
    later = month_after(when)
    assert (later.year * 12 + later.month) - (when.year * 12 + when.month) == 1
    assert later.day == when.day or (later + DAY).day == 1


def test_what_is_backed_up_in_another_s_stead_has_no_tier_of_its_own() -> None:
    assert tiers(Known(well(copies=(), kept_by=Safe("orders-cluster"))), [tier()], AT) == ()


def test_where_no_list_was_told_nothing_is_called_missing_or_not_expected() -> None:
    for known in (Known(), Known(inside=inside(chain("orders")))):
        assert {sights for _, sights in days(known, AT, UTC)} == {(Sight.UNKNOWN,)}


def test_what_is_older_than_it_is_kept_was_deleted_and_is_not_missing() -> None:
    assert missed(Known(well(earliest=night(20), copies=automated(7))), AT) == ()


def test_a_snapshot_that_came_late_is_that_night_s_all_the_same() -> None:
    late = tuple(replace(each, taken=each.taken + 5 * HOUR) for each in automated(7))
    assert missed(Known(well(copies=late)), AT) == ()
