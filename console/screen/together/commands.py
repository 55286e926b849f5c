"""What is typed after a colon about the shared session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.screen.glance import GRAVITY

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp

OFF = "off"
SEVERITIES = tuple(each.value for each in GRAVITY)


def people(app: ConsoleApp) -> Iterable[str]:
    return sorted(app.live.presence)


def leaders(app: ConsoleApp) -> Iterable[str]:
    return (*people(app), OFF)


def lead(app: ConsoleApp, word: str) -> None:
    """Take it, hand it over, or drop it."""
    if not word:
        app.ask("lead", {"take": True, "screen": app.me}, Safe("You lead: whoever follows sees what you look at."))
    elif word == OFF:
        app.ask("lead", {"drop": True, "screen": app.me}, Safe("Nobody leads now."))
    else:
        app.ask("lead", {"to": word, "screen": app.me}, sanitise(f"{word} leads now."))


def open_incident(app: ConsoleApp, words: str) -> None:
    """The last word is the severity where it is one; else it is as bad as the worst that there is."""
    name, _, last = words.strip().rpartition(" ")
    severity = last.lower()
    if not name or severity not in SEVERITIES:
        name, severity = words.strip(), _worst(app)
    if not name:
        app.say(Safe("An incident needs a name: :open NAME [severity]."))
        return
    asked: dict[str, object] = {"open": {"name": name, "severity": severity}}
    app.ask("incident", asked, sanitise(f"Incident {name} is open ({severity}): see :incident."))


def close(app: ConsoleApp, outcome: str) -> None:
    if not outcome:
        app.say(Safe("Say how it ended: :close OUTCOME."))
        return
    app.ask("incident", {"close": outcome}, Safe("The incident is closed."))


def commander(app: ConsoleApp, user: str) -> None:
    app.ask("incident", {"commander": user}, sanitise(f"{user} commands."))


def severity(app: ConsoleApp, word: str) -> None:
    app.ask("incident", {"severity": word}, sanitise(f"It is {word}."))


def _worst(app: ConsoleApp) -> str:
    levels = [res.level for res in app.live.resources.values() if res.level is not None]
    return min(levels, key=GRAVITY.index, default=Severity.WARNING).value
