"""The collectors: who reads what, how it does, what it costs; and the keys that pause one or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from collectors.safe import Safe, sanitise
from console.screen import health, relayed
from console.screen.pane import Pane
from console.screen.picture import Picture
from widgets.bar import Bar, Ends
from widgets.table import Table
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.status import CollectorState, Status


class CollectorsPane(Pane):
    """Esc goes back to the estate."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", "Pause", id="collectors.pause"),
        Binding("P", "pause_all", "Pause all", id="collectors.pause-all"),
    ]
    DEFAULT_CSS = """
    CollectorsPane { layout: vertical; }
    CollectorsPane Table { height: 1fr; }
    CollectorsPane #detail { height: 3; }
    CollectorsPane.-tiny #detail { height: 1; }
    """

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Table(health.COLUMNS, empty=Safe("No collector has run yet."), choosable=False, look=look)
        yield Bar(id="detail", look=look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def paint(self, picture: Picture) -> None:
        now, status = picture.now_ms or 0, picture.status
        table = self.query_one(Table)
        table.show(health.rows(status, now, self.console_app.signs, stale=picture.stale))
        lines = health.detail(self._under_cursor(status), now)
        refused = relayed.refused(picture.relay)
        told = [Ends(((sanitise(f" {refused}"), Tone.WARN),))] if refused else []
        self.query_one("#detail", Bar).show_lines([*told, *lines])

    def looked_at(self) -> tuple[str, ...]:
        return ()

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def action_pause(self) -> None:
        """The one under the cursor; the same key lets it go on."""
        told = self._under_cursor(self.console_app.picture.status)
        if told is not None:
            asked = {"name": told.name, "target": told.target, "paused": not told.paused}
            words = f"{told.name} of {told.target} {'goes on' if told.paused else 'is paused'}."
            self.console_app.ask("pause", asked, sanitise(words))

    def action_pause_all(self) -> None:
        """A maintenance pause: nothing is asked of anybody until it is lifted."""
        status = self.console_app.picture.status
        if status is not None:
            goes_on, stands = Safe("Every collector goes on."), Safe("Every collector is paused: all grows old.")
            done = goes_on if status.paused else stands
            self.console_app.ask("pause", {"all": True, "paused": not status.paused}, done)

    def _under_cursor(self, status: Status | None) -> CollectorState | None:
        chosen = self.query_one(Table).cursor
        return next((each for each in status.collectors if health.key(each) == chosen), None) if status else None
