"""What one question costs, and that it never takes more than its share."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.database.load import MINUTE_S, MINUTES, MOST_QUESTIONS, OTHERS, Book, Load

SECONDS = st.floats(0, 3)
GAPS = st.floats(0, 200)


@given(st.lists(st.tuples(GAPS, SECONDS), min_size=1, max_size=60), st.sampled_from([0.01, 0.05, 0.5]))
def test_a_question_takes_its_share_and_a_minutes_worth_and_one_statement_at_most(
    asks: list[tuple[float, float]], budget: float
) -> None:
    """Over any span: however it is asked, if each refusal is heeded."""
    book, now = Book(budget), 0.0
    taken: list[tuple[float, float]] = []
    for gap, seconds in asks:
        now += gap
        if book.wait("waits", now) > timedelta(0):
            continue
        now += seconds
        book.note("waits", now, seconds, 1, failed=False)
        taken.append((now, seconds))
    for index, (began, _) in enumerate(taken):
        for until, (end, _) in enumerate(taken[index:], start=index):
            spent = sum(seconds for _, seconds in taken[index + 1 : until + 1])
            assert spent <= budget * (end - began) + budget * MINUTE_S + 3 + 1e-6


@given(st.floats(0.01, 30), st.sampled_from([0.01, 0.05, 0.5]))
def test_who_waits_as_long_as_told_may_ask_again(seconds: float, budget: float) -> None:
    book = Book(budget)
    for _ in range(5):
        book.note("waits", 100.0, seconds, 1, failed=True)
    wait = book.wait("waits", 100.0).total_seconds()
    assert book.wait("waits", 100.0 + wait + 1e-3) == timedelta(0)
    if wait > 0.01:
        assert book.wait("waits", 100.0 + wait - 0.01) > timedelta(0)


def test_one_question_does_not_spend_anothers_share() -> None:
    book = Book(0.05)
    for _ in range(3):
        book.note("sessions", 0.0, 3.0, 1, failed=False)
    assert book.wait("sessions", 0.0) == timedelta(seconds=120)
    assert book.wait("waits", 0.0) == timedelta(0)


def test_what_was_asked_is_counted_by_the_minute_and_then_forgotten() -> None:
    book = Book(1.0)
    for minute in range(20):
        book.note("waits", minute * 60.0, 0.6, 7, failed=minute % 2 == 0)
        book.note("waits", minute * 60.0 + 30, 0.6, 7, failed=False)
    (spent,) = book.spent
    assert len(spent.minutes) == MINUTES
    last = spent.minutes[-1]
    assert (last.number, last.statements, last.failed, last.rows) == (19, 2, 0, 14)
    assert spent.share(20 * 60.0) == pytest.approx(0.02)
    assert Load((spent,)).share(20 * 60.0) == pytest.approx(0.02)
    assert spent.share(20 * 60.0 + 3600) == 0, "an hour later nothing of it is true any more"


def test_what_is_kept_has_an_end() -> None:
    book = Book(1.0)
    for number in range(2 * MOST_QUESTIONS):
        book.note(f"q{number}", 0.0, 0.1, 1, failed=False)
    assert len(book.spent) == MOST_QUESTIONS + 1
    (others,) = (spent for spent in book.spent if spent.question == OTHERS)
    assert others.minutes[0].statements == MOST_QUESTIONS
