"""The stopwatch: never more than has passed, never live when it is not, and in words what its figure says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.protocol.failover import Failover
from console.screen.failover.stopwatch import Moment, minutes, moment, stopwatch, whole_s
from tests.screen.acting.plans import NOW
from tests.screen.bodies import picture, res
from tests.screen.failover import runs
from widgets.tone import Tone

AT = Moment(NOW)


def told(run: Failover, at: Moment = AT) -> str:
    watch = stopwatch(run, at)
    return f"{watch.figure}|{watch.of}|{watch.words}"


def test_while_it_is_down_it_says_how_long_and_what_is_left() -> None:
    assert told(runs.IS_DOWN) == "0:42|1:00|Down for 42 s; 17 s left of the 60 s that were promised."
    assert stopwatch(runs.IS_DOWN, AT).runs
    assert stopwatch(runs.IS_DOWN, AT).tone is Tone.WARN


def test_past_what_was_promised_it_says_by_how_much() -> None:
    assert told(runs.LATE) == "5:10|1:00|Down for 5 min 10 s: 4 min 10 s past the 60 s that were promised."
    assert stopwatch(runs.LATE, AT).tone is Tone.BAD


def test_once_it_is_up_it_stands() -> None:
    words = "0:38|1:00|Was down for 38.4 s, within the 60 s that were promised."
    assert told(runs.BACK) == told(runs.ENDED) == told(runs.BACK, Moment(NOW + 600_000)) == words
    assert not stopwatch(runs.BACK, AT).runs
    late = runs.BACK.model_copy(update={"up": runs.DOWN + 75_200})
    assert told(late).endswith("Was down for 75.2 s: 15.2 s past the 60 s that were promised.")


def test_before_anybody_was_turned_away_it_says_that_it_still_answers() -> None:
    assert told(runs.REQUESTED) == "0:00|1:00|Sent 5 s ago. It still answers."
    unplanned = runs.REQUESTED.model_copy(update={"planned": False})
    assert told(unplanned).endswith("First sign 5 s ago. It still answers.")


def test_what_nobody_could_measure_has_no_figure_and_is_no_zero() -> None:
    assert told(runs.UNMEASURED).startswith("-:--|1:00|Not measured: no login for SQL Server is in the profile")


def test_a_refusal_and_a_run_without_an_outage_say_so() -> None:
    assert told(runs.REFUSED) == "-:--|1:00|Refused. Nothing went down that we saw."
    quiet = runs.ENDED.model_copy(update={"down": None, "up": None})
    noticed = quiet.model_copy(update={"planned": False})
    assert "Not timed: no knock was turned away since it was noticed" in told(noticed)
    assert told(quiet).endswith("No knock was turned away: it was never down, or for less than 0.25 s.")


def test_an_end_without_a_return_is_not_told_as_one() -> None:
    lost = runs.IS_DOWN.model_copy(update={"ended": NOW})
    assert told(lost).endswith("Down for 42.3 s at least: the watch ended before it was seen to come back.")
    assert stopwatch(lost, AT).tone is Tone.BAD


def test_where_nothing_was_promised_nothing_is_broken() -> None:
    free = runs.LATE.model_copy(update={"objective_s": None, "overdue": ()})
    assert told(free) == "5:10||Down for 5 min 10 s. Nothing was promised about it."
    assert stopwatch(free, AT).tone is Tone.WARN


def test_without_contact_it_stands_where_the_engine_was_last_heard_and_says_so() -> None:
    live = replace(picture({"billing": res()}), now_ms=NOW + 30_000, age_s=30.0)
    assert moment(live) == Moment(NOW + 30_000)
    at = moment(replace(live, contact="lost"))
    assert at.ms == NOW
    watch = stopwatch(runs.IS_DOWN, at)
    assert watch.figure == "0:42"
    assert watch.words.startswith("NOT LIVE: the engine was last heard 30s ago. As it was then: Down for 42 s")
    assert not watch.runs


def test_a_frozen_view_says_of_when_it_is() -> None:
    at = moment(replace(picture({}), now_ms=NOW, frozen_s=12.0))
    assert told(runs.IS_DOWN, at).startswith("0:42|1:00|FROZEN: as it was 12s ago. Down for 42 s")


@pytest.mark.parametrize(
    ("seconds", "figure", "words"),
    [(0, "0:00", "0 s"), (59.9, "0:59", "59 s"), (605, "10:05", "10 min 5 s"), (3723, "1:02:03", "1 h 2 min")],
)
def test_a_time_is_rounded_down(seconds: float, figure: str, words: str) -> None:
    assert (minutes(seconds), whole_s(seconds)) == (figure, words)


@given(st.integers(0, 10**7), st.integers(0, 10**6))
def test_while_it_runs_it_never_goes_back_and_never_ahead(first: int, more: int) -> None:
    down = runs.IS_DOWN.down or 0
    shown = [stopwatch(runs.IS_DOWN, Moment(down + ms)).share or 0.0 for ms in (first, first + more)]
    assert 0 <= shown[0] <= shown[1] <= (first + more) / 600 + 1e-6
