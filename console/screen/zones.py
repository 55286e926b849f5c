"""In which zone are times told? UTC unless asked; the clock says which."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp


def local() -> tzinfo:
    """This machine's zone as it is now; UTC where it has none of its own."""
    return datetime.now(UTC).astimezone().tzinfo or UTC


def show_utc(app: ConsoleApp) -> None:
    app.look_at(zone=UTC)
    app.say(Safe("Times are in UTC."))


def show_local(app: ConsoleApp) -> None:
    zone = local()
    app.look_at(zone=zone)
    name = datetime.now(zone).strftime("%Z, UTC%z")
    app.say(sanitise(f"Times are local: {name}."))


def turn(app: ConsoleApp) -> None:
    """The other one."""
    show_local(app) if app.view.zone is UTC else show_utc(app)
