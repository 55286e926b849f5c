"""The six steps: how each stands, whose it is, and why it may not be ticked."""

from __future__ import annotations

from datetime import UTC

import pytest

from console.protocol.failover import Failover
from console.screen.failover import steps
from console.screen.values import SIGNS
from tests.screen.failover import runs


def text(run: Failover) -> list[str]:
    return [" ".join(cell.text for cell in row.cells) for row in steps.rows(run, UTC, SIGNS, stale=False)]


def test_each_says_its_state_its_time_and_who() -> None:
    told = text(runs.BACK)
    assert told[0] == "1 Detect done 10:00:11 the probe the first knock was turned away 2.1 s after it was sent"
    assert told[3] == "4 Redirect under way — for you 41 of 182 sessions are back"
    assert told[4] == "5 Watch lag to come — watched "
    assert text(runs.ENDED)[3].startswith("4 Redirect done 10:00:41 ann ")
    assert text(runs.LATE)[1].startswith("2 Promote LATE")


def test_the_name_of_who_ticked_is_the_one_that_people_use() -> None:
    run = runs.run("up", steps=runs.steps(4, redirect="arn:aws:sts::1:assumed-role/dbconsole-operator/ann"))
    assert " ann " in text(run)[3]


@pytest.mark.parametrize(
    ("run", "step", "why"),
    [
        (runs.BACK, "redirect", None),
        (runs.BACK, "watch-lag", "Watch lag is watched by the console: it is done when that is seen, and nobody ticks"),
        (runs.ENDED, "redirect", "Redirect is done, said by ann."),
        (runs.ENDED, "detect", "Detect is done."),
        (runs.BACK, None, "There is no step under the cursor."),
    ],
)
def test_only_what_a_person_alone_can_know_is_ticked(run: Failover, step: str | None, why: str | None) -> None:
    found = steps.why_not(run, step)
    assert found is None if why is None else found is not None and found.startswith(why)


def test_what_a_step_means_is_said_of_a_promotion_as_it_is_there() -> None:
    assert steps.detail(runs.IS_DOWN, "repoint")[0] == "Repoint: The endpoint's name leads to the new primary."
    assert "No name moves by itself" in steps.detail(runs.PROMOTION, "repoint")[0]
    assert steps.detail(runs.BACK, "redirect")[0].endswith("You know it, the console cannot see it.")


def test_every_step_and_every_state_has_words() -> None:
    assert set(steps.MEANINGS) == set(runs.NAMES)
    assert set(steps.STATES) == {"waiting", "under-way", "done", "late"}
