"""A record as a person reads it: what was given to get past checks in words, and no plan in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.audit.plain import Plain
from console.audit.read import records
from console.audit.record import Event
from console.audit.told import told
from tests.audit.keeping import RESOURCE, kept

PLAN: Plain = {"op": "01", "checks": {"pause": "block"}}


def outcome(folder: Path, event: Event, data: dict[str, Plain]) -> str:
    with kept(folder) as trail:
        trail.write(event, op="01", act="snapshot.instance", res=RESOURCE, data=data)
    return next(told(record, is_whole=True, is_brief=True).outcome for record in records(folder) if record.op == "01")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"overrides": [], "reason": "", "glass": False}, "nothing was overridden"),
        ({"overrides": ["pause", "memory"], "reason": "it dies", "glass": False}, "past pause, memory: it dies"),
        ({"overrides": ["freeze"], "reason": "it dies", "glass": True}, "GLASS BROKEN, past freeze: it dies"),
    ],
)
def test_what_was_given_is_words_and_the_plan_is_for_exports(given: Plain, words: str, tmp_path: Path) -> None:
    assert outcome(tmp_path, Event.CONFIRM, {"plan": PLAN, "given": given}) == words


def test_an_export_has_the_plan(tmp_path: Path) -> None:
    with kept(tmp_path) as trail:
        written = trail.write(Event.CONFIRM, op="01", res=RESOURCE, data={"plan": PLAN})
    assert "pause=block" in told(written, is_whole=True).outcome


def test_what_was_looked_at_is_what_did_not_pass(tmp_path: Path) -> None:
    data: dict[str, Plain] = {"said": "pause: warn: it may stop", "checks": {"pause": "warn", "role": "pass"}}
    assert outcome(tmp_path, Event.CHECK, data) == "pause: warn: it may stop"
