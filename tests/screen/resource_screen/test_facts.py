"""What a resource is, in the order in which somebody who was woken asks it."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

import pytest

from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.res import AlarmState, Backup, Declaration, Res
from console.screen.resource_screen.facts import alarms, declared, facts
from console.screen.values import SIGNS
from tests.screen.bodies import MINUTE, NOW, ORDERS, res
from widgets.tone import Tone

KEPT = Backup(retention_s=14 * 86_400, restorable=NOW - 6 * MINUTE)
SICK = {"level": Severity.CRITICAL, "since": NOW - 20 * MINUTE, "why": ("BurstBalance under 5.0%", "alarm burst")}


def lines(of: Res | None, room: int = 10, columns: int = 200) -> list[str]:
    told = facts(ORDERS, of, NOW, SIGNS, room=room, columns=columns)
    return ["".join(words for words, _ in line.left) for line in told]


def test_what_is_wrong_and_since_when_comes_right_after_what_it_is() -> None:
    said = lines(res(**SICK, declared=(declaration("tls", "yes", "no", holds=False),), backup=KEPT), room=2)
    assert said[0].startswith(" orders-primary  sqlserver-se  primary instance  available")
    assert said[1] == " CRIT since 09:40Z (20m): BurstBalance under 5.0%; alarm burst"


def test_what_cannot_be_seen_comes_after_what_is_known_to_be_wrong_and_before_all_else() -> None:
    def said(of: Res) -> list[str]:
        told = facts(ORDERS, of, NOW, SIGNS, unseen=Safe("waits denied"))
        return [line.left[0][0] for line in told]

    assert said(res(**SICK, backup=KEPT))[2] == " waits denied"
    assert said(res(backup=KEPT))[1] == " waits denied"


def test_where_all_is_well_the_line_is_given_to_what_could_be_restored() -> None:
    assert lines(res(backup=KEPT), room=2)[1].startswith(" backups kept 14d, restorable to 6m ago")


def test_the_time_is_that_of_the_zone() -> None:
    told = facts(ORDERS, res(**SICK), NOW, SIGNS, zone=timezone(timedelta(hours=2)))
    assert "since 11:40+02:00" in told[1].left[0][0]


def declaration(fact: str, wanted: str, found: str | None, *, holds: bool | None) -> Declaration:
    return Declaration(fact=fact, wanted=wanted, found=found, holds=holds)


def test_differences_from_what_was_declared_come_first_and_what_is_not_seen_is_not_said_to_differ() -> None:
    rows = (
        declaration("encrypted", "yes", "yes", holds=True),
        declaration("tls", "yes", None, holds=None),
        declaration("multi_az", "yes", "no", holds=False),
    )
    assert declared(rows) == (
        "not as declared: multi_az should be yes, is no. as declared: 1 of 3. declared and not seen: tls",
        Tone.WARN,
    )
    assert declared(rows[:1]) == ("as declared: 1 of 1", Tone.DIM)
    assert declared(())[0] == ""


def test_raised_alarms_have_a_name_and_a_time_and_the_others_a_number() -> None:
    raised = AlarmState(name="burst", state="ALARM", since=NOW - 10 * MINUTE)
    quiet = AlarmState(name="cpu", state="OK")
    assert alarms((quiet, raised, quiet), NOW, UTC)[0] == "alarm burst since 09:50Z; 2 others not raised"
    assert alarms((quiet,), NOW, UTC) == ("alarms: 1, none raised", Tone.DIM)


def test_a_resource_that_is_gone_says_so() -> None:
    assert lines(None) == [" orders-primary is no longer in the estate."]


@pytest.mark.parametrize("room", [1, 2, 4, 6, 12])
def test_a_long_line_goes_on_below_only_where_nothing_has_to_go_for_it(room: int) -> None:
    of = res(**SICK, backup=KEPT, facts={f"Fact{n}": "a long value of it" for n in range(9)}, tags={"team": "orders"})
    said = lines(of, room, columns=80)
    assert len(said) == min(room, 8)
    if room >= 6:
        assert said[-1] == " tags: team=orders"
    if room == 12:
        assert all(len(line) <= 79 for line in said[1:])
