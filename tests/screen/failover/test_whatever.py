"""Whatever an engine tells of a failover, in whatever order it was seen, there is something to draw, and it fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from console.protocol.failover import Failover, FailoverStep, Note, Probe, Proof
from console.screen.failover import in_dialog, page, phases, steps
from console.screen.failover.reported import told
from console.screen.failover.stopwatch import Moment, outage_s, stopwatch
from console.screen.failover.strip import of_row, strip
from console.screen.values import SIGNS
from tests.screen.bodies import picture, res
from widgets import draw
from widgets.tone import Symbols

NOW = 1_773_223_200_000
TIMES = st.none() | st.integers(NOW - 10**7, NOW + 10**7)
WORDS = st.text(max_size=120)
RUNS = st.builds(
    Failover,
    id=st.just("01"),
    resource=st.just("billing"),
    about=st.just(("billing",)),
    objective_s=st.none() | st.floats(0, 1e6, allow_nan=False),
    began=st.integers(NOW - 10**7, NOW),
    down=TIMES,
    login=TIMES,
    up=TIMES,
    moved=TIMES,
    settled=TIMES,
    safe=TIMES,
    ended=TIMES,
    by=WORDS,
    before=WORDS,
    after=WORDS,
    outcome=WORDS,
    overdue=st.lists(WORDS, max_size=3).map(tuple),
    steps=st.lists(st.builds(FailoverStep, at=TIMES, by=WORDS, said=WORDS), max_size=6).map(tuple),
    proofs=st.lists(st.builds(Proof, name=WORDS, said=WORDS), max_size=4).map(tuple),
    notes=st.lists(
        st.builds(Note, at=st.integers(NOW, NOW + 10**6), text=WORDS, came=st.integers(NOW - 10**6, NOW)), max_size=4
    ).map(tuple),
    probe=st.builds(Probe, endpoint=WORDS, door=WORDS, said=WORDS, at=TIMES, trouble=WORDS),
    evidence=WORDS,
)
ATS = st.builds(
    Moment, st.just(NOW), lost_s=st.none() | st.floats(0, 1e6), frozen_s=st.none() | st.floats(0, 1e6)
)


@given(RUNS, ATS, st.integers(16, 200), st.sampled_from(Symbols), st.booleans())
def test_every_part_of_the_screen_draws(run: Failover, at: Moment, columns: int, symbols: Symbols, high: bool) -> None:
    sheet = page.Sheet(columns, symbols, UTC, high=high)
    lines = [*page.watch_lines(run, at, sheet), *page.alarms(run, columns), *page.rest(run, at, sheet)]
    assert lines
    ladder = phases.ladder(run, UTC, columns)
    assert all(draw.runs_width(line.left) <= columns for line in ladder) or len(ladder) == 1
    assert list(in_dialog.running(run, at, sheet))
    assert len(steps.rows(run, UTC, SIGNS, stale=False)) == len(run.steps)


@given(RUNS, ATS)
def test_no_figure_is_negative_and_none_is_live_that_stands(run: Failover, at: Moment) -> None:
    seconds = outage_s(run, at.ms)
    assert seconds is None or seconds >= 0
    watch = stopwatch(run, at)
    assert watch.words
    assert not (watch.runs and not at.is_live)


@given(RUNS)
def test_whatever_it_is_heads_rows_and_reports_can_tell_it(run: Failover) -> None:
    seen = replace(picture({"billing": res()}), now_ms=NOW, failovers={"01": run})
    goes_on = run.ended is None and run.phase != "preflight"
    assert bool(strip(seen)) == (of_row(seen, "billing") is not None) == goes_on
    assert all(line.strip() for line in told(seen, UTC))
