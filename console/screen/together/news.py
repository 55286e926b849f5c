"""What have the others said and done since the last picture? One line for the footer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.picture import Picture
from console.screen.together.words import author, is_open

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.together import Incident, Lead


class TogetherNews:
    """Keeps what was known. Of a first picture it is told what goes on; of the first after a loss nothing is new."""

    def __init__(self) -> None:
        self._has_joined = False
        self._epoch: object = None
        self._notes: frozenset[str] = frozenset()
        self._incident: Incident | None = None
        self._leader = ""

    def of(self, picture: Picture, *, screen: str, said: frozenset[Safe]) -> Safe | None:
        """``screen``: this one, which knows what it did; ``said``: what was noted from here."""
        epoch = picture.meta.started if picture.meta and picture.contact == "live" else None  # joining, all is new
        was, self._epoch = self._epoch, epoch
        notes, self._notes = self._notes, frozenset(picture.notes)
        incident, self._incident = self._incident, picture.incident
        leader, self._leader = self._leader, picture.lead.user if picture.lead else ""
        if epoch is not None and not self._has_joined:
            self._has_joined = True
            return _going_on(picture, screen)
        if was is None or was != epoch:
            return None
        new = [picture.notes[name] for name in sorted(self._notes - notes) if picture.notes[name].text not in said]
        if new:
            about = f" (on {new[-1].resource})" if new[-1].resource else ""
            more = f" And {len(new) - 1} more: see :incident." if new[1:] else ""
            return sanitise(f"{author(new[-1])}: {new[-1].text}{about}{more}")
        if picture.incident is not None and picture.incident != incident:
            return _incident(picture.incident, incident)
        return _led(picture.lead, leader, screen)


def _going_on(picture: Picture, screen: str) -> Safe | None:
    """For whoever comes to it."""
    open_one = picture.incident if is_open(picture.incident) else None
    told = (_incident(open_one, None) if open_one is not None else None), _led(picture.lead, "", screen)
    there = [each for each in told if each is not None]
    return sanitise(" ".join(there)) if there else None


def _incident(now: Incident, before: Incident | None) -> Safe:
    if before is None or before.id != now.id:
        return sanitise(f"Incident {now.name} is open ({now.severity.value}), {now.commander} commands: see :incident.")
    if now.closed is not None:
        return sanitise(f"{now.closed_by} closed incident {now.name}: {now.outcome}")
    return sanitise(f"Incident {now.name} is {now.severity.value}, {now.commander} commands.")


def _led(lead: Lead | None, before: str, screen: str) -> Safe | None:
    if lead is None or lead.user == before:
        return None
    if lead.screen == screen:
        return Safe("You lead: whoever follows sees what you look at. :lead off ends it.")
    return sanitise(f"{lead.user} leads: f follows.")
