"""A finding stands once it was seen as often as it must, is told once, and clears in the same way."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import Severity
from collectors.safe import Safe
from console.triage.finding import Finding
from console.triage.frame import Frame
from console.triage.rules import Rule
from console.triage.watch import KEPT, RELEARNT, Watch
from tests.triage.facts import NOW, resource

FOUND = Finding(Safe("replica-lag"), Severity.WARNING, Safe("It is behind."), (Safe("12 s"),), Safe("Look."))
ONE = resource()


def watching(seen: list[bool], hits: int) -> tuple[Watch, list[bool]]:
    """Looks one second apart; whether it was told at each that something changed."""
    answers = iter(seen)
    watch = Watch([Rule(lambda _: iter([FOUND] if next(answers) else []), hits)])
    told = [bool(watch.look(Frame(ONE, at(n)))) for n in range(len(seen))]
    return watch, told


def at(second: int) -> datetime:
    return NOW + timedelta(seconds=second)


def test_what_is_sure_stands_at_once_and_clears_at_once() -> None:
    watch, told = watching([True, True, False, False], 1)
    assert told == [True, False, True, False]
    (sight,) = watch.of(ONE.id)
    assert (sight.since, sight.cleared) == (at(0), at(2))


def test_what_wavers_stands_at_the_second_look_since_the_first_and_clears_likewise() -> None:
    watch, told = watching([True, False, True, True, False, True, False, False], 2)
    assert told == [False, False, False, True, False, False, False, True]
    (sight,) = watch.of(ONE.id)
    assert (sight.since, sight.cleared) == (at(2), at(7))


def test_what_is_not_seen_often_enough_in_a_row_never_stands() -> None:
    watch, told = watching([True, True, False, True, True, False], 3)
    assert not any(told)
    assert watch.of(ONE.id) == ()


def test_what_stood_before_a_restart_stands_since_then_and_is_not_told_again() -> None:
    before, _ = watching([True], 1)
    watch = Watch([Rule(lambda frame: iter([FOUND] if frame.now >= at(60) else []), 1)])
    watch.recall(ONE.id, before.of(ONE.id), at(30))
    assert watch.look(Frame(ONE, at(31))) == [], "nothing has been asked yet that could show it"
    assert watch.look(Frame(ONE, at(61))) == []
    (sight,) = watch.of(ONE.id)
    assert (sight.since, sight.cleared) == (at(0), None)


def test_what_stood_before_a_restart_and_is_seen_no_more_clears_once_everything_was_asked() -> None:
    before, _ = watching([True], 1)
    watch = Watch([Rule(lambda _: iter([]), 1)])
    watch.recall(ONE.id, before.of(ONE.id), at(30))
    assert watch.look(Frame(ONE, at(31))) == []
    late = at(30) + RELEARNT
    assert [sight.cleared for sight in watch.look(Frame(ONE, late))] == [late]


def test_what_was_seen_again_after_a_restart_clears_as_ever() -> None:
    before, _ = watching([True], 1)
    watch = Watch([Rule(lambda frame: iter([FOUND] if frame.now < at(40) else []), 1)])
    watch.recall(ONE.id, before.of(ONE.id), at(30))
    assert watch.look(Frame(ONE, at(31))) == []
    assert [sight.cleared for sight in watch.look(Frame(ONE, at(41)))] == [at(41)]


def test_what_comes_again_stands_since_then() -> None:
    watch, told = watching([True, False, True], 1)
    assert told == [True, True, True]
    (sight,) = watch.of(ONE.id)
    assert (sight.since, sight.cleared) == (at(2), None)


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 3))
def test_openings_and_clearings_alternate_and_what_was_always_seen_stands(seen: list[bool], hits: int) -> None:
    watch, told = watching(seen, hits)
    is_open = any(sight.is_open for sight in watch.of(ONE.id))
    assert is_open == (sum(told) % 2 == 1)
    if len(seen) >= hits and all(seen[-hits:]):
        assert is_open
    if len(seen) >= hits and not any(seen[-hits:]):
        assert not is_open


def test_of_what_has_cleared_only_the_newest_are_kept() -> None:
    def many(frame: Frame):  # type: ignore[no-untyped-def]
        second = int((frame.now - NOW).total_seconds())
        yield Finding(FOUND.id, FOUND.severity, FOUND.cause, FOUND.evidence, FOUND.next, about=Safe(str(second)))

    watch = Watch([Rule(many)])
    for second in range(KEPT + 30):
        watch.look(Frame(ONE, at(second)))
    assert len(watch.of(ONE.id)) <= KEPT + 1


def test_that_it_was_looked_at_again_is_nothing_to_tell() -> None:
    watch, _ = watching([True, True], 1)
    again = watch.of(ONE.id)[0]
    assert again.seen == 2
    assert again.told == (FOUND, at(0), None)
