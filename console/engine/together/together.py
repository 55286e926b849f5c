"""The shared session of one estate: requests in, state and events out, and the disk before the answer."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from collectors.errors import Trouble
from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.engine.together.asked import IncidentForm, LeadForm, NoteForm, SeeForm, read
from console.engine.together.attendance import Attendance, name_of
from console.engine.together.kept import Kept, Session
from console.protocol.bodies import Command, Event
from console.protocol.body import Body
from console.protocol.requests import Access
from console.protocol.together import Incident, Lead, Note, Presence
from console.protocol.ulid import ENTROPY_BYTES, ulid
from console.together import incident as incidents
from console.together import lead as leads
from console.together import notes as noted
from console.together.presence import At, Key, Sight

LOOK_S = 1.0  # how often it is looked who has gone without a word
NOTE, INCIDENT = Safe("note"), Safe("incident")  # sources of events
NAMES = ("note", "lead", "incident")

Witness = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Writes what was said into the audit, where there is one."""


class Voice(Protocol):
    """What it needs of the estate's teller."""

    def state(self, *path: str, body: Body | None) -> None: ...

    def told(self, event: Event) -> None: ...


class Together:
    """One for each engine. What is refused raises `Trouble`, and nothing is changed by it then."""

    def __init__(
        self,
        voice: Voice,
        now_ms: Callable[[], int],
        *,
        kept: Kept | None = None,
        witness: Witness | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._voice, self._now_ms, self._monotonic = voice, now_ms, monotonic
        self._kept, self._witness = kept or Kept(), witness
        self.attendance = Attendance(self._tell_presence, self._at)
        self._lead: Lead | None = None
        self._session = Session()
        self._rates = noted.Rates()
        self._newest_id = 0  # ms: ids rise, though a clock may stand still

    def recall(self) -> None:
        """What the engine before this one knew, told again."""
        self._session = self._kept.recall()
        self._newest_id = max((note.t for note in self._session.notes.values()), default=0) + len(self._session.notes)
        if self._session.incident is not None:
            self._voice.state("incident", body=self._session.incident)
        for name, note in sorted(self._session.notes.items()):
            self._voice.state("note", name, body=note)

    async def live(self) -> None:
        """Until cancelled: who says nothing any more fades by itself."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()

    def look(self) -> None:
        self.attendance.say()
        self._end_of_who_is_gone()

    def see(self, command: Command, access: Access, user: str) -> None:
        """That part of `see` which says who looks, and at what."""
        form = read(SeeForm, command)
        if not form.screen:
            return
        key = _key(user, form.screen, access)
        if form.gone:
            self.attendance.gone(key)
            self._end_of_who_is_gone()
        else:
            self.attendance.saw(key, access, Sight(form.pane, form.resource, form.following))

    async def answer(self, command: Command, access: Access, user: str) -> None:
        match command.name:
            case "note":
                await self._note(read(NoteForm, command), access, name_of(user))
            case "lead":
                self._direct(read(LeadForm, command), access, user)
            case "incident":
                await self._change(read(IncidentForm, command), name_of(user))
            case name:
                raise Trouble(f"The shared session has no {name!r}.")

    async def _note(self, form: NoteForm, access: Access, user: Safe) -> None:
        text, is_proved = noted.checked(sanitise(form.text)), _is_proved(access)
        self._rates = self._rates.taken(user if is_proved else noted.NOBODY, self._monotonic())
        incident = self._session.incident
        is_part = is_proved and incidents.is_open(incident)
        part = incident.id if is_part and incident is not None else None
        now = self._now_ms()
        note = Note(user=user, t=now, text=text, resource=form.resource, incident=part, is_proved=is_proved)
        name, notes = self._new_id(now), dict(self._session.notes)
        notes[name] = note
        out = noted.pushed_out(notes)
        self._session = Session(incident, {each: there for each, there in notes.items() if each not in out})
        for each in out:
            self._voice.state("note", each, body=None)
        if name not in out:
            self._voice.state("note", name, body=note)
        self._happened(f"{user}{'' if is_proved else ' (unproved)'}: {text}", source=NOTE, about=form.resource)
        await self._keep({"note": str(text), "by": str(user), "about": str(form.resource or ""), "proved": is_proved})

    def _direct(self, form: LeadForm, access: Access, user: str) -> None:
        """What leads is where it was after a refusal. Showing something is no event: it would be hundreds."""
        by, lead = _key(user, form.screen, access), self._lead
        room = leads.Room(self.attendance.here, self._session.incident, self._at())
        if form.show is not None:
            self._set_lead(leads.show(lead, by, form.show.shown))
        elif form.take:
            self._set_lead(leads.take(lead, by, room))
            self._happened(f"{by.user} leads")
        elif form.to is not None:
            self._set_lead(leads.hand_over(lead, by, form.to, room))
            self._happened(f"{by.user} handed the lead to {form.to}")
        elif form.drop:
            leads.drop(lead, by, room)
            self._set_lead(None)
            self._happened(f"{by.user} leads no longer" if lead is None or lead.user == by.user else _taken(lead, by))
        else:
            raise Trouble("`lead` takes one of take, show, to and drop.")

    async def _change(self, form: IncidentForm, user: Safe) -> None:
        before = self._session.incident
        after, words, severity = self._changed(form, user, before)
        self._session = Session(after, self._session.notes)
        self._voice.state("incident", body=after)
        self._happened(words, severity=severity)
        await self._keep({"incident": str(after.id), "by": str(user), "said": words})

    def _changed(self, form: IncidentForm, by: Safe, last: Incident | None) -> tuple[Incident, str, Severity]:
        """What it is from now on, and what is said of that."""
        now, here = self._now_ms(), set(map(str, self.attendance.here.people(self._monotonic())))
        if form.open is not None:
            told = form.open
            commander, name = told.commander or by, self._new_id(now)
            after = incidents.open_one(last, told.name, told.severity, commander, by=by, at_ms=now, id=name)
            return after, f"{by} opened incident {after.name} ({after.severity.value})", after.severity
        if form.close is not None:
            after = incidents.close(last, form.close, by=by, here=here, at_ms=now)
            return after, f"{by} closed incident {after.name}: {after.outcome}", Severity.INFO
        if form.commander is not None:
            after = incidents.command(last, form.commander, by=by, here=here)
            return after, f"{by} made {after.commander} commander of {after.name}", Severity.INFO
        if form.severity is not None:
            after = incidents.grade(last, form.severity, by=by, here=here)
            return after, f"{by} called {after.name} {after.severity.value}", Severity.INFO
        raise Trouble("`incident` takes one of open, close, commander and severity.")

    def _end_of_who_is_gone(self) -> None:
        if leads.outlived(self._lead, self.attendance.here, self._monotonic()) and self._lead is not None:
            self._happened(f"{self._lead.user}, who led, is gone: nobody leads")
            self._set_lead(None)

    def _set_lead(self, lead: Lead | None) -> None:
        if lead != self._lead:
            self._lead = lead
            self._voice.state("lead", body=lead)

    def _tell_presence(self, user: str, body: Presence | None) -> None:
        self._voice.state("presence", user, body=body)

    def _happened(
        self, words: str, *, severity: Severity = Severity.INFO, source: Safe = INCIDENT, about: Safe | None = None
    ) -> None:
        self._voice.told(
            Event(resource=about, text=sanitise(words), severity=severity, source=source, t=self._now_ms())
        )

    async def _keep(self, data: Mapping[str, Any]) -> None:
        await self._kept.keep(self._session)
        if self._witness is not None:
            with suppress(Trouble):  # what was said is said without the record
                await self._witness(data)

    def _new_id(self, now: int) -> str:
        self._newest_id = max(now, self._newest_id + 1)
        return ulid(self._newest_id, os.urandom(ENTROPY_BYTES))

    def _at(self) -> At:
        return At(self._now_ms(), self._monotonic())


def _taken(lead: Lead, by: Key) -> str:
    return f"{by.user}, who commands, took the lead from {lead.user}"


def _is_proved(access: Access) -> bool:
    return access is not Access.UNPROVED


def _key(user: str, screen: Safe, access: Access) -> Key:
    return Key(name_of(user), screen, _is_proved(access))
