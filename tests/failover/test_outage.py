"""An outage is from the first knock that was not let in to the first good one that no other failure follows at once."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collectors.knock.knock import Door, Knock
from console.failover.outage import STEADY, Shut, counting, knocked, told
from tests.failover.given import DARK, OPEN, READ_ONLY, RECOVERING, START, at, knock, knocks


def shut_by(some: list[Knock], usual: Door = OPEN) -> tuple[Shut, ...]:
    shuts: tuple[Shut, ...] = ()
    for each in some:
        shuts = knocked(shuts, each, usual=usual, wanted=OPEN)
    return shuts


def test_it_lasts_from_the_first_failed_knock_to_the_first_good_one() -> None:
    (shut,) = shut_by([*knocks(0, 10, OPEN), *knocks(10, 20, DARK), *knocks(20, 30, RECOVERING), *knocks(30, 40, OPEN)])
    assert (shut.down, shut.up) == (at(10), at(30.05))
    assert shut.login == shut.up


def test_a_login_that_may_not_write_is_told_apart_from_one_that_may() -> None:
    (shut,) = shut_by([*knocks(0, 1, DARK), *knocks(1, 2, READ_ONLY), *knocks(2, 3, OPEN)])
    assert (shut.login, shut.up) == (at(1.05), at(2.05))


def test_a_door_that_opens_and_shuts_again_within_seconds_was_not_open() -> None:
    (shut,) = shut_by([*knocks(0, 10, DARK), *knocks(10, 13, OPEN), *knocks(13, 15, DARK), *knocks(15, 30, OPEN)])
    assert (shut.down, shut.up) == (at(0), at(15.05))
    assert shut.is_steady(at(25))


def test_one_that_shuts_later_has_been_shut_twice_and_the_stopwatch_shows_the_one_that_goes_on() -> None:
    first = [*knocks(0, 10, DARK), *knocks(10, 40, OPEN), *knocks(40, 42, DARK)]
    shuts = shut_by(first)
    assert [shut.down for shut in shuts] == [at(0), at(40)]
    assert told(shuts, at(42)) == shuts[1]
    shuts = shut_by([*first, *knocks(42, 50, OPEN)])
    assert told(shuts, at(60)) == shuts[0], "once both are over the longer one"


def test_a_single_lost_knock_is_no_outage_unless_something_else_tells_of_one() -> None:
    shuts = shut_by([knock(0, OPEN), knock(1, DARK), knock(2, OPEN)])
    assert counting(shuts, START, is_sure=False) == ()
    assert len(counting(shuts, START, is_sure=True)) == 1
    while_it_goes_on = shut_by([knock(0, OPEN), knock(1, DARK)])
    assert len(counting(while_it_goes_on, START, is_sure=False)) == 1


DOORS = st.lists(st.tuples(st.sampled_from(list(Door)), st.floats(0.05, 8)), max_size=40)


@given(DOORS)
def test_whatever_the_door_does_outages_are_in_order_and_never_touch(doors: list[tuple[Door, float]]) -> None:
    t, some = 0.0, []
    for door, wait in doors:
        some.append(knock(t, door, took=0.01))
        t += wait
    shuts = shut_by(some)
    for shut in shuts:
        assert shut.up is None or shut.down < shut.up
        assert shut.login is None or shut.down <= shut.login <= (shut.up or at(t))
        assert shut.last <= (shut.up or shut.last)
    for before, later in pairwise(shuts):
        assert before.up is not None
        assert later.down - before.up >= STEADY
    assert (bool(shuts) and shuts[-1].up is None) == (bool(some) and some[-1].door is not OPEN)


@given(DOORS)
def test_no_failed_knock_is_outside_of_an_outage(
    doors: list[tuple[Door, float]],
) -> None:
    t, some = 0.0, []
    for door, wait in doors:
        some.append(knock(t, door, took=0.01))
        t += wait
    shuts = shut_by(some)
    for each in some:
        if each.door is not OPEN:
            assert any(s.down <= each.began and (s.up is None or each.ended <= s.up) for s in shuts)
