"""Notes: one line each, kept in bounds, and nobody drowns the others."""

from __future__ import annotations

import pytest

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console.protocol.together import Note
from console.together.notes import AT_ONCE, EACH_S, KEPT, KEPT_UNPROVED, MOST_TEXT, Rates, checked, pushed_out

KIM, LEE = Safe("kim"), Safe("lee")


@pytest.mark.parametrize("text", ["", "  ", "x" * (MOST_TEXT + 1)])
def test_one_that_says_nothing_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(Trouble):
        checked(sanitise(text))


def test_it_may_be_as_long_as_it_may() -> None:
    assert len(checked(sanitise("x" * MOST_TEXT))) == MOST_TEXT


def test_so_many_at_once_and_then_one_in_a_while_by_each() -> None:
    rates = Rates()
    for _ in range(AT_ONCE):
        rates = rates.taken(KIM, 0.0)
    with pytest.raises(Trouble):
        rates.taken(KIM, EACH_S - 0.1)
    rates.taken(LEE, 0.0)
    rates = rates.taken(KIM, EACH_S)
    with pytest.raises(Trouble):
        rates.taken(KIM, EACH_S)
    long_after = rates.taken(LEE, 1_000_000.0)
    assert set(long_after.by_user) == {LEE}, "who may say all of it again is forgotten"


def notes(proved: int, unproved: int) -> dict[str, Note]:
    made = [Note(user=KIM, t=0, text=Safe("x"), is_proved=number < proved) for number in range(proved + unproved)]
    return {f"{number:04}": note for number, note in enumerate(made)}


def test_the_last_ones_are_kept() -> None:
    assert pushed_out(notes(KEPT, 0)) == []
    assert pushed_out(notes(KEPT + 2, 0)) == ["0000", "0001"]


def test_what_nobody_proves_pushes_out_its_like_and_little_else() -> None:
    out = pushed_out(notes(KEPT, KEPT_UNPROVED + 100))
    assert len([each for each in out if int(each) < KEPT]) == KEPT_UNPROVED
    assert len(out) == 100 + KEPT_UNPROVED
