"""Is what docs/audit.md says of exit statuses and events so?"""

from __future__ import annotations

import re

from console.audit.record import DURABLE, Event
from console.audit.verify import Kind
from tests.guard.program import ROOT

PAGE = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
STATUSES = re.compile(r"^\| (\d) \| ([^:|]+)", re.MULTILINE)
EVENTS = re.compile(r"`([A-Z_]{3,})`")
OK, USAGE = 0, 3


def test_each_exit_status_is_told() -> None:
    words = {Kind.TAMPERED: "tampered", Kind.TORN: "torn tail", Kind.GAP: "gap", Kind.ANCHOR: "anchor mismatch",
             Kind.UNREAD: "I/O"}  # fmt: skip
    told = {int(number): what.strip() for number, what in STATUSES.findall(PAGE)}
    assert told == {OK: "ok", USAGE: "wrong usage"} | {int(kind): word for kind, word in words.items()}


def test_each_event_that_is_told_is_one() -> None:
    of_diff = {"UNSEEN", "TWICE", "DBCONSOLE_STATE_DIR"}
    told = set(EVENTS.findall(PAGE)) - of_diff
    assert told <= set(Event)
    never_written = {*("VERIFIED", "REVEAL", "ALERT_FIRE", "ALERT_RESOLVE", "SILENCE", "NOTIFY_FAIL", "CLOCK_STEP")}
    assert set(Event) - told == never_written


def test_what_is_durable_at_once_is_told() -> None:
    paragraph = PAGE.partition("## What is durable")[2].partition("The others are")[0]
    answers = {"ACCEPTED", "REJECTED", "UNKNOWN", "DONE", "FAILED", "OVERDUE", "VERIFIED"}  # "every answer and end"
    assert set(EVENTS.findall(paragraph)) == DURABLE - answers
