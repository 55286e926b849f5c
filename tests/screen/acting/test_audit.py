"""The audit is asked for while it is in sight, and shows whatever columns the engine tells."""

from __future__ import annotations

from pathlib import Path

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console.protocol.requests import Said
from console.screen.acting import audit, audit_rows
from tests.screen.acting.stage import gated

WAY = ("colon", *"audit", "enter")
TITLES = tuple(map(Safe, ("time", "who", "what", "resource", "outcome")))


def record(*fields: str) -> tuple[Safe, ...]:
    return tuple(map(sanitise, fields))


AUDIT: Said = (
    TITLES,
    record("10:00:58Z", "ann", "snapshot", "billing", "done"),
    record("10:00:58Z", "CloudTrail", "CreateDBSnapshot", "billing", "ok"),
    record("09:58:01Z", "eve", "snapshot", "customers", "refused: needs operator, is viewer"),
)


async def test_the_records_are_shown_filtered_and_read_to_their_end(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        gate.audit = AUDIT
        await seen.press(*WAY)
        text = await seen.until(lambda text: "CreateDBSnapshot" in text)
        assert "TIME" in text
        assert "OUTCOME" in text
        assert "AUDIT: 3 of 3" in text
        await seen.press("slash", *"eve", "enter")
        text = await seen.until(lambda text: "AUDIT: 1 of 3" in text)
        assert "outcome: refused: needs operator, is viewer" in " ".join(text.split())
        await seen.press("slash", *"zz", "enter")
        await seen.until(lambda text: "No record matches" in text)
        await seen.press("escape")
        await seen.until(lambda text: "AUDIT: 3 of 3" in text)


async def test_who_did_what_is_there_at_eighty_columns(tmp_path: Path) -> None:
    who = "dbconsole-ann-01M80ETM5ACAN3J"
    long = record("2026-03-11 10:00:58Z", who, "SENT snapshot.instance", "billing", "done")
    async with gated(tmp_path) as (seen, gate):
        gate.audit = (TITLES, long)
        await seen.press(*WAY)
        text = await seen.until(lambda text: "SENT snapshot.instance" in text)
        assert "dbconsole-ann-" in text.splitlines()[3]


async def test_it_is_asked_for_again_only_while_it_is_in_sight(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        await seen.press(*WAY)
        await seen.until(lambda text: "Nothing is written down yet." in text)
        once = gate.asked.count("audit")
        pane = seen.app.screen
        assert isinstance(pane, audit.AuditPane)
        pane.ask_again()
        await seen.until(lambda _: gate.asked.count("audit") == once + 1)
        await seen.press("4")
        pane.ask_again()
        await seen.pilot.pause()
        assert gate.asked.count("audit") == once + 1


async def test_why_there_is_none_is_said_in_the_pane(tmp_path: Path) -> None:
    async with gated(tmp_path) as (seen, gate):
        gate.refuses["audit"] = Trouble("The audit cannot be read.", seen="ENOSPC", mend="Make room.")
        await seen.press(*WAY)
        text = await seen.until(lambda text: "The audit cannot be read." in text)
        assert "Make room." in text


async def test_a_viewer_is_told_that_it_may_not_ask_and_does_not(tmp_path: Path) -> None:
    async with gated(tmp_path, mode="view") as (seen, gate):
        await seen.press(*WAY)
        text = await seen.until(lambda text: "A viewer may not ask for the audit." in text)
        assert gate.asked == []
        assert "This is a viewer" not in text, "the pane did not even ask"


def test_two_records_alike_are_two_rows() -> None:
    twice = audit_rows.chosen([AUDIT[1], AUDIT[1]], "")
    assert len({key for key, _ in twice}) == 2


def test_a_record_that_is_shorter_than_its_titles_is_shown_as_far_as_it_goes() -> None:
    short = record("10:00", "ann")
    assert [cell.text for cell in audit_rows.row((Safe("1"), short), TITLES).cells] == ["10:00", "ann"]
    assert len(audit_rows.columns([TITLES, short])) == len(TITLES)
