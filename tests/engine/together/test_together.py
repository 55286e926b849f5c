"""The shared session as screens hear of it: presence, lead, incident and notes, over sockets and from other paths."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.safe import Safe
from console.protocol.requests import Access
from console.protocol.users import user_name
from console.together.ages import FADES_S, GONE_S
from tests.engine.together.party import START, Party, until

ME = Safe(user_name(os.getuid()))
ALICE, BOB = Safe("alice"), Safe("bob")


@pytest.fixture
def party(tmp_path: Path) -> Party:
    return Party(tmp_path)


async def test_a_screen_is_here_with_its_socket_and_says_what_it_watches(party: Party) -> None:
    async with party.joined("S1", Access.CONTROL) as first, party.joined("S2") as second:
        await until(second, lambda mirror: mirror.presence[ME].screens == 2)
        sees = {"ids": [], "screen": "S1", "pane": "waits", "resource": "orders", "following": True}
        assert (await first.request("see", sees)).ok
        there = (await until(second, lambda mirror: mirror.presence[ME].pane)).presence[ME]
        assert (there.role, there.resource, there.following) == ("control", "orders", True)
        await party.does("alice", "see", ids=[], screen="S3", pane="cost")
        await until(second, lambda mirror: ALICE in mirror.presence)
        await party.does("alice", "see", gone=True, screen="S3")
        await until(second, lambda mirror: ALICE not in mirror.presence)
        await first.request("see", {"gone": True, "screen": "S2"})
    async with party.joined("S4") as later:
        await until(later, lambda mirror: ME in mirror.presence and mirror.presence[ME].screens == 1)


async def test_who_says_nothing_for_long_is_gone_and_so_is_their_lead(party: Party) -> None:
    async with party.joined() as other:
        await party.does("alice", "see", ids=[], screen="A", pane="overview")
        await party.does("alice", "lead", take=True, screen="A")
        await until(other, lambda mirror: mirror.lead)
        party.mono += GONE_S
        party.together.look()
        assert ALICE in other.mirror.presence
        party.mono += 1
        party.together.look()
        await until(other, lambda mirror: mirror.lead is None and ALICE not in mirror.presence)
        await until(other, lambda mirror: any("who led, is gone" in event.text for event in mirror.events))


async def test_breathing_is_not_told_each_time(party: Party) -> None:
    async with party.joined() as me:
        told = set()
        for second in range(60):
            party.mono = float(second)
            await party.clock.sleep_until(START + timedelta(seconds=second))
            await party.does("alice", "see", ids=[], screen="A", pane="overview")
            await me.request("see", {"ids": []})  # what was told before it is here by its answer
            told.add(me.mirror.presence[ALICE].heard)
        assert len(told) == 3


async def test_the_lead_is_shown_handed_over_and_dropped_and_others_are_refused_in_words(party: Party) -> None:
    async with party.joined("S") as me:
        await party.does("alice", "see", ids=[], screen="A")
        await party.does("bob", "see", ids=[], screen="B")
        assert "is not known here" in await party.refused("bob", "lead", take=True, screen="elsewhere")
        await party.does("alice", "lead", take=True, screen="A")
        shown = {"pane": "waits", "resource": "orders", "selected": "WRITELOG", "window_ms": 300_000, "end": 7}
        await party.does("alice", "lead", show=shown, screen="A")
        lead = (await until(me, lambda mirror: mirror.lead and mirror.lead.window_ms)).lead
        assert lead is not None
        assert {**lead.model_dump(mode="json"), **shown} == lead.model_dump(mode="json")
        assert "alice leads already" in await party.refused("bob", "lead", take=True, screen="B")
        assert "Only the screen" in await party.refused("bob", "lead", show=shown, screen="A")
        assert "cannot lead" in await party.refused("alice", "lead", to="carol", screen="A")
        assert "Nobody proves who asks" in await party.refused("alice", "lead", Access.UNPROVED, drop=True, screen="A")
        assert "cannot be read" in await party.refused("alice", "lead", show={"pane": 1}, screen="A")
        await party.does("alice", "lead", to="bob", screen="A")
        lead = (await until(me, lambda mirror: mirror.lead and mirror.lead.user == BOB)).lead
        assert lead is not None
        assert (lead.screen, lead.pane) == ("B", "waits")
        assert "bob leads, not you" in await party.refused("alice", "lead", drop=True, screen="A")
        await party.does("bob", "lead", drop=True, screen="B")
        await until(me, lambda mirror: mirror.lead is None)
        said = [event.text for event in me.mirror.events]
        assert said == ["alice leads", "alice handed the lead to bob", "bob leads no longer"]


async def test_the_lead_of_a_faded_screen_is_free_by_real_time(party: Party) -> None:
    await party.does("alice", "see", ids=[], screen="A")
    await party.does("alice", "lead", take=True, screen="A")
    party.mono += FADES_S + 1
    await party.does("bob", "see", ids=[], screen="B")
    await party.does("bob", "lead", take=True, screen="B")


async def test_an_incident_and_its_notes_are_told_as_events_and_to_the_audit(party: Party) -> None:
    async with party.joined() as me:
        await party.does("alice", "note", text="before it", resource="orders")
        await party.does("alice", "incident", open={"name": "orders slow", "severity": "high"})
        await party.does("bob", "note", text="log volume \x1b[31mfull", resource="orders")
        await party.does("eve", "note", Access.UNPROVED, text="trust me")
        await until(me, lambda mirror: len(mirror.notes) == 3 and mirror.incident)
        incident, notes = me.mirror.incident, list(me.mirror.notes.values())
        assert incident is not None
        assert (incident.commander, incident.by) == (ALICE, ALICE)
        assert [note.incident for note in notes] == [None, incident.id, None]
        assert [note.is_proved for note in notes] == [True, True, False]
        assert "\x1b" not in notes[1].text
        await party.does("alice", "see", ids=[], screen="A")
        assert "not yours" in await party.refused("mallory", "incident", close="over")
        await party.does("alice", "incident", commander="bob")
        await party.does("bob", "incident", severity="critical")
        await party.does("bob", "incident", close="volume grown")
        await until(me, lambda mirror: mirror.incident and mirror.incident.closed is not None)
        said = [(str(event.source), str(event.text), event.resource) for event in me.mirror.events]
        assert ("note", "eve (unproved): trust me", None) in said
        assert ("note", "alice: before it", "orders") in said
        assert said[-1] == ("incident", "bob closed incident orders slow: volume grown", None)
    assert [set(each) & {"note", "incident"} for each in party.audit].count({"note"}) == 3
    assert party.audit[-1]["said"] == "bob closed incident orders slow: volume grown"


async def test_what_was_acknowledged_is_on_disk_and_lead_and_presence_are_not(party: Party) -> None:
    await party.does("alice", "see", ids=[], screen="A")
    await party.does("alice", "lead", take=True, screen="A")
    await party.does("alice", "incident", open={"name": "orders slow", "severity": "high"})
    for number in range(5):
        await party.does("alice", "note", text=f"note {number}")
    party = Party(party.folder)  # the one before was killed: nothing of it was asked to end
    await party.does("alice", "note", text="after")
    async with party.joined() as me:
        assert [note.text for note in me.mirror.notes.values()] == [*(f"note {n}" for n in range(5)), "after"]
        assert me.mirror.incident is not None
        assert me.mirror.lead is None
        assert set(me.mirror.presence) <= {ME}


@pytest.mark.parametrize("content", [b"", b"{", b'{"format":2,"run":"one"}', b'{"format":1,"run":"another"}'])
async def test_a_file_that_is_another_s_or_broken_is_as_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "together.kept").write_bytes(content)
    party = Party(tmp_path)
    await party.does("alice", "incident", open={"name": "orders slow", "severity": "high"})
    async with party.joined() as me:
        assert me.mirror.incident is not None


async def test_a_flood_of_notes_is_refused_in_words_and_takes_nobody_else_s_turn(party: Party) -> None:
    answers = [await party.ask(f"n{number}", "note", Access.UNPROVED, text="x") for number in range(30)]
    assert sum(ack.ok for ack in answers) == 10
    await party.does("alice", "note", text="mine")
