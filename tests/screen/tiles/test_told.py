"""What a tile says where it cannot be believed, cannot apply, or has nobody who asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from collectors.inside.replication import Replication
from collectors.readings import ResourceId, Severity
from collectors.safe import Safe
from console.protocol.res import FindingBody
from console.screen.tiles.all import TILES
from console.screen.tiles.tile import age
from console.screen.tiles.waits import NARROW
from tests.screen.bodies import MINUTE, NOW, ORDERS, res, value
from tests.screen.tiles.scenes import collector, scene, seen, tell, words
from widgets.tone import Symbols

WAITING = {"wait.WRITELOG": value(300.0, "ms/s", g="Tran Log IO"), "wait.LCK_M_X": value(100.0, "ms/s", g="Lock")}


@pytest.mark.parametrize("name", ["waits", "activity", "blocking"])
def test_what_a_table_cannot_have_is_not_said_to_be_missing(name: str) -> None:
    table = scene(seen({ORDERS: res(kind="table")}))
    assert words(tell(name, table)) == ["Not applicable to a table."]


def test_findings_are_told_with_what_shows_them_and_what_to_do_the_gravest_first() -> None:
    stuck = FindingBody(
        id=Safe("restore-point-stuck"),
        severity=Severity.CRITICAL,
        confidence="high",
        cause=Safe("It stands still."),
        evidence=(Safe("31m ago"), Safe("archive: SINGLE_USER")),
        next=Safe("Set it multi-user."),
        since=NOW - 5 * MINUTE,
    )
    milder = stuck.model_copy(
        update={"severity": Severity.WARNING, "confidence": "medium", "cause": Safe("It is old.")}
    )
    past = stuck.model_copy(update={"cause": Safe("It was so."), "cleared": NOW})
    told = tell("findings", scene(seen({ORDERS: res(findings=(milder, past, stuck))}), columns=70))
    said = words(told)
    assert said[0] == "CRIT It stands still."
    assert "31m ago; archive: SINGLE_USER" in said[1]
    assert said[2].strip() == "> Set it multi-user."
    assert said[3] == "WARN perhaps: It is old."
    assert "It was so." not in " ".join(said)
    assert told.level is Severity.CRITICAL


def test_what_nobody_has_looked_at_is_not_said_to_be_well() -> None:
    assert words(tell("findings", scene(seen({ORDERS: res()})))) == [
        "Nothing is known yet of its replication and backups."
    ]
    fact = Replication(ResourceId(Safe(ORDERS)), datetime(2026, 3, 11, 10, 0, tzinfo=UTC), role=Safe("primary"))
    looked_at = replace(seen({ORDERS: res()}), inside={"replication": {ORDERS: fact}})
    assert words(tell("findings", scene(looked_at))) == ["Nothing is found wrong in its replication and backups."]


def test_a_denied_tile_says_why_whole_and_shows_below_what_it_last_knew() -> None:
    denied = collector("waits", "denied", error="AWS says no.", grant="pi:GetResourceMetrics", mend="Ask for it.")
    said = words(tell("waits", scene(seen({ORDERS: res(values=WAITING)}, denied), columns=30)))
    text = " ".join(said)
    assert "waits is denied for 0s: AWS says no. It needs pi:GetResourceMetrics. Ask for it." in text
    assert text.index("Ask for it.") < text.index("waited in all")


def test_a_resource_that_went_is_said_to_be_gone_in_every_tile() -> None:
    for name in TILES:
        assert "no longer in the estate" in " ".join(words(tell(name, scene(seen({})))))


@pytest.mark.parametrize(("passed", "said"), [(0, "under 1m ago"), (59_999, "under 1m ago"), (3 * MINUTE, "3m ago")])
def test_its_age_is_told_by_the_minute(passed: int, said: str) -> None:
    told = seen({ORDERS: res()}, collector("waits", last=NOW - passed))
    assert age(TILES["waits"], scene(told)) == said


def test_what_was_never_brought_has_no_age() -> None:
    assert age(TILES["waits"], scene(seen({ORDERS: res()}, collector("waits", "pending", last=None)))) == ""


@pytest.mark.parametrize("name", TILES)
@pytest.mark.parametrize("size", [(0, 1), (1, 1), (12, 3), (40, 9), (120, 40)])
@pytest.mark.parametrize("symbols", Symbols)
def test_every_tile_tells_at_every_size(name: str, size: tuple[int, int], symbols: Symbols) -> None:
    values = {**WAITING, "cloudwatch.CPUUtilization": value(97.0, b=Severity.CRITICAL)}
    assert tell(name, scene(seen({ORDERS: res(values=values)}), *size, symbols)) is not None


def test_waits_come_from_the_longest_with_their_share_and_category() -> None:
    said = words(tell("waits", scene(seen({ORDERS: res(values=WAITING)}), columns=80)))
    assert said[0] == "400ms/s waited in all; the first three 100%"
    assert (said[1].split()[0], said[2].split()[0]) == ("WRITELOG", "LCK_M_X")
    assert "75%" in said[1]
    assert said[1].endswith("Tran Log IO")


def test_where_it_is_narrow_waits_are_told_by_category() -> None:
    more = {**WAITING, "wait.LCK_M_S": value(250.0, "ms/s", g="Lock")}
    said = words(tell("waits", scene(seen({ORDERS: res(values=more)}), columns=NARROW - 1)))
    assert (said[1].split()[0], said[2].split()[0]) == ("Lock", "Tran")


def test_nobody_waiting_is_said_and_is_no_share_of_anything() -> None:
    said = words(tell("waits", scene(seen({ORDERS: res(values={"wait.WRITELOG": value(0.0, "ms/s")})}))))
    assert said[0] == "Nobody waits."
    assert "0%" in said[1]
