"""The incident: what it is, who is here and watches what, and what was noted and done, the newest last."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.css.scalar import Scalar

from collectors.safe import Safe
from console.screen.acting.paper import said
from console.screen.pane import Pane
from console.screen.picture import Picture
from console.screen.together import timeline
from console.screen.trail import Place
from widgets.bar import Bar, Ends
from widgets.rows import Row
from widgets.table import Table
from widgets.tone import Tone

TINY, HIGH = 16, 30  # rows


class IncidentPane(Pane):
    """Enter goes to the resource that a note is pinned to."""

    DEFAULT_CSS = """
    IncidentPane { layout: vertical; }
    IncidentPane Table { height: 1fr; }
    IncidentPane #what, IncidentPane #here { height: 1; }
    IncidentPane #detail { height: 2; }
    IncidentPane.-tiny #detail, IncidentPane.-tiny #here { display: none; }
    """

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="what", look=look)
        yield Bar(id="here", look=look)
        yield Table(timeline.COLUMNS, empty=timeline.NONE_YET[0], look=look, id="notes")
        yield Bar(id="detail", look=look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def paint(self, picture: Picture) -> None:
        app, (columns, rows) = self.console_app, self.size
        now, zone = picture.now_ms or 0, app.view.zone
        self._fill("#what", timeline.head(picture, zone, columns, 1 if rows < TINY else 2 if rows < HIGH else 3))
        if rows >= TINY:
            self._fill("#here", timeline.here(picture, columns, max(2, rows // 4)))
        told = timeline.entries(picture)
        self._show(timeline.rows(told, now, zone, app.signs.inapplicable))
        at = next((each for each in told if each.key == self.query_one(Table).cursor), None)
        lines = list(said(timeline.whole(at, zone), Tone.PLAIN, columns))[:2] if at is not None else []
        self.query_one("#detail", Bar).show_lines(lines)

    def _fill(self, name: str, lines: list[Ends]) -> None:
        """As high as what it says."""
        bar = self.query_one(name, Bar)
        wanted = Scalar.from_number(max(1, len(lines)))
        if bar.styles.height != wanted:
            bar.styles.height = wanted
        bar.show_lines(lines)

    def _show(self, rows: list[Row]) -> None:
        """Who stands at the end, as everybody does at first, stays at the end."""
        table = self.query_one(Table)
        before = table.rows
        was_last = not before or table.cursor == before[-1].key
        table.show(rows)
        if was_last and rows and table.cursor != rows[-1].key:
            table.action_last()

    def looked_at(self) -> tuple[str, ...]:
        return ()

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        picture = self.console_app.picture
        at = next((each for each in timeline.entries(picture) if each.key == message.key), None)
        if at is None or at.resource is None or at.resource not in picture.resources:
            self.console_app.say(Safe("This is about no resource that is known."))
        else:
            self.console_app.go(Place("resource", at.resource))
