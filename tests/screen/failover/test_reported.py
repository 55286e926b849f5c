"""What a chat is told of a failover: the outage, how far it is, what is open, what is not proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from console.protocol.failover import Failover
from console.screen.failover.reported import LATELY_MS, told
from console.screen.report import LONGEST, Joining, report
from tests.screen.acting.plans import NOW
from tests.screen.bodies import picture, res
from tests.screen.failover import runs


def lines(*known: Failover, now: int = NOW) -> list[str]:
    seen = replace(picture({"billing": res()}), now_ms=now, failovers={str(run.id): run for run in known})
    return told(seen, UTC)


def test_one_that_goes_on_is_told_with_its_steps_and_what_is_not_proved() -> None:
    assert lines(runs.BACK) == [
        "Failover of billing (planned, by ann, 10:00:01Z) is up, without a standby. "
        "Was down for 38.4 s, within the 60 s that were promised. "
        "Steps: 3 of 6 done; open: redirect, watch lag, restore. Not proved: zones swapped, standby synchronised."
    ]


def test_what_is_overdue_says_so_before_its_steps() -> None:
    assert "past the 60 s that were promised. OVERDUE: It has been recovering for 5 min." in lines(runs.LATE)[0]
    assert "unplanned: nobody here asked for it" in lines(runs.BY_ITSELF)[0]


def test_one_that_ended_is_told_for_an_hour() -> None:
    assert lines(runs.ENDED)
    assert lines(runs.ENDED, now=NOW + LATELY_MS) == []
    assert lines() == []


def test_of_many_the_report_stays_short() -> None:
    many = [runs.IS_DOWN.model_copy(update={"id": str(number)}) for number in range(5)]
    assert len(lines(*many)) == 3
    assert lines(*many)[-1] == "And 3 more failovers: see :fo"


def test_it_stands_at_the_top_of_the_report() -> None:
    seen = replace(picture({"billing": res()}), now_ms=NOW, failovers={runs.ID: runs.BACK})
    made = report(seen, Joining("/run/view.sock", "bastion"), UTC)
    assert made[1].startswith("Failover of billing (planned")
    assert all(len(line) <= LONGEST for line in made)
