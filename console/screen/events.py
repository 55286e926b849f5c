"""The events of the whole estate in one list, and the text of the one under the cursor to its end."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from collectors.safe import Safe, sanitise
from console.screen import event_list
from console.screen.foot import wrapped
from console.screen.pane import Pane
from console.screen.picture import Picture
from console.screen.trail import Place
from widgets.bar import Bar, Ends
from widgets.table import Table
from widgets.tone import Tone

DETAIL = 3  # lines


class EventsPane(Pane):
    """Enter goes to the resource that an event is about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "turn_round", "Oldest first", id="events.order"),
        Binding("s", "graver", "Only graver ones", id="events.severity"),
    ]
    DEFAULT_CSS = """
    EventsPane { layout: vertical; }
    EventsPane Table { height: 1fr; }
    EventsPane #detail { height: 3; }
    EventsPane.-tiny #detail { height: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._oldest_first = False
        self._least = event_list.LEVELS[0]

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="chosen", look=look)
        yield Table(event_list.COLUMNS, empty=Safe("No event is known yet."), look=look)
        yield Bar(id="detail", look=look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def paint(self, picture: Picture) -> None:
        view, app = self.console_app.view, self.console_app
        names = frozenset(app.listing(picture).names) if view.asked else None
        found = event_list.chosen(picture.events, self._least, names, view.asked)
        found = tuple(reversed(found)) if self._oldest_first else found
        table = self.query_one(Table)
        table.show_empty(event_list.why_empty(picture, len(picture.events)))
        rows = event_list.rows(found, picture.now_ms or 0, view.zone, app.signs)
        table.show(rows)
        self.query_one("#chosen", Bar).show_lines([self._chosen(len(found), picture)])
        told = dict(zip((row.key for row in rows), found, strict=True)).get(table.cursor or Safe(""))
        text = event_list.whole(told, view.zone) if told is not None else Safe("")
        lines = list(wrapped(text, max(1, self.size.width - 2)))[:DETAIL]
        self.query_one("#detail", Bar).show_lines([Ends(((sanitise(f" {line}"), Tone.PLAIN),)) for line in lines])

    def looked_at(self) -> tuple[str, ...]:
        return ()

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        about = event_list.resource_of(message.key)
        if about is None or about not in self.console_app.picture.resources:
            self.console_app.say(Safe("This event is about no resource that is known."))
        else:
            self.console_app.go(Place("resource", about))

    def action_turn_round(self) -> None:
        self._oldest_first = not self._oldest_first
        self.query_one(Table).start_anew()
        self.console_app.repaint_now()

    def action_graver(self) -> None:
        """All of them, from warning on, from high on, and around."""
        levels = event_list.LEVELS
        self._least = levels[(levels.index(self._least) + 1) % len(levels)]
        self.query_one(Table).start_anew()
        self.console_app.repaint_now()

    def _chosen(self, count: int, picture: Picture) -> Ends:
        order = "oldest first" if self._oldest_first else "newest first"
        words = f" EVENTS, {order}: {count} of {len(picture.events)}{event_list.from_on(self._least)}"
        lost = f" {picture.lost_events} were lost on the way " if picture.lost_events else ""
        return Ends(((sanitise(words), Tone.HEADER),), ((sanitise(lost), Tone.WARN),) if lost else ())
