"""A terminal that others see: what is asked for, in words that name it."""

from __future__ import annotations

import pytest

from console.access.onlookers import ALONE, SOME, joined_since, seen_by, to_prove, unproved


def test_nothing_is_asked_of_whoever_is_alone() -> None:
    assert to_prove(ALONE, by_code=True) is None
    assert to_prove(ALONE, by_code=False) is None


@pytest.mark.parametrize("watchers", [SOME, 2, 30])
def test_all_others_prove_it_by_a_code_where_there_is_one_and_by_a_word_otherwise(watchers: int) -> None:
    by_code, by_word = to_prove(watchers, by_code=True), to_prove(watchers, by_code=False)
    assert by_code is not None
    assert by_word is not None
    assert "new code" in by_code.mend
    assert "`shared`" in by_word.mend
    for said in (by_code, by_word, unproved(watchers), joined_since(watchers)):
        assert said.seen == seen_by(watchers)
        assert said.what
        assert said.mend
