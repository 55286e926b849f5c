"""The engine lives as long as somebody needs it, and within a second no longer."""

from __future__ import annotations

from console.leases import FIRST_SCREEN_S, LINGER_S, Leases


def test_an_engine_waits_for_its_first_screen_while_the_guard_lives() -> None:
    leases = Leases(started=100.0)
    assert not leases.over(100.0 + FIRST_SCREEN_S - 0.1, guarded=True)
    assert leases.over(100.0 + FIRST_SCREEN_S, guarded=True)


def test_an_engine_whose_guard_died_before_any_screen_came_goes_at_once() -> None:
    assert Leases(started=100.0).over(100.1, guarded=False)


def test_an_engine_with_a_screen_stays_for_ever_even_without_a_guard() -> None:
    leases = Leases(started=0.0).taken()
    assert not leases.over(1e9, guarded=False)


def test_two_screens_are_two_leases() -> None:
    leases = Leases(started=0.0).taken().taken().given_back(10.0)
    assert not leases.over(1e9, guarded=True)
    assert leases.given_back(20.0).over(20.0 + LINGER_S, guarded=True)


def test_an_engine_whose_last_screen_left_goes_within_a_second() -> None:
    leases = Leases(started=0.0).taken().given_back(50.0)
    assert not leases.over(50.0, guarded=True)
    assert leases.over(51.0, guarded=True)


def test_a_screen_that_comes_back_in_time_keeps_its_engine() -> None:
    leases = Leases(started=0.0).taken().given_back(50.0).taken()
    assert not leases.over(1e9, guarded=True)


def test_an_engine_that_collects_stays_without_any_screen_while_whoever_started_it_lives() -> None:
    leases = Leases(started=0.0, stays=True)
    assert not leases.over(1e9, guarded=True)
    assert not leases.taken().given_back(50.0).over(1e9, guarded=True)


def test_an_engine_that_collected_is_kept_by_its_last_screen_once_nobody_could_start_it_again() -> None:
    leases = Leases(started=0.0, stays=True)
    assert leases.over(1.0, guarded=False)
    assert not leases.taken().over(1e9, guarded=False)
