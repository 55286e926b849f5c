"""Alarms, declarations and events on the board: what differs comes first."""

from __future__ import annotations

from collectors.readings import Severity
from console.protocol.bodies import Event
from console.protocol.res import AlarmState, Declaration
from tests.screen.bodies import MINUTE, NOW, ORDERS, res
from tests.screen.tiles.scenes import scene, seen, tell, words


def test_raised_alarms_come_first_with_their_reason() -> None:
    alarms = (
        AlarmState(name="calm", state="OK"),
        AlarmState(name="loud", state="ALARM", since=NOW, reason="Threshold crossed."),
    )
    told = tell("alarms", scene(seen({ORDERS: res(alarms=alarms)})))
    assert [line.split()[0] for line in words(told)] == ["loud", "Threshold", "calm"]
    assert told.level == Severity.WARNING


def test_a_resource_without_an_alarm_says_that_there_is_none() -> None:
    assert words(tell("alarms", scene(seen({ORDERS: res()})))) == ["CloudWatch has no alarm about it."]


def test_what_is_not_as_declared_stands_before_what_could_not_be_seen_and_what_holds() -> None:
    rows = tuple(
        Declaration(fact=fact, wanted="yes", found=found, holds=holds)
        for fact, found, holds in (("kept", "yes", True), ("blind", None, None), ("broken", "no", False))
    )
    told = tell("facts", scene(seen({ORDERS: res(declared=rows)})))
    assert [line.split()[0] for line in words(told)] == ["broken", "blind", "kept"]
    assert told.level == Severity.WARNING


def test_an_old_event_is_told_and_no_longer_grave() -> None:
    for ago, level in ((MINUTE, Severity.HIGH), (90 * MINUTE, None)):
        event = Event(resource=ORDERS, text="Failover began", severity=Severity.HIGH, source="rds", t=NOW - ago)
        told = tell("events", scene(seen({ORDERS: res()}, events=(event,))))
        assert "Failover began" in words(told)[0]
        assert told.level == level
