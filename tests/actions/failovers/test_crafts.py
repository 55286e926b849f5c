"""What is asked of AWS for each failover, and how its end is known: at an emulated AWS, in every way it may go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from console.actions.craft import Way
from tests.actions.failovers.playing import TARGETS, playing

LONG_S = 900.0  # by then each is over


@pytest.mark.parametrize("events", ["usual", "doubled", "disordered"])
async def test_what_was_sent_is_followed_to_its_end_however_its_events_come(tmp_path: Path, events: str) -> None:
    with playing(tmp_path, events=events) as play:
        for action in TARGETS:
            plan = await play.plan(action)
            assert (await play.progress(plan, play.now)).way is Way.ABSENT, action
            sent = play.send(plan)
            play.forward(3)
            assert (await play.progress(plan, sent)).way is Way.UNDER_WAY, action
            play.forward(LONG_S)
            over = await play.progress(plan, sent)
            assert over.way is Way.DONE, (action, over)
            assert over.proof
            assert (await play.progress(plan, sent)) == over, "a look changes nothing"
            play.forward(LONG_S)


@pytest.mark.parametrize("events", ["missing", "late"])
async def test_without_events_the_end_is_proved_by_who_has_the_role_and_that_one_is_let_in(
    tmp_path: Path, events: str
) -> None:
    with playing(tmp_path, events=events) as play:
        for action in TARGETS:
            play.inside.probe = None
            plan = await play.plan(action)
            sent = play.send(plan)
            play.forward(LONG_S)
            doubtful = await play.progress(plan, sent)
            assert (doubtful.way, "no event tells of its end" in doubtful.said) == (Way.UNDER_WAY, True), action
            play.let_in()
            assert (await play.progress(plan, sent)).way is Way.DONE, action


async def test_events_that_come_an_hour_late_prove_it_then(tmp_path: Path) -> None:
    with playing(tmp_path, events="late") as play:
        plan = await play.plan("fail-over.instance")
        sent = play.send(plan)
        play.forward(LONG_S)
        assert (await play.progress(plan, sent)).way is Way.UNDER_WAY
        play.forward(3600)
        assert (await play.progress(plan, sent)).way is Way.DONE


async def test_one_that_rds_takes_and_does_not_attempt_has_failed_in_its_words(tmp_path: Path) -> None:
    with playing(tmp_path, not_attempted=True) as play:
        plan = await play.plan("fail-over.instance")
        sent = play.send(plan)
        play.forward(30)
        told = await play.progress(plan, sent)
        assert (told.way, "not attempting" in told.said) == (Way.FAILED, True)


async def test_one_that_never_ends_is_never_done(tmp_path: Path) -> None:
    with playing(tmp_path, never_ends=True) as play:
        for action in TARGETS:
            plan = await play.plan(action)
            sent = play.send(plan)
            for _ in range(3):
                play.forward(LONG_S)
                assert (await play.progress(plan, sent)).way is Way.UNDER_WAY, action


async def test_what_was_over_before_is_no_proof_of_what_comes_after(tmp_path: Path) -> None:
    with playing(tmp_path) as play:
        former = await play.plan("fail-over.instance")
        sent = play.send(former)
        while (await play.progress(former, sent)).way is not Way.DONE:
            play.forward(5)
        play.forward(20)  # RDS says it in two ways
        again = await play.plan("fail-over.instance")
        assert (await play.progress(again, play.now, is_accepted=False)).way is Way.ABSENT


async def test_a_failover_to_another_reader_is_not_the_one_that_was_asked_for(tmp_path: Path) -> None:
    with playing(tmp_path) as play:
        plan = await play.plan("fail-over.cluster")
        sent = play.send(plan)
        play.forward(LONG_S)
        meant = replace(plan, target=replace(plan.target, to="catalogue-20"))
        assert (await play.progress(meant, sent)).way is not Way.DONE
