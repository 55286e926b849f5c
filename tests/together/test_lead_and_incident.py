"""Who leads and what is open, whatever people ask in whatever order: refusals change nothing, rules always hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from collectors.errors import Trouble
from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.together import Incident, Lead
from console.together import incident as incidents
from console.together import lead as leads
from console.together.ages import FADES_S, GONE_S
from console.together.presence import At, Gathering, Key, Sight

USERS = st.sampled_from([Safe("kim"), Safe("lee"), Safe("max")])
SCREENS = st.sampled_from([Safe("A"), Safe("B")])
PROVED = st.sampled_from([True, True, True, False])
KEYS = st.builds(Key, USERS, SCREENS, PROVED)
TEXTS = st.sampled_from([Safe("orders slow"), Safe(""), Safe("x" * 81)])


T = TypeVar("T")


def tried(ask: Callable[[], T]) -> T | Trouble:
    """What came of it."""
    try:
        return ask()
    except Trouble as trouble:
        return trouble


class Session(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.now = 0.0
        self.here = Gathering()
        self.lead: Lead | None = None
        self.incident: Incident | None = None
        self.opened = 0

    @property
    def at(self) -> At:
        return At(int(self.now * 1000), self.now)

    @property
    def room(self) -> leads.Room:
        return leads.Room(self.here, self.incident, self.at)

    @property
    def people(self) -> set[str]:
        return set(map(str, self.here.people(self.now)))

    def may_command(self, user: Safe) -> bool:
        return self.incident is not None and self.incident.closed is None and self.incident.commander == user

    def _look(self) -> None:
        self.here = self.here.aged(self.now)
        if leads.outlived(self.lead, self.here, self.now):
            self.lead = None

    @rule(key=KEYS)
    def breathe(self, key: Key) -> None:
        self.here = self.here.saw(key, "view", Sight(Safe("waits")), self.at)

    @rule(key=KEYS)
    def leave(self, key: Key) -> None:
        self.here = self.here.gone(key)
        self._look()

    @rule(seconds=st.sampled_from([1.0, FADES_S, GONE_S]))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        self._look()

    @rule(by=st.builds(Key, USERS, SCREENS))
    def take(self, by: Key) -> None:
        before = self.lead
        is_led = before is not None and self.here.is_here(leads.key_of(before), self.now, within=FADES_S)
        after = tried(lambda: leads.take(self.lead, by, self.room))
        if isinstance(after, Trouble):
            assert after.what
            assert after.mend
            assert not self.here.is_here(by, self.now) or (is_led and before is not None and before.user != by.user)
        else:
            allowed = not is_led or before is None or before.user == by.user or self.may_command(by.user)
            assert allowed, "it was taken from somebody who is here"
            self.lead = after

    @rule(by=KEYS, resource=USERS)
    def show(self, by: Key, resource: Safe) -> None:
        after = tried(lambda: leads.show(self.lead, by, leads.Shown(Safe("waits"), resource)))
        if isinstance(after, Trouble):
            assert self.lead is None or leads.key_of(self.lead) != by
        else:
            assert self.lead is not None
            assert (after.user, after.screen, after.since) == (self.lead.user, self.lead.screen, self.lead.since)
            assert leads.key_of(self.lead) == by
            self.lead = after

    @rule(by=st.builds(Key, USERS, SCREENS), to=USERS)
    def hand_over(self, by: Key, to: Safe) -> None:
        before = self.lead
        after = tried(lambda: leads.hand_over(before, by, to, self.room))
        if isinstance(after, Trouble):
            assert after.mend
        else:
            assert before is not None
            assert before.user == by.user or self.may_command(by.user)
            assert (after.user, after.pane) == (to, before.pane)
            assert self.here.is_here(leads.key_of(after), self.now, within=FADES_S)
            self.lead = after

    @rule(by=st.builds(Key, USERS, SCREENS))
    def drop(self, by: Key) -> None:
        may = self.lead is not None and (self.lead.user == by.user or self.may_command(by.user))
        if may:
            leads.drop(self.lead, by, self.room)
            self.lead = None
        else:
            with pytest.raises(Trouble):
                leads.drop(self.lead, by, self.room)

    @rule(by=USERS, commander=USERS, name=TEXTS, severity=st.sampled_from(Severity))
    def open(self, by: Safe, commander: Safe, name: Safe, severity: Severity) -> None:
        before = self.incident
        after = tried(
            lambda: incidents.open_one(
                before, name, severity, commander, by=by, at_ms=self.at.ms, id=str(self.opened)
            )
        )
        if isinstance(after, Trouble):
            assert after.seen
            assert incidents.is_open(before) or not 0 < len(name) <= incidents.MOST_NAME
        else:
            assert not incidents.is_open(before)
            assert (after.name, after.severity, after.commander, after.by) == (name, severity, commander, by)
            self.incident, self.opened = after, self.opened + 1

    @rule(by=USERS, outcome=TEXTS, commander=USERS, how=st.sampled_from(["close", "command", "grade"]))
    def change(self, by: Safe, outcome: Safe, commander: Safe, how: str) -> None:
        before, here = self.incident, self.people
        try:
            if how == "close":
                after = incidents.close(before, outcome, by=by, here=here, at_ms=self.at.ms)
            elif how == "command":
                after = incidents.command(before, commander, by=by, here=here)
            else:
                after = incidents.grade(before, Severity.CRITICAL, by=by, here=here)
        except Trouble:
            return
        assert before is not None
        assert before.closed is None
        assert by in (before.commander, before.by) or not {before.commander, before.by} & here
        assert (after.id, after.name, after.opened, after.by) == (before.id, before.name, before.opened, before.by)
        assert (after.closed is not None) == (how == "close")
        self.incident = after

    @invariant()
    def who_leads_is_here_and_proved(self) -> None:
        if getattr(self, "lead", None) is not None:
            assert self.lead is not None
            assert self.here.is_here(leads.key_of(self.lead), self.now)


TestSession = Session.TestCase


def test_an_incident_is_closed_by_who_opened_it_and_by_who_commands_it_while_one_of_them_is_here() -> None:
    kim, lee, max_ = Safe("kim"), Safe("lee"), Safe("max")
    there = incidents.open_one(None, Safe("orders slow"), Severity.HIGH, lee, by=kim, at_ms=1, id="1")
    with pytest.raises(Trouble, match="not yours") as refused:
        incidents.close(there, Safe("over"), by=max_, here={"kim", "max"}, at_ms=2)
    assert refused.value.mend == "Ask kim or lee."
    for by in (kim, lee):
        assert incidents.close(there, Safe("over"), by=by, here={"kim", "lee", "max"}, at_ms=2).closed_by == by
    assert incidents.close(there, Safe("over"), by=max_, here={"max"}, at_ms=2).outcome == "over"


def test_the_lead_is_taken_from_who_has_faded_and_by_the_commander_from_who_has_not() -> None:
    kim, lee = Key(Safe("kim"), Safe("A")), Key(Safe("lee"), Safe("B"))
    here = Gathering().saw(kim, "control", Sight(), At(0, 0.0)).saw(lee, "view", Sight(), At(0, 0.0))
    led = leads.take(None, kim, leads.Room(here, None, At(0, 0.0)))
    with pytest.raises(Trouble, match="kim leads already"):
        leads.take(led, lee, leads.Room(here, None, At(1, 1.0)))
    commands = incidents.open_one(None, Safe("orders"), Severity.HIGH, lee.user, by=kim.user, at_ms=1, id="1")
    assert leads.take(led, lee, leads.Room(here, commands, At(1, 1.0))).user == "lee"
    later = FADES_S + 1
    here = here.saw(lee, "view", Sight(), At(0, later))
    assert leads.take(led, lee, leads.Room(here, None, At(9, later))).screen == "B"
