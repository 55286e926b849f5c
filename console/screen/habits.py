"""What works the same on every screen: the command line, the report, copying, and the zone of the times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import Binding, BindingType

from collectors.safe import Safe, sanitise
from console import paths
from console.screen import zones
from console.screen.command.line import open_line
from console.screen.command.past import Past
from console.screen.dressing import DressedApp
from console.screen.pane import Pane
from console.screen.reporting import show_report
from console.specs import ScreenSpec
from widgets.prompt import Prompt

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp


class HabitualApp(DressedApp):
    """The keys of an incident, wherever one is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that it is open before the next key is read: what was typed in one go are no commands.
        Binding("colon,ctrl+p", "command", "Command", id="app.command", key_display=":", priority=True),
        Binding("y", "report", "Report", id="app.report"),
        Binding("Y", "copy", "Copy what is under the cursor", id="app.copy", show=False),
        Binding("u", "zone", "UTC or local time", id="app.zone", show=False),
    ]

    def __init__(self, spec: ScreenSpec, **others: Any) -> None:
        super().__init__(spec, **others)
        self.past = Past(self.keeps)

    def keeps(self) -> Path | None:
        """Where this screen may keep something; a viewer keeps nothing on this host."""
        return None if self.spec.mode == "view" else paths.state_dir()[0]

    @property
    def _console(self) -> ConsoleApp:
        return cast("ConsoleApp", self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where something is typed a colon is a letter."""
        if action == "command":
            return isinstance(self.screen, Pane) and not isinstance(self.focused, Prompt)
        return super().check_action(action, parameters)

    def action_command(self) -> None:
        open_line(self._console)

    def action_report(self) -> None:
        """What is wrong, in ten lines for whoever is not here."""
        if isinstance(self.screen, Pane):
            show_report(self._console)

    def copy(self, *lines: Safe) -> None:
        """By OSC 52, so that it is in the clipboard of the terminal and not of this host."""
        self.copy_to_clipboard("\n".join(lines))

    def action_copy(self) -> None:
        words = self.screen.under_cursor() if isinstance(self.screen, Pane) else None
        if words is None:
            self.say(Safe("There is nothing under the cursor to copy."))
        else:
            self.copy(words)
            self.say(sanitise(f"Sent to your terminal's clipboard: {words}"))

    def action_zone(self) -> None:
        zones.turn(self._console)
