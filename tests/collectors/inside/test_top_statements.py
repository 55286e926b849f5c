"""Which statements are told, how their texts share the room there is, and which look like a loop."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.indexes import DAY_S, enough, score
from collectors.inside.queries import Statement
from collectors.inside.repeated import suspicions
from collectors.inside.statement_totals import Totals
from collectors.inside.top_statements import MEASURES, cut_to, leading
from collectors.safe import Safe

AMOUNTS = st.builds(Totals, *(st.integers(0, 9).map(float) for _ in range(9)))
LOOKUP = Statement(
    Safe("0x1"), Safe("0x2"), Safe("shop"), Safe("SELECT a.id FROM dbo.addresses AS a WHERE a.id = @P1"),
    executions=500.0, cpu_ms=20.0, elapsed_ms=25.0, reads=1500.0, writes=0.0, rows=500.0,
)  # fmt: skip


@given(st.dictionaries(st.integers(0, 60), AMOUNTS, max_size=40), st.integers(1, 6))
def test_whoever_is_among_the_first_by_any_measure_is_told_and_nobody_else(all_: dict[int, Totals], first: int) -> None:
    told = leading(all_, first)
    assert len(set(told)) == len(told) <= first * len(MEASURES)
    for key, totals in all_.items():
        better = [
            sum(getattr(other, measure) > getattr(totals, measure) for other in all_.values()) for measure in MEASURES
        ]
        led = [n < first and getattr(totals, measure) > 0 for n, measure in zip(better, MEASURES, strict=True)]
        assert key not in told or any(led)
        ties = [sum(getattr(o, m) >= getattr(totals, m) for o in all_.values()) <= first for m in MEASURES]
        assert key in told or not any(tie and mine for tie, mine in zip(ties, led, strict=True))
    assert [all_[key].cpu_ms for key in told] == sorted((all_[key].cpu_ms for key in told), reverse=True)


@given(st.dictionaries(st.integers(), st.text(max_size=300), max_size=20), st.integers(0, 2_000))
def test_texts_have_room_together_and_only_the_longest_are_cut(texts: dict[int, str], room: int) -> None:
    cut = cut_to(texts, room)
    assert sum(len(text.encode()) for text in cut.values()) <= room + 3 * len(texts)
    whole = [len(text) for key, text in texts.items() if cut[key] == text]
    lost = [len(text) for key, text in texts.items() if cut[key] != text]
    assert not lost or max(whole, default=0) <= min(lost)


def test_a_lookup_that_is_most_of_all_calls_is_suspected_in_a_sentence() -> None:
    (said,) = suspicions([LOOKUP], 1000.0)
    assert said.startswith("One statement is called 500 times a second for one row each, 50% of all calls: perhaps")


@pytest.mark.parametrize(
    "other",
    [
        replace(LOOKUP, executions=90.0),
        replace(LOOKUP, rows=5_000.0),
        replace(LOOKUP, rows=0.0),
        replace(LOOKUP, cpu_ms=1_000.0),
        replace(LOOKUP, reads=50_000.0),
        replace(LOOKUP, text=Safe("INSERT INTO dbo.log VALUES (?)")),
    ],
    ids=["rare", "many rows", "no row", "dear", "many pages", "a write"],
)
def test_what_no_loop_would_do_is_not_suspected(other: Statement) -> None:
    assert suspicions([other], 1000.0) == ()


def test_a_lookup_among_many_others_is_not_suspected() -> None:
    assert suspicions([LOOKUP], 5_000.0) == ()


def test_an_index_is_worth_what_it_would_have_saved_and_unused_only_after_a_month() -> None:
    assert score(20.0, 50.0, 300) == 3_000.0
    assert not enough(30 * DAY_S - 1)
    assert enough(30 * DAY_S)


def test_where_plans_with_many_calls_were_thrown_out_what_the_others_cost_is_not_said_of_none() -> None:
    before = Totals(executions=1_000.0, cpu_ms=10.0)
    assert Totals(executions=400.0, cpu_ms=900.0).since(before) == Totals()
    assert Totals(executions=1_010.0, cpu_ms=9.0, reads=3.0).since(before) == Totals(executions=10.0, reads=3.0)
