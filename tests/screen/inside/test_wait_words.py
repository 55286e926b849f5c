"""What is said of waits: never a share without its amount, and what is critical before what is much."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from collectors.inside.sessions import Session, Sessions
from collectors.inside.waits import Mark, Wait, Waits
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe
from console.screen.inside.wait_rows import Shown, category_rows, session_rows, type_rows
from console.screen.inside.wait_words import figures, is_calm, sentence

NOW = datetime(2026, 3, 11, tzinfo=UTC)
ORDERS = ResourceId(Safe("orders-primary"))
NONE = Safe("-")
LOG = Wait(Safe("WRITELOG"), Safe("Tran Log IO"), 3000.0, 300.0, 10.0, average_ms=10.0, waiting=3, longest_ms=12.0)
READ = Wait(Safe("PAGEIOLATCH_SH"), Safe("Buffer IO"), 1000.0, 500.0, 20.0, average_ms=2.0)
IDLE = Wait(Safe("LAZYWRITER_SLEEP"), Safe("Idle"), 1000.0, 1.0, 0.0, average_ms=1000.0, benign=True)
GRANT = Wait(Safe("RESOURCE_SEMAPHORE"), Safe("Memory"), 2.0, 0.0, 0.0, waiting=1, longest_ms=90_000.0, critical=True)


def waits(*rows: Wait, interval_s: float | None = 5.2, mark: Mark = Mark.NONE) -> Waits:
    return Waits(ORDERS, NOW, rows, interval_s, 8, Safe("EC2AMAZ-1"), mark, Safe("Commits wait for the log."))


def said(fact: Waits) -> str:
    return "".join(text for text, _ in figures(fact))


def test_the_figures_are_of_what_counts_over_the_real_interval() -> None:
    fact = waits(LOG, READ, IDLE)
    words = said(fact)
    assert "4000ms/s waited" in words
    assert "500ms/s per core of 8" in words
    assert "4.0 tasks wait on average" in words
    assert "signal 12%" in words  # 10% of three parts and 20% of one
    assert "over 5.2s" in words
    assert "EC2AMAZ-1" in words


def test_the_first_is_explained_in_one_sentence() -> None:
    assert sentence(waits(LOG, READ, IDLE))[0] == "WRITELOG is 75% of it: Commits wait for the log."
    assert sentence(waits(LOG, GRANT))[0] == "! RESOURCE_SEMAPHORE: any of it is bad news."


@pytest.mark.parametrize("mark", [mark for mark in Mark if mark is not Mark.NONE])
def test_where_counting_began_anew_that_is_said_in_place_of_rates(mark: Mark) -> None:
    words = said(waits(interval_s=None, mark=mark))
    assert "ms/s" not in words
    assert {"first sample": "First sample", "another node answers": "Another node"}.get(mark, "began anew") in words


def test_shares_of_next_to_nothing_are_grey_but_what_is_critical_is_not() -> None:
    little = replace(LOG, ms_per_s=30.0)
    assert is_calm(waits(little))
    assert sentence(waits(little))[0].startswith("Hardly anybody waits")
    assert not is_calm(waits(LOG))
    assert not is_calm(waits(little, GRANT))


def test_types_have_the_critical_first_and_idle_ones_only_where_they_are_wanted() -> None:
    fact = waits(READ, LOG, IDLE, GRANT)
    assert [row.key for row in type_rows(fact, Shown(), {}, NONE)] == [
        "RESOURCE_SEMAPHORE",
        "WRITELOG",
        "PAGEIOLATCH_SH",
    ]
    assert [row.key for row in type_rows(fact, Shown(all=True), {}, NONE)][-1] == "LAZYWRITER_SLEEP"
    assert [row.key for row in type_rows(fact, Shown(Safe("Buffer IO")), {}, NONE)] == ["PAGEIOLATCH_SH"]
    cells = [cell.text for cell in type_rows(fact, Shown(), {}, NONE)[0].cells]
    assert "! crit" in cells
    assert "90.0s" in cells


def test_categories_sum_their_types() -> None:
    rows = category_rows(waits(LOG, replace(LOG, type=Safe("LOGBUFFER"), ms_per_s=1000.0), READ, IDLE), {}, NONE)
    assert [row.key for row in rows] == ["Tran Log IO", "Buffer IO"]
    assert [cell.text for cell in rows[0].cells][:3] == ["Tran Log IO", "4000", "80%"]


def test_sessions_that_wait_for_a_type_are_those_the_longest_first() -> None:
    def session(id_: int, wait: str, ms: float) -> Session:
        texts = (NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT)
        return Session(id_, *texts, wait=Safe(wait), wait_ms=ms, blocked_by=7)

    sessions = Sessions(ORDERS, NOW, (session(51, "LCK_M_X", 10), session(52, "X", 99), session(53, "LCK_M_X", 20)))
    rows = session_rows(sessions, Safe("LCK_M_X"), NONE)
    assert [row.key for row in rows] == ["53", "51"]
    assert rows[0].cells[2].text == "7"
