"""The ladder: every phase has a place, the present one says so without colour, and times are of what was seen."""

from __future__ import annotations

from datetime import UTC
from typing import get_args

import pytest

from console.protocol.failover import Failover, PhaseWord
from console.screen.failover.phase_words import word
from console.screen.failover.phases import ladder, rungs
from tests.screen.failover import runs
from tests.screen.failover.runs import run
from widgets import draw

PHASES = get_args(PhaseWord)


def text(told: Failover, columns: int = 120) -> list[str]:
    return ["".join(words for words, _ in line.left).rstrip() for line in ladder(told, UTC, columns)]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("columns", [120, 80, 40])
def test_each_phase_is_marked_in_words_and_fits(phase: str, columns: int) -> None:
    lines = text(run(phase), columns)
    assert all(draw.width(line) <= columns for line in lines)  # type: ignore[arg-type]
    assert word(run(phase)) in lines[0]
    assert len(lines) == 1 or f"[{word(run(phase))}]" in lines[0]


def test_it_reads_as_it_went() -> None:
    assert text(runs.BACK) == [
        " sent       down    read-only  up       [no standby]  done",
        " 10:00:01Z  +2.1 s  +31.0 s    +40.5 s  +40.5 s",
    ]


def test_what_nobody_saw_is_not_given_a_time() -> None:
    assert text(run("up", up=runs.SENT + 9_000))[1].split("  ")[1:3] == ["not seen", "not seen"]


def test_a_refusal_ends_the_ladder() -> None:
    assert text(runs.REFUSED)[0].split() == ["checks", "[REFUSED]"]


def test_what_nobody_asked_for_was_not_sent() -> None:
    assert rungs(runs.BY_ITSELF, UTC)[0].word == "first sign"


def test_a_promotion_leaves_no_standby_behind() -> None:
    assert "no standby" not in text(runs.PROMOTION)[0]
    assert "settling" in text(runs.PROMOTION)[0]
