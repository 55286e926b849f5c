"""When is a viewer live, late or lost? By its own clock alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from console.relay.contact import LATE_S, LOST_S, QUIET_S, Contact

NOW = 100.0


def talking(seconds: int, *, ahead: float = 5_000.0, speed: float = 1.0) -> Contact:
    """Something live each second, from a publisher whose clock is another."""
    contact = Contact().connected(NOW)
    for second in range(seconds):
        contact = contact.told(NOW + second, int((NOW + second + ahead) * 1000 * speed), speed)
    return contact


def test_before_anything_was_heard_it_joins_and_says_on_what_it_waits() -> None:
    assert Contact().state(NOW).state == "joining"
    told = Contact().connected(NOW).state(NOW + 1)
    assert (told.state, told.why) == ("joining", "nothing was heard yet")
    assert Contact().connected(NOW).state(NOW + LOST_S + 1).why == "publisher silent"


def test_whoever_hears_each_second_is_live_whatever_the_clocks_say() -> None:
    for ahead in (-90_000.0, 0.0, 90_000.0):
        assert talking(60, ahead=ahead).state(NOW + 60).state == "live"
    assert talking(60, speed=50.0).state(NOW + 60).state == "live", "a play that runs faster"


def test_what_takes_longer_than_the_quickest_took_is_late_and_recovers() -> None:
    contact = talking(10)
    late = contact.told(NOW + 22, int((NOW + 10 + 5_000) * 1000), 1.0).state(NOW + 22)
    assert (late.state, late.late_s) == ("late", 12.0)
    caught_up = contact.told(NOW + 23, int((NOW + 23 + 5_000) * 1000), 1.0)
    assert caught_up.state(NOW + 23).state == "live"


def test_what_is_told_again_says_nothing_about_the_way() -> None:
    contact = talking(10).told(NOW + 10, int((NOW - 50 + 5_000) * 1000), 1.0)
    assert contact.state(NOW + 10).state == "live"


def test_silence_is_late_and_then_lost_and_one_word_ends_it() -> None:
    contact = talking(10)
    last = NOW + 9
    assert contact.state(last + QUIET_S - 1).state == "live"
    assert contact.state(last + QUIET_S + 1).late_s == QUIET_S + 1
    lost = contact.state(last + LOST_S + 1)
    assert (lost.state, lost.why) == ("lost", "publisher silent")
    back = last + LOST_S + 2
    assert contact.told(back, int((back + 5_000) * 1000), 1.0).state(back).state == "live"


def test_a_publisher_that_leaves_is_lost_at_once_and_so_is_a_broker() -> None:
    contact = talking(10)
    assert (contact.away().state(NOW + 10).state, contact.away().state(NOW + 10).why) == ("lost", "publisher away")
    gone = contact.lost("broker away")
    assert (gone.state(NOW + 10).state, gone.state(NOW + 10).why) == ("lost", "broker away")
    again = gone.connected(NOW + 12)
    assert again.state(NOW + 12).state == "joining", "a broker that is back is no publisher that is"
    assert again.told(NOW + 13, int((NOW + 13 + 5_000) * 1000), 1.0).state(NOW + 13).state == "live"


def test_what_comes_late_over_a_new_connection_is_late_though_it_is_the_first() -> None:
    again = talking(10).lost("broker away").connected(NOW + 20)
    late = again.told(NOW + 21, int((NOW + 11 + 5_000) * 1000), 1.0)
    assert late.state(NOW + 21).late_s == 10.0
    assert late.begun().told(NOW + 22, 7_000, 1.0).state(NOW + 22).state == "live", "another engine's clock is its own"


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 50), st.integers(0, 10**9)), max_size=30))
def test_nothing_that_anybody_says_makes_silence_live(told: list[tuple[float, int]]) -> None:
    contact, now = Contact().connected(NOW), NOW
    for waited, at in told:
        now += waited
        contact = contact.told(now, at, 1.0)
        assert contact.state(now).late_s >= 0
    assert contact.state(now + LOST_S + LATE_S).state == "lost"
