"""What a description says otherwise than before is an event; what it leaves out is not."""

from __future__ import annotations

from dataclasses import replace

from collectors.readings import Gone, Severity
from collectors.safe import Safe
from console.estate.news import appeared, changed, vanished
from tests.estate.builders import ORDERS, at, described


def test_a_failover_is_seen_by_its_zone_and_its_status() -> None:
    after = replace(described(60, status="failing-over"), az=Safe("eu-west-1b"))
    assert [(each.text, each.severity) for each in changed(described(), after)] == [
        ("zone was eu-west-1a, is now eu-west-1b", Severity.WARNING),
        ("status was available, is now failing-over", Severity.WARNING),
    ]


def test_a_reader_that_writes_now_is_an_event() -> None:
    before, after = (replace(described(t), role=Safe(role)) for t, role in ((0, "reader"), (60, "writer")))
    assert [each.text for each in changed(before, after)] == ["role was reader, is now writer"]


def test_what_is_not_told_is_no_change() -> None:
    silent = replace(described(60), role=Safe(""), az=Safe(""), status=Safe(""))
    assert not list(changed(described(), silent))
    assert not list(changed(silent, described(120)))


def test_an_older_description_tells_nothing() -> None:
    assert not list(changed(described(60), described(0, status="rebooting")))


def test_what_comes_and_what_goes_are_events() -> None:
    assert appeared(described()).text == "new in the list of eu-west-1"
    assert vanished(Gone(ORDERS, at(0))).severity is Severity.WARNING
